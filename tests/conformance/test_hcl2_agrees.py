"""python-hcl2, a parser that shares no code with ours, sees the same blocks, arguments and constants."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.conformance.corpus import VISIBLE

from mooring.core.numbers import Number
from mooring.core.spans import Source
from mooring.syntax.native_body import NativeBody
from mooring.syntax.nodes import Expression, Literal
from mooring.syntax.parser import parse_native

Seen = tuple[object, ...]
LEAST_FILES = 300
_EXPONENT = re.compile(r"[0-9.]+[eE].*")


def ours(body: NativeBody, path: Seen = ()) -> Iterator[Seen]:
    """Every block with the way to it, and every argument with its constant value."""
    for name, attribute in body.attributes.items():
        yield *path, name, *constant(attribute.expression)
    for block in body.blocks:
        inner = (*path, block.type, *block.labels)
        yield inner
        assert isinstance(block.body, NativeBody)
        yield from ours(block.body, inner)


def constant(expression: Expression) -> tuple[object, ...]:
    if not isinstance(expression, Literal) or not is_plain(expression.span.text):
        return ("expression",)
    raw = expression.value.raw
    return (float(raw) if isinstance(raw, Number) and not isinstance(raw, bool) else raw,)


def is_plain(text: str) -> bool:
    """Whether the two write a constant alike: no escapes, no heredocs, no exponents."""
    return not any(mark in text for mark in ("\\", "{", "<<")) and not _EXPONENT.fullmatch(text)


def theirs(body: Mapping[str, Any], mine: frozenset[Seen], path: Seen = ()) -> Iterator[Seen]:
    """The same from python-hcl2's dictionaries; what is an expression to us is one here."""
    for name, value in body.items():
        if name in ("__is_block__", "__comments__", "__inline_comments__"):
            continue
        if isinstance(value, list) and value and all(is_block(each) for each in value):
            for each in value:
                yield from their_block(each, mine, (*path, name))
        elif (*path, name, "expression") in mine:
            yield *path, name, "expression"
        else:
            yield *path, name, their_constant(value)


def is_block(value: object) -> bool:
    """Whether a dictionary is a block, or leads to one through its labels."""
    while isinstance(value, dict) and "__is_block__" not in value and len(value) == 1:
        (value,) = value.values()
    return isinstance(value, dict) and "__is_block__" in value


def their_block(block: Mapping[str, Any], mine: frozenset[Seen], path: Seen) -> Iterator[Seen]:
    while "__is_block__" not in block:
        ((label, block),) = block.items()
        path = (*path, label.strip('"'))
    yield path
    yield from theirs(block, mine, path)


def their_constant(value: object) -> object:
    if isinstance(value, str):
        return value[1:-1] if value.startswith('"') else value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return repr(value) if isinstance(value, list | dict) else value


def parsed_by_hcl2(text: str) -> Mapping[str, Any] | None:
    import hcl2

    try:
        found: Mapping[str, Any] = hcl2.loads(text)
    except Exception:  # noqa: BLE001 - it has many; what it refuses is not compared
        return None
    return found


def differences(path: Path) -> tuple[bool, set[Seen]]:
    """Whether both accept a file, and what only one of them sees."""
    text = path.read_bytes().decode("utf-8", "replace")
    body, diags = parse_native(Source(path.name, text))
    other = parsed_by_hcl2(text)
    if diags or other is None:
        return False, set()
    assert isinstance(body, NativeBody)
    mine = frozenset(ours(body))
    different = mine ^ frozenset(theirs(other, mine))
    return True, {each for each in different if (*each[:-1], "expression") not in mine}


def test_blocks_and_constants_agree() -> None:
    files = sorted(VISIBLE.rglob("*.tf"))
    compared = {path: differences(path) for path in files}
    both = {path: different for path, (accepted, different) in compared.items() if accepted}
    assert len(both) >= LEAST_FILES
    assert {path.name: different for path, different in both.items() if different} == {}
