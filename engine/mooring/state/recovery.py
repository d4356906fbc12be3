"""What snapshot, journal and backup say together: the state, or why it cannot be trusted and what to do.

| snapshot | journal | result |
| --- | --- | --- |
| the one the journal extends | - | the snapshot with the journal's events |
| the one the journal was compacted into | - | the snapshot, and the intents that are still open |
| there, readable | none | the snapshot |
| missing or empty | begins from nothing | the journal's events |
| missing or empty | none, and no backup either | nothing exists yet |

Anything else is an error that names the commands that lead out of it. A state is never guessed, and never
taken for empty while anything beside it says otherwise. Must not know how bytes are read and written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.records import record, replace
from mooring.state.archive import Archive
from mooring.state.events import Event, fold
from mooring.state.intents import open_intents
from mooring.state.journal_format import Base, Replayed, replay
from mooring.state.medium import Names
from mooring.state.model import ObjectState, State
from mooring.state.sealing import PLAIN, Sealing
from mooring.state.snapshot import read_snapshot
from mooring.state.store import Opened


@record(kw_only=True)
class Stored:
    """What was found: contents, and the names to show for them. The backup is read only when it matters."""

    snapshot: bytes | None
    journal: bytes | None
    backup: Callable[[], bytes | None]
    names: Names
    sealing: Sealing = PLAIN


@record(kw_only=True)
class Recovered:
    """The state, and what it was put together from.

    `snapshot` is the state of the snapshot alone and `base` names it. `journal` is to be continued; None when
    there is none, or when all its events are in the snapshot. `events` are the journal's in both cases.
    """

    opened: Opened
    snapshot: State
    base: Base
    journal: Replayed | None
    events: tuple[Event, ...] = ()


def recover(stored: Stored) -> tuple[Recovered | None, Diagnostics]:
    """The state that is stored; None beside an error."""
    journal, diags = replay(stored.journal or b"", stored.names.journal, stored.sealing)
    if diags:
        return None, tuple(map(_with_advice, diags))
    if not (stored.snapshot or b"").strip():
        return _recover_missing(stored, journal)
    assert stored.snapshot is not None
    snapshot, diags = read_snapshot(stored.snapshot, stored.names.snapshot)
    if snapshot is None:
        return None, tuple(map(_with_advice, diags))
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
    return Recovered(opened=opened, snapshot=snapshot, base=base, journal=None, events=journal.events), ()


def _replayed(
    stored: Stored, snapshot: State, base: Base, journal: Replayed | None
) -> tuple[Recovered | None, Diagnostics]:
    events = () if journal is None else journal.events
    try:
        state = fold(snapshot, events)
    except KeyError as problem:
        detail = f"{stored.names.journal} speaks of {problem.args[0]}, which is not there at that point."
        diag = error("State journal does not fit the state", detail)
        return None, (_with_advice(diag),)
    opened = Opened(state=state, open_intents=open_intents(events))
    return Recovered(opened=opened, snapshot=snapshot, base=base, journal=journal, events=events), ()


def contradictions(found: Recovered, archive: Archive, snapshot_name: str) -> Diagnostics:
    """What the history says against a snapshot without a journal: it is gone, damaged, or older.

    A snapshot that the history does not know and that is not older was written by another program.
    """
    kept = archive.kept()
    if not kept or kept[-1].is_of(found.base):
        return ()
    newest = kept[-1]
    content = archive.content(newest)
    last = None if content is None else read_snapshot(content, newest.name)[0]
    if last is None:
        return ()
    if not found.base.digest:
        return () if last.is_empty else (_gone(snapshot_name, last),)
    if last.lineage != found.base.lineage:
        return () if last.is_empty else (_foreign_lineage(snapshot_name, last),)
    if newest.serial < found.base.serial:
        return ()
    if newest.serial > found.base.serial:
        return (_outdated(snapshot_name, found.base, last),)
    return () if _essence(found.snapshot) == _essence(last) else (_altered(snapshot_name, last),)


_ADDED: Final = frozenset({"identity", "identity_schema_version"})
"""What later versions of Terraform write with each object, without a new serial."""


def _essence(state: State) -> State:
    """A state less what another version of Terraform adds to it, or leaves out."""
    instances = {
        address: replace(
            each,
            current=None if each.current is None else _plain(each.current),
            deposed={key: _plain(of) for key, of in each.deposed.items()},
        )
        for address, each in state.instances.items()
    }
    return replace(state, instances=instances)


def _plain(of: ObjectState) -> ObjectState:
    return replace(of, extra={name: each for name, each in of.extra.items() if name not in _ADDED})


# -- what is said --------------------------------------------------------------------------------


def _lost_snapshot(stored: Stored, journal: Replayed | None, what: str) -> Diagnostic:
    beside = stored.names.backup if journal is None else stored.names.journal
    detail = (
        f"{stored.names.snapshot} {what}, but {beside} beside it says that there was a state. Going on would "
        "plan to create everything again."
    )
    return _lost(detail)


def _foreign_snapshot(stored: Stored, base: Base, journal: Replayed) -> Diagnostic:
    detail = (
        f"{stored.names.journal} holds the events of a run that did not end, on top of serial "
        f"{journal.base.serial} of the state, but {stored.names.snapshot} has serial {base.serial} or "
        "another content: something else has written it since."
    )
    return _with_advice(error("State journal does not fit the state", detail))


RECOVER: Final = "See what can be brought back, and choose, with: moor state recover"
_ANEW: Final = "If it was removed on purpose, start anew: moor state recover -from=nothing"


def _gone(name: str, last: State) -> Diagnostic:
    detail = (
        f"{name} does not exist, but its history says that the last run left {len(last.instances)} objects "
        "in it. Going on would plan to create everything again."
    )
    return _lost(detail)


def _foreign_lineage(name: str, last: State) -> Diagnostic:
    detail = (
        f"{name} has another lineage than the state that the last run wrote, with {len(last.instances)} "
        "objects. Another state was put in its place, or it was damaged."
    )
    return _with_advice(error("State has another lineage", detail))


def _outdated(name: str, base: Base, last: State) -> Diagnostic:
    detail = (
        f"{name} has serial {base.serial}, but the last run left serial {last.serial}. An older copy was put "
        "in its place: what has happened since is not in it, and would be done again or forgotten."
    )
    return _with_advice(error("State is older than its history", detail))


def _altered(name: str, last: State) -> Diagnostic:
    detail = (
        f"{name} is not what the last run wrote, though it has the same serial, {last.serial}. It was "
        "damaged, or edited without giving it a higher serial."
    )
    return _with_advice(error("State was changed outside of Mooring", detail))


def _lost(detail: str) -> Diagnostic:
    diag = _with_advice(error("State is lost", detail))
    return replace(diag, detail=f"{diag.detail}\n{_ANEW}")


def _with_advice(diag: Diagnostic) -> Diagnostic:
    return replace(diag, detail=f"{diag.detail}\n\n{RECOVER}")
