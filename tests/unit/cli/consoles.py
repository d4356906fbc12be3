"""`moor` inside this process, for tests that need no process of its own."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from mooring.cli.main import main
from mooring.cli.terminal import Terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a call of `moor` wrote, and its exit code."""

    code: int
    out: str
    err: str


def clock() -> datetime:
    return datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def moor(*words: str, environment: Mapping[str, str] | None = None, answers: str = "") -> Said:
    """Calls `moor` in the present folder."""
    out, err = io.StringIO(), io.StringIO()
    terminal = Terminal(out, err, io.StringIO(answers))
    code = main(words, environment or {}, terminal, clock)
    return Said(code=code, out=out.getvalue(), err=err.getvalue())
