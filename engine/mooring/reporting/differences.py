"""Where two forms of an object differ, and which of the differences are drift.

A difference in an attribute that only the provider decides (a status, a time) is no drift: nobody asked for
its value.
"""

from __future__ import annotations

from collections.abc import Iterator

from mooring.core.paths import Attr, Index, Path
from mooring.core.types import SetType
from mooring.core.values import SENSITIVE, Value
from mooring.planning.model import Drift
from mooring.schema.model import BlockSchema


def is_observation(drift: Drift, schema: BlockSchema | None) -> bool:
    """Whether the object is there and nothing differs but what only the provider decides."""
    if drift.actual is None:
        return False
    return all(is_decided_by_provider(schema, path) for path, *_ in differing(drift.recorded, drift.actual))


def is_decided_by_provider(schema: BlockSchema | None, path: Path) -> bool:
    """Whether a part of an object belongs to an attribute that the configuration cannot set."""
    step = path[0]
    attribute = schema.attributes.get(step.name) if schema and isinstance(step, Attr) else None
    return attribute is not None and attribute.computed and not attribute.optional


def differing(
    before: Value | None, after: Value | None, path: Path = ()
) -> Iterator[tuple[Path, Value | None, Value | None]]:
    """The innermost parts that differ, with both values; None where there is none."""
    if before == after or _both_nothing(before, after):
        return
    if before is None or after is None or _is_secret(before) or _is_secret(after):
        if path:
            yield path, before, after
        return
    if type(before.raw) is dict and type(after.raw) is dict:
        old, new = before.attributes, after.attributes
        for key in sorted(old.keys() | new.keys()):
            yield from differing(old.get(key), new.get(key), (*path, Attr(key)))
        return
    if _is_sequence(before) and _is_sequence(after) and len(before.elements) == len(after.elements):
        for at, (left, right) in enumerate(zip(before.elements, after.elements, strict=True)):
            yield from differing(left, right, (*path, Index(at)))
        return
    yield path, before, after


def _both_nothing(before: Value | None, after: Value | None) -> bool:
    return (before is None or before.raw is None) and (after is None or after.raw is None)


def _is_secret(value: Value) -> bool:
    return SENSITIVE in value.marks


def _is_sequence(value: Value) -> bool:
    return type(value.raw) is tuple and not isinstance(value.type, SetType)
