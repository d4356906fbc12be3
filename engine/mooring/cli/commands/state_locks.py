"""`moor state locks`: who holds the lock of which workspace, since when, and whether that process lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mooring.cli.arguments import Flag
from mooring.cli.command import Call, Command
from mooring.state.backends.model import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mooring.cli.session import Session
    from mooring.core.codec import Json
    from mooring.state.lock_record import LockStatus

_HELP: Final = """\
Usage: moor [global options] state locks [options]

  List the locks on the states of this folder, of all workspaces. The lock of
  a process that is dead is said to be left over: the next command takes it
  over.

Options:

  -json               As a JSON document.
"""


def _run(call: Call) -> int:
    from mooring.cli.session import Session
    from mooring.core.codec import dumps

    session = Session(call)
    found = list(_locks(session))
    now = call.clock().timestamp()
    if call.arguments.is_on("json"):
        forms: list[Json] = [_form(workspace, lock, now) for workspace, lock in found]
        call.terminal.write(dumps({"format_version": "1.0", "locks": forms}, indent=True).decode() + "\n")
        return 0
    for workspace, lock in found:
        call.terminal.write(_line(workspace, lock, now))
    if not found:
        call.terminal.write("No locks.\n")
    return 0


def _locks(session: Session) -> Iterator[tuple[str, LockStatus]]:
    from mooring.cli.workspaces import told, workspaces

    states = session.states
    for workspace in workspaces(session) if states.has_workspaces else [DEFAULT]:
        lock = told(session, states.medium(workspace).lock_status)
        if lock is not None:
            yield workspace, lock


def _line(workspace: str, lock: LockStatus, now: float) -> str:
    from mooring.reporting.durations import format_duration

    state = "held" if lock.is_live else "left over"
    seen = (
        "" if lock.beat is None else f", last sign of life {format_duration(max(0.0, now - lock.beat))} ago"
    )
    return (
        f"{workspace}: {state} by {lock.info.who} since {lock.info.created} for {lock.info.operation}{seen}\n"
        f"  ID: {lock.info.id}\n"
    )


def _form(workspace: str, lock: LockStatus, now: float) -> dict[str, Json]:
    info = lock.info
    return {
        "workspace": workspace,
        "id": info.id,
        "path": info.path,
        "operation": info.operation,
        "who": info.who,
        "version": info.version,
        "created": info.created,
        "is_live": lock.is_live,
        "seconds_since_heartbeat": None if lock.beat is None else int(max(0.0, now - lock.beat)),
    }


COMMAND: Final = Command(flags=(Flag("json"), Flag("no-color")), help=_HELP, run=_run)
