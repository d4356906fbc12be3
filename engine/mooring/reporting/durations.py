"""Lengths of time, as they are said and as options take them."""

from __future__ import annotations

import re
from typing import Final

_PART: Final = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)")
_SECONDS: Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def format_duration(seconds: float) -> str:
    """`12s`, `1m0s`, `1h2m3s`: whole seconds."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}h{minutes}m{rest}s"
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"


def parse_duration(text: str) -> float | None:
    """Seconds of `30s`, `1m30s`, `1.5h`; None for anything else."""
    if text == "0":
        return 0.0
    total, at = 0.0, 0
    for match in _PART.finditer(text):
        if match.start() != at:
            return None
        total += float(match[1]) * _SECONDS[match[2]]
        at = match.end()
    return total if at == len(text) and at else None
