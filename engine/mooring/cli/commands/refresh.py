"""`moor refresh`: `apply -refresh-only -auto-approve`."""

from __future__ import annotations

from typing import Final

from mooring.cli import options
from mooring.cli.command import Command
from mooring.cli.commands.apply import FLAGS, run

_HELP: Final = f"""\
Usage: moor [global options] refresh [options]

  Update the state file of your infrastructure with metadata that matches
  the physical resources they are tracking.

  This will not modify your infrastructure, but it can modify your
  state file to update metadata. This metadata might cause new changes
  to occur when you generate a plan or call apply next.

  This command is a convenience alias for:
      moor apply -refresh-only -auto-approve

Options:

{options.OTHER_HELP}"""

COMMAND: Final = Command(
    flags=FLAGS,
    help=_HELP,
    run=run,
    too_many="To specify a working directory for the refresh, use the global -chdir flag.",
)
