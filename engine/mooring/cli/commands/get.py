"""`moor get`: fetches the modules that the configuration calls."""

from __future__ import annotations

from typing import Final

from mooring.cli.arguments import Flag, Kind
from mooring.cli.command import Call, Command

_HELP: Final = """\
Usage: moor [global options] get [options]

  Fetches the modules that the configuration calls, and those that they call in
  turn, into .terraform/modules. What is there already is not fetched again.
  "moor init" does this, too.

Options:

  -update               Download modules again that are there already.

  -no-color             Print plain text.
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
