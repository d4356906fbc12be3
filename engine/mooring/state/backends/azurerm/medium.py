"""One state as blobs. The state's own blob is Terraform's; what is ours is under `KEY.moor/WORKSPACE/`.

| blob | what |
| --- | --- |
| `KEY`, `KEYenv:WORKSPACE` | the snapshot; its lease is the lock, its metadata says who holds it |
| `.../journal` | an append blob: the events since the snapshot |
| `.../heartbeat` | which process holds the lock, written again every 20 seconds |
| `.../backup` and others | documents |

Every write of the state is made under the lease, or without a lock under the ETag that was read.
"""

from __future__ import annotations

import base64
from typing import Final

from mooring.core.diagnostics import Diagnostics
from mooring.core.records import record
from mooring.state.backends.azurerm.blobs import Blobs, Properties
from mooring.state.backends.azurerm.failures import RefusedError
from mooring.state.backends.names import remote_names
from mooring.state.backends.remote_lock import (
    Keeping,
    Refused,
    RemoteLock,
    acquire,
    heartbeat_of,
    is_dead,
    new_info,
    not_unlocked,
    status,
    why_not_unlocked,
)
from mooring.state.backends.sending import SendingJournal
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
from mooring.state.medium import Appending, Contents, Names
from mooring.state.store import Lock, LockInfo

LOCK_METADATA: Final = "terraformlockid"
_JOURNAL: Final = "journal"
_HEARTBEAT: Final = "heartbeat"
_CONFLICT: Final = frozenset({409, 412})


@record(kw_only=True)
class Place:
    """The names of a state's blobs, and whether Azure keeps a snapshot of each state that is replaced."""

    blob: str
    folder: str
    has_snapshots: bool = False


