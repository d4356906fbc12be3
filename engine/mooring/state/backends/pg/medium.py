"""One state as a row of `states`, and its parts as rows of `moor_parts`. See layout.py and locking.py."""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostics
from mooring.state.backends.model import BackendError
from mooring.state.backends.names import remote_names
from mooring.state.backends.pg.layout import Layout
from mooring.state.backends.pg.locking import LOCK, Locking, Signed
from mooring.state.backends.pg.session import Session
from mooring.state.backends.remote_lock import (
    Keeping,
    Refused,
    RemoteLock,
    acquire,
    check,
    new_info,
    not_unlocked,
    why_not_unlocked,
)
from mooring.state.backends.sending import SendingJournal
from mooring.state.host import Host
from mooring.state.lock_record import LockStatus, lives_here
from mooring.state.medium import Appending, Contents, Names
from mooring.state.store import Lock, LockInfo

_JOURNAL: Final = "journal"
_SESSIONS: Final = 5
"""How many sessions may break while a lock is taken, each for a moment."""
_READ: Final = (
    "SELECT (SELECT data FROM {states} WHERE name = %s), (SELECT string_agg(content, ''::bytea ORDER BY "
    "position) FROM {parts} WHERE state = %s AND name = 'journal')"
)
_READ_STATE: Final = "SELECT data FROM {states} WHERE name = %s"
_WRITE_STATE: Final = (
    "INSERT INTO {states} (name, data) VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET data = excluded.data"
)
_READ_PART: Final = (
    "SELECT string_agg(content, ''::bytea ORDER BY position) FROM {parts} WHERE state = %s AND name = %s"
)
_NAMES: Final = "SELECT DISTINCT name FROM {parts} WHERE state = %s ORDER BY name"
_REPLACE_PART: Final = (
    "WITH gone AS (DELETE FROM {parts} WHERE state = %s AND name = %s AND position <> 0) "
    "INSERT INTO {parts} (state, name, position, content) VALUES (%s, %s, 0, %s) "
    "ON CONFLICT (state, name, position) DO UPDATE "
    "SET content = excluded.content, written = clock_timestamp()"
)
_ADD: Final = (
    "INSERT INTO {parts} (state, name, position, content) VALUES (%s, %s, %s, %s) "
    "ON CONFLICT (state, name, position) DO UPDATE SET written = clock_timestamp() "
    "WHERE {parts}.content = excluded.content RETURNING 1"
)
_REMOVE_PART: Final = "DELETE FROM {parts} WHERE state = %s AND name = %s"
_REMOVE_PARTS: Final = "DELETE FROM {parts} WHERE state = %s AND name <> 'lock'"
_REMOVE_STATE: Final = "DELETE FROM {states} WHERE name = %s"


