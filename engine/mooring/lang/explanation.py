"""What the references in a failing expression stood for: `var.x` `is "abc"`.

Owns the phrases that describe a value to the user in a line, without ever showing a sensitive one.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from mooring.core.diagnostics import ReferenceValue
from mooring.core.numbers import format_number
from mooring.core.types import DYNAMIC, STRING, ObjectType, friendly_name
from mooring.core.values import EPHEMERAL, SENSITIVE, Value, has_marks
from mooring.syntax.nodes import Expression, Traversal
from mooring.syntax.static import traversals

_LONGEST_TEXT = 120


def explain_with(
    expression: Expression, attempt: Callable[[Traversal], Value | None]
) -> tuple[ReferenceValue, ...]:
    """The values of all references in an expression that have one, ordered by name.

    `attempt` evaluates a reference; it gives None for one that fails.
    """
    found: dict[str, str] = {}
    for reference in traversals(expression):
        value = attempt(reference)
        if value is not None:
            found[reference.span.text] = statement(value)
    return tuple(ReferenceValue(traversal=name, statement=found[name]) for name in sorted(found))


def statement(value: Value) -> str:
    """A phrase that says what a value is: `is "abc"`, `is list of string with 3 elements`."""
    if SENSITIVE in value.marks:
        return "has a sensitive value"
    if EPHEMERAL in value.marks:
        return "has an ephemeral value"
    if not value.is_known:
        if value.type is DYNAMIC:
            return "will be known only after apply"
        return f"is a {friendly_name(value.type)}, known only after apply"
    return f"is {_summary(value)}"


def _summary(value: Value) -> str:
    raw = value.raw
    if raw is None:
        return "null"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        return _quoted(raw)
    if isinstance(raw, tuple | dict):
        return _size(value, len(raw))
    return format_number(value.number)


def _quoted(text: str) -> str:
    shown = text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "…"
    return json.dumps(shown, ensure_ascii=False)


def _size(value: Value, size: int) -> str:
    name = friendly_name(value.type)
    if isinstance(value.type, ObjectType):
        counted = {0: "no attributes", 1: f"1 attribute {json.dumps(next(iter(value.attributes), ''))}"}
        return f"{name} with {counted.get(size, f'{size} attributes')}"
    if size == 0:
        return f"empty {name}"
    return f"{name} with {size} element{'s' if size > 1 else ''}"


def describe(value: Value) -> str:
    """A value inside a sentence: short, and masked if any part of it is marked."""
    if has_marks(value):
        return "a sensitive value" if value.is_sensitive else f"a marked {friendly_name(value.type)}"
    if not value.is_known:
        return "a value known only after apply"
    return _summary(value) if value.type is not STRING or value.is_null else _quoted(value.text)
