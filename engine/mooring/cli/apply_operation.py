"""Carrying out a plan: the executor, the journal, the count of what was done, Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from time import monotonic
from types import FrameType
from typing import Final

from mooring.applying.events import OpCompleted, OpEvent, RunStopping, StopReason
from mooring.applying.executor import ApplyOptions, apply_plan
from mooring.cli.command import Stopped
from mooring.cli.lost_lock import LOST_AT_FIRST, STILL_HELD, save_elsewhere, save_unrecorded
from mooring.cli.operations import Planned
from mooring.cli.views import View
from mooring.core.addresses import InstanceAddress
from mooring.core.diagnostics import Diagnostics, has_errors
from mooring.planning.model import OpKind, Plan
from mooring.planning.providers import Providers
from mooring.reporting.progress import count_operation
from mooring.reporting.report import Counts, count, counted
from mooring.schema.model import ATTACH_AND_DETACH, CREATE_AND_DESTROY
from mooring.state.events import Began
from mooring.state.history import Outcome, RunChange, RunEnd
from mooring.state.model import State
from mooring.state.store import Journal, Lock, StateStore

_HALVES: Final = frozenset(
    verb for verbs in (CREATE_AND_DESTROY, ATTACH_AND_DETACH) for verb in (verbs.create, verbs.delete)
)
"""Two of these for one object are a replacement."""


def apply_operation(
    planned: Planned,
    store: StateStore,
    providers: Providers,
    view: View,
    parallelism: int,
    *,
    run: Began,
    lock: Lock | None,
) -> tuple[State, Counts]:
    """Carries out a plan and stores what came of it. Raises `Stopped` after telling what failed."""
    counter, started = _Counter(view, planned.plan), monotonic()
    journal = _begun(store, view, run, lock)
    with interruptible(view) as cancelled:
        state, diags = apply_plan(
            planned.plan,
            planned.opened.state,
            configuration=planned.configuration,
            providers=providers,
            journal=journal,
            options=ApplyOptions(
                parallelism=parallelism,
                cancelled=cancelled,
                is_lock_lost=lambda: lock is not None and lock.is_lost,
            ),
            observe=counter.observe,
        )
    if lock is not None and lock.is_lost:
        view.tell((*diags, *save_elsewhere(state, store)))
        raise Stopped
    if counter.stopping is StopReason.LOCK_LOST:
        diags = (*diags, STILL_HELD)
    end = counter.end(diags, monotonic() - started, was_cancelled=cancelled.is_set())
    saved, problems = _recorded(state, store, end)
    view.tell((*diags, *problems))
    if has_errors(problems) or end.outcome is not Outcome.OK:
        raise Stopped
    return saved, counter.counts


def _begun(store: StateStore, view: View, run: Began, lock: Lock | None) -> Journal:
    """The journal of the run. Raises `Stopped` after telling why there is none; nothing was changed then."""
    was_lost = lock is not None and lock.is_lost
    journal = (LOST_AT_FIRST,) if was_lost else store.begin(run)
    if isinstance(journal, tuple):
        view.tell(journal)
        raise Stopped
    return journal


def _recorded(state: State, store: StateStore, end: RunEnd) -> tuple[State, Diagnostics]:
    """The state as it is stored; in a file of its own if its place can take neither it nor the journal."""
    saved, problems = store.commit(state, end)
    if has_errors(problems) and not store.is_whole:
        problems = (*problems, *save_unrecorded(state, store))
    return saved, problems


class _Counter:
    """Counts what has been done, while it is told, and keeps it for the history."""

    def __init__(self, view: View, plan: Plan) -> None:
        self._view: Final = view
        self._done: dict[InstanceAddress, str] = {
            change.address: "move" if change.import_id is None else "import"
            for change in plan.changes
            if change.import_id is not None or change.previous_address is not None
        }
        self.stopping: StopReason | None = None
        """Why nothing more was started, though nobody has asked for it."""
        self.counts = Counts(imported=count(plan.changes).imported, forget=count(plan.changes).forget)

    def observe(self, event: OpEvent) -> None:
        """Takes an event in and passes it on."""
        if isinstance(event, OpCompleted):
            self.counts = count_operation(self.counts, event)
            if event.address.resource.mode == "managed":
                is_second = self._done.get(event.address) in _HALVES
                self._done[event.address] = "replace" if is_second else _verb(event)
        elif isinstance(event, RunStopping):
            self.stopping = event.reason
        self._view.operation_event(event)

    def end(self, diags: Diagnostics, seconds: float, *, was_cancelled: bool) -> RunEnd:
        """What the history says of the run."""
        ended = Outcome.INTERRUPTED if was_cancelled else Outcome.OK
        return RunEnd(
            outcome=Outcome.FAILED if has_errors(diags) else ended,
            seconds=round(seconds, 3),
            counts=counted(self.counts),
            changes=tuple(RunChange(address=str(each), action=verb) for each, verb in self._done.items()),
        )


def _verb(event: OpCompleted) -> str:
    match event.kind:
        case OpKind.CREATE:
            return event.verbs.create
        case OpKind.DELETE:
            return event.verbs.delete
        case _:
            return str(event.kind.value)


_JOURNAL_TELLS: Final = "the journal then tells the next run what was under way"


@contextmanager
def interruptible(view: View, once_more: str = _JOURNAL_TELLS) -> Iterator[Event]:
    """The first Ctrl-C or SIGTERM lets running operations end; the second ends the command.

    `once_more` says what becomes then of what is under way.
    """
    cancelled = Event()

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        if cancelled.is_set():
            raise KeyboardInterrupt
        cancelled.set()
        view.say(
            "\nInterrupt received.\nWhat runs is brought to its end and recorded; nothing new is begun.\n"
            f"Interrupt once more to exit at once; {once_more}.\n"
        )

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, interrupt) for number in numbers]
    try:
        yield cancelled
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
