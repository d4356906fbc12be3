"""`moor destroy`: `apply` in destroy mode."""

from __future__ import annotations

from typing import Final

from mooring.cli import options
from mooring.cli.command import Command
from mooring.cli.commands.apply import FLAGS, run

_HELP: Final = f"""\
Usage: moor [global options] destroy [options]

  Destroys all that the state records, after showing it and asking. What was
  attached is detached, never deleted. It is the same as:

      moor apply -destroy

  To look at it without doing it, run "moor plan -destroy".

Options:

  -auto-approve       Destroy without asking.

{options.OTHER_HELP}
  Options for planning that fit, as -target and -var, can be given as well.
  They are listed by:

      moor plan -help
"""

COMMAND: Final = Command(
    flags=FLAGS,
    help=_HELP,
    run=run,
    too_many="The destroy command takes no saved plan; make one with plan -destroy and apply it.",
)
