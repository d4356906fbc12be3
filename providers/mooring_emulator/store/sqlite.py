"""A store in an SQLite file: durable per request, shared by threads and, one request at a time, by processes.

Each session is one `BEGIN IMMEDIATE` transaction. The journal is write-ahead with `synchronous = NORMAL`: a
commit is one sequential write without fsync, so a killed process loses nothing, and a power cut at most the
last requests, never the file's integrity. Documents are JSON text, so the file can be read with the sqlite3
shell.
"""
# ruff: noqa: D102 - the protocols document the methods

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING

from mooring_emulator.codec import decode, encode
from mooring_emulator.store.effects import effect_json, read_effect
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

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mooring_emulator.codec import Json

FORMAT = 1
"""Written to `PRAGMA user_version`; a file of another format is refused."""

_SCHEMA = """
CREATE TABLE documents (
    key TEXT PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL,
    body TEXT NOT NULL, private TEXT NOT NULL, claims TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE claims (claim TEXT PRIMARY KEY, key TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX claims_by_key ON claims (key);
CREATE TABLE operations (
    id TEXT PRIMARY KEY, target TEXT NOT NULL, method TEXT NOT NULL, started REAL NOT NULL,
    ends REAL NOT NULL, effects TEXT NOT NULL, error TEXT NOT NULL, is_settled INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX operations_running ON operations (target) WHERE NOT is_settled;
CREATE TABLE requests (
    sequence INTEGER PRIMARY KEY, time REAL NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
    api_version TEXT NOT NULL, status INTEGER NOT NULL, body_digest TEXT NOT NULL
);
"""
_BLOBS = """
CREATE TABLE IF NOT EXISTS blobs (
    account TEXT NOT NULL, container TEXT NOT NULL, name TEXT NOT NULL, content BLOB NOT NULL,
    content_type TEXT NOT NULL, metadata TEXT NOT NULL, modified REAL NOT NULL,
    PRIMARY KEY (account, container, name)
)
"""
"""Made at each opening: a file without it is of the same format."""
_BLOB = "SELECT account, container, name, content, content_type, metadata, modified FROM blobs"
_DOCUMENT = "SELECT id, type, body, private, claims FROM documents"
_OPERATION = "SELECT id, target, method, started, ends, effects, error, is_settled FROM operations"
_LOG_COLUMNS = ("time", "method", "path", "api_version", "status", "body_digest")
_READ_LOG = "SELECT time, method, path, api_version, status, body_digest FROM requests ORDER BY sequence"
_WRITE_LOG = (
    "INSERT INTO requests (time, method, path, api_version, status, body_digest) VALUES (?, ?, ?, ?, ?, ?)"
)
_REMOVE_TREE = (
    "DELETE FROM claims WHERE key = ? OR (key >= ? AND key < ?)",
    "DELETE FROM documents WHERE key = ? OR (key >= ? AND key < ?)",
    (
        "UPDATE operations SET effects = '[]', is_settled = 1"
        " WHERE NOT is_settled AND (target = ? OR (target >= ? AND target < ?))"
    ),
)
_BUSY_SECONDS = 30.0


class FormatError(Exception):
    """The file is an SQLite database, but not one this version of the emulator wrote."""


