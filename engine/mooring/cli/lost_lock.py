"""What came of a run that may not write its state, or cannot: a file of its own.

When the lock was lost while a plan was carried out, somebody else may be writing the state by then.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mooring.core.diagnostics import Diagnostics, error
from mooring.reporting.product import COMMAND
from mooring.state.files import write_atomically
from mooring.state.model import State
from mooring.state.snapshot import write_snapshot
from mooring.state.store import StateStore

ERRORED: Final = Path("errored.tfstate")
_LOST: Final = "State lock lost"
LOST_AT_FIRST: Final = error(
    _LOST,
    "The lock was taken away, or could not be kept up, before anything was begun, so somebody else may work "
    "on the state now. Nothing was changed. Run again: what is planned then takes in what others have done.",
)
STILL_HELD: Final = error(
    _LOST,
    "For too long the lock could not be kept up, and somebody else might have taken it; so nothing more was "
    "started. Nobody has: what was done is recorded in the state. Run again to do the rest.",
)


def save_elsewhere(state: State, store: StateStore) -> Diagnostics:
    """Writes the state of a run that may not write to its store any more; the error that says so."""
    where = _written(state, store)
    detail = (
        "The lock was taken away while the plan was carried out, so somebody else may work on the state "
        f"now. The state was not written. {where}\n\n"
        f"Wait until nobody else has the lock ({COMMAND} state locks) and look at the plan: if nobody has "
        "written the state meanwhile, its journal still tells the next run everything. If objects of this "
        f"run are missing, put them back with: {COMMAND} state push {ERRORED} (with -force over a newer "
        "state, which then loses what was written meanwhile)."
    )
    return (error(_LOST, detail),)


def save_unrecorded(state: State, store: StateStore) -> Diagnostics:
    """Writes the state of a run whose store could not take it, journal and all; the error that says so."""
    detail = (
        f"Neither the state nor the journal of this run could be written where they are kept. "
        f"{_written(state, store)}\n\n"
        f"Once the state can be reached again, put it there with: {COMMAND} state push {ERRORED}\n"
        "If that is refused because operations are open whose end nobody saw, just run again: what the "
        "journal still has is asked for."
    )
    return (error("Failed to persist state to backend", detail),)


def _written(state: State, store: StateStore) -> str:
    """Writes the state into a file of its own; the sentence that says where it is."""
    try:
        content = write_snapshot(store.as_next(state))
        write_atomically(ERRORED, store.sealing.seal(content))
    except OSError as problem:
        return f"What came of it could not be written to {ERRORED} either: {problem.strerror or problem}."
    return f"What came of it is in {ERRORED}."
