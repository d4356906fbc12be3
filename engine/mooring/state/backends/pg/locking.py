"""The lock on a state: PostgreSQL's advisory lock with the number of the state's row, as Terraform takes it.

A state without a row is locked with the number -1, which everybody takes for a moment who locks any state; so
nobody makes a state while another is being made. The server drops a lock with its session, at once when a
process is killed, and later when a machine vanishes: then whoever finds the heartbeat silent ends that
session. A holder that has left no record (Terraform) is described by its session.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from mooring.core.codec import dumps, loads
from mooring.core.records import record, replace
from mooring.state.backends.pg.layout import Layout
from mooring.state.backends.pg.session import Session
from mooring.state.backends.remote_lock import heartbeat_of, is_dead
from mooring.state.host import Host
from mooring.state.lock_record import (
    Heartbeat,
    LockStatus,
    decode_heartbeat,
    decode_info,
    encode_heartbeat,
    encode_info,
    timestamp,
)
from mooring.state.store import LockInfo

CREATION: Final = -1
LOCK: Final = "lock"
_TRY_ROW: Final = (
    "SELECT id, pg_try_advisory_lock(id), pg_try_advisory_lock(-1) FROM {states} WHERE name = %s"
)
_TRY: Final = "SELECT pg_try_advisory_lock(%s)"
_UNLOCK: Final = "SELECT pg_advisory_unlock(%s)"
_SIGN: Final = (
    "INSERT INTO {parts} (state, name, position, content) VALUES (%s, 'lock', 0, %s) "
    "ON CONFLICT (state, name, position) DO UPDATE "
    "SET content = excluded.content, written = clock_timestamp()"
)
_BEAT: Final = (
    "UPDATE {parts} SET written = clock_timestamp() "
    "WHERE state = %s AND name = 'lock' AND content = %s RETURNING 1"
)
_RECORD: Final = (
    "SELECT content, extract(epoch FROM clock_timestamp() - written)::float8 FROM {parts} "
    "WHERE state = %s AND name = 'lock'"
)
_FORGET: Final = "DELETE FROM {parts} WHERE state = %s AND name = 'lock' AND content = %s"
_SESSIONS: Final = (
    "SELECT locks.pid, activity.usename, activity.client_addr::text, activity.application_name, "
    "activity.backend_start FROM pg_locks AS locks JOIN pg_stat_activity AS activity USING (pid) "
    "WHERE locks.locktype = 'advisory' AND locks.granted AND locks.objsubid = 1 "
    "AND locks.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND ((locks.classid::bigint << 32) | locks.objid::bigint) IN "
    "(SELECT id FROM {states} WHERE name = %s UNION ALL SELECT -1) "
    "AND locks.pid <> pg_backend_pid()"
)
_END: Final = "SELECT pg_terminate_backend(%s)"
_SECONDS_TO_END: Final = 0.1
_PID: Final = "SELECT pg_backend_pid()"


@record(kw_only=True)
class Signed:
    """What a holder has left of itself; `pid` is its session on the server."""

    info: LockInfo
    heartbeat: Heartbeat
    pid: int


class Locking:
    """The locks on the states of one table, in one session."""

    def __init__(self, session: Session, layout: Layout, host: Host) -> None:
        self._session: Final = session
        self._layout: Final = layout
        self._host: Final = host

    # -- advisory locks --------------------------------------------------------------------------

    def try_lock(self, state: str) -> int | None:
        """The number that the state is locked with now; None if somebody else has it."""
        rows = self._session.rows(self._layout.query(_TRY_ROW), (state,))
        if not rows:
            return CREATION if self.try_number(CREATION) else None
        number, is_locked, is_creating = rows[0]
        assert isinstance(number, int)
        if is_creating:
            self.unlock(CREATION)
        if is_locked and is_creating:
            return number
        if is_locked:
            self.unlock(number)
        return None

    def try_number(self, number: int) -> bool:
        """Whether the lock of this number is ours now."""
        return self._session.rows(self._layout.query(_TRY), (number,))[0][0] is True

    def unlock(self, number: int) -> None:
        """Gives a lock up."""
        self._session.rows(self._layout.query(_UNLOCK), (number,))

    # -- records ---------------------------------------------------------------------------------

    def sign(self, state: str, info: LockInfo) -> bytes:
        """Leaves the record of who holds the lock; the record."""
        pid = self._session.rows(self._layout.query(_PID))[0][0]
        content = dumps(
            {
                "info": encode_info(info).decode(),
                "heartbeat": encode_heartbeat(heartbeat_of(info, self._host)).decode(),
                "pid": pid if isinstance(pid, int) else 0,
            }
        )
        self._session.rows(self._layout.query(_SIGN), (state, content))
        return content

    def beat(self, state: str, content: bytes) -> bool:
        """Shows a sign of life; False when the record is not ours any more."""
        return bool(self._session.rows(self._layout.query(_BEAT), (state, content)))

    def forget(self, state: str, content: bytes) -> None:
        """Takes a record away."""
        self._session.rows(self._layout.query(_FORGET), (state, content))

    def signed(self, state: str) -> Signed | None:
        """The record that lies there, whether or not its holder still has the lock."""
        rows = self._session.rows(self._layout.query(_RECORD), (state,))
        if not rows:
            return None
        content, age = rows[0]
        assert isinstance(content, bytes)
        assert isinstance(age, float)
        found = loads(content)
        if not isinstance(found, dict):
            return None
        info = decode_info(str(found.get("info")).encode())
        heartbeat = decode_heartbeat(str(found.get("heartbeat")).encode(), self._host.now() - age)
        pid = found.get("pid")
        if info is None or heartbeat is None or not isinstance(pid, int):
            return None
        return Signed(info=info, heartbeat=heartbeat, pid=pid)

    # -- holders ---------------------------------------------------------------------------------

    def status(self, state: str) -> LockStatus | None:
        """Who has the lock, or who has left a record of it."""
        signed, sessions = self.signed(state), self._sessions(state)
        if signed is not None and (not sessions or signed.pid in sessions):
            is_live = signed.pid in sessions and not is_dead(signed.info, signed.heartbeat, self._host)
            return LockStatus(info=signed.info, is_live=is_live, beat=signed.heartbeat.beat)
        for info in sessions.values():
            return LockStatus(info=replace(info, path=state), is_live=True, beat=None)
        return None

    def end_dead(self, state: str) -> bool:
        """Ends the session of a holder that is known to be dead; whether there was one."""
        signed = self.signed(state)
        if signed is None or signed.pid not in self._sessions(state):
            return False
        if not is_dead(signed.info, signed.heartbeat, self._host):
            return False
        self._end(signed.pid)
        return True

    def end_of(self, state: str, lock_id: str) -> None:
        """Ends the session that holds the lock of this ID, and with it the lock."""
        signed, sessions = self.signed(state), self._sessions(state)
        for pid, info in sessions.items():
            if info.id == lock_id or (signed is not None and (signed.pid, signed.info.id) == (pid, lock_id)):
                self._end(pid)

    def _end(self, pid: int) -> None:
        self._session.rows(self._layout.query(_END), (pid,))
        self._host.sleep(_SECONDS_TO_END)

    def _sessions(self, state: str) -> dict[int, LockInfo]:
        """The sessions of others that have the state locked, described as holders."""
        rows = self._session.rows(self._layout.query(_SESSIONS), (state,))
        return {pid: _described(pid, *rest) for pid, *rest in rows if isinstance(pid, int)}


def _described(pid: int, user: object, address: object, program: object, began: object) -> LockInfo:
    return LockInfo(
        id=f"session-{pid}",
        operation="something",
        who=f"{user}@{address or 'the server'}",
        version=str(program or ""),
        created=timestamp(began.timestamp()) if isinstance(began, datetime) else "",
        path="",
        info="a PostgreSQL session that has left no record of itself",
    )
