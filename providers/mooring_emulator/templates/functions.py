"""The template functions that depend on their arguments alone.

Source: "ARM template functions" (array, comparison, logical, numeric, object, string). `guid` is the UUID of
version 5 in ARM's namespace; `uniqueString` has the right length and alphabet but not ARM's digest, which is
not published.
"""

import base64
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from urllib.parse import quote, unquote, urljoin

from mooring_emulator.codec import Json, encode
from mooring_emulator.templates.expressions import Function

_GUID_NAMESPACE = uuid.UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830")


def _text(value: Json) -> str:
    if isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else encode(value).decode()


def _concat(values: Sequence[Json]) -> Json:
    if values and isinstance(values[0], list):
        return [item for value in values for item in value]
    return "".join(_text(value) for value in values)


def _contains(values: Sequence[Json]) -> bool:
    container, item = values
    if isinstance(container, dict):
        return str(item).lower() in {name.lower() for name in container}
    return item in container


def _equals(values: Sequence[Json]) -> bool:
    left, right = values
    return bool(left == right and isinstance(left, bool) == isinstance(right, bool))


def _union(values: Sequence[Json]) -> Json:
    if isinstance(values[0], dict):
        return {name: member for value in values for name, member in value.items()}
    merged: list[Json] = []
    for item in (item for value in values for item in value):
        merged += [] if item in merged else [item]
    return merged


def _intersection(values: Sequence[Json]) -> Json:
    first, *others = values
    if isinstance(first, dict):
        return {
            name: value for name, value in first.items() if all(other.get(name) == value for other in others)
        }
    return [item for item in first if all(item in other for other in others)]


def _unique_string(values: Sequence[Json]) -> str:
    digest = hashlib.sha256("-".join(_text(value) for value in values).encode()).digest()
    return base64.b32encode(digest).decode().lower()[:13]


def _format(values: Sequence[Json]) -> str:
    template, *arguments = values
    text: str = template
    for position, argument in enumerate(arguments):
        text = text.replace(f"{{{position}}}", _text(argument))
    return text


def _take(values: Sequence[Json]) -> Json:
    value, count = values
    return value[: max(count, 0)]


def _skip(values: Sequence[Json]) -> Json:
    value, count = values
    return value[max(count, 0) :]


def _divide(values: Sequence[Json]) -> int:
    left, right = values
    if right == 0:
        raise ValueError("division by zero")
    return int(left / right)


def _substring(values: Sequence[Json]) -> str:
    text, start, *length = values
    end = start + length[0] if length else len(text)
    if not 0 <= start <= end <= len(text):
        raise ValueError("outside of the string")
    return str(text[start:end])


def _split(values: Sequence[Json]) -> list[str]:
    text, separators = values
    marks = [separators] if isinstance(separators, str) else separators
    for mark in marks[1:]:
        text = text.replace(mark, marks[0])
    parts: list[str] = text.split(marks[0])
    return parts


def _smallest(values: Sequence[Json]) -> Json:
    return min(values[0] if len(values) == 1 else values)


def _largest(values: Sequence[Json]) -> Json:
    return max(values[0] if len(values) == 1 else values)


def _range(values: Sequence[Json]) -> list[int]:
    start, count = values
    if count > 10_000:
        raise ValueError("too many")
    return list(range(start, start + count))


PURE: Mapping[str, Function] = {
    "add": lambda v: v[0] + v[1],
    "and": all,
    "array": lambda v: v[0] if isinstance(v[0], list) else [v[0]],
    "base64": lambda v: base64.b64encode(v[0].encode()).decode(),
    "base64tostring": lambda v: base64.b64decode(v[0]).decode(),
    "bool": lambda v: v[0].lower() == "true" if isinstance(v[0], str) else bool(v[0]),
    "coalesce": lambda v: next((value for value in v if value is not None), None),
    "concat": _concat,
    "contains": _contains,
    "createarray": list,
    "createobject": lambda v: dict(zip(v[0::2], v[1::2], strict=True)),
    "div": _divide,
    "empty": lambda v: v[0] is None or v[0] in ("", [], {}),
    "endswith": lambda v: v[0].lower().endswith(v[1].lower()),
    "equals": _equals,
    "false": lambda _: False,
    "first": lambda v: v[0][0] if v[0] else ("" if isinstance(v[0], str) else None),
    "float": lambda v: float(v[0]),
    "format": _format,
    "greater": lambda v: v[0] > v[1],
    "greaterorequals": lambda v: v[0] >= v[1],
    "guid": lambda v: str(uuid.uuid5(_GUID_NAMESPACE, "-".join(_text(value) for value in v))),
    "if": lambda v: v[1] if v[0] else v[2],
    "indexof": lambda v: v[0].lower().find(v[1].lower()),
    "int": lambda v: int(v[0]),
    "intersection": _intersection,
    "join": lambda v: v[1].join(_text(value) for value in v[0]),
    "json": lambda v: json.loads(v[0]),
    "last": lambda v: v[0][-1] if v[0] else ("" if isinstance(v[0], str) else None),
    "length": lambda v: len(v[0]),
    "less": lambda v: v[0] < v[1],
    "lessorequals": lambda v: v[0] <= v[1],
    "max": _largest,
    "min": _smallest,
    "mod": lambda v: v[0] % v[1] if v[1] else _divide(v),
    "mul": lambda v: v[0] * v[1] if abs(v[0] * 1.0 * v[1]) < 1e18 else _divide((1, 0)),
    "not": lambda v: not v[0],
    "null": lambda _: None,
    "or": any,
    "padleft": lambda v: _text(v[0]).rjust(min(v[1], 1000), v[2] if len(v) > 2 else " "),
    "range": _range,
    "replace": lambda v: v[0].replace(v[1], v[2]),
    "skip": _skip,
    "split": _split,
    "startswith": lambda v: v[0].lower().startswith(v[1].lower()),
    "string": lambda v: _text(v[0]),
    "sub": lambda v: v[0] - v[1],
    "substring": _substring,
    "take": _take,
    "tolower": lambda v: v[0].lower(),
    "toupper": lambda v: v[0].upper(),
    "trim": lambda v: v[0].strip(),
    "true": lambda _: True,
    "union": _union,
    "uniquestring": _unique_string,
    "uri": lambda v: urljoin(v[0], v[1]),
    "uricomponent": lambda v: quote(v[0], safe=""),
    "uricomponenttostring": lambda v: unquote(v[0]),
}
"""By lower-case name."""
