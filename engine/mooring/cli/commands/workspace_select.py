"""`moor workspace select`."""

from __future__ import annotations

from typing import Final

from mooring.cli import editing
from mooring.cli.arguments import Flag
from mooring.cli.command import Call, Command

_HELP: Final = """\
Usage: moor [global options] workspace select NAME

  Select a different workspace.

Options:

    -or-create=false    Create the workspace if it doesn't exist.
"""
_OVERRIDDEN: Final = """
The selected workspace is currently overridden using the TF_WORKSPACE
environment variable.

To select a new workspace, either update this environment variable or unset
it and then run this command again.

"""


def _run(call: Call) -> int:
    from mooring.cli.session import Session
    from mooring.cli.workspaces import (
        checked_name,
        create,
        is_overridden,
        missing,
        one_name,
        select,
        workspaces,
    )

    session = Session(call)
    name = one_name(session)
    if is_overridden(session):
        raise editing.complain(call, _OVERRIDDEN)
    checked_name(session, name)
    there = workspaces(session)
    if name == session.workspace:
        return 0
    if name not in there:
        if not call.arguments.is_on("or-create"):
            raise missing(session, name)
        create(session, name)
        return 0
    select(session, name)
    call.terminal.write(call.terminal.layout.style.green(f'Switched to workspace "{name}".\n'))
    return 0


COMMAND: Final = Command(flags=(Flag("or-create"), Flag("no-color")), help=_HELP, run=_run, most=None)
