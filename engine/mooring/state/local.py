"""A state in local files, beside the configuration: what Terraform's `local` backend is.

| file | what |
| --- | --- |
| `terraform.tfstate` | the snapshot, replaced atomically |
| `terraform.tfstate.backup` | the snapshot before the last run that changed something |
| `terraform.tfstate.history/` | the runs, and the states that they left; see history.py |
| `terraform.tfstate.journal` | the events since the snapshot; there while a run goes on, or after a crash |
| `.terraform.tfstate.lock.info`, `.lock.heartbeat` | who holds the lock |

Other documents are named like the backup. Must not know what the bytes mean.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from mooring import __version__
from mooring.core.diagnostics import Diagnostics, error
from mooring.state.files import (
    append_durably,
    put_in_place,
    read_file,
    remove,
    write_atomically,
    write_draft,
    write_whole,
)
from mooring.state.host import Host, this_host
from mooring.state.journalled import JournalledStore
from mooring.state.lock import LocalLock, LockFiles, acquire, look_at, read_heartbeat, read_info, try_lock
from mooring.state.lock_record import LockStatus, cannot_lock, lives_here
from mooring.state.medium import BACKUP, Appending, Contents, Names
from mooring.state.sealing import PLAIN, Sealing
from mooring.state.store import Lock, LockInfo

_JOURNAL: Final = "journal"


class LocalStore(JournalledStore):
    """A `StateStore` in local files.

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
        sealing: Sealing = PLAIN,
    ) -> None:
        known = host or this_host()
        medium = LocalMedium(path, known, origin=origin, backup=backup)
        super().__init__(medium, known, sealing=sealing, keep_backup=keep_backup, has_history=origin is None)


class LocalMedium:
    """A `Medium` of local files. Mutable: it knows the lock that it holds."""

    def __init__(
        self, path: Path, host: Host, *, origin: Path | None = None, backup: Path | None = None
    ) -> None:
        self._origin: Final = origin
        self._path: Final = Path(os.path.realpath(path))
        self._shown: Final = self._path if path.is_symlink() else path
        self._backup: Final = backup
        self._files: Final = LockFiles.beside(self._path)
        self._host: Final = host
        self._lock: LocalLock | None = None
        self.names: Final = _names(str(self._shown), str(backup or f"{self._shown}.{BACKUP}"))

    # -- bytes -----------------------------------------------------------------------------------

    def read(self) -> Contents:
        """The files as they were at one moment: read once more if a run without our lock ended meanwhile."""
        while True:
            before = _signature(self._path)
            found = Contents(snapshot=self._content(), journal=read_file(self._beside(_JOURNAL)))
            if _signature(self._path) == before:
                return found

    def _content(self) -> bytes | None:
        return self.read_replaced() if self._origin is None else read_file(self._origin)

    def read_replaced(self) -> bytes | None:
        """The snapshot that is at `path`, whatever `origin` says."""
        if self._lock is not None and self._lock.is_held:
            return self._lock.content()
        return read_file(self._path)

    def replace_snapshot(self, content: bytes) -> None:
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

    def begin_journal(self, content: bytes) -> Appending:
        """A new journal file."""
        path = self._beside(_JOURNAL)
        descriptor, draft = write_draft(path, content)
        put_in_place(draft, path)
        return AppendedFile(descriptor)

    def continue_journal(self, end: int) -> Appending:
        """The journal file, cut to its sound part."""
        journal = AppendedFile(os.open(self._beside(_JOURNAL), os.O_WRONLY | os.O_CLOEXEC))
        journal.cut(end)
        return journal

    def remove_journal(self) -> None:
        """Removes the journal file."""
        remove(self._beside(_JOURNAL))

    # -- documents -------------------------------------------------------------------------------

    def _beside(self, name: str) -> Path:
        if name == BACKUP and self._backup is not None:
            return self._backup
        return Path(f"{self._path}.{name}")

    def document_names(self) -> tuple[str, ...]:
        """The files beside the snapshot that begin with its name, but for the journal; also in folders."""
        return tuple(sorted({*_names_after(f"{self._path}.")} - {_JOURNAL}))

    def read_document(self, name: str) -> bytes | None:
        """The content of a file beside the snapshot."""
        return read_file(self._beside(name))

    def write_document(self, name: str, content: bytes) -> None:
        """Replaces a file beside the snapshot."""
        write_atomically(_with_folder(self._beside(name)), content)

    def append_document(self, name: str, content: bytes) -> None:
        """Adds to a file beside the snapshot."""
        append_durably(_with_folder(self._beside(name)), content)

    def remove_document(self, name: str) -> None:
        """Removes a file beside the snapshot."""
        remove(self._beside(name))

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
            alive = "The process that holds it lives on this machine. Wait for it, or end it."
            return (error("Failed to unlock state", alive),)
        remove(self._files.heartbeat)
        remove(self._files.info)
        return ()


class AppendedFile:
    """An open file that bytes are added to. Closes its descriptor, which stands at the end."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: Final = descriptor

    def append(self, content: bytes) -> None:
        """Hands bytes to the system."""
        write_whole(self._descriptor, content)

    def flush(self) -> None:
        """Waits for the disk."""
        os.fdatasync(self._descriptor)

    def cut(self, end: int) -> None:
        """Drops what stands after `end` bytes, and goes on there."""
        os.ftruncate(self._descriptor, end)
        os.lseek(self._descriptor, end, os.SEEK_SET)

    def close(self) -> None:
        """Closes the file."""
        os.close(self._descriptor)


def _names(state: str, backup: str) -> Names:
    journal = f"{state}.{_JOURNAL}"
    return Names(
        snapshot=state,
        journal=journal,
        backup=backup,
        repair="Make room or repair the folder",
    )


def _names_after(prefix: str) -> Iterator[str]:
    """What follows the prefix in the paths of all files that begin with it."""
    with suppress(FileNotFoundError):
        for each in Path(prefix).parent.iterdir():
            if not str(each).startswith(prefix):
                continue
            if each.is_dir():
                yield from (str(file).removeprefix(prefix) for file in each.iterdir() if file.is_file())
            else:
                yield str(each).removeprefix(prefix)


def _with_folder(path: Path) -> Path:
    """The path, whose folder is there."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    return path


def _signature(path: Path) -> tuple[int, int, int] | None:
    """Changes whenever a file is replaced or written."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
