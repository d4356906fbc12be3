"""`moor get`: fetches the modules that the configuration calls."""

from __future__ import annotations

from typing import Final

from mooring.cli.arguments import Flag, Kind
from mooring.cli.command import Call, Command

_HELP: Final = """\
Usage: moor [global options] get [options]

  Downloads and installs modules needed for the configuration in the current
  working directory.

  This recursively downloads all modules needed, such as modules imported by
  modules imported by the root and so on. If a module is already downloaded, it
  will not be redownloaded or checked for updates unless the -update flag is
  specified.

  Module installation also happens as part of the "moor init" command, so you
  should rarely need to run this command separately.

Options:

  -update               Download modules again that are there already.

  -no-color             Disable text coloring in the output.
"""


def _run(call: Call) -> int:
    from mooring.cli.modules import install
    from mooring.cli.session import Session
    from mooring.core.diagnostics import has_errors

    _, diags = install(Session(call), call.terminal.write_now, update=call.arguments.is_on("update"))
    call.terminal.tell(diags)
    return int(has_errors(diags))


COMMAND: Final = Command(
    flags=(Flag("no-color"), Flag("test-directory", Kind.TEXT), Flag("update")),
    help=_HELP,
    run=_run,
    too_many="To specify a working directory, use the global -chdir flag.",
)
