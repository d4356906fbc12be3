"""Fault rules as data, and how they are written.

A rule in one line is `METHOD PATH FAULT [name=value ...]`, rules are joined by `;`; in a file they are a JSON
array of objects with the same names (`method`, `path`, `fault`, ...). METHOD may be `*`. PATH is a pattern
for the whole path, without regard to case; `*` stands for anything, slashes included.

    PUT */computes/* 429 nth=2 retry-after=1; * * 503 probability=0.05 seed=7; DELETE * lro-failed

FAULT is an HTTP status from 400 to 599, or one of `FAULTS`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import translate
from typing import TYPE_CHECKING

from mooring_emulator.codec import decode

if TYPE_CHECKING:
    from mooring_emulator.codec import Json

FAULTS: Mapping[str, str] = {
    "reset": "the connection is reset before the request is carried out",
    "reset-after": "the request is carried out and the connection is reset instead of the answer",
    "slow": "the body takes `seconds` to arrive",
    "lro-failed": "the operation that the request starts ends as Failed, with `code` and `message`",
    "lro-canceled": "the operation that the request starts ends as Canceled",
    "lro-endless": "the operation that the request starts never ends",
    "404-after-202": "for `seconds` after an accepted write, reading the resource answers 404",
    "stale": "for `seconds` after a write, reading the resource answers what it was before",
    "expired-token": "401 ExpiredAuthenticationToken",
}
"""The faults that are no plain status, and what they do."""

_NUMBERS = ("nth", "times", "probability", "seed", "retry_after", "seconds")
_TEXTS = ("code", "message")
_STATUS = re.compile(r"[45]\d\d")


class FaultSpecError(Exception):
    """A rule that cannot be understood; the text says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule.

    It hits its `nth` match (0: every one) and the following ones, `times` in all (0: without end; by default
    one when `nth` is given), each with `probability`, drawn from a generator with `seed`. `retry_after` and
    `seconds` are seconds.
    """

    method: str
    path: re.Pattern[str]
    fault: str
    nth: int = 0
    times: int = 0
    probability: float = 1.0
    seed: int = 0
    retry_after: float = 0.0
    seconds: float = 2.0
    code: str = ""
    message: str = ""

    def matches(self, method: str, path: str) -> bool:
        """Say whether a request is one the rule counts."""
        return self.method in {"*", method} and self.path.fullmatch(path) is not None


def parse_rules(text: str) -> tuple[Rule, ...]:
    """Read rules, as lines or as JSON; raises FaultSpecError."""
    stripped = text.strip()
    if stripped.startswith("["):
        return tuple(_from_object(value) for value in _objects(stripped))
    lines = [line.strip() for line in re.split(r"[;\n]", stripped)]
    return tuple(_from_line(line) for line in lines if line and not line.startswith("#"))


def _objects(text: str) -> Sequence[Json]:
    try:
        value: Sequence[Json] = decode(text)
    except ValueError as problem:
        raise FaultSpecError(f"the faults are not JSON: {problem}") from problem
    return value


def _from_line(line: str) -> Rule:
    words = line.split()
    if len(words) < 3 or any("=" not in word for word in words[3:]):
        raise FaultSpecError(f"'{line}' is not METHOD PATH FAULT [name=value ...]")
    options = dict(word.split("=", 1) for word in words[3:])
    return _rule({"method": words[0], "path": words[1], "fault": words[2], **options})


def _from_object(value: Json) -> Rule:
    if not isinstance(value, dict):
        raise FaultSpecError(f"'{value}' is not an object with method, path and fault")
    return _rule({str(name): str(member) for name, member in value.items()})


def _rule(given: Mapping[str, str]) -> Rule:
    values = {name.replace("-", "_"): value for name, value in given.items()}
    unknown = sorted(values.keys() - {"method", "path", "fault", *_NUMBERS, *_TEXTS})
    if unknown:
        raise FaultSpecError(f"a fault rule has no '{unknown[0]}'")
    fault = values.get("fault", "").lower()
    if fault not in FAULTS and not _STATUS.fullmatch(fault):
        raise FaultSpecError(f"'{fault}' is no fault; there are: 400 to 599, {', '.join(FAULTS)}")
    numbers = {name: _number(name, values[name]) for name in _NUMBERS if name in values}
    nth = int(numbers.get("nth", 0))
    return Rule(
        method=values.get("method", "*").upper(),
        path=re.compile(translate(values.get("path", "*")), re.IGNORECASE),
        fault=fault,
        nth=nth,
        times=int(numbers.get("times", 1 if nth else 0)),
        probability=numbers.get("probability", 1.0),
        seed=int(numbers.get("seed", 0)),
        retry_after=numbers.get("retry_after", 0.0),
        seconds=numbers.get("seconds", 2.0),
        code=values.get("code", ""),
        message=values.get("message", ""),
    )


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as problem:
        raise FaultSpecError(f"'{text}' is not a number for '{name}'") from problem
