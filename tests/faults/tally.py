"""What a fault campaign does and did: which faults are injected, what was lost, and the table of it.

A test hands a kind of fault and its injections to the fixture `campaign`; the outcome travels in the test's
report to whoever prints the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import TypeVar

import pytest

T = TypeVar("T")
Record = Callable[[str, object], None]
PROPERTY = "faults"


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """How a test injects: all there is, or a `few` of each kind, always the same ones."""

    record: Record
    few: int | None

    def inject_all(self, kind: str, injections: Iterable[T], inject: Callable[[T], None]) -> None:
        """Injects every fault of a kind, whatever became of those before; fails if one was not survived."""
        injected, losses = 0, list[str]()
        for injection in injections if self.few is None else self._few(kind, list(injections)):
            injected += 1
            try:
                inject(injection)
            except AssertionError as problem:
                losses.append(f"{injection}: {problem}")
        self.record(PROPERTY, [kind, injected, len(losses)])
        assert injected, f"{kind}: nothing was injected"
        assert not losses, "\n\n".join(losses)

    def _few(self, kind: str, injections: list[T]) -> list[T]:
        assert self.few is not None
        chosen = Random(kind)  # noqa: S311 - nothing is secret here
        return chosen.sample(injections, min(len(injections), self.few))


def print_table(reporter: pytest.TerminalReporter) -> None:
    """The table of all campaigns of a test run, if there were any."""
    injected, lost = Counter[str](), Counter[str]()
    for report in (each for reports in reporter.stats.values() for each in reports):
        for name, value in getattr(report, "user_properties", ()):
            if name == PROPERTY and report.when == "call":
                kind, count, losses = value
                injected[kind] += count
                lost[kind] += losses
    if not injected:
        return
    reporter.section("faults")
    reporter.line(f"{'kind':<58}{'injected':>9}{'survived':>9}{'lost':>6}")
    for kind in sorted(injected):
        reporter.line(f"{kind:<58}{injected[kind]:>9}{injected[kind] - lost[kind]:>9}{lost[kind]:>6}")
