"""States as they were: of a serial, or before a run, from what the history keeps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mooring.cli.arguments import UsageError
from mooring.cli.command import Stopped
from mooring.cli.stores import open_store
from mooring.core.diagnostics import error
from mooring.state.history import KEPT
from mooring.state.model import State
from mooring.state.snapshot import read_snapshot

if TYPE_CHECKING:
    from mooring.cli.session import Session
    from mooring.state.archive import Archive
    from mooring.state.history import Kept, Run


def chosen_state(session: Session) -> State:
    """The state now, or the one that `-at=SERIAL` names. Raises `Stopped` after telling why there is none."""
    store, serial = open_store(session), session.call.arguments.text("at")
    if serial is not None:
        kept = [each for each in store.archive.kept() if str(each.serial) == serial]
        return _state(session, store.archive, kept[-1:], f"serial {serial}")
    opened, diags = store.read()
    session.terminal.tell(diags)
    if opened is None:
        raise Stopped
    return opened.state


def recorded_runs(session: Session, archive: Archive) -> tuple[Run, ...]:
    """The runs of the history. Raises `Stopped` after telling why there are some and none can be read."""
    runs = archive.runs()
    problems = () if runs else archive.sealed_away()
    if problems:
        session.terminal.tell(problems)
        raise Stopped
    return runs


def run_numbered(runs: Iterable[Run], text: str) -> Run:
    """The run of this number. Raises `UsageError` if there is none."""
    found = next((run for run in runs if str(run.number) == text), None)
    if found is None:
        raise UsageError(
            "No such run", f'The history has no run "{text}". "moor history" lists those it has.'
        )
    return found


def state_before(session: Session, archive: Archive, run: Run) -> State:
    """The state that a run started from. Raises `Stopped` after telling why there is none."""
    if run.serial_before == 0:
        return State()
    kept = [each for each in archive.kept() if each.number < run.number and each.serial == run.serial_before]
    return _state(session, archive, kept[-1:], f"serial {run.serial_before}, before run {run.number},")


def _state(session: Session, archive: Archive, kept: list[Kept], what: str) -> State:
    for each in kept:
        content = archive.content(each)
        state = None if content is None else read_snapshot(content, each.name)[0]
        if state is not None:
            return state
    why = "is kept, but damaged or encrypted with another key" if kept else "is not kept"
    known = sorted({each.serial for each in archive.kept()})
    having = f"There are serials {', '.join(map(str, known))}." if known else "There are none."
    detail = f"The state of {what} {why}. Those that the last {KEPT} runs left can be seen. {having}"
    session.terminal.tell([error("State not kept", detail)])
    raise Stopped
