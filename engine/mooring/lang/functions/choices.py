"""Choosing from lists: the first that counts, an element, whether and where something is."""

from __future__ import annotations

from typing import Final

from mooring.core.conversion import convert, unify
from mooring.core.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    SetType,
    TupleType,
    Type,
    friendly_name,
)
from mooring.core.values import (
    FALSE,
    TRUE,
    UNKNOWN_NOT_NULL,
    Unknown,
    Value,
    list_value,
    null,
    number,
    unknown,
)
from mooring.lang.equality import equal
from mooring.lang.functions.arguments import converted, whole_number
from mooring.lang.functions.model import ArgumentError, Call, CallError, Function, Parameter

_UNKNOWN_BOOL: Final = unknown(BOOL, UNKNOWN_NOT_NULL)
_UNKNOWN_NUMBER: Final = unknown(NUMBER, UNKNOWN_NOT_NULL)


def _first_type(call: Call) -> Type:
    return call[0].type


# -- all and any ---------------------------------------------------------------------------------


def _all_true(call: Call) -> Value:
    """A null counts as false; what comes after an unknown element is not looked at."""
    for each in call[0].elements:
        if type(each.raw) is Unknown:
            return _UNKNOWN_BOOL
        if not each.raw:
            return FALSE
    return TRUE


def _any_true(call: Call) -> Value:
    """A null counts as false; a true element decides whatever the unknown ones are."""
    elements = call[0].elements
    if any(each.raw is True for each in elements):
        return TRUE
    return FALSE if all(each.is_known for each in elements) else _UNKNOWN_BOOL


# -- choosing ------------------------------------------------------------------------------------


def _coalesce_type(call: Call) -> Type:
    found = unify([each.type for each in call.arguments])
    if found is None:
        raise CallError("the arguments have no type in common")
    return found


def _coalesce(call: Call) -> Value:
    for each in call.arguments:
        found = convert(each, call.returns)
        if not isinstance(found, Value):
            raise CallError(f"an argument cannot be of the type that the others have: {found}")
        if type(found.raw) is Unknown:
            return unknown(call.returns, UNKNOWN_NOT_NULL)
        if found.raw is not None and not (call.returns is STRING and found.raw == ""):
            return found
    raise CallError("every argument is null or an empty string")


def _coalesce_list_type(call: Call) -> Type:
    if not len(call):
        raise CallError("at least one argument is required")
    types: list[Type] = []
    for each in call.arguments:
        if type(each.raw) is Unknown and each.type is DYNAMIC:
            return DYNAMIC
        if not isinstance(each.type, ListType | TupleType):
            raise CallError("the arguments must be lists or tuples")
        types.append(each.type)
    return types[0] if all(each == types[0] for each in types) else DYNAMIC


def _coalesce_list(call: Call) -> Value:
    for each in call.arguments:
        if type(each.raw) is Unknown:
            return unknown(call.returns)
        if each.raw:
            return each
    raise CallError("every argument is null or empty")


def _element_type(call: Call) -> Type:
    kind, at = call[0].type, call[1]
    if isinstance(kind, ListType):
        return kind.element
    if not isinstance(kind, TupleType):
        raise CallError(f"elements of a {friendly_name(kind)} have no position")
    if type(at.raw) is Unknown:
        return DYNAMIC
    position = _position(at, len(kind.elements))
    if position and whole_number(at) < 0:
        raise CallError("a negative index is for lists only, and this is a tuple")
    return kind.elements[position]


def _position(at: Value, length: int) -> int:
    """A list goes round and round, in both directions."""
    position = whole_number(at)
    if not length:
        raise CallError("an empty list has no elements")
    return position % length


def _element(call: Call) -> Value:
    raw = call[0].raw
    if type(raw) is not tuple:
        return unknown(call.returns).marked(call[0].marks)
    return raw[_position(call[1], len(raw))].marked(call[0].marks)


def _one_type(call: Call) -> Type:
    kind = call[0].type
    if isinstance(kind, ListType | SetType):
        return kind.element
    if isinstance(kind, TupleType) and len(kind.elements) <= 1:
        return kind.elements[0] if kind.elements else DYNAMIC
    raise ArgumentError(0, "it must hold one element or none: a list, a set or a short tuple")


def _one(call: Call) -> Value:
    raw, marks = call[0].raw, call[0].marks
    if type(raw) is not tuple:
        return unknown(call.returns).marked(marks)
    if len(raw) > 1:
        raise ArgumentError(0, f"it must have no more than one element, but has {len(raw)}")
    return (raw[0] if raw else null(call.returns)).marked(marks)


# -- searching -----------------------------------------------------------------------------------


