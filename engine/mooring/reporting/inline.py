"""A value on one line, for lists of differences; sensitive parts are not shown."""

from __future__ import annotations

import re
from typing import Final

from mooring.core.numbers import format_number
from mooring.core.values import SENSITIVE, Value
from mooring.reporting.values_text import SENSITIVE_TEXT, UNKNOWN_TEXT, quoted

_BARE_KEY: Final = re.compile(r"[^\W\d][\w-]*")


def inline(value: Value | None) -> str:
    """`"text"`, `[1, 2]`, `{ a = 1 }`; nothing at all is `(none)`."""
    if value is None:
        return "(none)"
    if SENSITIVE in value.marks:
        return SENSITIVE_TEXT
    if not value.is_known:
        return UNKNOWN_TEXT
    raw = value.raw
    if raw is None:
        return "null"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        return quoted(raw)
    if type(raw) is tuple:
        return f"[{', '.join(inline(part) for part in value.elements)}]"
    if type(raw) is dict:
        members = [f"{_key(name)} = {inline(part)}" for name, part in value.attributes.items()]
        return f"{{ {', '.join(members)} }}" if members else "{}"
    return format_number(value.number)


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else quoted(name)
