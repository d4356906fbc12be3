"""Sets: union, intersection, difference, product."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Final

from mooring.core.conversion import convert, unify
from mooring.core.types import DYNAMIC, ListType, SetType, TupleType, Type, friendly_name
from mooring.core.values import NO_MARKS, UNKNOWN_NOT_NULL, Value, set_value, unknown
from mooring.lang.functions.model import ArgumentError, Call, CallError, Function, Parameter

_ANY_SET: Final = SetType(DYNAMIC)


def _result_type(call: Call) -> Type:
    """The set type that all arguments convert to; an empty set of no type goes with any."""
    elements = [each.type.element for each in call.arguments if isinstance(each.type, SetType)]
    solid = [
        element
        for element, each in zip(elements, call.arguments, strict=True)
        if not (element is DYNAMIC and each.raw == ())
    ]
    if not solid:
        return _ANY_SET
    found = unify(solid)
    if found is None:
        raise CallError("the elements of the sets have no type in common")
    return SetType(found)


def _union(one: Value, other: Value) -> tuple[Value, ...]:
    return (*one.elements, *other.elements)


def _intersection(one: Value, other: Value) -> tuple[Value, ...]:
    kept = set(other.elements)
    return tuple(each for each in one.elements if each in kept)


def _difference(one: Value, other: Value) -> tuple[Value, ...]:
    dropped = set(other.elements)
    return tuple(each for each in one.elements if each not in dropped)


def _combine(combine: Callable[[Value, Value], tuple[Value, ...]]) -> Callable[[Call], Value]:
    def body(call: Call) -> Value:
        assert isinstance(call.returns, SetType)
        first, *others = [_converted(each, call.returns) for each in call.arguments]
        if combine is not _union and not all(each.is_wholly_known for each in call.arguments):
            return unknown(call.returns, UNKNOWN_NOT_NULL)
        for other in others:
            first = set_value(call.returns.element, combine(first, other))
        return first

    return body


def _converted(value: Value, to: Type) -> Value:
    converted = convert(value, to)
    if not isinstance(converted, Value):
        raise CallError(f"a set cannot be of the type that the others have: {converted}")
    return converted


# -- setproduct ----------------------------------------------------------------------------------


def _product_type(call: Call) -> Type:
    if len(call) < 2:
        raise CallError("at least two arguments are required")
    row = TupleType(tuple([_element_type(each, at) for at, each in enumerate(call.arguments)]))
    return SetType(row) if any(isinstance(each.type, SetType) for each in call.arguments) else ListType(row)


def _element_type(collection: Value, position: int) -> Type:
    kind = collection.type
    if isinstance(kind, ListType | SetType):
        return kind.element
    if not isinstance(kind, TupleType):
        raise ArgumentError(position, f"a list, set or tuple is required, but have {friendly_name(kind)}")
    found = unify(kind.elements) if kind.elements else DYNAMIC
    if found is None:
        raise ArgumentError(position, "its elements have no type in common")
    return found


def _product(call: Call) -> Value:
    kind = call.returns
    assert isinstance(kind, ListType | SetType)
    assert isinstance(kind.element, TupleType)
    columns = [
        [_converted(each, wanted) for each in collection.elements]
        for collection, wanted in zip(call.arguments, kind.element.elements, strict=True)
    ]
    rows = [Value(kind.element, row) for row in product(*columns)]
    marks = NO_MARKS.union(*[each.marks for each in call.arguments])
    product_value = set_value(kind.element, rows) if isinstance(kind, SetType) else Value(kind, tuple(rows))
    return product_value.marked(marks)


_FIRST: Final = Parameter(name="first_set", description="The set to begin with.", type=_ANY_SET)
_OTHERS: Final = Parameter(name="other_sets", description="The sets to combine it with.", type=_ANY_SET)

FUNCTIONS: Final = (
    Function(
        name="setunion",
        description="What is in any of the sets.",
        parameters=(_FIRST,),
        variadic=_OTHERS,
        returns=_result_type,
        declared=_ANY_SET,
        body=_combine(_union),
    ),
    Function(
        name="setintersection",
        description="What is in each of the sets.",
        parameters=(_FIRST,),
        variadic=_OTHERS,
        returns=_result_type,
        declared=_ANY_SET,
        body=_combine(_intersection),
    ),
    Function(
        name="setsubtract",
        description="What is in one set but not in another.",
        parameters=(
            Parameter(name="a", description="The set to take from.", type=_ANY_SET, whole=True),
            Parameter(name="b", description="The elements to leave out.", type=_ANY_SET, whole=True),
        ),
        returns=_result_type,
        declared=_ANY_SET,
        body=_combine(_difference),
    ),
    Function(
        name="setproduct",
        description="All combinations of one element from each collection.",
        variadic=Parameter(
            name="sets",
            description="Two or more sets, lists or tuples; without a set, order is kept.",
            allow_marked=True,
        ),
        returns=_product_type,
        body=_product,
    ),
)
