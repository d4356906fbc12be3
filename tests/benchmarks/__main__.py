"""`python -m tests.benchmarks`: how fast and how small `moor` is, beside a peer and the design's budgets.

Every run is a whole process in a fresh folder; the engines take turns. `--profile NAME` tells where the time
goes.
"""

# ruff: noqa: T201 - it prints a table

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import pairwise

from tests.benchmarks import table
from tests.benchmarks.engines import Engine, measure_in_turn, measure_once, moor, peer
from tests.benchmarks.measure import RunError, summarize
from tests.benchmarks.workloads import WORKLOADS, Workload

NAMES = tuple(workload.name for workload in WORKLOADS)


def parse_arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--vs", metavar="PROGRAM", help="the peer to compare with, as terraform or tofu")
    parser.add_argument("--only", action="append", choices=NAMES, help="this work only; may be repeated")
    parser.add_argument("--sizes", default="1000", help="resources, as 1000,5000,10000 (default: 1000)")
    parser.add_argument("--runs", type=int, default=3, help="runs of each engine, of which the median counts")
    parser.add_argument("--limit", type=float, default=900, help="seconds after which a run is stopped")
    parser.add_argument("--profile", choices=NAMES, help="profile moor on this work instead")
    return parser.parse_args()


def rows(arguments: argparse.Namespace, engines: list[Engine], sizes: list[int]) -> Iterator[table.Row]:
    """Measures row by row."""
    for engine in engines:
        measure_once(engine, WORKLOADS[NAMES.index("tiny")], 1, arguments.limit)
    for workload in WORKLOADS:
        if arguments.only and workload.name not in arguments.only:
            continue
        for size in workload.sizes or sizes:
            results = measure_in_turn(engines, workload, size, arguments.runs, arguments.limit)
            own, *others = [summarize(results[engine.name]) for engine in engines]
            yield table.Row(work=workload.name, size=size, own=own, peer=others[0] if others else None)


def compare(arguments: argparse.Namespace, sizes: list[int]) -> bool:
    """Prints the table; whether no budget was missed."""
    engines = [moor(), *([peer(arguments.vs)] if arguments.vs else [])]
    print(table.heading(engines[1].name if len(engines) > 1 else None), flush=True)
    lines = []
    applies = []
    for row in rows(arguments, engines, sizes):
        lines.append(table.render(row))
        print(lines[-1], flush=True)
        applies += [row] if row.work == "apply" else []
    for smaller, larger in pairwise(applies):
        lines.append(table.render_growth(smaller, larger))
        print(lines[-1], flush=True)
    return not any("MISSED" in line for line in lines)


def main() -> int:
    """Gives the exit status: 0, 1 if a budget is missed, 2 if a run failed."""
    arguments = parse_arguments()
    sizes = [int(size) for size in arguments.sizes.split(",")]
    if arguments.profile:
        from tests.benchmarks.profiling import profile

        workload = _workload(arguments.profile)
        profile(workload, (*workload.sizes, *sizes)[0])
        return 0
    try:
        return 0 if compare(arguments, sizes) else 1
    except RunError as error:
        print(error, file=sys.stderr)
        return 2


def _workload(name: str) -> Workload:
    return next(workload for workload in WORKLOADS if workload.name == name)


if __name__ == "__main__":
    sys.exit(main())
