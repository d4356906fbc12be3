"""Reading arguments: what several families of functions ask of them."""

from __future__ import annotations

from mooring.core.conversion import convert
from mooring.core.types import DYNAMIC, Type
from mooring.core.values import Value
from mooring.lang.functions.model import ArgumentError, Call, CallError

_INT64 = 2**63


def whole_number(value: Value) -> int:
    """A number as a Python integer of 64 bits. Raises `CallError` for any other number."""
    found = integer(value)
    if found is None or not -_INT64 <= found < _INT64:
        raise CallError(f"a whole number between -{_INT64} and {_INT64 - 1} is required")
    return found


def integer(value: Value) -> int | None:
    """A number as a Python integer of any size; None if it is not whole."""
    number = value.number
    if isinstance(number, float) and number.is_integer():
        return int(number)
    return number if isinstance(number, int) else None


def whole_argument(call: Call, position: int) -> int:
    """The same of an argument, for functions that hold the argument to account. Raises `ArgumentError`."""
    try:
        return whole_number(call[position])
    except CallError as problem:
        raise ArgumentError(position, str(problem)) from problem


def converted(value: Value, to: Type | None) -> Value:
    """A value as one of the type that `unify` found; as it is if it found none, or cannot be that."""
    found = convert(value, to if to is not None else DYNAMIC)
    return found if isinstance(found, Value) else value
