"""The budgets of the design, section 10: what a row must reach, and whether it did.

Ratios are to terraform 1.11.4 in the same run on the same machine; the absolute ones are for two cores.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.benchmarks.measure import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Upper bounds; None where there is none. `time` and `memory` are shares of the peer's."""

    time: float | None = None
    memory: float | None = None
    seconds: float | None = None

    def __str__(self) -> str:
        parts = [f"time 1/{1 / self.time:.0f}"] if self.time else []
        parts += [f"memory 1/{1 / self.memory:.0f}"] if self.memory else []
        parts += [f"{self.seconds:.2f} s"] if self.seconds else []
        return ", ".join(parts)


BUDGETS = {
    ("plan", 5_000): Budget(time=1 / 5, memory=1 / 2),
    ("plan", 10_000): Budget(time=1 / 8, memory=1 / 2),
    ("for_each", 1_000): Budget(time=1 / 20, seconds=0.4),
    ("chain", 1_000): Budget(time=1 / 20),
    ("no-op", 5_000): Budget(time=1 / 5, memory=1 / 2),
    ("apply", 1_000): Budget(time=1 / 10),
    ("apply", 5_000): Budget(time=1 / 60),
    ("destroy", 1_000): Budget(time=1 / 10),
    ("parse", 5_000): Budget(seconds=1.27),  # 890 KB at 700 KB/s, the start of the process included
    ("for", 100_000): Budget(seconds=1.0),  # `validate` evaluates once; `plan` validates first: twice
    ("tiny", 1): Budget(seconds=0.15),
    ("version", 1): Budget(seconds=0.06),
}

LINEAR = 2.5
"""How many times longer an apply of twice the size may take."""


def judge(budget: Budget, own: Run, peer: Run | None) -> bool | None:
    """Whether the budget is met; None if that needs a peer that did not run.

    A peer that was stopped would have taken longer: its time counts as the least it can be.
    """
    bounds = [(budget.seconds, own.seconds)] if budget.seconds else []
    is_met = all(used <= bound for bound, used in bounds)
    if is_met and peer is None and (budget.time or budget.memory):
        return None
    if peer is not None:
        bounds += [(budget.time * peer.seconds, own.seconds)] if budget.time else []
        bounds += [(budget.memory * peer.megabytes, own.megabytes)] if budget.memory else []
    return all(used <= bound for bound, used in bounds)
