"""A state kept as a snapshot and a journal, in any medium.

Compaction is safe at every point: the journal is sealed with the digest of the coming snapshot, the snapshot
is put in place, the journal is removed. Whoever finds them at a point in between can tell which of them
holds. Must not know what objects mean, nor where the bytes are.
"""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.records import replace
from mooring.state.archive import Archive, Written
from mooring.state.events import Began
from mooring.state.history import RunEnd
from mooring.state.host import Host
from mooring.state.integrity import check_integrity
from mooring.state.intents import as_events
from mooring.state.journal import JournalWriter
from mooring.state.journal_format import Base, first_lines
from mooring.state.lock_record import LockStatus
from mooring.state.medium import BACKUP, Medium
from mooring.state.model import State
from mooring.state.recovery import Recovered, Stored, contradictions, digest, recover
from mooring.state.runs import ended_run, interrupted_runs
from mooring.state.sealing import PLAIN, Sealing
from mooring.state.snapshot import write_snapshot
from mooring.state.store import Journal, Lock, LockInfo, Opened


class JournalledStore:
    """A `StateStore` over a `Medium`. Mutable, owned by one run.

    `sealing` is what is done to all bytes on their way. The snapshot that is about to be replaced goes into
    the backup first, unless `keep_backup` says not to. Without `has_history` what is read is another state
    than what is written, and the history says nothing about it.
    """

    def __init__(
        self,
        medium: Medium,
        host: Host,
        *,
        sealing: Sealing = PLAIN,
        keep_backup: bool = True,
        has_history: bool = True,
    ) -> None:
        self.medium: Final = medium
        self.sealing: Final = sealing
        self._host: Final = host
        self._has_history: Final = has_history
        self.archive: Final = Archive(medium, sealing)
        self._began: Began | None = None
        self._journal: JournalWriter | None = None
        self._found: Recovered | None = None
        self._is_backed_up = not keep_backup
        self._is_outdated = False

    # -- reading ---------------------------------------------------------------------------------

    def read(self) -> tuple[Opened | None, Diagnostics]:
        """What is stored; see `recovery`."""
        try:
            stored = self._stored()
            if isinstance(stored, tuple):
                return None, stored
            self._found, diags = recover(stored)
            if self._found is not None:
                self._found, diags = self._checked(self._found)
        except OSError as problem:
            return None, (self._unusable("Failed to load state", problem),)
        return None if self._found is None else self._found.opened, diags

    def _checked(self, found: Recovered) -> tuple[Recovered | None, Diagnostics]:
        """What was found, with the runs that did not end; None if invariants or history speak against it."""
        problems = check_integrity(found.opened.state, found.snapshot)
        if self._has_history and not found.events:
            problems = (*problems, *contradictions(found, self.archive, self.medium.names.snapshot))
        if problems:
            return None, problems
        begun = [event for event in found.events if isinstance(event, Began)]
        known = {run.began.run for run in self.archive.runs()} if begun else ()
        unended = tuple(each for each in begun if each.run not in known)
        return replace(found, opened=replace(found.opened, unended=unended)), ()

    def _stored(self) -> Stored | Diagnostics:
        found = self.medium.read()
        snapshot = self._opened(found.snapshot)
        if isinstance(snapshot, tuple):
            return snapshot
        self._is_outdated = bool(snapshot) and self.sealing.is_outdated
        return Stored(
            snapshot=snapshot,
            journal=found.journal,
            backup=self._backup,
            names=self.medium.names,
            sealing=self.sealing,
        )

    def _opened(self, content: bytes | None) -> bytes | Diagnostics | None:
        return self.sealing.open(content) if content and content.strip() else content

    def _backup(self) -> bytes | None:
        """The backup; as it is kept, if it cannot be opened: it is there, and it is not readable."""
        content = self.medium.read_document(BACKUP)
        opened = self._opened(content)
        return content if isinstance(opened, tuple) else opened

    # -- locking ---------------------------------------------------------------------------------

    def lock(self, operation: str, *, timeout: float = 0.0) -> Lock | Diagnostics:
        """The lock, or the error that says who holds it since when."""
        return self.medium.lock(operation, timeout=timeout)

    def holder(self) -> LockInfo | None:
        """Who holds the lock, as far as a record tells."""
        return self.medium.holder()

    def lock_status(self) -> LockStatus | None:
        """The lock record that lies beside the state, and whether its writer lives."""
        return self.medium.lock_status()

    def force_unlock(self, lock_id: str) -> Diagnostics:
        """Takes the record `lock_id` away, for a holder on another machine that is known to be dead."""
        return self.medium.force_unlock(lock_id)

    # -- writing ---------------------------------------------------------------------------------

    def begin(self, run: Began | None = None) -> Journal | Diagnostics:
        """The journal for this run: one that a crash left behind, or a new one."""
        found = self._read_before()
        if self._journal is None:
            try:
                self._journal = self._new_journal(found) if found.journal is None else self._continued(found)
                if run is not None:
                    self._began = run
                    self._journal.append(run)
            except OSError as problem:
                return (self._unusable("Failed to begin the state journal", problem),)
        return self._journal

    def _continued(self, found: Recovered) -> JournalWriter:
        assert found.journal is not None
        end, position = found.journal.end, found.journal.position
        kept = self.medium.continue_journal(end)
        return JournalWriter(kept, position, end, found.opened.open_intents, sealing=self.sealing)

    def _new_journal(self, found: Recovered) -> JournalWriter:
        """A journal on top of the snapshot; intents that are still open move into it."""
        base = found.base if found.base.lineage else replace(found.base, lineage=self._host.new_id())
        still_open = found.opened.open_intents
        content, position = first_lines(base, as_events(still_open), self.sealing)
        kept = self.medium.begin_journal(content)
        self._found = replace(found, base=base)
        return JournalWriter(kept, position, len(content), still_open, sealing=self.sealing)

    def commit(self, state: State, end: RunEnd | None = None) -> tuple[State, Diagnostics]:
        """Compacts the journal into a new snapshot, if anything changed, or is to be sealed otherwise."""
        found = self._read_before()
        state = self._named(state)
        if _is_unchanged(state, found.snapshot) and not self._is_outdated:
            return state, self._end_unchanged(found)
        broken = check_integrity(state, found.snapshot)
        if broken:
            return state, broken
        state = self.as_next(state)
        return state, self._save(state, end)

    def as_next(self, state: State) -> State:
        """The state with the lineage and the serial that its snapshot would have."""
        named = self._named(state)
        return replace(named, serial=named.serial + 1)

    def _named(self, state: State) -> State:
        base = self._read_before().base
        return replace(
            state, lineage=state.lineage or base.lineage or self._host.new_id(), serial=base.serial
        )

    def overwrite(
        self, state: State, run: Began | None = None, *, earlier: Archive | None = None
    ) -> Diagnostics:
        """Writes a state as it is, with its lineage and serial: one that was pushed.

        `earlier` is its history so far, where it comes from.
        """
        self._began = run or self._began
        return check_integrity(state, state) or self._save(state, None, earlier)

    def _save(self, state: State, end: RunEnd | None, earlier: Archive | None = None) -> Diagnostics:
        found = self._read_before()
        try:
            if self._journal is None and found.journal is not None:
                self._journal = self._continued(found)
            return self._replace_snapshot(found, state, end, earlier)
        except OSError as problem:
            return (self._failed_to_save(problem),)

    def _replace_snapshot(
        self, found: Recovered, state: State, end: RunEnd | None, earlier: Archive | None
    ) -> Diagnostics:
        content = write_snapshot(state)
        base = Base(lineage=state.lineage, serial=state.serial, digest=digest(content))
        before = self._replaced()
        goes_on = earlier is None or self.archive.kept() or not earlier.kept()
        self._back_up(before)
        if self._journal is not None:
            self._journal.seal(base)
        if self._is_outdated:
            self.archive.reseal()
        self.medium.replace_snapshot(self.sealing.seal(content))
        self._is_outdated = False
        warnings = () if earlier is None else self.archive.adopt(earlier)
        replaced = (found.base, before) if before and digest(before) == found.base.digest else None
        written = Written(before=replaced if goes_on else None, after=(base, content))
        warnings = (*warnings, *self._remember(found, state, end, written))
        still_open = () if self._journal is None else self._journal.open_intents
        opened = Opened(state=state, open_intents=still_open)
        self._found = Recovered(opened=opened, snapshot=state, base=base, journal=None)
        self._end_journal()
        return warnings

    def _replaced(self) -> bytes | None:
        """The snapshot that is about to be replaced; None if there is none, or none that can be opened."""
        before = self._opened(self.medium.read_replaced())
        return before if isinstance(before, bytes) else None

    def _back_up(self, before: bytes | None) -> None:
        if before and not self._is_backed_up:
            self.medium.write_document(BACKUP, self.sealing.seal(before))
        self._is_backed_up = True

    def _remember(self, found: Recovered, state: State, end: RunEnd | None, written: Written) -> Diagnostics:
        """Adds this run, and those that it found interrupted, to the history."""
        runs = interrupted_runs(found)
        if self._began is not None:
            runs = (*runs, ended_run(self._began, found, state, end))
        self._began = None
        return self.archive.keep(runs, written) if runs else ()

    def _end_unchanged(self, found: Recovered) -> Diagnostics:
        """Nothing is to be written; only runs that were interrupted are recorded."""
        self._began = None
        try:
            warnings = self._remember(found, found.snapshot, None, Written())
            self._end_journal()
        except OSError as problem:
            return (self._failed_to_save(problem),)
        return warnings

    def _end_journal(self) -> None:
        """Closes the journal and removes it, unless an intent is still open."""
        if self._journal is None:
            return
        journal, self._journal = self._journal, None
        journal.close()
        if not journal.open_intents:
            self.medium.remove_journal()

    def _read_before(self) -> Recovered:
        assert self._found is not None, "read() comes first, and must succeed"
        return self._found

    @property
    def is_whole(self) -> bool:
        """Whether what is kept, the journal included, says all that it was told."""
        return self._journal is None or self._journal.is_durable()

    # -- what is said ----------------------------------------------------------------------------

    def _unusable(self, summary: str, problem: OSError) -> Diagnostic:
        name = problem.filename or self.medium.names.snapshot
        return error(summary, f"{name} cannot be used: {problem.strerror or problem}. Nothing was changed.")

    def _failed_to_save(self, problem: OSError) -> Diagnostic:
        names = self.medium.names
        detail = f"{names.snapshot} could not be written: {problem.strerror or problem}."
        if self.is_whole:
            detail += (
                f" Nothing is lost: {names.journal} holds all that was done and the next run picks it up. "
                f"{names.repair}; run again."
            )
        return error("Failed to save state", detail)


def _is_unchanged(state: State, recorded: State) -> bool:
    """Whether the snapshot says all this already."""
    return state == replace(recorded, lineage=state.lineage, serial=state.serial)
