"""A way into a value: attribute names and element keys, from the outside in."""

from __future__ import annotations

import json
from typing import NamedTuple

from mooring.core.values import Value


class Attr(NamedTuple):
    """Into the attribute `name` of an object."""

    name: str


class Index(NamedTuple):
    """Into an element: `int` of a list or tuple, `str` of a map, the element itself of a set."""

    key: int | str | Value


Step = Attr | Index
Path = tuple[Step, ...]


def format_path(path: Path) -> str:
    """As it would be written after a reference: `.tags["owner"][0].name`; a set element shows as `[...]`."""
    return "".join(_format_step(step) for step in path)


def _format_step(step: Step) -> str:
    if isinstance(step, Attr):
        return f".{step.name}"
    if isinstance(step.key, int):
        return f"[{step.key}]"
    return f"[{json.dumps(step.key, ensure_ascii=False)}]" if isinstance(step.key, str) else "[...]"
