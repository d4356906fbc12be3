"""Lengths of time as Go writes them: what options, functions and `timeouts` blocks take."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

_UNITS: Final = {
    "ns": Fraction(1, 10**9),
    "us": Fraction(1, 10**6),
    "\u00b5s": Fraction(1, 10**6),
    "\u03bcs": Fraction(1, 10**6),
    "ms": Fraction(1, 1000),
    "s": Fraction(1),
    "m": Fraction(60),
    "h": Fraction(3600),
}
_DURATION: Final = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)", re.ASCII)
_MOST_NANOSECONDS: Final = 2**63 - 1


def parse_duration(text: str) -> Fraction | None:
    """Seconds of a duration such as `1h30m` or `-1.5s`; None if it is not one."""
    unsigned = text[1:] if text[:1] in ("+", "-") else text
    if unsigned == "0":
        return Fraction(0)
    total, at = Fraction(0), 0
    while match := _DURATION.match(unsigned, at):
        total += Fraction(match[1]) * _UNITS[match[2]]
        at = match.end()
    if at == 0 or at < len(unsigned) or total * 10**9 > _MOST_NANOSECONDS:
        return None
    return -total if text[0] == "-" else total
