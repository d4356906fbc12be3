"""The seam between the emulator and its memory.

Owns the protocols `View` (reading), `Session` (one request's transaction) and `Store`. Handlers get a `View`
and cannot write; only the core holds a `Session`.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from mooring_emulator.store.model import Blob, Document, LoggedRequest, Operation, Write


class View(Protocol):
    """What a handler may read."""

    def document(self, key: str) -> Document | None:
        """Give the document with this key."""

    def documents(
        self, prefix: str, types: frozenset[str], *, offset: int = 0, limit: int = -1
    ) -> Sequence[Document]:
        """Give the documents of these types whose key starts with `prefix`, in key order; -1 is no limit."""

    def ids(self) -> Sequence[str]:
        """Give every id, in key order."""

    def holder(self, claim: str) -> str | None:
        """Give the key of the document that holds a claim."""

    def operation(self, operation_id: str) -> Operation | None:
        """Give an operation, running or settled."""

    def running(self, key: str) -> Operation | None:
        """Give the operation that has not settled on this document."""

    def blobs(self, account: str, container: str, prefix: str = "") -> Sequence[Blob]:
        """Give the blobs of a container whose names start with `prefix`, in the order of names."""

    def blob(self, account: str, container: str, name: str) -> Blob | None:
        """Give a blob."""


class Session(View, Protocol):
    """One request's transaction: everything written in it becomes durable together."""

    def due(self, now: float) -> Sequence[Operation]:
        """Give the unsettled operations that have ended by `now`, oldest end first."""

    def apply(self, writes: Sequence[Write]) -> None:
        """Make the writes."""

    def settle(self, operation: Operation) -> None:
        """Make the operation's effects and mark it settled; without its target it has none."""

    def record(self, entry: LoggedRequest) -> None:
        """Append to the request log."""


class Store(Protocol):
    """The memory of one emulated cloud."""

    def session(self) -> AbstractContextManager[Session]:
        """Open a transaction; sessions of one store exclude each other.

        Leaving by an exception undoes what SQLite was told; memory keeps it.
        """

    def requests(self) -> Sequence[LoggedRequest]:
        """Give the request log, oldest first."""

    def close(self) -> None:
        """Release the resources; the store is not used afterwards."""
