"""Which programs are compared, and the surroundings they run in."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.measure import Run, RunError, run
from tests.benchmarks.workloads import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A program with terraform's command line."""

    name: str
    program: str


def moor() -> Engine:
    """The `moor` that is installed beside this Python."""
    return Engine(name="moor", program=str(Path(sys.executable).with_name("moor")))


def peer(program: str) -> Engine:
    """The program it is compared with; raises `RunError` if there is none of this name."""
    found = shutil.which(program)
    if found is None:
        raise RunError(f"{program} is not on the PATH")
    return Engine(name=Path(program).name, program=found)


def measure_once(engine: Engine, workload: Workload, size: int, limit: float) -> Run:
    """Measures one run in a fresh folder, from freshly written files and state."""
    with TemporaryDirectory(prefix="moor-benchmark-") as name:
        folder = Path(name)
        workload.prepare(folder, size)
        result = run((engine.program, *workload.arguments), folder, _environment(folder), limit)
        if not result.was_stopped:
            _check(workload, size, folder)
        return result


def measure_in_turn(
    engines: Sequence[Engine], workload: Workload, size: int, runs: int, limit: float
) -> dict[str, list[Run]]:
    """Measures the engines in turn, A B A B; one that was stopped at the limit is not run again."""
    results: dict[str, list[Run]] = {engine.name: [] for engine in engines}
    for _ in range(runs):
        for engine in engines:
            if not any(each.was_stopped for each in results[engine.name]):
                results[engine.name].append(measure_once(engine, workload, size, limit))
    return results


def _environment(folder: Path) -> Mapping[str, str]:
    """No settings of the user's, no calls home."""
    return {"PATH": "/usr/bin:/bin", "HOME": str(folder), "CHECKPOINT_DISABLE": "1"}


def _check(workload: Workload, size: int, folder: Path) -> None:
    """A fast engine that did not do the work is not fast."""
    if workload.ends_with is None:
        return
    state = json.loads((folder / "terraform.tfstate").read_bytes())
    count = sum(len(resource["instances"]) for resource in state["resources"])
    if count != workload.ends_with(size):
        raise RunError(
            f"{workload.name}: {count} instances in the state, {workload.ends_with(size)} expected"
        )
