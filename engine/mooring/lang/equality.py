"""The language's `==`: three answers, because a value that is not known yet may turn out either way."""

from __future__ import annotations

from collections.abc import Iterable

from mooring.core.types import DYNAMIC, SetType, has_dynamic
from mooring.core.values import Unknown, Value


def equal(left: Value, right: Value) -> bool | None:
    """Whether two values are equal; None while that is not known. Values of different types are not equal.

    Two nulls are equal whatever their types. Marks play no part.
    """
    a, b = left.raw, right.raw
    if type(a) is Unknown or type(b) is Unknown:
        return _equal_unknown(left, right)
    if a is None or b is None:
        return a is b
    if left.type != right.type:
        return None if _may_become_alike(left) or _may_become_alike(right) else False
    if type(a) is tuple and type(b) is tuple:
        return _equal_sets(left, right) if isinstance(left.type, SetType) else _equal_sequences(a, b)
    if type(a) is dict and type(b) is dict:
        return a.keys() == b.keys() and _all(equal(a[key], b[key]) for key in a)
    return a == b


def _may_become_alike(value: Value) -> bool:
    """Whether a part is unknown down to its type."""
    return has_dynamic(value.type) and not value.is_wholly_known


def _equal_unknown(left: Value, right: Value) -> bool | None:
    for one, other in ((left, right), (right, left)):
        if type(one.raw) is Unknown and other.raw is None:
            return False if one.raw.not_null else None
    if DYNAMIC not in (left.type, right.type) and left.type != right.type:
        return False
    for one, other in ((left, right), (right, left)):
        if type(one.raw) is Unknown and type(other.raw) is str and not other.raw.startswith(one.raw.prefix):
            return False
    return None


def _equal_sequences(left: tuple[Value, ...], right: tuple[Value, ...]) -> bool | None:
    if len(left) != len(right):
        return False
    return _all(equal(a, b) for a, b in zip(left, right, strict=True))


def _equal_sets(left: Value, right: Value) -> bool | None:
    if not (left.is_wholly_known and right.is_wholly_known):
        return None
    return left.elements == right.elements


def _all(answers: Iterable[bool | None]) -> bool | None:
    """The first answer that is not yes: parts are compared in order, and an open one leaves it open."""
    return next((each for each in answers if each is not True), True)
