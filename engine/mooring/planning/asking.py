"""Asking a provider while planning: in a worker if it blocks, guarded, and no longer than it may take."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from mooring.core.diagnostics import Diagnostic
from mooring.core.records import record
from mooring.lang.cells import Cells, Key
from mooring.sdk.calls import PATIENCE, guarded, no_answer
from mooring.sdk.context import CallContext

T = TypeVar("T")


@record(kw_only=True)
class Question:
    """Which provider is asked for what, in words of a sentence (`read ADDRESS`), and for how long at most."""

    provider: str
    asked: str
    seconds: float
    is_blocking: bool


def ask_provider(
    cells: Cells,
    key: Key,
    question: Question,
    call: Callable[[CallContext], T],
    failed: Callable[[Diagnostic], T],
) -> T:
    """What the provider answers, or `failed` of what went wrong. May raise `NotReady`."""
    provider, seconds = question.provider, question.seconds

    def work() -> T:
        ctx = CallContext(read_only=True, deadline=monotonic() + seconds)
        return guarded(provider, lambda: call(ctx), failed)

    if not question.is_blocking:
        return work()
    try:
        return cells.call(key, work, timeout=seconds + PATIENCE)
    except TimeoutError:
        advice = "Nothing was changed. Is the service reachable? Run the command again."
        return failed(no_answer(provider, question.asked, seconds, advice))
