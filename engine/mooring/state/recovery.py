"""What snapshot, journal and backup say together: the state, or why it cannot be trusted and what to do.

| snapshot | journal | result |
| --- | --- | --- |
| the one the journal extends | - | the snapshot with the journal's events |
| the one the journal was compacted into | - | the snapshot, and the intents that are still open |
| there, readable | none | the snapshot |
| missing or empty | begins from nothing | the journal's events |
| missing or empty | none, and no backup either | nothing exists yet |

Anything else is an error that names the commands that lead out of it. A state is never guessed, and never
taken for empty while anything beside it says otherwise. Must not know how files are read and written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.records import record, replace
from mooring.state.events import fold
from mooring.state.intents import open_intents
from mooring.state.journal_format import Base, Replayed, replay
from mooring.state.model import State
from mooring.state.snapshot import read_snapshot
from mooring.state.store import Opened


@record(kw_only=True)
class Stored:
    """What was found: contents, and the names to show for them. The backup is read only when it matters."""

    snapshot: bytes | None
    journal: bytes | None
    backup: Callable[[], bytes | None]
    snapshot_name: str
    journal_name: str
    backup_name: str


@record(kw_only=True)
class Recovered:
    """The state, and what it was put together from.

    `snapshot` is the state of the snapshot alone and `base` names it. `journal` is to be continued; None when
    there is none, or when all its events are in the snapshot.
    """

    opened: Opened
    snapshot: State
    base: Base
    journal: Replayed | None


def recover(stored: Stored) -> tuple[Recovered | None, Diagnostics]:
    """The state that is stored; None beside an error."""
    journal, diags = replay(stored.journal or b"", stored.journal_name)
    if diags:
        return None, tuple([_with_advice(diag, _set_journal_aside(stored)) for diag in diags])
    if not (stored.snapshot or b"").strip():
        return _recover_missing(stored, journal)
    assert stored.snapshot is not None
    snapshot, diags = read_snapshot(stored.snapshot, stored.snapshot_name)
    if snapshot is None:
        advice = _restore(stored, journal)
        return None, tuple([_with_advice(diag, advice) for diag in diags])
    base = Base(lineage=snapshot.lineage, serial=snapshot.serial, digest=digest(stored.snapshot))
    if journal is not None and journal.base.digest != base.digest:
        return _recover_compacted(stored, snapshot, base, journal)
    return _replayed(stored, snapshot, base, journal)


def digest(content: bytes) -> str:
    """How journals name the content of a snapshot."""
    return hashlib.sha256(content).hexdigest()


def _recover_missing(stored: Stored, journal: Replayed | None) -> tuple[Recovered | None, Diagnostics]:
    what = "does not exist" if stored.snapshot is None else "is empty"
    if journal is None:
        backup = stored.backup()
        if backup is None or not backup.strip():
            base = Base(lineage="", serial=0, digest="")
            return Recovered(opened=Opened(state=State()), snapshot=State(), base=base, journal=None), ()
    elif not journal.base.digest:
        return _replayed(stored, State(lineage=journal.base.lineage), journal.base, journal)
    return None, (_lost_snapshot(stored, journal, what),)


def _recover_compacted(
    stored: Stored, snapshot: State, base: Base, journal: Replayed
) -> tuple[Recovered | None, Diagnostics]:
    if journal.seal is None or journal.seal.digest != base.digest:
        return None, (_foreign_snapshot(stored, base, journal),)
    opened = Opened(state=snapshot, open_intents=open_intents(journal.events))
    return Recovered(opened=opened, snapshot=snapshot, base=base, journal=None), ()


def _replayed(
    stored: Stored, snapshot: State, base: Base, journal: Replayed | None
) -> tuple[Recovered | None, Diagnostics]:
    events = () if journal is None else journal.events
    try:
        state = fold(snapshot, events)
    except KeyError as problem:
        detail = f"{stored.journal_name} speaks of {problem.args[0]}, which is not there at that point."
        diag = error("State journal does not fit the state", detail)
        return None, (_with_advice(diag, _set_journal_aside(stored)),)
    opened = Opened(state=state, open_intents=open_intents(events))
    return Recovered(opened=opened, snapshot=snapshot, base=base, journal=journal), ()


# -- what is said --------------------------------------------------------------------------------


def _lost_snapshot(stored: Stored, journal: Replayed | None, what: str) -> Diagnostic:
    beside = stored.backup_name if journal is None else stored.journal_name
    detail = (
        f"{stored.snapshot_name} {what}, but {beside} beside it says that there was a state. Going on would "
        "plan to create everything again."
    )
    return _with_advice(error("State is lost", detail), _restore(stored, journal))


def _foreign_snapshot(stored: Stored, base: Base, journal: Replayed) -> Diagnostic:
    detail = (
        f"{stored.journal_name} holds the events of a run that did not end, on top of serial "
        f"{journal.base.serial} of the state, but {stored.snapshot_name} has serial {base.serial} or another "
        "content: something else has written it since."
    )
    advice = (
        f"{_restore(stored, journal)} To keep the file as it is and give up what that run recorded: "
        f"{_set_journal_aside(stored)}"
    )
    return _with_advice(error("State journal does not fit the state", detail), advice)


def _restore(stored: Stored, journal: Replayed | None) -> str:
    """How to get the snapshot back from the backup."""
    backup = stored.backup()
    state = None if not backup else read_snapshot(backup, stored.backup_name)[0]
    if backup is None or state is None:
        return f"There is no readable {stored.backup_name}; restore {stored.snapshot_name} from elsewhere."
    copy = f"cp {stored.backup_name} {stored.snapshot_name}"
    if journal is not None and digest(backup) == journal.base.digest:
        return f"The backup is the very state that the journal continues. Nothing is lost with: {copy}"
    start_new = f"mv {stored.backup_name} {stored.backup_name}.old"
    count = len(state.instances)
    last = f"The backup has serial {state.serial} and {count} objects. Bring it back with: {copy}"
    if journal is None:
        return f"{last}\nOr, if the state was removed on purpose, start from nothing with: {start_new}"
    return last


def _set_journal_aside(stored: Stored) -> str:
    return (
        f"mv {stored.journal_name} {stored.journal_name}.old (objects that only the journal knows are then "
        "unknown to Mooring; import them)."
    )


def _with_advice(diag: Diagnostic, advice: str) -> Diagnostic:
    return replace(diag, detail=f"{diag.detail}\n\n{advice}")
