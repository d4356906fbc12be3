"""Values and types as text that reads like the language: what a console and `output` show.

Owns the layout, which is Terraform's; never shows a sensitive value.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from mooring.core.numbers import format_number
from mooring.core.types import (
    STRING,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
)
from mooring.core.values import EPHEMERAL, SENSITIVE, Value


def render(value: Value, indent: int = 0) -> str:
    """A value as an expression: `tolist([...])`, `{ "a" = 1 }`, a heredoc for text of several lines."""
    if SENSITIVE in value.marks:
        return "(sensitive value)"
    if EPHEMERAL in value.marks:
        return "(ephemeral value)"
    if not value.is_known:
        return "(known after apply)"
    raw = value.raw
    if raw is None:
        return _null(value.type)
    if isinstance(raw, tuple):
        return _sequence(value, raw, indent)
    if isinstance(raw, dict):
        return _mapping(value, raw, indent)
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return _string(raw, indent) if isinstance(raw, str) else format_number(value.number)


def _null(kind: Type) -> str:
    if kind is STRING:
        return "tostring(null)"
    match kind:
        case ListType():
            return f"tolist(null) /* of {_one_line(kind.element)} */"
        case SetType():
            return f"toset(null) /* of {_one_line(kind.element)} */"
        case MapType():
            return f"tomap(null) /* of {_one_line(kind.element)} */"
        case Primitive() if kind.value in ("number", "bool"):
            return f"to{kind.value}(null)"
        case ObjectType():
            return "null /* object */"
        case _:
            return "null"


def _sequence(value: Value, elements: Iterable[Value], indent: int) -> str:
    items = [" " * (indent + 2) + render(each, indent + 2) + ",\n" for each in elements]
    inner = "[\n" + "".join(items) + " " * indent + "]" if items else "[]"
    match value.type:
        case ListType():
            return f"tolist({inner})"
        case SetType():
            return f"toset({inner})"
        case _:
            return inner


def _mapping(value: Value, items: dict[str, Value], indent: int) -> str:
    pad = " " * (indent + 2)
    lines = [f"{pad}{_quote(key)} = {render(each, indent + 2)}\n" for key, each in items.items()]
    inner = "{\n" + "".join(lines) + " " * indent + "}" if lines else "{}"
    return f"tomap({inner})" if isinstance(value.type, MapType) else inner


def _string(text: str, indent: int) -> str:
    lines = text.split("\n")
    if len(lines) == 1:
        return _quote(text)
    marker = "EOT"
    while marker in lines:
        marker += "_"
    pad = " " * indent
    opening = "<<-" if indent else "<<"
    return f"{opening}{marker}\n" + "".join(f"{pad}{line}\n" for line in lines) + pad + marker


def _quote(text: str) -> str:
    quoted = [_ESCAPES.get(character) or _character(character) for character in text]
    return f'"{"".join(quoted)}"'


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _character(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


# -- types ---------------------------------------------------------------------------------------


def render_type(of: Type, indent: int = 0) -> str:
    """A type as a constraint, structures over several lines."""
    match of:
        case Primitive():
            return of.value
        case ListType(element):
            return f"list({_element(element, indent)})"
        case SetType(element):
            return f"set({_element(element, indent)})"
        case MapType(element):
            return f"map({_element(element, indent)})"
        case TupleType(elements):
            lines = [f"{' ' * (indent + 4)}{render_type(each, indent + 4)},\n" for each in elements]
            return "tuple([\n" + "".join(lines) + " " * indent + "])" if lines else "tuple([])"
        case ObjectType(attributes):
            lines = [
                f"{' ' * (indent + 4)}{name}: {render_type(attributes[name], indent + 4)},\n"
                for name in sorted(attributes)
            ]
            return "object({\n" + "".join(lines) + " " * indent + "})" if lines else "object({})"


def _element(of: Type, indent: int) -> str:
    if not isinstance(of, ObjectType | TupleType):
        return render_type(of, indent)
    return f"\n{' ' * (indent + 4)}{render_type(of, indent + 4)},\n{' ' * indent}"


def _one_line(of: Type) -> str:
    return json.dumps(of.value)[1:-1] if isinstance(of, Primitive) else " ".join(render_type(of).split())
