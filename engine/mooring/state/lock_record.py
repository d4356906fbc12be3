"""What a lock leaves for others to read: who holds it, and whether that process still lives.

Terraform's lock record says who, what and when. Ours adds a heartbeat: which process on which start of which
machine, and (as the time of the file) when it was last alive. Must not know how a lock is taken.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from mooring.core.codec import dumps, loads
from mooring.core.diagnostics import Diagnostic, error, warning
from mooring.core.records import record
from mooring.state.fields import Fields, StoredError, as_fields, count_of, text_of
from mooring.state.host import Host
from mooring.state.store import LockInfo

EXPIRY: Final = 60.0
_SUMMARY: Final = "Error acquiring the state lock"


@record(kw_only=True)
class Heartbeat:
    """The process that holds the lock `id`. `beat` is when it was last alive, in seconds since the epoch."""

    id: str
    machine: str
    boot_id: str
    pid: int
    beat: float


@record(kw_only=True)
class LockStatus:
    """A lock record as it is found: `is_live` if its writer may still run; `beat` when it last showed it did.

    `beat` is in seconds since the epoch, None for a holder without a heartbeat (Terraform).
    """

    info: LockInfo
    is_live: bool
    beat: float | None


def encode_info(info: LockInfo) -> bytes:
    """Terraform's lock record."""
    return dumps(
        {
            "ID": info.id,
            "Operation": info.operation,
            "Info": info.info,
            "Who": info.who,
            "Version": info.version,
            "Created": info.created,
            "Path": info.path,
        }
    )


def decode_info(content: bytes) -> LockInfo | None:
    """The lock record, or None if it is none."""
    try:
        fields = _parse(content)
        return LockInfo(
            id=text_of(fields, "ID"),
            operation=text_of(fields, "Operation"),
            info=text_of(fields, "Info"),
            who=text_of(fields, "Who"),
            version=text_of(fields, "Version"),
            created=text_of(fields, "Created"),
            path=text_of(fields, "Path"),
        )
    except (ValueError, StoredError):
        return None


def encode_heartbeat(heartbeat: Heartbeat) -> bytes:
    """The content of a heartbeat file."""
    return dumps(
        {
            "id": heartbeat.id,
            "machine": heartbeat.machine,
            "boot_id": heartbeat.boot_id,
            "pid": heartbeat.pid,
        }
    )


def decode_heartbeat(content: bytes, beat: float) -> Heartbeat | None:
    """The heartbeat of a file that was last touched at `beat`, or None if it is none."""
    try:
        fields = _parse(content)
        return Heartbeat(
            id=text_of(fields, "id"),
            machine=text_of(fields, "machine"),
            boot_id=text_of(fields, "boot_id"),
            pid=count_of(fields, "pid"),
            beat=beat,
        )
    except (ValueError, StoredError):
        return None


def _parse(content: bytes) -> Fields:
    return as_fields(loads(content), "lock")


def is_held(info: LockInfo, heartbeat: Heartbeat | None, host: Host) -> bool:
    """Whether a lock that the file system would give away is held all the same.

    The operating system drops the locks of a process that ends, so a record without a heartbeat of its own
    (Terraform writes none) is a leftover. A heartbeat counts for what cannot be seen from here: a machine
    that shares the folder without sharing its locks.
    """
    if heartbeat is None or heartbeat.id != info.id:
        return False
    if host.now() - heartbeat.beat > EXPIRY:
        return False
    return heartbeat.machine != host.name or lives_here(heartbeat, host)


def lives_here(heartbeat: Heartbeat | None, host: Host) -> bool:
    """Whether the holder is a process of this machine that still runs."""
    return heartbeat is not None and is_from_here(heartbeat, host) and host.is_alive(heartbeat.pid)


def is_from_here(heartbeat: Heartbeat, host: Host) -> bool:
    """Whether the holder is a process of this machine, since its last start."""
    return (heartbeat.machine, heartbeat.boot_id) == (host.name, host.boot_id)


def timestamp(seconds: float) -> str:
    """RFC 3339, UTC, with microseconds: what Terraform reads."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


# -- what is said --------------------------------------------------------------------------------


def is_locked(name: str, holder: LockInfo | None) -> Diagnostic:
    """The error of a state that somebody else has locked."""
    if holder is None:
        return error(_SUMMARY, f"Another process has locked {name}; it has left no record of itself.")
    detail = (
        f"{holder.who} holds the lock since {holder.created}, for {holder.operation}. Wait until that run is "
        f"over, or let this one wait for it with -lock-timeout=5m.\n\n{_described(holder)}"
    )
    return error(_SUMMARY, detail)


def cannot_lock(name: str, problem: OSError) -> Diagnostic:
    """The error of a state that nobody can lock."""
    detail = (
        f"{name} cannot be locked: {problem.strerror}. If its file system has no locks, make sure that "
        "nobody else works on this state and use -lock=false."
    )
    return error(_SUMMARY, detail)


def taken_over(left: LockInfo) -> Diagnostic:
    """The warning about a record whose writer is dead."""
    detail = (
        f"{left.who} had locked the state at {left.created} for {left.operation}, and that process ended "
        "without releasing the lock. What it left undone is found out from the journal."
    )
    return warning("Lock of a dead process taken over", detail)


def _described(info: LockInfo) -> str:
    rows = (
        ("ID", info.id),
        ("Path", info.path),
        ("Operation", info.operation),
        ("Who", info.who),
        ("Version", info.version),
        ("Created", info.created),
        ("Info", info.info),
    )
    lines = (f"  {name + ':':<10} {value}".rstrip() for name, value in rows)
    return "\n".join(("Lock Info:", *lines))
