"""The one session with the database: connecting, asking, coming back after a cut, errors as `OSError`.

Locks of PostgreSQL belong to a session. After a cut the session is made anew, what the server still keeps of
the old one is ended (a lock may hang on it, which nobody else may be taken to hold), and `resume` decides
whether what it held can be had again; if not, nothing is written any more. libpq waits for an answer as long
as the connection looks whole, so a server that says nothing for half a minute is hung up on, as if the wire
were cut. Must not know tables.
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
from mooring.state.backends.waiting import Waiting
from mooring.state.host import Host
from mooring.state.lock_record import EXPIRY

Row = tuple[object, ...]
Parameter = str | int | bytes | None
_SECONDS_TO_CONNECT: Final = 15
_SECONDS_TO_ANSWER: Final = EXPIRY / 2
"""Another third may pass before the first sign of life that gets no answer; the lock has to outlive both."""
_BYTES_A_SECOND: Final = 1_000_000
_SECONDS_IF_GONE: Final = 5
_PASSING: Final = (
    "connection refused",
    "connection reset",
    "closed the connection",
    "broken pipe",
    "eof detected",
    "timed out",
    "timeout expired",
    "unreachable",
    "starting up",
    "shutting down",
    "not yet accepting connections",
    "recovery mode",
    "too many clients",
    "connection slots are reserved",
)
"""Parts of what libpq and the server say when connecting may work soon; a connection has no codes for it."""
_END_BEFORE: Final = sql.SQL(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = {program} "
    "AND pid <> pg_backend_pid() AND pg_has_role(usesysid, 'USAGE')"
)
"""One that may not be ended (the session has taken on another role) goes on, and so does its lock."""
_LOOKS: Final = 20
_SECONDS_TO_END: Final = 0.1


class Session:
    """A connection that is opened when it is first needed. Threads may share it."""

    def __init__(self, conn_str: str, host: Host, *, seconds_to_answer: float = _SECONDS_TO_ANSWER) -> None:
        self._conn_str: Final = conn_str
        self._host: Final = host
        self._seconds_to_answer: Final = seconds_to_answer
        self._program: Final = f"mooring {host.new_id()}"
        self._connection: psycopg.Connection[Row] | None = None
        self._guard: Final = threading.RLock()
        self._waiting: Final = Waiting(host)
        self.renewals = 0
        """How often the session had to be made again: what was locked before is not locked any more."""
        self.prepare: Callable[[], None] = _nothing
        """Called once the session is there for the first time."""
        self.resume: Callable[[], None] = _nothing
        """Called when the session had to be made again. Raises `OSError` if a lock was lost with it."""

    def rows(self, query: sql.Composed, parameters: Sequence[Parameter] = ()) -> list[Row]:
        """What a repeatable statement gives. A connection that was cut is made again, with patience."""
        with self._guard:
            pauses = self._waiting.pauses()
            while True:
                try:
                    found = self._ask(query, parameters)
                except psycopg.OperationalError as problem:
                    pause = next(pauses, None) if self._is_passing(problem) else None
                    if pause is None:
                        raise self._told(problem) from None
                    self._host.sleep(pause)
                except psycopg.Error as problem:
                    raise self._told(problem) from None
                else:
                    self._waiting.answered()
                    return found

    def _ask(self, query: sql.Composed, parameters: Sequence[Parameter]) -> list[Row]:
        connection = self._connected()
        seconds = _SECONDS_IF_GONE if self._waiting.is_over else self._seconds_to_answer
        size = sum(len(each) for each in parameters if isinstance(each, str | bytes))
        with _hung_up_after(seconds + size / _BYTES_A_SECOND, connection):
            cursor = connection.execute(query, parameters)
            return cursor.fetchall() if cursor.description is not None else []

    def _connected(self) -> psycopg.Connection[Row]:
        before = self._connection
        if before is not None and not before.closed:
            return before
        self._connection = self._connect()
        try:
            self._make_ready(is_first=before is None)
        except BaseException:
            self.close()
            self._connection = before
            raise
        return self._connection

    def _make_ready(self, *, is_first: bool) -> None:
        """Does what comes before all else in a new session; one in which that fails is of no use."""
        if is_first:
            self.prepare()
            return
        self.renewals += 1
        self._end_before()
        self.resume()

    def _connect(self) -> psycopg.Connection[Row]:
        try:
            return psycopg.connect(
                self._conn_str,
                autocommit=True,
                connect_timeout=_SECONDS_IF_GONE if self._waiting.is_over else _SECONDS_TO_CONNECT,
                application_name=self._program,
                keepalives_idle=15,
                keepalives_interval=5,
                keepalives_count=3,
            )
        except psycopg.ProgrammingError:
            raise BackendError('"conn_str" is not a connection string that PostgreSQL understands') from None

    def _end_before(self) -> None:
        """Ends what the server takes for a live session of ours, and waits until it has ended."""
        query = _END_BEFORE.format(program=sql.Literal(self._program))
        for _ in range(_LOOKS):
            if not self.rows(query):
                return
            self._host.sleep(_SECONDS_TO_END)

    def _is_passing(self, problem: psycopg.OperationalError) -> bool:
        """Whether the statement may succeed soon: the connection broke, or the server starts or stops."""
        if self._connection is None:
            said = str(problem).lower()
            return any(each in said for each in _PASSING)
        return self._connection.closed or (problem.sqlstate or "").startswith(("08", "57P"))

    def _told(self, problem: psycopg.Error) -> BackendError:
        """The first line of what the server or libpq says; neither repeats a password."""
        lines = str(problem).strip().splitlines()
        said = lines[0] if lines else f"PostgreSQL has answered with {problem.sqlstate}"
        if self._connection is None:
            said = f'"conn_str" leads to no database: {said}'
        return BackendError(said)

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
