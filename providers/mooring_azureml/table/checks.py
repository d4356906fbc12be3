"""Checks that tables name: each says what is wrong with a known value, as the end of a sentence, or None."""

from __future__ import annotations

import re

from mooring.core.codec import Plain
from mooring.core.durations import parse_duration
from mooring_azureml.arm.ids import parse_id
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


def length_of_time(value: Plain) -> str | None:
    """A positive duration as Go writes it."""
    length = parse_duration(str(value))
    return None if length is not None and length > 0 else 'must be a length of time, such as "30m" or "1h30m"'


def yaml_mapping(value: Plain) -> str | None:
    """A YAML text that holds a mapping."""
    from yaml import YAMLError, safe_load

    try:
        found = safe_load(str(value))
    except YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f" (line {mark.line + 1})" if mark is not None else ""
        return f"is not valid YAML{where}"
    return None if isinstance(found, dict) else "must be a YAML mapping, like `dependencies: [python=3.11]`"


_NEVER_ATTACHED = {
    "microsoft.containerinstance/containergroups": "Container instances are never attached: deploy a model "
    "to one with azureml_container_instance_service, or to an azureml_online_endpoint",
}


def attachable(*type_names: str) -> Check:
    """The ARM id of a resource of one of these types; for what is never attached, what to do instead."""
    singles = [arm_id(type_name) for type_name in type_names]

    def check(value: Plain) -> str | None:
        parsed = parse_id(str(value))
        problem = None if any(single(value) is None for single in singles) else singles[0](value)
        if problem is None or parsed is None:
            return problem
        instead = _NEVER_ATTACHED.get(parsed.type.lower())
        return problem if instead is None else f"{problem}. {instead}"

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
