"""The types of the language: three primitives, three collections, two structures, and `dynamic`.

`DYNAMIC` is both the constraint `any` and the type of a value whose type is not decided yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

from mooring.core.records import field, record


class Primitive(Enum):
    """A type without parts."""

    STRING = "string"
    NUMBER = "number"
    BOOL = "bool"
    DYNAMIC = "dynamic"

    def __repr__(self) -> str:
        return self.name


STRING: Final = Primitive.STRING
NUMBER: Final = Primitive.NUMBER
BOOL: Final = Primitive.BOOL
DYNAMIC: Final = Primitive.DYNAMIC


@record
class ListType:
    """A sequence whose elements share a type."""

    element: Type


@record
class SetType:
    """Distinct elements of one type, in no order of their own."""

    element: Type


@record
class MapType:
    """String keys to values of one type."""

    element: Type


@record
class TupleType:
    """A sequence of fixed length in which each element has its own type."""

    elements: tuple[Type, ...]


@record
class ObjectType:
    """Named attributes, each with its own type; `optional` holds the names that `optional(...)` marks.

    Only type constraints have optional attributes: a value's type never does.
    """

    attributes: Mapping[str, Type]
    optional: frozenset[str] = field(default=frozenset())

    def __hash__(self) -> int:
        return hash((frozenset(self.attributes.items()), self.optional))


Collection = ListType | SetType | MapType
Structure = TupleType | ObjectType
Type = Primitive | Collection | Structure

EMPTY_OBJECT: Final = ObjectType({})
EMPTY_TUPLE: Final = TupleType(())


def has_dynamic(of: Type) -> bool:
    """Whether the type has a part that is not decided."""
    match of:
        case Primitive():
            return of is DYNAMIC
        case ListType(element) | SetType(element) | MapType(element):
            return has_dynamic(element)
        case TupleType(elements):
            return any(has_dynamic(element) for element in elements)
        case ObjectType(attributes):
            return any(has_dynamic(attribute) for attribute in attributes.values())


def friendly_name(of: Type) -> str:
    """What messages call the type: `list of string`, `object`, `tuple`, `dynamic`."""
    match of:
        case Primitive():
            return of.value
        case ListType(element):
            return f"list of {friendly_name(element)}"
        case SetType(element):
            return f"set of {friendly_name(element)}"
        case MapType(element):
            return f"map of {friendly_name(element)}"
        case TupleType():
            return "tuple"
        case ObjectType():
            return "object"
