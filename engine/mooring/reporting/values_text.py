"""Values as `moor output` and `moor console` print them: HCL-like, with `tolist(...)` where it is needed.

Sensitive parts are never shown.
"""

from __future__ import annotations

import re
from typing import Final

from mooring.core.numbers import format_number
from mooring.core.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    Primitive,
    SetType,
    TupleType,
    Type,
    friendly_name,
)
from mooring.core.values import EPHEMERAL, SENSITIVE, Value
from mooring.reporting.style import printable

SENSITIVE_TEXT: Final = "(sensitive value)"
EPHEMERAL_TEXT: Final = "(ephemeral value)"
UNKNOWN_TEXT: Final = "(known after apply)"
_ESCAPES: Final = {
    "\a": "\\a",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\v": "\\v",
    "\f": "\\f",
    "\r": "\\r",
    '"': '\\"',
    "\\": "\\\\",
}
_SPECIAL: Final = re.compile(r'[\x00-\x1f\x7f-\x9f"\\]')
_TYPED_NULLS: Final = {STRING: "tostring(null)", NUMBER: "tonumber(null)", BOOL: "tobool(null)"}


def format_value(value: Value, indent: int = 0) -> str:
    """The value over as many lines as it needs; all lines but the first are indented by `indent`."""
    if SENSITIVE in value.marks:
        return SENSITIVE_TEXT
    if EPHEMERAL in value.marks:
        return EPHEMERAL_TEXT
    if not value.is_known:
        return UNKNOWN_TEXT
    if value.raw is None:
        return _null(value.type)
    if isinstance(value.type, Primitive):
        return _primitive(value, indent)
    if isinstance(value.type, ListType | SetType | TupleType):
        return _sequence(value, indent)
    return _mapping(value, indent)


def quoted(text: str) -> str:
    """A string in quotes, control characters escaped."""
    return f'"{_SPECIAL.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    return _ESCAPES.get(char) or f"\\x{ord(char):02x}"


def _null(of: Type) -> str:
    if of is DYNAMIC:
        return "null"
    if isinstance(of, Primitive):
        return _TYPED_NULLS[of]
    if isinstance(of, ListType | SetType | MapType):
        function = {ListType: "tolist", SetType: "toset", MapType: "tomap"}[type(of)]
        return f"{function}(null) /* of {friendly_name(of.element)} */"
    return f"null /* {friendly_name(of)} */"


def _primitive(value: Value, indent: int) -> str:
    raw = value.raw
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        return _heredoc(raw, indent) if "\n" in raw else quoted(raw)
    return format_number(value.number)


def _heredoc(text: str, indent: int) -> str:
    lines = text.split("\n")
    marker = "EOT"
    while marker in {line.strip() for line in lines}:
        marker += "_"
    margin = " " * indent
    start = f"<<-{marker}" if indent else f"<<{marker}"
    return "\n".join([start, *(margin + printable(line) for line in lines), margin + marker])


def _sequence(value: Value, indent: int) -> str:
    opening, closing = "[", "]"
    if isinstance(value.type, ListType):
        opening, closing = "tolist([", "])"
    elif isinstance(value.type, SetType):
        opening, closing = "toset([", "])"
    if not value.elements:
        return opening + closing
    margin = " " * (indent + 2)
    items = "".join(f"{margin}{format_value(part, indent + 2)},\n" for part in value.elements)
    return f"{opening}\n{items}{' ' * indent}{closing}"


def _mapping(value: Value, indent: int) -> str:
    opening, closing = ("tomap({", "})") if isinstance(value.type, MapType) else ("{", "}")
    if not value.attributes:
        return opening + closing
    margin = " " * (indent + 2)
    items = "".join(
        f"{margin}{quoted(key)} = {format_value(part, indent + 2)}\n"
        for key, part in value.attributes.items()
    )
    return f"{opening}\n{items}{' ' * indent}{closing}"
