"""Paths through values: the parts of a value by path, and marks put on or taken off at one."""

from __future__ import annotations

from collections.abc import Iterator

from mooring.core.paths import Attr, Index, Path
from mooring.core.types import ObjectType, SetType
from mooring.core.values import Marks, Value, has_marks, unmark


def walk(value: Value, path: Path = ()) -> Iterator[tuple[Path, Value]]:
    """The value and every part of it, at any depth, each with its path, outermost first."""
    yield path, value
    raw = value.raw
    if type(raw) is dict:
        is_object = isinstance(value.type, ObjectType)
        for name, part in raw.items():
            yield from walk(part, (*path, Attr(name) if is_object else Index(name)))
    elif type(raw) is tuple:
        is_set = isinstance(value.type, SetType)
        for position, part in enumerate(raw):
            yield from walk(part, (*path, Index(part if is_set else position)))


def value_at(value: Value, path: Path) -> Value | None:
    """The part at `path`, or None where the path leads nowhere (through null, unknown or a missing key)."""
    for step in path:
        raw = value.raw
        key = step.name if isinstance(step, Attr) else step.key
        if type(raw) is dict and isinstance(key, str) and key in raw:
            value = raw[key]
        elif type(raw) is tuple and isinstance(key, int) and 0 <= key < len(raw):
            value = raw[key]
        elif type(raw) is tuple and isinstance(key, Value) and key in raw:
            value = key
        else:
            return None
    return value


def mark_at(value: Value, path: Path, marks: Marks) -> Value:
    """The value with marks added to the part at `path`; where the path leads nowhere, nothing changes."""
    if not path:
        return value.marked(marks)
    step, rest = path[0], path[1:]
    raw = value.raw
    key = step.name if isinstance(step, Attr) else step.key
    if type(raw) is dict and isinstance(key, str) and key in raw:
        items = {name: mark_at(part, rest, marks) if name == key else part for name, part in raw.items()}
        return Value(value.type, items, value.marks)
    if isinstance(value.type, SetType):
        return value.marked(marks)
    if type(raw) is tuple and isinstance(key, int) and 0 <= key < len(raw):
        marked = mark_at(raw[key], rest, marks)
        return Value(value.type, (*raw[:key], marked, *raw[key + 1 :]), value.marks)
    return value


def unmark_with_paths(value: Value) -> tuple[Value, tuple[tuple[Path, Marks], ...]]:
    """The value with no mark at any depth, and where the marks were, outermost first."""
    if not has_marks(value):
        return value, ()
    found = tuple((path, part.marks) for path, part in walk(value) if part.marks)
    return unmark(value)[0], found
