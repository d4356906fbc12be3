"""`moor force-unlock`: takes the lock of a dead run away by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli.arguments import Flag, UsageError
from mooring.cli.command import Call, Command
from mooring.cli.editing import complain
from mooring.reporting.product import COMMAND as PROGRAM
from mooring.reporting.product import PRODUCT

if TYPE_CHECKING:
    from mooring.cli.session import Session

_HELP: Final = """\
Usage: moor [global options] force-unlock LOCK_ID

  Take the lock on the state of the current workspace away by hand.

  This is seldom needed: the lock of a process that ended on this machine is
  taken over by the next command, and one from another machine once its
  heartbeat has been silent for a minute. A lock whose process lives on this
  machine is not given away. "moor state locks" shows the locks there are.

Options:

  -force                 Unlock without asking.
"""


def _run(call: Call) -> int:
    from mooring.cli.session import Session

    if len(call.arguments.rest) != 1:
        raise UsageError(
            "Expected a single argument: LOCK_ID", "The error of the refused command has told it."
        )
    session = Session(call)
    medium = session.states.medium(session.workspace)  # whose state need not be readable
    lock_id = call.arguments.rest[0]
    holder = medium.holder()
    asks = holder is not None and holder.id == lock_id and not call.arguments.is_on("force")
    if asks and not _is_approved(session):
        raise complain(call, "force-unlock cancelled.\n")
    problems = medium.force_unlock(lock_id)
    if problems:
        raise complain(call, "".join(f"{each.summary}: {each.detail}\n" for each in problems))
    style = call.terminal.layout.style
    call.terminal.write(
        style.green(style.bold(f"{PRODUCT} state has been successfully unlocked!"))
        + "\n\nThe next command can lock it again. Should whoever held the lock go on after\n"
        "all, both write the same state.\n"
    )
    return 0


def _is_approved(session: Session) -> bool:
    if not session.may_ask:
        return False
    question = (
        "Do you really want to force-unlock?\n"
        "  Whoever holds the lock may be at work still, and then two write the same\n"
        f"  state; {PROGRAM} state locks shows who it is. Anything but 'yes' stops here.\n\n"
        "  Enter a value: "
    )
    return session.terminal.ask(question) == "yes"


COMMAND: Final = Command(flags=(Flag("force"), Flag("no-color")), help=_HELP, run=_run, most=None)
