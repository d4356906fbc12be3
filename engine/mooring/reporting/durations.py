"""Lengths of time, as they are said."""

from __future__ import annotations


def format_duration(seconds: float) -> str:
    """`12s`, `1m0s`, `1h2m3s`: whole seconds."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}h{minutes}m{rest}s"
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
