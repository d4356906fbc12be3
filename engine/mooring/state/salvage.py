"""Bringing a lost or damaged state back: what there is to choose from, and putting the chosen one in place.

| source | what it is |
| --- | --- |
| `journal` | the snapshot that the journal extends, with the journal's events: nothing is lost |
| `snapshot` | the snapshot as it is, taken for right |
| `history` | the state that the last recorded run left |
| `backup` | the snapshot before the last run that changed something |
| `nothing` | a state without objects, for one that was removed on purpose |

Nothing is deleted: what stood in the place of the chosen state is kept under a name with the date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from mooring.core.records import record, replace
from mooring.state.archive import Archive, Written
from mooring.state.events import Began, fold
from mooring.state.history import Outcome, Run, changes_between
from mooring.state.intents import open_intents
from mooring.state.journal_format import Base, Replayed, replay
from mooring.state.medium import BACKUP, Medium
from mooring.state.model import State
from mooring.state.recovery import digest
from mooring.state.sealing import Sealing
from mooring.state.snapshot import read_snapshot, write_snapshot

NOTHING: Final = "nothing"
"""The source that is never proposed, only taken when it is asked for."""


@record(kw_only=True)
class Candidate:
    """A state that can be brought back. `snapshot` are the bytes of the snapshot it rests on.

    `open_operations` counts those whose outcome the next run finds out; `run` is the run that left it.
    """

    source: str
    state: State
    snapshot: bytes
    open_operations: int = 0
    run: Run | None = None


class Salvage:
    """What one medium still holds. It keeps nothing in memory."""

    def __init__(self, medium: Medium, archive: Archive, sealing: Sealing) -> None:
        self._medium = medium
        self._archive = archive
        self._sealing = sealing

    def candidates(self) -> tuple[Candidate, ...]:
        """What can be brought back, the best first; a backup that the history has too is left out."""
        found: dict[tuple[str, str], Candidate] = {}
        snapshots = sorted(self._snapshots(), key=_age)
        for each in (*self._from_journal(), *snapshots):
            is_kept = each.source in {"history", "backup"}
            found.setdefault((digest(each.snapshot), "" if is_kept else each.source), each)
        return (*found.values(), _nothing(snapshots))

    def present(self) -> State | None:
        """The snapshot as it stands, if it can be read."""
        return self._read(self._medium.read().snapshot)

    def put_back(self, chosen: Candidate, began: Began) -> tuple[str, ...]:
        """Puts a candidate in place; the names of the documents that keep what was there.

        May raise `OSError`; what was there is there then.
        """
        found, stamp = self._medium.read(), began.at[:19].replace("-", "").replace(":", "")
        kept = [(f"damaged-{stamp}", found.snapshot)]
        if chosen.source != "journal":
            kept.append((f"damaged-{stamp}.journal", found.journal))
        for name, content in kept:
            if content:
                self._medium.write_document(name, content)
        if chosen.source == "journal":
            self._medium.replace_snapshot(self._sealing.seal(chosen.snapshot))
        else:
            self._begin_anew(chosen, began)
        return tuple(name for name, content in kept if content)

    def _begin_anew(self, chosen: Candidate, began: Began) -> None:
        """A serial above all others tells every program that this is the newest state."""
        present = self.present()
        serials = [chosen.state.serial, *(each.serial for each in self._archive.kept())]
        serial = max([*serials, present.serial if present is not None else 0]) + 1
        state = replace(chosen.state, serial=serial, lineage=chosen.state.lineage or began.run)
        content = write_snapshot(state)
        base = Base(lineage=state.lineage, serial=serial, digest=digest(content))
        self._medium.replace_snapshot(self._sealing.seal(content))
        self._medium.remove_journal()
        run = Run(
            number=0,
            began=began,
            outcome=Outcome.OK,
            serial_before=present.serial if present is not None else 0,
            serial_after=serial,
            counts={},
            changes=changes_between(present or State(), state),
        )
        self._archive.keep([run], Written(after=(base, content)))

    # -- what there is ---------------------------------------------------------------------------

    def _from_journal(self) -> Iterator[Candidate]:
        journal = self._journal()
        if journal is None:
            return
        for each in self._snapshots():
            if digest(each.snapshot) == journal.base.digest:
                yield from _continued(each, journal)
                return

    def _journal(self) -> Replayed | None:
        journal, _ = replay(self._medium.read().journal or b"", "journal", self._sealing)
        return journal

    def _snapshots(self) -> Iterator[Candidate]:
        runs = {run.number: run for run in self._archive.runs()}
        for kept in reversed(self._archive.kept()):
            content = self._archive.content(kept)
            state = None if content is None else read_snapshot(content, kept.name)[0]
            if content is not None and state is not None:
                yield Candidate(source="history", state=state, snapshot=content, run=runs.get(kept.number))
        contents = (
            ("backup", self._medium.read_document(BACKUP)),
            ("snapshot", self._medium.read().snapshot),
        )
        for source, stored in contents:
            state = self._read(stored)
            if state is not None:
                yield Candidate(source=source, state=state, snapshot=self._opened(stored))

    def _read(self, stored: bytes | None) -> State | None:
        content = self._opened(stored)
        return read_snapshot(content, "snapshot")[0] if content else None

    def _opened(self, stored: bytes | None) -> bytes:
        opened = self._sealing.open(stored) if stored and stored.strip() else b""
        return opened if isinstance(opened, bytes) else b""


def _nothing(snapshots: Sequence[Candidate]) -> Candidate:
    """The newest state with nothing in it; one without a lineage if none can be read."""
    newest = snapshots[0].state if snapshots else State()
    state = State(lineage=newest.lineage, serial=newest.serial)
    return Candidate(source=NOTHING, state=state, snapshot=write_snapshot(state))


def _age(candidate: Candidate) -> tuple[int, int]:
    """The newest first; of the same serial what a run is known to have written, the file as it is last."""
    return -candidate.state.serial, ("history", "backup", "snapshot").index(candidate.source)


def _continued(base: Candidate, journal: Replayed) -> Iterator[Candidate]:
    """The state of a snapshot with the journal's events, if they fit."""
    try:
        state = fold(base.state, journal.events)
    except KeyError:
        return
    still_open = len(open_intents(journal.events))
    yield Candidate(source="journal", state=state, snapshot=base.snapshot, open_operations=still_open)
