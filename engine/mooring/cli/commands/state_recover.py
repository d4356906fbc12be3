"""`moor state recover`: brings a lost or damaged state back from what is left of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli import editing
from mooring.cli.arguments import Flag, Kind, UsageError
from mooring.cli.command import Call, Command

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.cli.views import View
    from mooring.state.journalled import JournalledStore
    from mooring.state.salvage import Candidate, Salvage

_HELP: Final = f"""\
Usage: moor [global options] state recover [options]

  Bring a state back that is missing, damaged, or older than what has happened
  since. Shows what can be brought back, from the journal of a run that did
  not end, the history, the backup, or the state as it stands; and which
  objects would come and go. The best is proposed first.

  Nothing is deleted: what was there is kept beside the state under a name
  with the date. What really exists is not looked at; the next plan shows
  whether it is as the state says.

Options:

  -auto-approve       Don't ask before the state is written.

  -from=source        What to bring back: journal, history, backup, snapshot
                      (the state as it stands, taken for right), or nothing
                      (to start anew).

  -at=SERIAL          Of those from the history and the others, the one with
                      this serial.

  -input=false        Don't ask; without -auto-approve nothing is written.

  -state=statefile    The state to recover. By default, that of the
                      selected workspace.

{editing.LOCKING_HELP}"""


def _run(call: Call) -> int:
    from mooring.cli.operations import locked
    from mooring.cli.session import Session
    from mooring.cli.stores import open_store
    from mooring.cli.views import view_of
    from mooring.state.recovery import RECOVER
    from mooring.state.salvage import Salvage

    session, view = Session(call), view_of(call)
    store = open_store(session)
    with locked(session, view, store, "OperationTypeStateRecover"):
        opened, problems = store.read()
        if opened is not None:
            view.say("The state is sound; there is nothing to recover.\n")
            return 0
        for problem in problems:
            view.say(f"{problem.summary}: {problem.detail.partition(RECOVER)[0].strip()}\n\n")
        return _recover(session, view, store, Salvage(store.medium, store.archive, store.sealing))


def _recover(session: Session, view: View, store: JournalledStore, salvage: Salvage) -> int:
    from mooring.cli.recording import run_of
    from mooring.core.diagnostics import error
    from mooring.reporting.salvage_text import candidates_text, difference_text

    candidates = salvage.candidates()
    chosen = _chosen(session.call, candidates)
    view.say(candidates_text(candidates, chosen))
    view.say(difference_text(salvage.present(), chosen.state))
    if not session.call.arguments.is_on("auto-approve") and not _is_approved(session, view):
        return 1
    try:
        kept = salvage.put_back(chosen, run_of(session))
    except OSError as problem:
        detail = f"{problem.strerror or problem}. What was there is still there."
        view.tell([error("Failed to recover state", detail)])
        return 1
    names = ", ".join(f"{store.medium.names.snapshot}.{name}" for name in kept)
    view.say("\nState recovered." + (f" What was there is kept as {names}.\n" if names else "\n"))
    return 0


def _chosen(call: Call, candidates: tuple[Candidate, ...]) -> Candidate:
    """The best candidate of those that are asked for. Raises `UsageError` if there is none."""
    from mooring.state.salvage import NOTHING

    source, serial = call.arguments.text("from"), call.arguments.text("at")
    for each in candidates:
        is_wanted = each.source == source or (source is None and each.source != NOTHING)
        if is_wanted and serial in (None, str(each.state.serial)):
            return each
    left = [f"{each.source} (serial {each.state.serial})" for each in candidates if each.source != NOTHING]
    if left:
        raise UsageError("No such state", f"What is left: {', '.join(left)}.")
    raise UsageError(
        "Nothing to recover from",
        "Neither a journal, nor a history, nor a backup is left that can be read. If they are encrypted, "
        "give the key. Otherwise put a copy from elsewhere in the state's place, or start anew with "
        "-from=nothing and take the objects in again with import blocks.",
    )


def _is_approved(session: Session, view: View) -> bool:
    from mooring.core.diagnostics import error

    answer = None
    if session.may_ask:
        question = (
            "\nDo you want to bring this state back?\n  Anything but 'yes' stops here.\n\n  Enter a value: "
        )
        answer = session.terminal.ask(question)
        view.say("\n")
    if answer is None:
        detail = "Nobody can be asked. See above what would be done, and do it with -auto-approve."
        view.tell([error("Approval is needed", detail)])
    elif answer != "yes":
        view.say("Recovery cancelled.\n")
    return answer == "yes"


COMMAND: Final = Command(
    flags=(
        *editing.LOCKING,
        Flag("auto-approve"),
        Flag("from", Kind.TEXT),
        Flag("at", Kind.NUMBER),
        Flag("input"),
        Flag("state", Kind.TEXT),
    ),
    help=_HELP,
    run=_run,
)
