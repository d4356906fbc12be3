"""Another valid value for a property of a table: from its type, its checks, and what the cases say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from mooring.core.codec import Plain
from mooring.core.types import BOOL, NUMBER, ListType, MapType, SetType
from mooring_azureml.table.model import Block, Property, Table
from mooring_azureml.table.notation import items, members

Steps = tuple[str, ...]

_TEXTS: Final = (
    "edited",
    "Standard_DS2_v2",
    "PT45M",
    "PT2H",
    "westus2",
    "edited.example.org",
    "https://edited.example.org",
    "00000000-0000-0000-0000-00000000000e",
    "name: edited\ndependencies: [python=3.12]\n",
    "5",
)
_NUMBERS: Final = (2, 3, 30, 60, 14)
_ALLOWED: Final = re.compile(r"must be one of (?P<words>.*), not")


def settable(table: Table, steps: Steps = ()) -> Iterator[tuple[Steps, Property]]:
    """Every property that a configuration may set, outside lists, with the way to it."""
    for part in table:
        here = (*steps, part.name)
        if isinstance(part, Block):
            yield from () if part.is_list else settable(part.parts, here)
        elif part.is_settable and not part.write_only:
            yield here, part


def value_at(config: Mapping[str, Plain], steps: Steps) -> Plain:
    """What a configuration says there; None where it says nothing."""
    value: Plain = config
    for step in steps:
        value = members(value).get(step)
    return value


def with_value(config: Mapping[str, Plain], steps: Steps, value: Plain) -> dict[str, Plain]:
    """The configuration with another value there."""
    first, *rest = steps
    inner = with_value(members(config.get(first)), tuple(rest), value) if rest else value
    return {**config, first: inner}


def other_value(part: Property, now: Plain) -> Plain:
    """A value that the checks allow and that means something else; None where none is found."""
    present = part.default if now is None else now
    for candidate in _candidates(part, present):
        if candidate is None or part.notation.same(candidate, present):
            continue
        if all(check(candidate) is None for check in part.checks):
            return candidate
    return None


def _candidates(part: Property, now: Plain) -> Iterator[Plain]:
    if part.type is BOOL:
        yield from (True, False)
    elif part.type is NUMBER:
        yield from _NUMBERS
    elif isinstance(part.type, MapType):
        yield {"edited": 1} if part.type.element is NUMBER else {"edited": "yes"}
    elif isinstance(part.type, SetType | ListType):
        yield from ([one] for one in _texts(part, next(iter(items(now)), None)))
    else:
        yield from _texts(part, now)


def _texts(part: Property, now: Plain) -> Iterator[Plain]:
    if isinstance(now, str) and "/" in now:
        yield f"{now}-edited"
        yield f"{now}edited"
    yield from _TEXTS
    for check in part.checks:
        for probe in ("?", ["?"]):
            found = _ALLOWED.search(check(probe) or "")
            yield from found["words"].split(", ") if found else ()
