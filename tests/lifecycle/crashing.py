"""A program: `moor`, killed at a moment of one's choice, as by a power switch.

    python crashing.py COUNT_FILE MOMENT ARGUMENTS...

Moments are the two sides of every step that leaves a trace outside the process: a flush, rename or removal
of a file, and a request to the emulated cloud that changes something. They are numbered from 1; the process
kills itself with SIGKILL at MOMENT. If it ends before, the number of moments passed is in COUNT_FILE.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from signal import SIGKILL
from threading import Lock
from typing import ParamSpec, TypeVar

from mooring_emulator.emulator import Emulator
from mooring_emulator.messages import Request, Response

P = ParamSpec("P")
R = TypeVar("R")
FILE_STEPS = ("fsync", "fdatasync", "replace", "rename", "remove", "unlink")
READING = ("GET", "HEAD")


class Moments:
    """Counts moments, and dies at the chosen one."""

    def __init__(self, last: int) -> None:
        self._last = last
        self._lock = Lock()
        self.passed = 0

    def pass_one(self) -> None:
        with self._lock:
            self.passed += 1
            if self.passed == self._last:
                os.kill(os.getpid(), SIGKILL)

    def around(self, step: Callable[P, R]) -> Callable[P, R]:
        """The step with a moment on either side."""

        @wraps(step)
        def surrounded(*args: P.args, **kwargs: P.kwargs) -> R:
            self.pass_one()
            result = step(*args, **kwargs)
            self.pass_one()
            return result

        return surrounded


def watch(moments: Moments) -> None:
    """Puts moments around all steps of this process."""
    for name in FILE_STEPS:
        setattr(os, name, moments.around(getattr(os, name)))
    plain = Emulator.handle
    surrounded = moments.around(plain)

    def handle(emulator: Emulator, request: Request) -> Response:
        return (plain if request.method.upper() in READING else surrounded)(emulator, request)

    Emulator.handle = handle  # type: ignore[method-assign]


def main() -> None:
    from mooring.cli.main import entry_point

    count_file, moment, *arguments = sys.argv[1:]
    sys.argv = ["moor", *arguments]
    moments = Moments(int(moment))
    watch(moments)
    try:
        sys.exit(entry_point())
    finally:
        Path(count_file).write_text(str(moments.passed))


if __name__ == "__main__":
    main()
