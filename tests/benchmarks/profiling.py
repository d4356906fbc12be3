"""Where the time goes: one workload under cProfile, in this process, and what imports cost."""

# ruff: noqa: T201 - it prints tables

from __future__ import annotations

import cProfile
import os
import pstats
import subprocess
import sys
from contextlib import chdir, redirect_stdout, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.workloads import Workload

TOP = 35


def profile(workload: Workload, size: int) -> None:
    """Runs `moor` once under the profiler and prints the functions that cost the most."""
    with TemporaryDirectory(prefix="moor-profile-") as name:
        workload.prepare(Path(name), size)
        profiler = _run(workload, Path(name))
        slow_imports = _imports(workload, Path(name))
    statistics = pstats.Stats(profiler, stream=sys.stdout).strip_dirs()
    for order in ("tottime", "cumulative"):
        statistics.sort_stats(order).print_stats(TOP)
    print("slowest imports of the command (microseconds: own, with what they import)")
    print("\n".join(slow_imports))


def _run(workload: Workload, folder: Path) -> cProfile.Profile:
    from mooring.cli.main import entry_point

    profiler = cProfile.Profile()
    sys.argv = ["moor", *workload.arguments]
    with chdir(folder), Path(os.devnull).open("w") as sink, redirect_stdout(sink), suppress(SystemExit):
        profiler.runcall(entry_point)
    return profiler


def _imports(workload: Workload, folder: Path) -> list[str]:
    statement = f"import sys; sys.argv = {['moor', *workload.arguments]!r}; "
    statement += "from mooring.cli.main import entry_point; entry_point()"
    command = [sys.executable, "-X", "importtime", "-c", statement]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    lines = [line for line in result.stderr.splitlines() if line.startswith("import time:") and "|" in line]
    timed = [line for line in lines if line.split(":")[1].split("|")[0].strip().isdigit()]
    timed.sort(key=lambda line: int(line.split(":")[1].split("|")[0]), reverse=True)
    return timed[:TOP]
