"""`moor state push`: puts a state from a file in place of the present one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from mooring.cli import editing
from mooring.cli.arguments import Flag, UsageError
from mooring.cli.command import Call, Command, Stopped

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.state.model import State
    from mooring.state.store import Opened, OpenIntent, StateStore

_HELP: Final = f"""\
Usage: moor [global options] state push [options] PATH

  Puts the state in the file PATH in the place of the one that the selected
  workspace has; "-" reads it from standard input. What exists is not touched.

  It refuses a state of another lineage, and one with a lower serial than the
  present state: that is what a copy of yesterday looks like.

Options:

  -force              Write it all the same.

{editing.LOCKING_HELP}"""


def _run(call: Call) -> int:
    from mooring.cli.operations import locked, read_state, require_files
    from mooring.cli.recording import run_of
    from mooring.cli.session import Session
    from mooring.cli.stores import open_store
    from mooring.cli.views import quiet_view_of

    if len(call.arguments.rest) != 1:
        raise UsageError("Exactly one argument expected.", 'Give the path of a state file, or "-".')
    session, view = Session(call), quiet_view_of(call)
    pushed = _read(session, call.arguments.rest[0])
    store = open_store(session)
    require_files(session)
    with locked(session, view, store, "OperationTypeStatePush"):
        present = read_state(store, view)
        problem = _why_not(pushed, present.state)
        if problem and not call.arguments.is_on("force"):
            raise editing.complain(call, f"Failed to write state: {problem}\n")
        if any(not _is_settled(each, pushed, present.state) for each in present.open_intents):
            raise editing.complain(call, _INTERRUPTED)
        if present.open_intents:
            _settle(call, store, present)
        if pushed != present.state:
            editing.refuse(call, store.overwrite(pushed, run_of(session)))
    return 0


_INTERRUPTED: Final = (
    "Failed to write state: a run was interrupted, and what became of its operations is not known yet; run "
    '"moor apply" or "moor refresh" first\n'
)


def _is_settled(each: OpenIntent, pushed: State, present: State) -> bool:
    """Whether the pushed state says what became of an operation: a run has written it that saw its end."""
    address = each.intent.address
    return pushed.serial > present.serial and pushed.instances.get(address) != present.instances.get(address)


def _settle(call: Call, store: StateStore, present: Opened) -> None:
    """Ends the open operations, whose results are in the state that is about to be written."""
    from mooring.state.events import Abandoned

    journal = store.begin()
    if isinstance(journal, tuple):
        editing.refuse(call, journal)
        raise Stopped
    intents = [each.intent for each in present.open_intents]
    journal.append_all([Abandoned(address=each.address, deposed=each.deposed) for each in intents])


def _read(session: Session, name: str) -> State:
    """The state of a file, in clear or encrypted. Raises `Stopped` after telling why there is none."""
    from mooring.state.encryption.envelope import looks_encrypted
    from mooring.state.snapshot import read_snapshot

    call = session.call
    try:
        content = call.terminal.read_all().encode() if name == "-" else Path(name).read_bytes()
    except OSError as problem:
        raise editing.complain(call, f"open {name}: {(problem.strerror or '').lower()}\n") from None
    if looks_encrypted(content):
        opened = session.sealings.state().open(content)
        if isinstance(opened, tuple):
            editing.refuse(call, opened)
            raise Stopped
        content = opened
    state, diags = read_snapshot(content, name)
    editing.refuse(call, diags)
    assert state is not None
    return state


def _why_not(pushed: State, present: State) -> str | None:
    """What stands against the push: another lineage, or a serial that says it is older."""
    from mooring.core.records import replace

    if not present.lineage:
        return None
    if pushed.lineage != present.lineage:
        return (
            f'the states are not related: the one here has the lineage "{present.lineage}", the pushed one '
            f'"{pushed.lineage}"'
        )
    if pushed.serial < present.serial:
        return f"the state here is newer: it has the serial {present.serial}, the pushed one {pushed.serial}"
    if pushed.serial == present.serial and replace(pushed, extra=present.extra) != present:
        return (
            f"the state here has the serial {present.serial}, too, and says something else: one of them is "
            "a copy that was changed"
        )
    return None


COMMAND: Final = Command(
    flags=(*editing.LOCKING, Flag("force"), Flag("ignore-remote-version")), help=_HELP, run=_run, most=None
)
