"""`moor untaint`: takes the mark away that has an object replaced."""

from __future__ import annotations

from typing import Final

from mooring.cli.command import Command
from mooring.cli.commands.taint import FLAGS, OPTIONS_HELP, run

_HELP: Final = f"""\
Usage: moor [global options] untaint [options] name

  Takes the mark "tainted" away from a resource instance, so that it counts as
  whole and is not replaced. It is there because the creation failed part-way,
  or because of "moor taint". Only the state is written.

{OPTIONS_HELP}"""

COMMAND: Final = Command(flags=FLAGS, help=_HELP, run=run, most=None)
