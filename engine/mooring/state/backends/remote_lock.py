"""A lock that a server keeps: taking it, showing that its holder lives, and noticing that it was lost.

Whoever takes it leaves Terraform's record of who holds it, and a heartbeat that says which process does and
when it was last alive, by the server's clock. A holder without a heartbeat (Terraform) may live; it is never
taken for dead. Must not know how any server keeps a lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from mooring import __version__
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.records import record
from mooring.state.backends.model import BackendError
from mooring.state.host import Host
from mooring.state.lock_record import (
    EXPIRY,
    Heartbeat,
    LockStatus,
    is_from_here,
    is_locked,
    taken_over,
    timestamp,
)
from mooring.state.store import Lock, LockInfo

_PAUSE: Final = 0.5


@record(kw_only=True)
class Refused:
    """Somebody else has the lock: its record, None where there is none."""

    holder: LockInfo | None


@record(kw_only=True)
class Keeping:
    """What a lock that is held can do on its server.

    `beat` shows a sign of life; False says that somebody else has taken the lock away. Both raise `OSError`.
    """

    beat: Callable[[], bool]
    let_go: Callable[[], None]


class RemoteLock:
    """A lock that is held. Owned by one medium; has a thread for the heartbeat. See `store.Lock`."""

    def __init__(self, info: LockInfo, keeping: Keeping, host: Host, left: LockInfo | None = None) -> None:
        self.info: Final = info
        self.warnings: Final[Diagnostics] = () if left is None else (taken_over(left),)
        self._keeping: Final = keeping
        self._host: Final = host
        self._seen = host.now()
        self._is_taken = False
        self._stopped: Final = threading.Event()
        self._thread: Final = threading.Thread(target=self._run, name="state-lock", daemon=True)
        self._thread.start()

    @property
    def is_held(self) -> bool:
        """Whether it has not been released."""
        return not self._stopped.is_set()

    @property
    def is_lost(self) -> bool:
        """Whether it was taken away, or could not be kept up for so long that it may have been."""
        return self._is_taken or self._host.now() - self._seen > EXPIRY

    def lose(self) -> None:
        """Takes note that somebody else has it now."""
        self._is_taken = True

    def _run(self) -> None:
        while not self._host.wait(self._stopped, EXPIRY / 3):
            try:
                is_ours = self._keeping.beat()
            except OSError:
                continue
            if not is_ours:
                self.lose()
            self._seen = self._host.now()

    def release(self) -> None:
        """Gives the lock up. What the server does not take back now is found dead by the next command."""
        if not self.is_held:
            return
        self._stopped.set()
        self._thread.join()
        if self._is_taken:
            return
        try:
            self._keeping.let_go()
        except OSError:
            return


def check(lock: RemoteLock | None, shown: str) -> None:
    """Raises `OSError` if there was a lock and it is lost: nothing may be written any more."""
    if lock is not None and lock.is_held and lock.is_lost:
        raise BackendError(f"the lock of {shown} was lost, and somebody else may have it")


# -- taking it -----------------------------------------------------------------------------------


def acquire(
    attempt: Callable[[LockInfo], Lock | Refused], info: LockInfo, host: Host, timeout: float
) -> Lock | Diagnostics:
    """The lock, tried for `timeout` seconds; or the error that says who holds it since when."""
    began = host.now()
    while True:
        try:
            found = attempt(info)
        except OSError as problem:
            return (_cannot_lock(info.path, problem),)
        if not isinstance(found, Refused):
            return found
        if host.now() - began >= timeout:
            return (is_locked(info.path, found.holder),)
        host.sleep(_PAUSE)


def _cannot_lock(name: str, problem: OSError) -> Diagnostic:
    return error("Error acquiring the state lock", f"{name} cannot be locked: {problem}")


def new_info(host: Host, operation: str, path: str) -> LockInfo:
    """The record of a lock that this process is about to take."""
    return LockInfo(
        id=host.new_id(),
        operation=operation,
        who=host.who,
        version=f"Mooring {__version__}",
        created=timestamp(host.now()),
        path=path,
    )


def heartbeat_of(info: LockInfo, host: Host) -> Heartbeat:
    """A sign of life of this process."""
    return Heartbeat(id=info.id, machine=host.name, boot_id=host.boot_id, pid=host.pid, beat=host.now())


def unsigned(heartbeat: Heartbeat) -> LockInfo:
    """What is known of a holder that died before it left its record, or after it took it back."""
    return LockInfo(
        id=heartbeat.id,
        operation="something",
        who=f"process {heartbeat.pid} of {heartbeat.machine}",
        version="",
        created=timestamp(heartbeat.beat),
        path="",
    )


def is_dead(info: LockInfo, heartbeat: Heartbeat | None, host: Host) -> bool:
    """Whether a holder is known to be gone: a process of this machine that ended, or one long silent.

    `beat` of the heartbeat is on the clock of `host`.
    """
    if heartbeat is None or heartbeat.id != info.id:
        return False
    if is_from_here(heartbeat, host):
        return not host.is_alive(heartbeat.pid)
    return host.now() - heartbeat.beat > EXPIRY


def status(info: LockInfo | None, heartbeat: Heartbeat | None, host: Host) -> LockStatus | None:
    """What a lock's record and heartbeat tell others."""
    if info is None:
        return None
    beat = None if heartbeat is None or heartbeat.id != info.id else heartbeat.beat
    return LockStatus(info=info, is_live=not is_dead(info, heartbeat, host), beat=beat)


def why_not_unlocked(holder: LockInfo | None, lock_id: str, *, lives: bool) -> Diagnostics:
    """What stands against taking a lock away by force."""
    if holder is None:
        return not_unlocked("The state is not locked.")
    if holder.id != lock_id:
        return not_unlocked(f"The lock has another ID: {holder.id}.")
    if lives:
        return not_unlocked("Its holder is a process of this machine that still runs; end that one instead.")
    return ()


def not_unlocked(reason: str) -> Diagnostics:
    """The error of a lock that was not taken away."""
    return (error("Failed to unlock state", reason),)