class RowMedium:
    """A `Medium` of rows. Mutable: it knows the lock that it holds."""

    def __init__(self, session: Session, layout: Layout, state: str, host: Host) -> None:
        self._session: Final = session
        self._layout: Final = layout
        self._state: Final = state
        self._host: Final = host
        self._locking: Final = Locking(session, layout, host)
        self._lock: RemoteLock | None = None
        self._number: int | None = None
        self._record: bytes = b""
        self._left: tuple[bytes | None, ...] = ()
        """What the row may hold while the lock is ours: what was read since, and what was written."""
        self._shown: Final = f"{layout.schema}.states/{state}"

    @property
    def names(self) -> Names:
        """The rows, by the names of their tables."""
        return remote_names(self._shown, f"{self._layout.schema}.moor_parts/{self._state}")

    # -- bytes -----------------------------------------------------------------------------------

    def read(self) -> Contents:
        """State and journal by one statement, which sees both as they were at one moment."""
        data, journal = self._session.rows(self._layout.query(_READ), (self._state, self._state))[0]
        self._left = (_encoded(data),)
        return Contents(snapshot=_encoded(data), journal=journal if isinstance(journal, bytes) else None)

    def read_replaced(self) -> bytes | None:
        """The state's row."""
        rows = self._session.rows(self._layout.query(_READ_STATE), (self._state,))
        return _encoded(rows[0][0]) if rows else None

    def replace_snapshot(self, content: bytes) -> None:
        """Writes the state's row."""
        self._check_lock()
        self._left = (*self._left, content)
        self._session.rows(self._layout.query(_WRITE_STATE), (self._state, content.decode()))

    def begin_journal(self, content: bytes) -> Appending:
        """Rows of a new journal."""
        self.write_document(_JOURNAL, content)
        return self._journal(len(content))

    def continue_journal(self, end: int) -> Appending:
        """The journal that is there, as one row, cut to its sound part."""
        content = self.read_document(_JOURNAL) or b""
        self.write_document(_JOURNAL, content[:end])
        return self._journal(end)

    def _journal(self, end: int) -> SendingJournal:
        return SendingJournal(lambda at, content: self._add(_JOURNAL, at, content), end)

    def _add(self, name: str, position: int, content: bytes) -> None:
        """Adds a row. The same row may be there already, if the answer to the first attempt was lost."""
        self._check_lock()
        if not self._session.rows(self._layout.query(_ADD), (self._state, name, position, content)):
            raise BackendError(f"somebody else has written {self._shown}'s {name} meanwhile")

    def remove_journal(self) -> None:
        """Removes the journal's rows."""
        self.remove_document(_JOURNAL)

    # -- documents -------------------------------------------------------------------------------

    def document_names(self) -> tuple[str, ...]:
        """The names of the parts, but for the journal and the lock."""
        rows = self._session.rows(self._layout.query(_NAMES), (self._state,))
        return tuple(str(name) for (name,) in rows if name not in (_JOURNAL, LOCK))

    def read_document(self, name: str) -> bytes | None:
        """The content of a part."""
        content = self._session.rows(self._layout.query(_READ_PART), (self._state, name))[0][0]
        return content if isinstance(content, bytes) else None

    def write_document(self, name: str, content: bytes) -> None:
        """Puts one row in the place of a part."""
        self._check_lock()
        state = self._state
        self._session.rows(self._layout.query(_REPLACE_PART), (state, name, state, name, content))

    def append_document(self, name: str, content: bytes) -> None:
        """Adds a row to a part."""
        self._add(name, len(self.read_document(name) or b""), content)

    def remove_document(self, name: str) -> None:
        """Removes the rows of a part."""
        self._session.rows(self._layout.query(_REMOVE_PART), (self._state, name))

    def remove_all(self) -> None:
        """Removes the state with everything that belongs to it but its lock."""
        self._left = (*self._left, None)
        self._session.rows(self._layout.query(_REMOVE_PARTS), (self._state,))
        self._session.rows(self._layout.query(_REMOVE_STATE), (self._state,))

    # -- locking ---------------------------------------------------------------------------------

    def lock(self, operation: str, *, timeout: float = 0.0) -> Lock | Diagnostics:
        """The advisory lock of the state's row, with a record of who holds it."""
        self._left = ()
        found = acquire(self._attempt, new_info(self._host, operation, self._shown), self._host, timeout)
        if isinstance(found, RemoteLock):
            self._lock = found
        return found

    def _attempt(self, info: LockInfo) -> Lock | Refused:
        """Takes the lock within one session: what a session had that broke on the way is gone with it."""
        for _ in range(_SESSIONS):
            before = self._session.renewals
            left = self._taken(info)
            if self._session.renewals == before:
                if isinstance(left, Refused):
                    return left
                return RemoteLock(info, self._keeping(), self._host, None if left is None else left.info)
            self._let_go()
        raise BackendError("the connection breaks again and again")

    def _taken(self, info: LockInfo) -> Signed | Refused | None:
        """Locks the state; the record that somebody who is gone has left, if there was one."""
        number = self._locking.try_lock(self._state)
        if number is None and self._locking.end_dead(self._state):
            number = self._locking.try_lock(self._state)
        if number is None:
            return Refused(holder=self.holder())
        left = self._locking.signed(self._state)
        self._number, self._record = number, self._locking.sign(self._state, info)
        return left

    def _let_go(self) -> None:
        self._locking.forget(self._state, self._record)
        if self._number is not None:
            self._locking.unlock(self._number)
        self._number = None

    def _keeping(self) -> Keeping:
        return Keeping(beat=self._beat, let_go=self._let_go)

    def _beat(self) -> bool:
        """Shows a sign of life. A session that is made anew on the way has left another record."""
        while True:
            record = self._record
            if self._locking.beat(self._state, record):
                return True
            if record == self._record:
                return False

    def take_up_again(self) -> None:
        """Locks the state once more in a new session. Raises `OSError` if somebody was faster: it is lost."""
        if self._number is None or self._lock is None or not self._lock.is_held:
            return
        if self._locking.try_number(self._number) and self._beat() and self._is_as_left():
            self._record = self._locking.sign(self._state, self._lock.info)
            return
        self._number = None
        self._lock.lose()
        self._check_lock()

    def _is_as_left(self) -> bool:
        """Whether nobody has written the state: Terraform leaves no other trace of a lock that it had."""
        return not self._left or self.read_replaced() in self._left

    def _check_lock(self) -> None:
        check(self._lock, self._shown)

    def holder(self) -> LockInfo | None:
        """Who has the lock, by its record or by its session."""
        found = self.lock_status()
        return None if found is None else found.info

    def lock_status(self) -> LockStatus | None:
        """Who has the lock, and whether it lives."""
        return self._locking.status(self._state)

    def force_unlock(self, lock_id: str) -> Diagnostics:
        """Ends the session that holds the lock."""
        try:
            return self._force_unlock(lock_id)
        except OSError as problem:
            return not_unlocked(f"{self._shown}: {problem}")

    def _force_unlock(self, lock_id: str) -> Diagnostics:
        found, signed = self.lock_status(), self._locking.signed(self._state)
        is_signed = found is not None and signed is not None and signed.info.id == found.info.id
        lives = is_signed and signed is not None and lives_here(signed.heartbeat, self._host)
        problems = why_not_unlocked(None if found is None else found.info, lock_id, lives=lives)
        if problems:
            return problems
        self._locking.end_of(self._state, lock_id)
        if is_signed:
            self.remove_document(LOCK)
        return ()


def _encoded(data: object) -> bytes | None:
    return data.encode() if isinstance(data, str) else None
