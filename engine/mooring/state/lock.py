"""The lock of a local state: it keeps out other runs of Mooring and real Terraform alike.

Terraform locks the file `terraform.tfstate` itself (a POSIX record lock) and works on the file it has opened.
We take the same lock, so that each sees the other. But we replace the file instead of rewriting it, and then
the name leads to another file, which nobody has locked. Three rules keep the exclusion whole:

1. The new file is locked before it gets the name: it is never there unlocked.
2. The old file stays locked as long as the lock is held: who opened it before waits on.
3. When the lock is released, an old file that has lost its name (link count 0) is turned into a *tombstone*.
   A Terraform that was waiting on it (`-lock-timeout`) gets its lock only then, would read the state of
   before and write to a file that no longer exists; instead it stops with an error that says to run again.
   Mooring, when it has got a lock, looks whether the name still leads to the locked file, and starts over.

On Linux we take the lock for the open file (OFD), which conflicts with the locks of processes but is not lost
when another part of the process closes the same file. Must not know what is in a state.
"""

from __future__ import annotations

import errno
import fcntl
import os
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from mooring.core.diagnostics import Diagnostics
from mooring.core.records import record
from mooring.state.files import read_file, remove, write_atomically
from mooring.state.host import Host
from mooring.state.lock_record import (
    EXPIRY,
    Heartbeat,
    LockStatus,
    cannot_lock,
    decode_heartbeat,
    decode_info,
    encode_heartbeat,
    encode_info,
    is_from_here,
    is_held,
    is_locked,
    lives_here,
    taken_over,
    timestamp,
)
from mooring.state.store import LockInfo

TOMBSTONE: Final = (
    b'{"version":4,"terraform_version":"(the state was replaced by Mooring while this command waited for its '
    b'lock; nothing is wrong, run the command again)"}\n'
)
_PAUSE: Final = 0.2
_DYING: Final = 10.0
"""How long to wait, in seconds, until the system has taken the lock from a process that was killed."""
_BUSY: Final = frozenset({errno.EAGAIN, errno.EACCES})


Opened = tuple[int, bool]


@record(kw_only=True)
class LockFiles:
    """Where a lock stands: the state file, Terraform's record of the lock, our heartbeat."""

    state: Path
    info: Path
    heartbeat: Path

    @staticmethod
    def beside(state: Path) -> LockFiles:
        """The files of the lock on `state`, named as Terraform names them."""
        name = state.name if state.name.startswith(".") else f".{state.name}"
        return LockFiles(
            state=state,
            info=state.with_name(f"{name}.lock.info"),
            heartbeat=state.with_name(f"{name}.lock.heartbeat"),
        )


class LocalLock:
    """A lock that is held. Owned by one store; see `store.Lock`."""

    def __init__(self, files: LockFiles, info: LockInfo, warnings: Diagnostics, opened: Opened) -> None:
        self.info: Final = info
        self.warnings: Final = warnings
        self._files = files
        self._descriptor, self._is_created = opened
        self._superseded: list[int] = []
        self._pulse: Pulse | None = None

    @property
    def is_held(self) -> bool:
        """Whether it has not been released."""
        return self._descriptor >= 0

    @property
    def is_lost(self) -> bool:
        """Whether the record beside the state is no longer ours: a forced unlock has taken it away."""
        left = read_info(self._files)
        return left is None or left.id != self.info.id

    def start_pulse(self, host: Host) -> None:
        """Shows from now on that the process lives."""
        self._pulse = Pulse(self._files.heartbeat, host)

    def content(self) -> bytes | None:
        """What the state file holds, None if only the lock has made it.

        It is read without opening it again, which could drop the lock.
        """
        if self._is_created:
            return None
        size = os.fstat(self._descriptor).st_size
        chunks, at = list[bytes](), 0
        while at < size and (chunk := os.pread(self._descriptor, size - at, at)):
            chunks.append(chunk)
            at += len(chunk)
        return b"".join(chunks)

    def move_to(self, descriptor: int) -> None:
        """The file of `descriptor`, locked already, has become the state file (rules 1 and 2)."""
        self._superseded.append(self._descriptor)
        self._descriptor, self._is_created = descriptor, False

    def release(self) -> None:
        """Gives the lock up. Doing so twice does nothing."""
        if not self.is_held:
            return
        if self._pulse is not None:
            self._pulse.stop()
        remove(self._files.heartbeat)
        remove(self._files.info)
        for old in self._superseded:
            _bury(old)
        _let_go(self._files.state, (self._descriptor, self._is_created))
        self._descriptor = -1


def _bury(descriptor: int) -> None:
    """Rule 3, and closes the file. One that has a name (somebody may keep hard links) is left as it is."""
    if os.fstat(descriptor).st_nlink == 0:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, TOMBSTONE, 0)
    os.close(descriptor)


