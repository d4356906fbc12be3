"""A store in memory: fast, private to one process, gone with it.

The dictionaries of `MemoryStore` are the one mutable thing here; its lock guards them.
"""
# ruff: noqa: D102 - the protocols document the methods

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import RLock

from mooring_emulator.store.model import (
    Begin,
    Blob,
    Document,
    LoggedRequest,
    Operation,
    Put,
    PutBlob,
    RemoveBlob,
    RemoveHolder,
    RemoveTree,
    Write,
)


class MemoryStore:
    """Implements both `Store` and `Session`: a session is the store while its lock is held."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._documents: dict[str, Document] = {}
        self._keys: list[str] = []
        self._claims: dict[str, str] = {}
        self._operations: dict[str, Operation] = {}
        self._running: dict[str, Operation] = {}
        self._log: list[LoggedRequest] = []
        self._blobs: dict[tuple[str, str, str], Blob] = {}

    @contextmanager
    def session(self) -> Iterator["MemoryStore"]:
        with self._lock:
            yield self

    def requests(self) -> Sequence[LoggedRequest]:
        with self._lock:
            return tuple(self._log)

    def close(self) -> None:
        """Nothing is held outside memory."""

    def document(self, key: str) -> Document | None:
        return self._documents.get(key)

    def documents(
        self, prefix: str, types: frozenset[str], *, offset: int = 0, limit: int = -1
    ) -> Sequence[Document]:
        found = (self._documents[key] for key in self._keys_below(prefix))
        matching = [document for document in found if document.type in types]
        return matching[offset : None if limit < 0 else offset + limit]

    def ids(self) -> Sequence[str]:
        return tuple(self._documents[key].id for key in self._keys)

    def holder(self, claim: str) -> str | None:
        return self._claims.get(claim)

    def operation(self, operation_id: str) -> Operation | None:
        return self._operations.get(operation_id)

    def running(self, key: str) -> Operation | None:
        return self._running.get(key)

    def blobs(self, account: str, container: str, prefix: str = "") -> Sequence[Blob]:
        place = (account, container)
        return [
            blob
            for key, blob in sorted(self._blobs.items())
            if key[:2] == place and key[2].startswith(prefix)
        ]

    def blob(self, account: str, container: str, name: str) -> Blob | None:
        return self._blobs.get((account, container, name))

    def due(self, now: float) -> Sequence[Operation]:
        ended = (operation for operation in self._running.values() if operation.ends <= now)
        return sorted(ended, key=lambda operation: (operation.ends, operation.id))

    def apply(self, writes: Sequence[Write]) -> None:
        for write in writes:
            match write:
                case Put(document=document):
                    self._put(document)
                case RemoveTree(key=key):
                    self._remove_tree(key)
                case RemoveHolder(claim=claim, keep=keep):
                    holder = self._claims.get(claim)
                    if holder is not None and holder != keep:
                        self._remove_tree(holder)
                case Begin(operation=operation):
                    self._operations[operation.id] = operation
                    self._running[operation.target] = operation
                case PutBlob(blob=blob):
                    self._blobs[blob.account, blob.container, blob.name] = blob
                case RemoveBlob():
                    self._blobs.pop((write.account, write.container, write.name), None)

    def settle(self, operation: Operation) -> None:
        if operation.target in self._documents:
            self.apply(operation.effects)
        self._operations[operation.id] = replace(operation, effects=(), is_settled=True)
        self._running.pop(operation.target, None)

    def record(self, entry: LoggedRequest) -> None:
        self._log.append(entry)

    def _keys_below(self, prefix: str) -> Sequence[str]:
        start = bisect_left(self._keys, prefix)
        return self._keys[start : bisect_left(self._keys, prefix + "\U0010ffff", lo=start)]

    def _put(self, document: Document) -> None:
        key = document.key
        previous = self._documents.get(key)
        if previous is None:
            insort(self._keys, key)
        else:
            self._release(previous)
        self._documents[key] = document
        self._claims.update(dict.fromkeys(document.claims, key))

    def _remove_tree(self, key: str) -> None:
        for below in (*self._keys_below(key + "/"), key):
            document = self._documents.pop(below, None)
            if document is not None:
                del self._keys[bisect_left(self._keys, below)]
                self._release(document)
                self._cancel(below)

    def _cancel(self, key: str) -> None:
        operation = self._running.pop(key, None)
        if operation is not None:
            self._operations[operation.id] = replace(operation, effects=(), is_settled=True)

    def _release(self, document: Document) -> None:
        for claim in document.claims:
            if self._claims.get(claim) == document.key:
                del self._claims[claim]
