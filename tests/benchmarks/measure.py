"""Runs a command as a whole process and measures it: wall clock and peak memory.

The peak is what the kernel reports for the process (`wait4`). A process inherits the peak of the one that
started it until it outgrows it, so peaks below this small program's own size (about 20 MB) cannot be seen.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL
from statistics import median
from threading import Timer
from time import perf_counter


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run: wall clock, peak resident memory, and whether it was stopped for taking too long."""

    seconds: float
    megabytes: float
    was_stopped: bool = False


class RunError(Exception):
    """The command failed; the text holds the end of what it wrote."""


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str], limit: float) -> Run:
    """Runs a command in a folder, at most `limit` seconds; raises `RunError` if it fails.

    Its output goes to a file, as in CI: nobody reads a terminal.
    """
    with tempfile.TemporaryFile() as output:
        started = perf_counter()
        child = subprocess.Popen(  # noqa: S603 - the engines under measurement
            command, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        timer = Timer(limit, child.send_signal, [SIGKILL])
        timer.start()
        _pid, status, usage = os.wait4(child.pid, 0)
        seconds = perf_counter() - started
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        was_stopped = child.returncode == -SIGKILL and seconds >= limit
        if child.returncode and not was_stopped:
            raise RunError(f"{' '.join(command)}: exit {child.returncode}\n{_tail(output)}")
    return Run(seconds=seconds, megabytes=usage.ru_maxrss / 1024, was_stopped=was_stopped)


def summarize(runs: Sequence[Run]) -> Run:
    """The medians of several runs."""
    return Run(
        seconds=median(each.seconds for each in runs),
        megabytes=median(each.megabytes for each in runs),
        was_stopped=any(each.was_stopped for each in runs),
    )


def _tail(output: object, size: int = 2000) -> str:
    assert hasattr(output, "seek")
    assert hasattr(output, "read")
    output.seek(0)
    return str(output.read().decode(errors="replace"))[-size:]
