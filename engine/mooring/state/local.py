"""A state in local files, beside the configuration: what Terraform's `local` backend is.

| file | what |
| --- | --- |
| `terraform.tfstate` | the snapshot, replaced atomically |
| `terraform.tfstate.backup` | the snapshot before the last run that changed something |
| `terraform.tfstate.journal` | the events since the snapshot; there while a run goes on, or after a crash |
| `.terraform.tfstate.lock.info`, `.lock.heartbeat` | who holds the lock |

Compaction is safe at every point: the journal is sealed with the digest of the coming snapshot, the snapshot
is put in place, the journal is removed. Whoever finds the files at a point in between can tell which of them
holds. Must not know what objects mean.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from mooring import __version__
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.records import replace
from mooring.state.files import put_in_place, read_file, remove, write_atomically, write_draft
from mooring.state.host import Host, this_host
from mooring.state.integrity import check_integrity
from mooring.state.intents import as_events
from mooring.state.journal import FileJournal
from mooring.state.journal_format import Base, first_lines
from mooring.state.lock import LocalLock, LockFiles, acquire, look_at, read_heartbeat, read_info, try_lock
from mooring.state.lock_record import LockStatus, cannot_lock, lives_here
from mooring.state.model import State
from mooring.state.recovery import Recovered, Stored, digest, recover
from mooring.state.snapshot import write_snapshot
from mooring.state.store import Journal, Lock, LockInfo, Opened


class LocalStore:
    """A `StateStore` in local files. Mutable, owned by one run.

    `path` is the snapshot; a symbolic link is followed. `origin` is where it is read from instead, if what
    is written must go elsewhere (`-state-out`). `backup` is where the snapshot goes that is about to be
    replaced: beside it by default, nowhere without `keep_backup`.
    """

    def __init__(
        self,
        path: Path,
        *,
        origin: Path | None = None,
        backup: Path | None = None,
        keep_backup: bool = True,
        host: Host | None = None,
    ) -> None:
        self._origin: Final = origin
        self._path: Final = Path(os.path.realpath(path))
        self._shown: Final = self._path if path.is_symlink() else path
        self._journal_path: Final = self._path.with_name(f"{self._path.name}.journal")
        self._backup: Final = backup or self._path.with_name(f"{self._path.name}.backup")
        self._backup_name: Final = str(backup or f"{self._shown}.backup")
        self._files: Final = LockFiles.beside(self._path)
        self._host: Final = host or this_host()
        self._lock: LocalLock | None = None
        self._journal: FileJournal | None = None
        self._found: Recovered | None = None
        self._is_backed_up = not keep_backup

    # -- reading ---------------------------------------------------------------------------------

    def read(self) -> tuple[Opened | None, Diagnostics]:
        """What is stored; see `recovery`."""
        try:
            self._found, diags = recover(self._stored())
        except OSError as problem:
            return None, (_unusable("Failed to load state", self._shown, problem),)
        return None if self._found is None else self._found.opened, diags

    def _stored(self) -> Stored:
        """The files as they were at one moment: read once more if a run without our lock ended meanwhile."""
        while True:
            before = _signature(self._path)
            stored = self._stored_now()
            if _signature(self._path) == before:
                return stored

    def _stored_now(self) -> Stored:
        return Stored(
            snapshot=self._content(),
            journal=read_file(self._journal_path),
            backup=lambda: read_file(self._backup),
            snapshot_name=str(self._shown),
            journal_name=f"{self._shown}.journal",
            backup_name=self._backup_name,
        )

    def _content(self) -> bytes | None:
        return self._own_content() if self._origin is None else read_file(self._origin)

    def _own_content(self) -> bytes | None:
        if self._lock is not None and self._lock.is_held:
            return self._lock.content()
        return read_file(self._path)

    # -- locking ---------------------------------------------------------------------------------

    def lock(self, operation: str, *, timeout: float = 0.0) -> Lock | Diagnostics:
        """The lock, or the error that says who holds it since when."""

        def make_info(created: str) -> LockInfo:
            return LockInfo(
                id=self._host.new_id(),
                operation=operation,
                who=self._host.who,
                version=f"Mooring {__version__}",
                created=created,
                path=str(self._shown),
            )

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            return (cannot_lock(str(self._shown), problem),)
        lock = acquire(self._files, self._host, make_info, timeout)
        if isinstance(lock, LocalLock):
            self._lock = lock
        return lock

    def holder(self) -> LockInfo | None:
        """Who holds the lock, as far as a record tells."""
        return read_info(self._files)

    def lock_status(self) -> LockStatus | None:
        """The lock record that lies beside the state, and whether its writer lives."""
        return look_at(self._files, self._host)

    def force_unlock(self, lock_id: str) -> Diagnostics:
        """Takes the record `lock_id` away, for a holder on another machine that is known to be dead."""
        holder = self.holder()
        if holder is None:
            return (error("Failed to unlock state", "LocalState not locked"),)
        if holder.id != lock_id:
            return (error("Failed to unlock state", f"The lock has another ID: {holder.id}."),)
        if lives_here(read_heartbeat(self._files), self._host):
            return (error("Failed to unlock state", "Local state cannot be unlocked by another process"),)
        remove(self._files.heartbeat)
        remove(self._files.info)
        return ()

    # -- writing ---------------------------------------------------------------------------------

    def begin(self) -> Journal | Diagnostics:
        """The journal for this run: one that a crash left behind, or a new one."""
        found = self._read_before()
        if self._journal is None:
            try:
                self._journal = self._new_journal(found) if found.journal is None else self._continued(found)
            except OSError as problem:
                return (_unusable("Failed to begin the state journal", self._shown, problem),)
        return self._journal

    def _continued(self, found: Recovered) -> FileJournal:
        assert found.journal is not None
        end = found.journal.end
        descriptor = os.open(self._journal_path, os.O_WRONLY | os.O_CLOEXEC)
        os.ftruncate(descriptor, end)
        os.lseek(descriptor, end, os.SEEK_SET)
        return FileJournal(descriptor, found.journal.position, end, found.opened.open_intents)

    def _new_journal(self, found: Recovered) -> FileJournal:
        """A journal on top of the snapshot; intents that are still open move into it."""
        base = found.base if found.base.lineage else replace(found.base, lineage=self._host.new_id())
        still_open = found.opened.open_intents
        content, position = first_lines(base, as_events(still_open))
        descriptor, draft = write_draft(self._journal_path, content)
        put_in_place(draft, self._journal_path)
        self._found = replace(found, base=base)
        return FileJournal(descriptor, position, len(content), still_open)

    def commit(self, state: State) -> tuple[State, Diagnostics]:
        """Compacts the journal into a new snapshot, if anything changed."""
        found = self._read_before()
        lineage = state.lineage or found.base.lineage or self._host.new_id()
        state = replace(state, lineage=lineage, serial=found.base.serial)
        if _is_unchanged(state, found.snapshot):
            self._end_journal()
            return state, ()
        broken = check_integrity(state, found.snapshot)
        if broken:
            return state, broken
        state = replace(state, serial=found.base.serial + 1)
        return state, self.overwrite(state)

    def overwrite(self, state: State) -> Diagnostics:
        """Writes a state as it is, with its lineage and serial: one that was pushed."""
        found = self._read_before()
        try:
            if self._journal is None and found.journal is not None:
                self._journal = self._continued(found)
            self._replace_snapshot(state)
        except OSError as problem:
            return (_failed_to_save(self._shown, problem),)
        return ()

    def _replace_snapshot(self, state: State) -> None:
        content = write_snapshot(state)
        base = Base(lineage=state.lineage, serial=state.serial, digest=digest(content))
        self._back_up()
        if self._journal is not None:
            self._journal.seal(base)
        self._put(content)
        still_open = () if self._journal is None else self._journal.open_intents
        opened = Opened(state=state, open_intents=still_open)
        self._found = Recovered(opened=opened, snapshot=state, base=base, journal=None)
        self._end_journal()

    def _back_up(self) -> None:
        before = None if self._is_backed_up else self._own_content()
        if before:
            write_atomically(self._backup, before)
        self._is_backed_up = True

    def _put(self, content: bytes) -> None:
        """Puts the new snapshot in place, locked before it is seen (see lock.py)."""
        descriptor, draft = write_draft(self._path, content)
        lock = self._lock if self._lock is not None and self._lock.is_held else None
        if lock is not None and not try_lock(descriptor):
            raise OSError("somebody has locked a file that was just made")
        put_in_place(draft, self._path)
        if lock is None:
            os.close(descriptor)
        else:
            lock.move_to(descriptor)

    def _end_journal(self) -> None:
        """Closes the journal and removes it, unless an intent is still open."""
        if self._journal is None:
            return
        journal, self._journal = self._journal, None
        journal.close()
        if not journal.open_intents:
            remove(self._journal_path)

    def _read_before(self) -> Recovered:
        assert self._found is not None, "read() comes first, and must succeed"
        return self._found


def _signature(path: Path) -> tuple[int, int, int] | None:
    """Changes whenever a file is replaced or written."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _is_unchanged(state: State, recorded: State) -> bool:
    """Whether the snapshot says all this already."""
    return state == replace(recorded, lineage=state.lineage, serial=state.serial)


def _unusable(summary: str, shown: Path, problem: OSError) -> Diagnostic:
    name = problem.filename or shown
    return error(summary, f"{name} cannot be used: {problem.strerror or problem}. Nothing was changed.")


def _failed_to_save(shown: Path, problem: OSError) -> Diagnostic:
    detail = (
        f"{shown} could not be written: {problem.strerror or problem}. Nothing is lost: {shown}.journal "
        "holds all that was done and the next run picks it up. Make room or repair the folder; run again."
    )
    return error("Failed to save state", detail)
