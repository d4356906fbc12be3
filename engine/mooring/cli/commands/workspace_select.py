"""`moor workspace select`."""

from __future__ import annotations

from typing import Final

from mooring.cli import editing
from mooring.cli.arguments import Flag
from mooring.cli.command import Call, Command

_HELP: Final = """\
Usage: moor [global options] workspace select NAME

  Makes another workspace the one that commands in this folder work on.

Options:

    -or-create=false    Make it first if there is none of this name.
"""
_OVERRIDDEN: Final = """
TF_WORKSPACE in the environment says which workspace is used, so selecting one
would do nothing. Set it to the workspace you want, or unset it, and run this
again.

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