class BlobMedium:
    """A `Medium` of blobs. Mutable: it knows the lock that it holds."""

    def __init__(self, blobs: Blobs, place: Place, host: Host) -> None:
        self._blobs: Final = blobs
        self._place: Final = place
        self._host: Final = host
        self._lock: RemoteLock | None = None
        self._shown: Final = f"{blobs.container}/{place.blob}"
        self._etag: str | None = None

    @property
    def names(self) -> Names:
        """The blobs, with their container."""
        return remote_names(self._shown, f"{self._blobs.container}/{self._place.folder}")

    def _beside(self, name: str) -> str:
        return f"{self._place.folder}/{name}"

    @property
    def _lease(self) -> str | None:
        return self._lock.info.id if self._lock is not None and self._lock.is_held else None

    # -- bytes -----------------------------------------------------------------------------------

    def read(self) -> Contents:
        """The blobs as they were at one moment: read again if the state was written meanwhile."""
        while True:
            found = self._blobs.read(self._place.blob)
            snapshot, self._etag = found if found is not None else (None, None)
            journal = self._blobs.read(self._beside(_JOURNAL))
            if self._lease is not None or self._is_still(self._etag):
                return Contents(snapshot=snapshot, journal=None if journal is None else journal[0])

    def _is_still(self, etag: str | None) -> bool:
        found = self._blobs.properties(self._place.blob)
        return (None if found is None else found.etag) == etag

    def read_replaced(self) -> bytes | None:
        """The state's blob."""
        found = self._blobs.read(self._place.blob)
        return None if found is None else found[0]

    def replace_snapshot(self, content: bytes) -> None:
        """Writes the state's blob and keeps its metadata, the record of the lock among them."""
        found = self._blobs.properties(self._place.blob)
        metadata = {} if found is None else found.metadata
        if self._place.has_snapshots and found is not None and found.size:
            self._blobs.take_snapshot(self._place.blob, self._lease)
        if self._lease is None:
            self._blobs.write_if(self._place.blob, content, self._etag, metadata)
        else:
            self._blobs.write(self._place.blob, content, lease=self._lease, metadata=metadata)

    def begin_journal(self, content: bytes) -> Appending:
        """A new append blob."""
        self._blobs.begin_append(self._beside(_JOURNAL), content)
        return self._journal(len(content))

    def continue_journal(self, end: int) -> Appending:
        """The append blob. Blocks are added whole, so there is nothing to cut but what others have done."""
        name = self._beside(_JOURNAL)
        found = self._blobs.read(name)
        content = b"" if found is None else found[0]
        if len(content) != end:
            self._blobs.write(f"{name}.uncut", content)
            self._blobs.begin_append(name, content[:end])
        return self._journal(end)

    def _journal(self, end: int) -> SendingJournal:
        name = self._beside(_JOURNAL)
        return SendingJournal(lambda at, content: self._blobs.append_at(name, at, content), end)

    def remove_journal(self) -> None:
        """Removes the append blob."""
        self._blobs.remove(self._beside(_JOURNAL))

    # -- documents -------------------------------------------------------------------------------

    def document_names(self) -> tuple[str, ...]:
        """The blobs of our folder, but for the journal and the heartbeat."""
        prefix = self._beside("")
        found = {each.removeprefix(prefix) for each in self._blobs.names(prefix)}
        return tuple(sorted(found - {_JOURNAL, _HEARTBEAT}))

    def read_document(self, name: str) -> bytes | None:
        """The content of a blob of our folder."""
        found = self._blobs.read(self._beside(name))
        return None if found is None else found[0]

    def write_document(self, name: str, content: bytes) -> None:
        """Writes a blob of our folder."""
        self._blobs.write(self._beside(name), content)

    def append_document(self, name: str, content: bytes) -> None:
        """Adds to an append blob of our folder."""
        self._blobs.append(self._beside(name), content)

    def remove_document(self, name: str) -> None:
        """Removes a blob of our folder."""
        self._blobs.remove(self._beside(name))

    def remove_all(self) -> None:
        """Removes the state with everything that belongs to it."""
        for each in self._blobs.names(self._beside("")):
            self._blobs.remove(each)
        self._blobs.remove(self._place.blob, self._lease)

    # -- locking ---------------------------------------------------------------------------------

    def lock(self, operation: str, *, timeout: float = 0.0) -> Lock | Diagnostics:
        """The lease, without end, as Terraform takes it."""
        found = acquire(self._attempt, new_info(self._host, operation, self._shown), self._host, timeout)
        if isinstance(found, RemoteLock):
            self._lock = found
        return found

    def _attempt(self, info: LockInfo) -> Lock | Refused:
        blob = self._place.blob
        found = self._blobs.properties(blob)
        if found is None:
            self._make()
        holder = None if found is None else _holder(found)
        left = holder if found is not None and found.is_leased else None
        try:
            if found is None or not found.is_leased:
                self._blobs.acquire(blob, info.id)
            elif holder is not None and is_dead(holder, self._heartbeat(), self._host):
                self._blobs.take_over(blob, holder.id, info.id)
            else:
                return Refused(holder=holder)
        except RefusedError as problem:
            if problem.status not in _CONFLICT:
                raise
            return Refused(holder=self.holder())
        self._sign(info)
        return RemoteLock(info, self._keeping(info), self._host, left)

    def _make(self) -> None:
        """An empty blob, because only a blob has a lease. Somebody else may be faster."""
        try:
            self._blobs.write_if(self._place.blob, b"", None, {})
        except RefusedError as problem:
            if problem.status not in _CONFLICT:
                raise

    def _sign(self, info: LockInfo) -> None:
        """Leaves the record of who holds the lease."""
        self._show_life(info)
        found = self._blobs.properties(self._place.blob)
        metadata = {} if found is None else _without_lock(found.metadata)
        metadata[LOCK_METADATA] = base64.b64encode(encode_info(info)).decode("ascii")
        self._blobs.set_metadata(self._place.blob, metadata, info.id)

    def _show_life(self, info: LockInfo) -> None:
        self._blobs.write(self._beside(_HEARTBEAT), encode_heartbeat(heartbeat_of(info, self._host)))

    def _keeping(self, info: LockInfo) -> Keeping:
        def beat() -> bool:
            try:
                self._blobs.renew(self._place.blob, info.id)
            except RefusedError as problem:
                if problem.status in _CONFLICT:
                    return False
                raise
            self._show_life(info)
            return True

        def let_go() -> None:
            self._blobs.remove(self._beside(_HEARTBEAT))
            found = self._blobs.properties(self._place.blob)
            if found is not None:
                self._blobs.set_metadata(self._place.blob, _without_lock(found.metadata), info.id)
                self._blobs.release(self._place.blob, info.id)

        return Keeping(beat=beat, let_go=let_go)

    def holder(self) -> LockInfo | None:
        """What the metadata of a leased blob say."""
        found = self._blobs.properties(self._place.blob)
        return None if found is None or not found.is_leased else _holder(found)

    def _heartbeat(self) -> Heartbeat | None:
        name = self._beside(_HEARTBEAT)
        content, known = self._blobs.read(name), self._blobs.properties(name)
        if content is None or known is None:
            return None
        return decode_heartbeat(content[0], self._host.now() - known.age)

    def lock_status(self) -> LockStatus | None:
        """The metadata of the blob and the heartbeat."""
        return status(self.holder(), self._heartbeat(), self._host)

    def force_unlock(self, lock_id: str) -> Diagnostics:
        """Ends the lease of a holder; one that has left no record is ended by any ID.

        The record stays on the blob, where it says nothing without a lease.
        """
        try:
            return self._force_unlock(lock_id)
        except OSError as problem:
            return not_unlocked(f"{self._shown}: {problem}")

    def _force_unlock(self, lock_id: str) -> Diagnostics:
        found, heartbeat = self._blobs.properties(self._place.blob), self._heartbeat()
        is_leased = found is not None and found.is_leased
        holder = None if found is None or not is_leased else _holder(found)
        lives = holder is not None and (
            heartbeat is not None and heartbeat.id == holder.id and lives_here(heartbeat, self._host)
        )
        problems = why_not_unlocked(holder, lock_id, lives=lives)
        if problems and (holder is not None or not is_leased):
            return problems
        self._blobs.break_lease(self._place.blob)
        self._blobs.remove(self._beside(_HEARTBEAT))
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
