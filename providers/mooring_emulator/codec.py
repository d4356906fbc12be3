"""JSON at the edge: bytes to values and back, and the two merges ARM uses.

Owns the `Json` aliases, the only place of this package where `Any` is spoken. Knows nothing of Azure.
"""

import re
from collections.abc import Mapping
from typing import Any, TypeAlias

import msgspec

_RELAXED = re.compile(
    r'"(?:\\.|[^"\\])*"|//[^\n]*|/\*.*?\*/|(?P<name>(?<![\w."])[A-Za-z_]\w*(?=\s*:))', re.DOTALL
)
Json: TypeAlias = Any
"""A decoded JSON value: dict, list, str, int, float, bool or None."""

JsonObject: TypeAlias = dict[str, Any]
"""A decoded JSON object."""


def encode(value: Json) -> bytes:
    """Write a JSON value as UTF-8 bytes."""
    return msgspec.json.encode(value)


def decode(text: bytes | str) -> Json:
    """Read a JSON value; raises ValueError when the text is not JSON."""
    return msgspec.json.decode(text)


def decode_relaxed(text: str) -> Json:
    """Read JSON with comments and names without quotes, as ARM does; raises ValueError.

    az CLI writes `template:` without quotes into a deployment.
    """
    return decode(_RELAXED.sub(_plain, text))


def _plain(match: re.Match[str]) -> str:
    if match["name"]:
        return f'"{match["name"]}"'
    return match[0] if match[0].startswith('"') else " "


def as_object(value: Json) -> JsonObject:
    """Give the value when it is an object, an empty object otherwise."""
    return value if isinstance(value, dict) else {}


def merge_patch(base: Json, patch: Json) -> Json:
    """Apply a JSON merge patch (RFC 7396) and return a new value; neither argument changes."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(as_object(base))
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def overlay(base: Mapping[str, Json], top: Mapping[str, Json]) -> JsonObject:
    """Lay one object over another, member by member; a null on top wins, unlike in a merge patch."""
    merged = dict(base)
    for name, value in top.items():
        below = merged.get(name)
        both = isinstance(below, dict) and isinstance(value, dict)
        merged[name] = overlay(below, value) if both and isinstance(below, dict) else value
    return merged