class Pulse:
    """Touches the heartbeat file every third of the expiry, in a thread of its own, until it is stopped."""

    def __init__(self, path: Path, host: Host) -> None:
        self._path = path
        self._host = host
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="state-lock", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._host.wait(self._stopped, EXPIRY / 3):
            beat(self._path, self._host)

    def stop(self) -> None:
        """Ends the thread."""
        self._stopped.set()
        self._thread.join()


def beat(path: Path, host: Host) -> None:
    """Marks the holder as alive now. A file that is gone (a forced unlock) is not made again."""
    now = host.now()
    try:
        os.utime(path, (now, now))
    except OSError:
        return


# -- taking it -----------------------------------------------------------------------------------


def acquire(
    files: LockFiles, host: Host, make_info: Callable[[str], LockInfo], timeout: float
) -> LocalLock | Diagnostics:
    """The lock, tried for `timeout` seconds. `make_info` describes the holder, given the time."""
    began = host.now()
    while True:
        try:
            lock = _try_acquire(files, host, make_info)
        except OSError as problem:
            return (cannot_lock(files.state.name, problem),)
        if lock is not None:
            return lock
        waited = host.now() - began
        if waited >= timeout and not (waited < _DYING and _is_left_by_the_dead(files, host)):
            return (is_locked(files.state.name, read_info(files)),)
        host.sleep(_PAUSE)


def _is_left_by_the_dead(files: LockFiles, host: Host) -> bool:
    """Whether the holder is a process of this machine that was killed: the system takes its locks next.

    That takes as long as its last write to the disk.
    """
    left, heartbeat = read_info(files), read_heartbeat(files)
    if left is None or heartbeat is None or heartbeat.id != left.id:
        return False
    return is_from_here(heartbeat, host) and not lives_here(heartbeat, host)


def _try_acquire(files: LockFiles, host: Host, make_info: Callable[[str], LockInfo]) -> LocalLock | None:
    opened = _open_locked(files.state)
    if opened is None:
        return None
    lock: LocalLock | None = None
    try:
        lock = _take(files, host, make_info, opened)
    finally:
        if lock is None:
            _let_go(files.state, opened)
    return lock


def _open_locked(path: Path) -> Opened | None:
    """The state file, locked, and whether it was made just now; None when somebody else has the lock."""
    while True:
        is_created = not path.exists()
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if not try_lock(descriptor):
                os.close(descriptor)
                return None
        except OSError:
            os.close(descriptor)
            raise
        if _leads_to(path, descriptor):
            return descriptor, is_created
        os.close(descriptor)


def _leads_to(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _let_go(path: Path, opened: Opened) -> None:
    """Unlocks the state file; one that only the lock has made is removed, as Terraform does."""
    descriptor, is_created = opened
    if is_created and os.fstat(descriptor).st_size == 0:
        remove(path)
    _bury(descriptor)


def try_lock(descriptor: int) -> bool:
    """Locks a whole file against writers and readers, or says that somebody else has it locked."""
    try:
        if hasattr(fcntl, "F_OFD_SETLK"):
            whole = struct.pack("hhqqi0q", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
            fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, whole)
        else:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        if problem.errno in _BUSY:
            return False
        raise
    return True


def _take(
    files: LockFiles, host: Host, make_info: Callable[[str], LockInfo], opened: Opened
) -> LocalLock | None:
    """The lock, unless the record that lies there belongs to a holder who lives."""
    left = read_info(files)
    if left is not None and is_held(left, read_heartbeat(files), host):
        return None
    info = make_info(timestamp(host.now()))
    heartbeat = Heartbeat(id=info.id, machine=host.name, boot_id=host.boot_id, pid=host.pid, beat=host.now())
    write_atomically(files.heartbeat, encode_heartbeat(heartbeat))
    beat(files.heartbeat, host)
    write_atomically(files.info, encode_info(info))
    lock = LocalLock(files, info, () if left is None else (taken_over(left),), opened)
    lock.start_pulse(host)
    return lock


def read_info(files: LockFiles) -> LockInfo | None:
    """The lock record that lies beside the state, if there is a readable one."""
    content = read_file(files.info)
    return None if content is None else decode_info(content)


def read_heartbeat(files: LockFiles) -> Heartbeat | None:
    """The heartbeat that lies beside the state, if there is a readable one."""
    content = read_file(files.heartbeat)
    if content is None:
        return None
    try:
        return decode_heartbeat(content, files.heartbeat.stat().st_mtime)
    except FileNotFoundError:
        return None


def look_at(files: LockFiles, host: Host) -> LockStatus | None:
    """What the files of a lock tell, taking nothing.

    A record without a heartbeat is live as long as the file is locked.
    """
    info, heartbeat = read_info(files), read_heartbeat(files)
    if info is None:
        return None
    beat = None if heartbeat is None or heartbeat.id != info.id else heartbeat.beat
    is_live = is_held(info, heartbeat, host) or (beat is None and _is_locked(files.state))
    return LockStatus(info=info, is_live=is_live, beat=beat)


def _is_locked(path: Path) -> bool:
    """Whether a process has the file locked now."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return not try_lock(descriptor)
    finally:
        os.close(descriptor)
