"""One state as blobs. The state's own blob is Terraform's; what is ours is under `KEY.moor/WORKSPACE/`.

| blob | what |
| --- | --- |
| `KEY`, `KEYenv:WORKSPACE` | the snapshot; its lease is the lock, its metadata says who holds it |
| `.../journal` | an append blob: the events since the snapshot |
| `.../heartbeats/ID` | which process holds the lock of this ID, written again every 20 seconds |
| `.../backup` and others | documents |

Every write of the state is made under the lease, or without a lock under the ETag that was read.
"""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostics
from mooring.core.records import record
from mooring.state.backends.azurerm.blobs import Blobs
from mooring.state.backends.azurerm.locking import Locking
from mooring.state.backends.names import remote_names
from mooring.state.backends.remote_lock import RemoteLock, acquire, check, new_info, not_unlocked
from mooring.state.backends.sending import SendingJournal
from mooring.state.host import Host
from mooring.state.lock_record import LockStatus
from mooring.state.medium import Appending, Contents, Names
from mooring.state.store import Lock, LockInfo

_JOURNAL: Final = "journal"
_HEARTBEATS: Final = "heartbeats/"


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
        self._locking: Final = Locking(
            blobs=blobs, blob=place.blob, heartbeats=f"{place.folder}/{_HEARTBEATS}", host=host
        )
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

    def _check_lock(self) -> None:
        """What is beside the state's blob has no lease of its own."""
        check(self._lock, self._shown)

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
        self._check_lock()
        self._blobs.begin_append(self._beside(_JOURNAL), content)
        return self._journal(len(content))

    def continue_journal(self, end: int) -> Appending:
        """The append blob. Blocks are added whole, so there is nothing to cut but what others have done."""
        self._check_lock()
        name = self._beside(_JOURNAL)
        found = self._blobs.read(name)
        content = b"" if found is None else found[0]
        if len(content) != end:
            self._blobs.write(f"{name}.uncut", content)
            self._blobs.begin_append(name, content[:end])
        return self._journal(end)

    def _journal(self, end: int) -> SendingJournal:
        name = self._beside(_JOURNAL)

        def send(at: int, content: bytes) -> None:
            self._check_lock()
            self._blobs.append_at(name, at, content)

        return SendingJournal(send, end)

    def remove_journal(self) -> None:
        """Removes the append blob."""
        self._blobs.remove(self._beside(_JOURNAL))

    # -- documents -------------------------------------------------------------------------------

    def document_names(self) -> tuple[str, ...]:
        """The blobs of our folder, but for the journal and the heartbeats."""
        prefix = self._beside("")
        found = {each.removeprefix(prefix) for each in self._blobs.names(prefix)} - {_JOURNAL}
        return tuple(sorted(each for each in found if not each.startswith(_HEARTBEATS)))

    def read_document(self, name: str) -> bytes | None:
        """The content of a blob of our folder."""
        found = self._blobs.read(self._beside(name))
        return None if found is None else found[0]

    def write_document(self, name: str, content: bytes) -> None:
        """Writes a blob of our folder."""
        self._check_lock()
        self._blobs.write(self._beside(name), content)

    def append_document(self, name: str, content: bytes) -> None:
        """Adds to an append blob of our folder."""
        self._check_lock()
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
        found = acquire(
            self._locking.attempt, new_info(self._host, operation, self._shown), self._host, timeout
        )
        if isinstance(found, RemoteLock):
            self._lock = found
        return found

    def holder(self) -> LockInfo | None:
        """What the metadata of a leased blob say."""
        return self._locking.holder()

    def lock_status(self) -> LockStatus | None:
        """The metadata of the blob and the heartbeat."""
        return self._locking.status()

    def force_unlock(self, lock_id: str) -> Diagnostics:
        """Ends the lease of a holder."""
        try:
            return self._locking.force_unlock(lock_id)
        except OSError as problem:
            return not_unlocked(f"{self._shown}: {problem}")