class SqliteStore:
    """Implements `Store` and `Session`: a session is the store while lock and transaction are held."""

    def __init__(self, path: str) -> None:
        import sqlite3  # heavy: only who opens a file pays for it

        _keep_private(path)
        self._lock = RLock()
        self._db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._create_tables()

    @contextmanager
    def session(self) -> Iterator[SqliteStore]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def requests(self) -> Sequence[LoggedRequest]:
        with self._lock:
            rows = self._db.execute(_READ_LOG).fetchall()
        return tuple(LoggedRequest(**dict(zip(_LOG_COLUMNS, row, strict=True))) for row in rows)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def document(self, key: str) -> Document | None:
        row = self._db.execute(f"{_DOCUMENT} WHERE key = ?", (key,)).fetchone()
        return _document(row) if row else None

    def documents(
        self, prefix: str, types: frozenset[str], *, offset: int = 0, limit: int = -1
    ) -> Sequence[Document]:
        marks = ",".join("?" * len(types))
        query = f"{_DOCUMENT} WHERE key >= ? AND key < ? AND type IN ({marks}) ORDER BY key LIMIT ? OFFSET ?"
        values = (prefix, prefix + "\U0010ffff", *sorted(types), limit, offset)
        return tuple(_document(row) for row in self._db.execute(query, values))

    def ids(self) -> Sequence[str]:
        return tuple(row[0] for row in self._db.execute("SELECT id FROM documents ORDER BY key"))

    def holder(self, claim: str) -> str | None:
        row = self._db.execute("SELECT key FROM claims WHERE claim = ?", (claim,)).fetchone()
        return str(row[0]) if row else None

    def operation(self, operation_id: str) -> Operation | None:
        row = self._db.execute(f"{_OPERATION} WHERE id = ?", (operation_id,)).fetchone()
        return _operation(row) if row else None

    def running(self, key: str) -> Operation | None:
        row = self._db.execute(f"{_OPERATION} WHERE target = ? AND NOT is_settled", (key,)).fetchone()
        return _operation(row) if row else None

    def blobs(self, account: str, container: str, prefix: str = "") -> Sequence[Blob]:
        query = f"{_BLOB} WHERE account = ? AND container = ? AND name >= ? AND name < ? ORDER BY name"
        values = (account, container, prefix, prefix + "\U0010ffff")
        return tuple(_blob(row) for row in self._db.execute(query, values))

    def blob(self, account: str, container: str, name: str) -> Blob | None:
        query = f"{_BLOB} WHERE account = ? AND container = ? AND name = ?"
        row = self._db.execute(query, (account, container, name)).fetchone()
        return _blob(row) if row else None

    def due(self, now: float) -> Sequence[Operation]:
        query = f"{_OPERATION} WHERE NOT is_settled AND ends <= ? ORDER BY ends, id"
        return tuple(_operation(row) for row in self._db.execute(query, (now,)).fetchall())

    def apply(self, writes: Sequence[Write]) -> None:
        for write in writes:
            match write:
                case Put(document=document):
                    self._put(document)
                case RemoveTree(key=key):
                    self._remove_tree(key)
                case RemoveHolder(claim=claim, keep=keep):
                    holder = self.holder(claim)
                    if holder is not None and holder != keep:
                        self._remove_tree(holder)
                case Begin(operation=operation):
                    self._db.execute(
                        "INSERT INTO operations VALUES (?,?,?,?,?,?,?,?)", _operation_row(operation)
                    )
                case PutBlob(blob=blob):
                    self._db.execute("INSERT OR REPLACE INTO blobs VALUES (?,?,?,?,?,?,?)", _blob_row(blob))
                case RemoveBlob():
                    self._db.execute(
                        "DELETE FROM blobs WHERE account = ? AND container = ? AND name = ?",
                        (write.account, write.container, write.name),
                    )

    def settle(self, operation: Operation) -> None:
        if self.document(operation.target) is not None:
            self.apply(operation.effects)
        self._db.execute("UPDATE operations SET effects = '[]', is_settled = 1 WHERE id = ?", (operation.id,))

    def record(self, entry: LoggedRequest) -> None:
        self._db.execute(
            _WRITE_LOG,
            (entry.time, entry.method, entry.path, entry.api_version, entry.status, entry.body_digest),
        )

    def _create_tables(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            for statement in filter(str.strip, _SCHEMA.split(";")):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {FORMAT}")
        if version in (0, FORMAT):
            self._db.execute(_BLOBS)
        self._db.execute("COMMIT")
        if version not in (0, FORMAT):
            self._db.close()
            raise FormatError(f"the emulator's file has format {version}, this version reads format {FORMAT}")

    def _put(self, document: Document) -> None:
        self._db.execute("DELETE FROM claims WHERE key = ?", (document.key,))
        self._db.execute("INSERT OR REPLACE INTO documents VALUES (?,?,?,?,?,?)", _document_row(document))
        for claim in document.claims:
            self._db.execute("INSERT OR REPLACE INTO claims VALUES (?,?)", (claim, document.key))

    def _remove_tree(self, key: str) -> None:
        for statement in _REMOVE_TREE:
            self._db.execute(statement, (key, key + "/", key + "/\U0010ffff"))


def _keep_private(path: str) -> None:
    """Make the file, and with it the ones SQLite puts beside it, readable by its owner alone."""
    with suppress(OSError):
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        Path(path).chmod(0o600)


def _text(value: Json) -> str:
    return encode(value).decode()


def _document(row: tuple[str, ...]) -> Document:
    resource_id, type_name, body, private, claims = row
    return Document(
        id=resource_id,
        type=type_name,
        body=decode(body),
        private=decode(private),
        claims=tuple(decode(claims)),
    )


def _document_row(document: Document) -> tuple[str, ...]:
    claims = _text(list(document.claims))
    return (document.key, document.id, document.type, _text(document.body), _text(document.private), claims)


def _blob(row: tuple[Json, ...]) -> Blob:
    account, container, name, content, content_type, metadata, modified = row
    return Blob(
        account=account,
        container=container,
        name=name,
        content=content,
        content_type=content_type,
        metadata=decode(metadata),
        modified=modified,
    )


def _blob_row(blob: Blob) -> tuple[Json | bytes, ...]:
    place = (blob.account, blob.container, blob.name)
    return (*place, blob.content, blob.content_type, _text(dict(blob.metadata)), blob.modified)


def _operation(row: tuple[Json, ...]) -> Operation:
    operation_id, target, method, started, ends, effects, error, is_settled = row
    return Operation(
        id=operation_id,
        target=target,
        method=method,
        started=started,
        ends=ends,
        effects=tuple(read_effect(effect) for effect in decode(effects)),
        error=decode(error),
        is_settled=bool(is_settled),
    )


def _operation_row(operation: Operation) -> tuple[Json, ...]:
    effects = _text([effect_json(effect) for effect in operation.effects])
    times = (operation.started, operation.ends)
    identity = (operation.id, operation.target, operation.method)
    return (*identity, *times, effects, _text(operation.error), int(operation.is_settled))
