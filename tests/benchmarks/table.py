"""The table that a benchmark prints, row by row as they come."""

from __future__ import annotations

from dataclasses import dataclass

from tests.benchmarks.budgets import BUDGETS, LINEAR, judge
from tests.benchmarks.measure import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The medians of both engines for one work and size; `peer` is None where there is none."""

    work: str
    size: int
    own: Run
    peer: Run | None


def heading(peer: str | None) -> str:
    """The first line."""
    return (
        _line("work", "size", "moor s", "MB", f"{peer or 'peer'} s", "MB", "ratio", "budget")
        + "\n"
        + "-" * 100
    )


def render(row: Row) -> str:
    """One line: own, peer, how many times faster, and the budget with its verdict."""
    own, peer = row.own, row.peer
    seconds, megabytes, ratio = "-", "-", "-"
    if peer is not None:
        more = ">" if peer.was_stopped else ""
        seconds, megabytes = f"{more}{peer.seconds:.2f}", f"{peer.megabytes:.0f}"
        ratio = f"{more}{peer.seconds / own.seconds:.1f}x"
    size = f"{row.size:,}" if row.size > 1 else ""
    return _line(
        row.work, size, f"{own.seconds:.2f}", f"{own.megabytes:.0f}", seconds, megabytes, ratio, _budget(row)
    )


def render_growth(smaller: Row, larger: Row) -> str:
    """One line: how an apply grows with the work, against linear growth."""
    factor = larger.own.seconds / smaller.own.seconds
    allowed = LINEAR * larger.size / (2 * smaller.size)
    verdict = "met" if factor <= allowed else "MISSED"
    sizes = f"{smaller.size:,} to {larger.size:,}"
    return f"{larger.work} from {sizes}: {factor:.1f} times as long, at most {allowed:.1f}: {verdict}"


def _budget(row: Row) -> str:
    budget = BUDGETS.get((row.work, row.size))
    if budget is None:
        return ""
    verdict = {True: "met", False: "MISSED", None: "not judged"}[judge(budget, row.own, row.peer)]
    return f"{budget}: {verdict}"


def _line(*cells: str) -> str:
    widths = (10, 8, 9, 7, 13, 7, 9, 0)
    first, *rest = cells
    aligned = [f"{cell:>{width}}" for cell, width in zip(rest[:-1], widths[1:-1], strict=True)]
    return f"{first:<{widths[0]}}{''.join(aligned)}  {rest[-1]}".rstrip()
