"""Where the bytes of one state are kept: the seam between what a store does and what it does it with.

A medium keeps a *snapshot*, which is replaced whole; a *journal*, to which bytes are appended; named
*documents* beside them (`BACKUP` is one); and a lock. `journalled.JournalledStore` makes a `StateStore` of
any. What is called here raises `OSError`, whose text says what was wrong and holds no secret, when the medium
cannot do what it is asked: a full disk, a server that does not answer. Must not know what the bytes mean.
"""

from __future__ import annotations

from typing import Final, Protocol

from mooring.core.diagnostics import Diagnostics
from mooring.core.records import record
from mooring.state.lock_record import LockStatus
from mooring.state.store import Lock, LockInfo

BACKUP: Final = "backup"
"""The document that holds the snapshot of before."""


@record(kw_only=True)
class Names:
    """What messages call the parts of a medium. `repair` is advice for when nothing can be written."""

    snapshot: str
    journal: str
    backup: str
    repair: str


@record(kw_only=True)
class Contents:
    """A snapshot and the journal beside it, as they were at one moment; None for what is not there."""

    snapshot: bytes | None
    journal: bytes | None


class Appending(Protocol):
    """A journal that is open for writing, at its end."""

    def append(self, content: bytes) -> None:
        """Takes bytes in. They may be on their way when it returns; `flush` waits for them."""
        ...

    def flush(self) -> None:
        """Returns once all that was appended will outlive this process and its machine."""
        ...

    def cut(self, end: int) -> None:
        """Takes back what a failed `append` has left after the first `end` bytes."""
        ...

    def close(self) -> None:
        """Lets go of it; what was not flushed may be lost."""
        ...


class Medium(Protocol):
    """The place of one state. Owned by one store."""

    @property
    def names(self) -> Names:
        """What messages call its parts."""
        ...

    # -- bytes -----------------------------------------------------------------------------------

    def read(self) -> Contents:
        """Snapshot and journal, which belong together whatever others write meanwhile."""
        ...

    def read_replaced(self) -> bytes | None:
        """The snapshot that `replace_snapshot` would replace now."""
        ...

    def replace_snapshot(self, content: bytes) -> None:
        """Puts a new snapshot in place, whole and durable or not at all."""
        ...

    def begin_journal(self, content: bytes) -> Appending:
        """Makes a durable journal that begins with `content`, in place of one that may be there."""
        ...

    def continue_journal(self, end: int) -> Appending:
        """Opens the journal that is there, after its first `end` bytes; the rest is dropped."""
        ...

    def remove_journal(self) -> None:
        """Removes the journal, if there is one."""
        ...

    # -- documents -------------------------------------------------------------------------------

    def document_names(self) -> tuple[str, ...]:
        """The names of the documents that there are, sorted."""
        ...

    def read_document(self, name: str) -> bytes | None:
        """The content of a document; None if there is none of that name."""
        ...

    def write_document(self, name: str, content: bytes) -> None:
        """Puts a document in place, whole and durable or not at all."""
        ...

    def append_document(self, name: str, content: bytes) -> None:
        """Adds durable bytes to the end of a document, which is made if there is none."""
        ...

    def remove_document(self, name: str) -> None:
        """Removes a document, if it is there."""
        ...

    # -- lock ------------------------------------------------------------------------------------

    def lock(self, operation: str, *, timeout: float = 0.0) -> Lock | Diagnostics:
        """See `StateStore.lock`."""
        ...

    def holder(self) -> LockInfo | None:
        """Who holds the lock, as far as a record tells."""
        ...

    def lock_status(self) -> LockStatus | None:
        """The lock record that is there, and whether its writer lives."""
        ...

    def force_unlock(self, lock_id: str) -> Diagnostics:
        """Takes the lock `lock_id` away from a holder that is known to be dead."""
        ...
