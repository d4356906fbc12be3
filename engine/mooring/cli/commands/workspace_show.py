"""`moor workspace show`."""

from __future__ import annotations

from typing import Final

from mooring.cli.arguments import Flag
from mooring.cli.command import Call, Command

_HELP: Final = """\
Usage: moor [global options] workspace show

  Prints the name of the workspace in use, for prompts and scripts.
"""


def _run(call: Call) -> int:
    from mooring.cli.session import Session

    call.terminal.write(f"{Session(call).workspace}\n")
    return 0


COMMAND: Final = Command(flags=(Flag("no-color"),), help=_HELP, run=_run, most=None)
