"""Carrying out a plan: the executor, the journal, the count of what was done, Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType
from typing import Final

from mooring.applying.events import OpCompleted, OpEvent
from mooring.applying.executor import ApplyOptions, apply_plan
from mooring.cli.command import Stopped
from mooring.cli.operations import Planned
from mooring.cli.views import View
from mooring.core.diagnostics import has_errors
from mooring.planning.model import Plan
from mooring.planning.providers import Providers
from mooring.reporting.product import PRODUCT
from mooring.reporting.progress import count_operation
from mooring.reporting.report import Counts, count
from mooring.state.model import State
from mooring.state.store import StateStore


def apply_operation(
    planned: Planned, store: StateStore, providers: Providers, view: View, parallelism: int
) -> tuple[State, Counts]:
    """Carries out a plan and stores what came of it. Raises `Stopped` after telling what failed."""
    counter = _Counter(view, planned.plan)
    journal = store.begin()
    if isinstance(journal, tuple):
        view.tell(journal)
        raise Stopped
    with interruptible(view) as cancelled:
        state, diags = apply_plan(
            planned.plan,
            planned.opened.state,
            configuration=planned.configuration,
            providers=providers,
            journal=journal,
            options=ApplyOptions(parallelism=parallelism, cancelled=cancelled),
            observe=counter.observe,
        )
    state, problems = store.commit(state)
    view.tell((*diags, *problems))
    if has_errors(diags) or has_errors(problems) or cancelled.is_set():
        raise Stopped
    return state, counter.counts


class _Counter:
    """Counts what has been done, while it is told."""

    def __init__(self, view: View, plan: Plan) -> None:
        self._view: Final = view
        self.counts = Counts(imported=count(plan.changes).imported)

    def observe(self, event: OpEvent) -> None:
        """Takes an event in and passes it on."""
        if isinstance(event, OpCompleted):
            self.counts = count_operation(self.counts, event)
        self._view.operation_event(event)


@contextmanager
def interruptible(view: View) -> Iterator[Event]:
    """The first Ctrl-C or SIGTERM lets running operations end; the second ends the command."""
    cancelled = Event()

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        if cancelled.is_set():
            raise KeyboardInterrupt
        cancelled.set()
        view.say(
            f"\nInterrupt received.\nPlease wait for {PRODUCT} to exit: what runs is brought to its end and "
            "recorded.\nInterrupt once more to exit at once; the journal then tells the next run what was "
            "under way.\n"
        )

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, interrupt) for number in numbers]
    try:
        yield cancelled
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
