"""`moor refresh`: `apply -refresh-only -auto-approve`."""

from __future__ import annotations

from typing import Final

from mooring.cli import options
from mooring.cli.command import Command
from mooring.cli.commands.apply import FLAGS, run

_HELP: Final = f"""\
Usage: moor [global options] refresh [options]

  Reads everything that the state records and writes down how it is now,
  without asking. Nothing but the state is changed. It is the same as:

      moor apply -refresh-only -auto-approve

  The next plan starts from what was read. To look first, and to be asked, use
  "moor apply -refresh-only"; to know without writing, "moor drift".

Options:

{options.OTHER_HELP}"""

COMMAND: Final = Command(
    flags=FLAGS,
    help=_HELP,
    run=run,
    too_many="The refresh command takes no folder; go there with moor -chdir=DIR refresh.",
)
