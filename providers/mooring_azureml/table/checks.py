"""Checks that tables name: each says what is wrong with a known value, as the end of a sentence, or None."""

from __future__ import annotations

import re

from mooring.core.codec import Plain
from mooring_azureml.ids import parse_id
from mooring_azureml.table.model import Check
from mooring_azureml.table.notation import items, seconds


def one_of(*allowed: str) -> Check:
    """One of these words, in any casing."""
    folded = {word.lower() for word in allowed}

    def check(value: Plain) -> str | None:
        if str(value).lower() in folded:
            return None
        return f"must be one of {', '.join(allowed)}, not {value!r}"

    return check


def each_one_of(*allowed: str) -> Check:
    """A collection of these words."""
    single = one_of(*allowed)

    def check(value: Plain) -> str | None:
        return next(filter(None, map(single, items(value))), None)

    return check


def between(least: int, most: int) -> Check:
    """A whole number within inclusive bounds."""

    def check(value: Plain) -> str | None:
        if isinstance(value, int) and least <= value <= most:
            return None
        return f"must be a whole number from {least} to {most}, not {value}"

    return check


def each_between(least: int, most: int) -> Check:
    """A collection of whole numbers within inclusive bounds."""
    single = between(least, most)

    def check(value: Plain) -> str | None:
        return next(filter(None, map(single, items(value))), None)

    return check


def matching(pattern: str, words: str) -> Check:
    """A text that a regular expression matches as a whole; `words` says what that means."""
    compiled = re.compile(pattern)

    def check(value: Plain) -> str | None:
        return None if compiled.fullmatch(str(value)) else f"{words}; {str(value)!r} is not"

    return check


def arm_id(type_name: str) -> Check:
    """The ARM id of a resource of this type."""

    def check(value: Plain) -> str | None:
        parsed = parse_id(str(value))
        if parsed is not None and parsed.is_a(type_name):
            return None
        return f"must be the ARM id of a {type_name}, not {str(value)!r}"

    return check


def duration(least: str, most: str) -> Check:
    """An ISO 8601 duration within inclusive bounds."""
    shortest, longest = seconds(least) or 0, seconds(most) or 0

    def check(value: Plain) -> str | None:
        length = seconds(str(value))
        if length is not None and shortest <= length <= longest:
            return None
        return f"must be an ISO 8601 duration from {least} to {most}, not {str(value)!r}"

    return check
