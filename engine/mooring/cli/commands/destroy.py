"""`moor destroy`: `apply` in destroy mode."""

from __future__ import annotations

from typing import Final

from mooring.cli import options
from mooring.cli.command import Command
from mooring.cli.commands.apply import FLAGS, run

_HELP: Final = f"""\
Usage: moor [global options] destroy [options]

  Destroy infrastructure managed by Mooring. What was attached is detached,
  never deleted.

  This command is a convenience alias for:
      moor apply -destroy

Options:

  -auto-approve       Skip interactive approval of plan before applying.

{options.OTHER_HELP}
  This command also accepts many of the plan-customization options accepted by
  the plan command. For more information on those options, run:
      moor plan -help
"""

COMMAND: Final = Command(
    flags=FLAGS,
    help=_HELP,
    run=run,
    too_many="The destroy command takes no saved plan; make one with plan -destroy and apply it.",
)
