"""What the history says of a run: worked out from what its store found and what it left.

Pure. Must not know how a history is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mooring.state.events import Began, Event
from mooring.state.history import Outcome, Run, RunEnd, changes_between, changes_in
from mooring.state.model import State
from mooring.state.recovery import Recovered


def ended_run(began: Began, found: Recovered, left: State, end: RunEnd | None) -> Run:
    """A run that comes to its end; its number is given when it is kept."""
    known = end or RunEnd()
    changes = known.changes
    return Run(
        number=0,
        began=began,
        outcome=known.outcome,
        serial_before=found.base.serial,
        serial_after=left.serial,
        seconds=known.seconds,
        counts=known.counts,
        changes=changes_between(found.opened.state, left) if changes is None else changes,
    )


def interrupted_runs(found: Recovered) -> tuple[Run, ...]:
    """The runs that a journal speaks of and that never said their end."""
    unended = {each.run for each in found.opened.unended}
    was_compacted = found.journal is None
    return tuple(
        Run(
            number=0,
            began=began,
            outcome=Outcome.INTERRUPTED,
            serial_before=found.base.serial - was_compacted,
            serial_after=found.base.serial,
            counts={},
            changes=changes_in(events),
        )
        for began, events in _by_run(found.events)
        if began.run in unended
    )


def _by_run(events: Iterable[Event]) -> Iterator[tuple[Began, list[Event]]]:
    """The events of a journal, run by run."""
    own: list[Event] = []
    began: Began | None = None
    for event in events:
        if isinstance(event, Began):
            if began is not None:
                yield began, own
            began, own = event, []
        else:
            own.append(event)
    if began is not None:
        yield began, own
