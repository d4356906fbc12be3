"""`python -m tests`: everything that must hold before a change lands, in one command.

The static checks run beside pytest, one after another; on two cores that is faster than before or after it.
Their outcome is told before pytest's closing line, which stays the last one.
"""

# ruff: noqa: T201 - it tells what it does

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

ROOT = Path(__file__).parents[1]
SCRIPTS = Path(sys.executable).parent
CHECKS = (
    ("ruff check", ("ruff", "check", "--no-fix", "--output-format", "concise", ".")),
    ("ruff format", ("ruff", "format", "--check", ".")),
    ("import-linter", ("lint-imports",)),
    ("mypy --strict", ("mypy",)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One step that has ended; `text` is what it wrote."""

    name: str
    status: int
    seconds: float
    text: str = ""

    def __str__(self) -> str:
        verdict = "passed" if self.status == 0 else f"FAILED ({self.status})"
        return f"{self.name:<16}{verdict:<14}{self.seconds:6.1f} s"


def run_check(name: str, command: Sequence[str]) -> Outcome:
    """Runs one static check to its end."""
    started = monotonic()
    program, *arguments = command
    result = subprocess.run(  # noqa: S603 - our own tools
        [str(SCRIPTS / program), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Outcome(name=name, status=result.returncode, seconds=monotonic() - started, text=result.stdout)


def run_pytest(arguments: Sequence[str]) -> tuple[Outcome, str]:
    """Runs pytest, passing on what it writes, all but its closing line, which is given back."""
    started = monotonic()
    command = [sys.executable, "-m", "pytest", *arguments]
    held = ""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:  # noqa: S603
        assert child.stdout is not None
        for line in child.stdout:
            print(held, end="", flush=True)
            held = line
    return Outcome(name="pytest", status=child.returncode, seconds=monotonic() - started), held


def pytest_arguments(arguments: argparse.Namespace) -> list[str]:
    """What pytest is asked for."""
    workers = ["-n", str(min(os.cpu_count() or 1, 8)), "--dist", "worksteal"]
    slow = ["--slow"] if arguments.all or arguments.faults else []
    faults = ["--faults"] if arguments.faults else []
    return [*workers, *slow, *faults, *arguments.pytest]


def parse_arguments() -> argparse.Namespace:
    """Reads the command line; what it does not know goes to pytest."""
    parser = argparse.ArgumentParser(prog="python -m tests", description=__doc__)
    parser.add_argument("--all", action="store_true", help="also the tests that are marked slow")
    parser.add_argument("--faults", action="store_true", help="all of the fault campaign")
    arguments, arguments_of_pytest = parser.parse_known_args()
    arguments.pytest = arguments_of_pytest
    return arguments


def report(outcomes: Sequence[Outcome]) -> None:
    """Prints what failed in full, then a line for each step."""
    for outcome in outcomes:
        if outcome.status:
            print(f"\n--- {outcome.name} ---\n{outcome.text}", end="")
    print()
    for outcome in outcomes:
        print(outcome)


def main() -> int:
    """Gives the exit status: 0 if every step passed."""
    arguments = parse_arguments()
    with ThreadPoolExecutor(max_workers=1) as pool:
        checks: list[Future[Outcome]] = [pool.submit(run_check, name, command) for name, command in CHECKS]
        of_pytest, closing_line = run_pytest(pytest_arguments(arguments))
        outcomes = [each.result() for each in checks]
    report([*outcomes, of_pytest])
    print(closing_line, end="", flush=True)
    return 1 if any(each.status for each in [*outcomes, of_pytest]) else 0


if __name__ == "__main__":
    sys.exit(main())
