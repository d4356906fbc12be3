"""`moor workspace list`."""

from __future__ import annotations

from typing import Final

from mooring.cli.arguments import Flag
from mooring.cli.command import Call, Command

_HELP: Final = """\
Usage: moor [global options] workspace list

  List the workspaces of this folder. The selected one is marked.
"""
_OVERRIDDEN: Final = """

TF_WORKSPACE in the environment says which workspace is used.
"""


def _run(call: Call) -> int:
    from mooring.cli.session import Session
    from mooring.cli.workspaces import is_overridden, workspaces

    session = Session(call)
    for name in workspaces(session):
        call.terminal.write(f"{'*' if name == session.workspace else ' '} {name}\n")
    call.terminal.write(f"{_OVERRIDDEN if is_overridden(session) else ''}\n")
    return 0


COMMAND: Final = Command(
    flags=(Flag("no-color"),),
    help=_HELP,
    run=_run,
    too_many="The workspace list command takes no folder; go there with moor -chdir=DIR workspace list.",
)
