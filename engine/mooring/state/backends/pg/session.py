"""The one session with the database: connecting, asking, coming back after a cut, errors as `OSError`.

Locks of PostgreSQL belong to a session. After a cut the session is made anew, and `resume` decides whether
what it held can be had again; if not, nothing is written any more. libpq waits for an answer as long as the
connection looks whole, so a server that says nothing for a minute is hung up on, as if the wire were cut.
Must not know tables.
"""
# ruff: noqa: TID253 - this package is the lazy import

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

import psycopg
from psycopg import sql

from mooring.state.backends.model import BackendError
from mooring.state.host import Host

Row = tuple[object, ...]
Parameter = str | int | bytes | None
_TIMES: Final = 5
_FIRST_PAUSE: Final = 0.5
_SECONDS_TO_CONNECT: Final = 15
_SECONDS_TO_ANSWER: Final = 60.0


class Session:
    """A connection that is opened when it is first needed. Threads may share it."""

    def __init__(self, conn_str: str, host: Host, *, seconds_to_answer: float = _SECONDS_TO_ANSWER) -> None:
        self._conn_str: Final = conn_str
        self._host: Final = host
        self._seconds_to_answer: Final = seconds_to_answer
        self._connection: psycopg.Connection[Row] | None = None
        self._guard: Final = threading.RLock()
        self.prepare: Callable[[], None] = _nothing
        """Called once the session is there for the first time."""
        self.resume: Callable[[], None] = _nothing
        """Called when the session had to be made again. Raises `OSError` if a lock was lost with it."""

    def rows(self, query: sql.Composed, parameters: Sequence[Parameter] = ()) -> list[Row]:
        """What a repeatable statement gives. A connection that was cut is made again, with patience."""
        with self._guard:
            for attempt in range(_TIMES):
                try:
                    return self._ask(query, parameters)
                except psycopg.OperationalError as problem:
                    if attempt == _TIMES - 1 or not self._is_cut(problem):
                        raise BackendError(_told(problem)) from None
                    self._host.sleep(_FIRST_PAUSE * 2**attempt)
                except psycopg.Error as problem:
                    raise BackendError(_told(problem)) from None
            raise AssertionError("the last attempt returns or raises")

    def _ask(self, query: sql.Composed, parameters: Sequence[Parameter]) -> list[Row]:
        connection = self._connected()
        with _hung_up_after(self._seconds_to_answer, connection):
            cursor = connection.execute(query, parameters)
            return cursor.fetchall() if cursor.description is not None else []

    def _connected(self) -> psycopg.Connection[Row]:
        before = self._connection
        if before is not None and not before.closed:
            return before
        self._connection = self._connect()
        if before is None:
            self.prepare()
        else:
            self.resume()
        return self._connection

    def _connect(self) -> psycopg.Connection[Row]:
        try:
            return psycopg.connect(
                self._conn_str,
                autocommit=True,
                connect_timeout=_SECONDS_TO_CONNECT,
                application_name="mooring",
                keepalives_idle=15,
                keepalives_interval=5,
                keepalives_count=3,
            )
        except psycopg.ProgrammingError:
            raise BackendError('"conn_str" is not a connection string that PostgreSQL understands') from None

    def _is_cut(self, problem: psycopg.OperationalError) -> bool:
        """Whether the statement may succeed soon: the connection broke, or the server starts or stops."""
        if self._connection is None:
            return False
        return self._connection.closed or (problem.sqlstate or "").startswith(("08", "57P"))

    def close(self) -> None:
        """Ends the session, and with it the locks it holds."""
        if self._connection is not None:
            self._connection.close()


@contextmanager
def _hung_up_after(seconds: float, connection: psycopg.Connection[Row]) -> Iterator[None]:
    """Breaks the connection if what is done with it takes longer; whoever waits then sees a cut."""
    watch = threading.Timer(seconds, _hang_up, (connection,))
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _hang_up(connection: psycopg.Connection[Row]) -> None:
    with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(connection.fileno())) as wire:
        wire.shutdown(socket.SHUT_RDWR)


def _nothing() -> None:
    return


def _told(problem: psycopg.Error) -> str:
    """The first line of what the server or libpq says; neither repeats a password."""
    lines = str(problem).strip().splitlines()
    return lines[0] if lines else f"PostgreSQL has answered with {problem.sqlstate}"