def _contains(call: Call) -> Value:
    if not isinstance(call[0].type, ListType | SetType | TupleType):
        raise CallError("the first argument must be something to search in: a list, a set or a tuple")
    raw = call[0].raw
    answers = [equal(each, call[1]) for each in raw] if type(raw) is tuple else [None]
    if True in answers:
        return TRUE
    return _UNKNOWN_BOOL if None in answers else FALSE


def _index(call: Call) -> Value:
    if not isinstance(call[0].type, ListType | TupleType):
        raise CallError("the first argument must be a list or a tuple")
    if not call[0].elements:
        raise CallError("there is nothing to find in an empty list")
    for at, each in enumerate(call[0].elements):
        found = equal(each, call[1])
        if found is None:
            return _UNKNOWN_NUMBER
        if found:
            return number(at)
    raise CallError("no element is equal to the value")


def _match_keys_type(call: Call) -> Type:
    keys, search = call[1].type, call[2].type
    if unify([keys, search]) is None:
        raise CallError("keys and searchset have no type in common")
    return call[0].type


def _match_keys(call: Call) -> Value:
    values, keys, search = call.arguments
    if len(values.elements) != len(keys.elements):
        raise CallError("there must be as many keys as values")
    kind = unify([keys.type, search.type])
    keys, search = converted(keys, kind), converted(search, kind)
    wanted = set(search.elements)
    pairs = zip(values.elements, keys.elements, strict=True)
    assert isinstance(values.type, ListType)
    return list_value(values.type.element, [value for value, key in pairs if key in wanted])


_ANY_LIST: Final = ListType(DYNAMIC)
_STRINGS: Final = ListType(STRING)
_ANY: Final = Parameter(
    name="vals",
    description="What to choose from; the first that counts is taken.",
    allow_null=True,
    allow_unknown=True,
    allow_dynamic=True,
)

FUNCTIONS: Final = (
    Function(
        name="alltrue",
        description="Whether no element is false; true for none at all.",
        parameters=(Parameter(name="list", description="The conditions.", type=ListType(BOOL)),),
        returns=BOOL,
        body=_all_true,
    ),
    Function(
        name="anytrue",
        description="Whether an element is true; false for none at all.",
        parameters=(Parameter(name="list", description="The conditions.", type=ListType(BOOL)),),
        returns=BOOL,
        body=_any_true,
    ),
    Function(
        name="coalesce",
        description="The first argument that is neither null nor an empty string.",
        variadic=_ANY,
        returns=_coalesce_type,
        body=_coalesce,
    ),
    Function(
        name="coalescelist",
        description="The first list or tuple that has elements.",
        variadic=_ANY,
        returns=_coalesce_list_type,
        body=_coalesce_list,
    ),
    Function(
        name="element",
        description="One element; counting goes round past either end.",
        parameters=(
            Parameter(
                name="list",
                description="A list or tuple that is not empty.",
                allow_marked=True,
                allow_unknown=True,
            ),
            Parameter(name="index", description="Which one, from 0; -1 is the last.", type=NUMBER),
        ),
        returns=_element_type,
        body=_element,
        nullable=True,
    ),
    Function(
        name="one",
        description="The only element of a collection, or null if it has none.",
        parameters=(
            Parameter(
                name="list",
                description="A list, set or tuple of at most one element.",
                allow_marked=True,
                allow_unknown=True,
            ),
        ),
        returns=_one_type,
        body=_one,
        nullable=True,
    ),
    Function(
        name="contains",
        description="Whether a collection has an element of this value.",
        parameters=(
            Parameter(name="list", description="A list, set or tuple."),
            Parameter(name="value", description="The value to look for.", allow_unknown=True),
        ),
        returns=BOOL,
        declared=DYNAMIC,
        body=_contains,
    ),
    Function(
        name="index",
        description="Where in a list a value first occurs, from 0.",
        parameters=(
            Parameter(name="list", description="A list or tuple."),
            Parameter(name="value", description="The value to look for; it must be there."),
        ),
        returns=NUMBER,
        declared=DYNAMIC,
        body=_index,
    ),
    Function(
        name="matchkeys",
        description="The values whose keys are among those searched for.",
        parameters=(
            Parameter(name="values", description="The values to choose from.", type=_ANY_LIST, whole=True),
            Parameter(
                name="keys",
                description="The key of each value, in the same order.",
                type=_ANY_LIST,
                whole=True,
            ),
            Parameter(
                name="searchset", description="The keys whose values are wanted.", type=_ANY_LIST, whole=True
            ),
        ),
        returns=_match_keys_type,
        declared=_ANY_LIST,
        body=_match_keys,
    ),
)
