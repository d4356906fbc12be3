"""Reading arguments: what several families of functions ask of them."""

from __future__ import annotations

from mooring.core.types import ListType, MapType, ObjectType, SetType, TupleType, Type
from mooring.core.values import Value
from mooring.lang.functions.model import ArgumentError, CallError

_INT64 = 2**63


def whole_number(value: Value) -> int:
    """A number as a Python integer of 64 bits. Raises `CallError` for any other number."""
    number = value.number
    if isinstance(number, float) and number.is_integer():
        number = int(number)
    if not isinstance(number, int) or not -_INT64 <= number < _INT64:
        raise CallError(f"a whole number between -{_INT64} and {_INT64 - 1} is required")
    return number


def element_types(of: Type) -> tuple[Type, ...] | None:
    """The types of the parts of a tuple or object; None for any other type."""
    if isinstance(of, TupleType):
        return of.elements
    return tuple(of.attributes.values()) if isinstance(of, ObjectType) else None


def is_sequence(of: Type) -> bool:
    """Whether it is a list or a tuple."""
    return isinstance(of, ListType | TupleType)


def is_collection(of: Type) -> bool:
    """Whether it is a list, set, map, tuple or object."""
    return isinstance(of, ListType | SetType | TupleType | MapType | ObjectType)


def list_of_one_type(value: Value, position: int) -> Type:
    """The element type of a list argument. Raises `ArgumentError` for any other type."""
    if isinstance(value.type, ListType):
        return value.type.element
    raise ArgumentError(position, "a list is required")
