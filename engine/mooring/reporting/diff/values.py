"""Compares two values. Pure.

A value that is not there is None. `strict` is for values whose type the schema fixes: null members of an
object then are the same as absent ones. Where the schema leaves the type open, null is a value like others.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mooring.core.codec import implied, loads
from mooring.core.paths import Attr, Path, Step
from mooring.core.types import MapType, SetType
from mooring.core.values import SENSITIVE, Value, unmark
from mooring.reporting.diff.model import (
    Change,
    Diff,
    Encoded,
    Exchanged,
    Items,
    Members,
    Secret,
    TextLines,
    Unresolved,
    Whole,
)
from mooring.reporting.diff.sequences import align, gaps

Paths = tuple[Path, ...]
_CONTAINERS: Final = ("{", "[")


def present(value: Value | None) -> Value | None:
    """The value, unless it is null."""
    return None if value is None or value.raw is None else value


def below(paths: Paths, step: Step) -> Paths:
    """What is left of the paths that begin with this step."""
    if not paths:
        return ()
    return tuple(path[1:] for path in paths if path and _same_step(path[0], step))


def _same_step(one: Step, other: Step) -> bool:
    left = one.name if isinstance(one, Attr) else one.key
    right = other.name if isinstance(other, Attr) else other.key
    return left == right


def compare(before: Value | None, after: Value | None, *, strict: bool = False, replaced: Paths = ()) -> Diff:
    """How `before` becomes `after`; one of them at least is there.

    `replaced` are the paths, seen from here, whose change forces a replacement.
    """
    replaces = () in replaced
    if is_secret(before) or is_secret(after):
        return _compare_secrets(before, after, replaces=replaces)
    if after is None:
        assert before is not None
        return Whole(Change.DELETE, before, strict, replaces)
    if not after.is_known:
        return Unresolved(before, strict, replaces)
    if before is None:
        return Whole(Change.CREATE, after, strict, replaces)
    if before == after:
        return Whole(Change.NO_OP, after, strict)
    return _compare_known(before, after, strict=strict, replaced=replaced)


def is_secret(value: Value | None) -> bool:
    """Whether there is a value, and it is sensitive as a whole."""
    return value is not None and SENSITIVE in value.marks


def _compare_secrets(before: Value | None, after: Value | None, *, replaces: bool) -> Diff:
    if before is None or after is None:
        change = Change.CREATE if before is None else Change.DELETE
        return Secret(change, replaces=replaces)
    same = unmark(before)[0] == unmark(after)[0]
    if is_secret(before) == is_secret(after):
        return Secret(Change.NO_OP if same else Change.UPDATE, replaces=replaces)
    return Secret(Change.UPDATE, "gains" if is_secret(after) else "loses", same, replaces)


def _compare_known(before: Value, after: Value, *, strict: bool, replaced: Paths) -> Diff:
    replaces = () in replaced
    if type(before.raw) is dict and type(after.raw) is dict:
        return _compare_members(before, after, strict=strict, replaced=replaced)
    if type(before.raw) is tuple and type(after.raw) is tuple:
        return _compare_items(before, after, strict=strict, replaces=replaces)
    if type(before.raw) is str and type(after.raw) is str:
        return _compare_texts(before, after, replaces=replaces)
    if before.raw == after.raw and type(before.raw) is type(after.raw):
        return Whole(Change.NO_OP, after, strict)
    return Exchanged(before, after, strict, replaces)


def _has_lines(*values: Value) -> bool:
    return any(isinstance(value.raw, str) and "\n" in value.raw for value in values)


def _compare_members(before: Value, after: Value, *, strict: bool, replaced: Paths) -> Diff:
    old, new = before.attributes, after.attributes
    entries: list[tuple[str, Diff]] = []
    for key in sorted(old.keys() | new.keys()):
        was, will = old.get(key), new.get(key)
        if strict:
            was, will = present(was), present(will)
            if was is None and will is None:
                continue
        entries.append((key, compare(was, will, strict=strict, replaced=below(replaced, Attr(key)))))
    if all(diff.change is Change.NO_OP for _, diff in entries):
        return Whole(Change.NO_OP, after, strict)
    return Members(tuple(entries), strict and isinstance(after.type, MapType), () in replaced)


def _compare_items(before: Value, after: Value, *, strict: bool, replaces: bool) -> Diff:
    old, new = before.elements, after.elements
    is_set = isinstance(before.type, SetType) and isinstance(after.type, SetType)
    pairs = set_pairs(old, new) if is_set else align(old, new, _both_objects)
    entries = tuple(
        compare(None if i is None else old[i], None if j is None else new[j], strict=strict) for i, j in pairs
    )
    if all(diff.change is Change.NO_OP for diff in entries):
        return Whole(Change.NO_OP, after, strict)
    return Items(entries, is_set, replaces)


def set_pairs(old: tuple[Value, ...], new: tuple[Value, ...]) -> list[tuple[int | None, int | None]]:
    """Elements of sets are the same or are not; there is no third."""
    places = {value: at for at, value in enumerate(new)}
    taken = [places.get(value) for value in old]
    kept = set(taken)
    added: Iterable[tuple[int | None, int | None]] = ((None, at) for at in range(len(new)) if at not in kept)
    return [*enumerate(taken), *added]


def _both_objects(before: Value, after: Value) -> bool:
    return type(before.raw) is dict and type(after.raw) is dict


def _compare_texts(before: Value, after: Value, *, replaces: bool) -> Diff:
    if before.text == after.text:
        return Whole(Change.NO_OP, after)
    was, will = decoded_json(before.text), decoded_json(after.text)
    if was is not None and will is not None:
        return Encoded(compare(was, will), replaces)
    if was is None and will is None and _has_lines(before, after):
        return TextLines(tuple(_compare_lines(text_lines(before.text), text_lines(after.text))), replaces)
    return Exchanged(before, after, replaces=replaces)


def text_lines(text: str) -> list[str]:
    """The lines to show of a text; a last line ending is not shown."""
    return text.removesuffix("\n").split("\n")


def _compare_lines(old: list[str], new: list[str]) -> Iterable[tuple[Change, str]]:
    for i, j in gaps(old, new):
        if i is None:
            assert j is not None
            yield Change.CREATE, new[j]
        else:
            yield (Change.DELETE if j is None else Change.NO_OP), old[i]


def decoded_json(text: str) -> Value | None:
    """The value of a string that holds a JSON object or array; None for any other."""
    if not text.lstrip().startswith(_CONTAINERS):
        return None
    try:
        return implied(loads(text))
    except (ValueError, RecursionError):
        return None
