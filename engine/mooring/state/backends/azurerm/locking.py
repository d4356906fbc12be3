"""The lock on a state: the lease of its blob, without end, as Terraform takes it.

The blob's metadata are Terraform's record of who holds the lease. Beside them each holder has a heartbeat, a
blob named after the lock's ID: it is there before the lease is taken and until after it was given up, so
that a lease whose holder died in between is not held for ever. A lease is taken over by changing it from the
dead one's ID, which the service refuses if somebody else has it. A holder without a heartbeat (Terraform) may
live.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import partial
from typing import Final

from mooring.core.diagnostics import Diagnostics
from mooring.core.records import record
from mooring.state.backends.azurerm.blobs import Blobs, Properties
from mooring.state.backends.azurerm.failures import RefusedError
from mooring.state.backends.remote_lock import (
    Keeping,
    Refused,
    RemoteLock,
    heartbeat_of,
    is_dead,
    status,
    unsigned,
    why_not_unlocked,
)
from mooring.state.host import Host
from mooring.state.lock_record import (
    Heartbeat,
    LockStatus,
    decode_heartbeat,
    decode_info,
    encode_heartbeat,
    encode_info,
    lives_here,
)
from mooring.state.store import Lock, LockInfo

LOCK_METADATA: Final = "terraformlockid"
_CONFLICT: Final = frozenset({409, 412})


@record(kw_only=True)
class Locking:
    """The lock on one blob; `heartbeats` is what the names of its heartbeats begin with."""

    blobs: Blobs
    blob: str
    heartbeats: str
    host: Host

    # -- taking and keeping it -------------------------------------------------------------------

    def attempt(self, info: LockInfo) -> Lock | Refused:
        """Takes the lease if it is free, or if its holder is dead."""
        found = self.blobs.properties(self.blob)
        if found is None:
            self._is_granted(partial(self.blobs.write_if, self.blob, b"", None, {}))
        left = None
        if found is None or not found.is_leased:
            if not self._is_acquired(info):
                return Refused(holder=self.holder())
        else:
            left = self._take_from_dead(found, info)
            if left is None:
                return Refused(holder=_holder(found))
        self._sign(info)
        return RemoteLock(info, self._keeping(info), self.host, left)

    def _is_acquired(self, info: LockInfo) -> bool:
        self._show_life(info)
        if self._is_granted(partial(self.blobs.acquire, self.blob, info.id)):
            return True
        self._hide(info.id)
        return False

    def _take_from_dead(self, found: Properties, info: LockInfo) -> LockInfo | None:
        """Takes the lease from whom it belonged to, if that one is dead; None if nobody is known to be."""
        holder = _holder(found)
        for each in self._all_heartbeats():
            left = holder if holder is not None and holder.id == each.id else unsigned(each)
            if not is_dead(left, each, self.host):
                continue
            self._show_life(info)
            if self._is_granted(partial(self.blobs.take_over, self.blob, each.id, info.id)):
                self._hide(each.id)
                return left
            self._hide(info.id)
        return None

    def _is_granted(self, attempt: Callable[[], None]) -> bool:
        """Whether the service did not say that somebody else was faster."""
        try:
            attempt()
        except RefusedError as problem:
            if problem.status not in _CONFLICT:
                raise
            return False
        return True

    def _sign(self, info: LockInfo) -> None:
        """Leaves the record of who holds the lease."""
        found = self.blobs.properties(self.blob)
        metadata = {} if found is None else _without_lock(found.metadata)
        metadata[LOCK_METADATA] = base64.b64encode(encode_info(info)).decode("ascii")
        self.blobs.set_metadata(self.blob, metadata, info.id)

    def _keeping(self, info: LockInfo) -> Keeping:
        def beat() -> bool:
            if not self._is_granted(partial(self.blobs.renew, self.blob, info.id)):
                return False
            self._show_life(info)
            return True

        def let_go() -> None:
            found = self.blobs.properties(self.blob)
            if found is not None:
                self.blobs.set_metadata(self.blob, _without_lock(found.metadata), info.id)
                self._is_granted(partial(self.blobs.release, self.blob, info.id))
            self._hide(info.id)

        return Keeping(beat=beat, let_go=let_go)

    # -- signs of life ---------------------------------------------------------------------------

    def _show_life(self, info: LockInfo) -> None:
        self.blobs.write(self.heartbeats + info.id, encode_heartbeat(heartbeat_of(info, self.host)))

    def _hide(self, lock_id: str) -> None:
        self.blobs.remove(self.heartbeats + lock_id)

    def _heartbeat(self, name: str) -> Heartbeat | None:
        content, known = self.blobs.read(name), self.blobs.properties(name)
        if content is None or known is None:
            return None
        return decode_heartbeat(content[0], self.host.now() - known.age)

    def _all_heartbeats(self) -> tuple[Heartbeat, ...]:
        found = map(self._heartbeat, self.blobs.names(self.heartbeats))
        return tuple(each for each in found if each is not None)

    # -- who holds it ----------------------------------------------------------------------------

    def holder(self) -> LockInfo | None:
        """What the metadata of a leased blob say."""
        found = self.blobs.properties(self.blob)
        return None if found is None or not found.is_leased else _holder(found)

    def status(self) -> LockStatus | None:
        """The metadata of the blob and the heartbeat."""
        holder = self.holder()
        heartbeat = None if holder is None else self._heartbeat(self.heartbeats + holder.id)
        return status(holder, heartbeat, self.host)

    def force_unlock(self, lock_id: str) -> Diagnostics:
        """Ends the lease of a holder; one that has left no record is ended by any ID.

        The record stays on the blob, where it says nothing without a lease.
        """
        found = self.blobs.properties(self.blob)
        is_leased = found is not None and found.is_leased
        holder = None if found is None or not is_leased else _holder(found)
        lives = holder is not None and lives_here(self._heartbeat(self.heartbeats + holder.id), self.host)
        problems = why_not_unlocked(holder, lock_id, lives=lives)
        if problems and (holder is not None or not is_leased):
            return problems
        self.blobs.break_lease(self.blob)
        self._hide(lock_id)
        return ()


def _holder(found: Properties) -> LockInfo | None:
    """The record of the lock; names of metadata have no case."""
    for name, value in found.metadata.items():
        if name.lower() == LOCK_METADATA:
            try:
                return decode_info(base64.b64decode(value, validate=True))
            except ValueError:
                return None
    return None


def _without_lock(metadata: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in metadata.items() if name.lower() != LOCK_METADATA}
