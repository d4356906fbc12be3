"""Lists and tuples: choosing, searching, joining, cutting. Sets and maps are in files of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mooring.core.conversion import convert, unify
from mooring.core.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
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
    string,
    tuple_value,
    unknown,
)
from mooring.lang.equality import equal
from mooring.lang.functions.arguments import whole_number
from mooring.lang.functions.model import ArgumentError, Call, CallError, Function, Parameter
from mooring.lang.functions.strings import graphemes

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
        converted = convert(each, call.returns)
        if not isinstance(converted, Value):
            raise CallError(f"an argument cannot be of the type that the others have: {converted}")
        if type(converted.raw) is Unknown:
            return unknown(call.returns, UNKNOWN_NOT_NULL)
        if converted.raw is not None and not (call.returns is STRING and converted.raw == ""):
            return converted
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
    return kind.elements[_position(at, len(kind.elements))]


def _position(at: Value, length: int) -> int:
    position = whole_number(at)
    if position < 0:
        raise CallError("the index must not be negative")
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
    raise ArgumentError(0, "it must be a list, set or tuple of no more than one element")


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
        raise CallError("the first argument must be a list, set or tuple")
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
    keys, search = _converted(keys, kind), _converted(search, kind)
    wanted = set(search.elements)
    pairs = zip(values.elements, keys.elements, strict=True)
    assert isinstance(values.type, ListType)
    return list_value(values.type.element, [value for value, key in pairs if key in wanted])


def _converted(value: Value, to: Type | None) -> Value:
    converted = convert(value, to if to is not None else DYNAMIC)
    return converted if isinstance(converted, Value) else value


# -- joining -------------------------------------------------------------------------------------


def _concat_type(call: Call) -> Type:
    if not len(call):
        raise CallError("at least one argument is required")
    for at, each in enumerate(call.arguments):
        if not isinstance(each.type, ListType | TupleType):
            raise ArgumentError(at, f"a list or tuple is required, but have {friendly_name(each.type)}")
    if all(isinstance(each.type, ListType) for each in call.arguments):
        found = unify([each.type for each in call.arguments])
        if found is not None:
            return found
    if any(isinstance(each.type, ListType) and not each.is_known for each in call.arguments):
        return DYNAMIC
    return TupleType(tuple(part for each in call.arguments for part in _part_types(each)))


def _part_types(sequence: Value) -> Iterator[Type]:
    if isinstance(sequence.type, TupleType):
        yield from sequence.type.elements
    elif isinstance(sequence.type, ListType):
        yield from [sequence.type.element] * len(sequence.elements)


def _concat(call: Call) -> Value:
    marks = frozenset[str]().union(*[each.marks for each in call.arguments])
    if any(not each.is_known for each in call.arguments):
        return unknown(call.returns, UNKNOWN_NOT_NULL).marked(marks)
    elements = [part for each in call.arguments for part in _converted(each, _only_list(call)).elements]
    if isinstance(call.returns, ListType):
        return list_value(call.returns.element, elements).marked(marks)
    return tuple_value(elements).marked(marks)


def _only_list(call: Call) -> Type | None:
    return call.returns if isinstance(call.returns, ListType) else None


def _flatten_type(call: Call) -> Type:
    if not isinstance(call[0].type, ListType | SetType | TupleType):
        raise ArgumentError(0, "a list, set or tuple is required")
    flat = _flat(call[0])
    return DYNAMIC if flat is None else TupleType(tuple([each.type for each in flat]))


def _flat(value: Value) -> list[Value] | None:
    """The elements at any depth; None if a list among them is unknown. Marks of a list go to its elements."""
    raw = value.raw
    if type(raw) is not tuple:
        return None
    found: list[Value] = []
    for each in raw:
        if each.type is DYNAMIC and type(each.raw) is Unknown:
            return None
        if not isinstance(each.type, ListType | SetType | TupleType) or each.is_null:
            found.append(each.marked(value.marks))
            continue
        inner = _flat(each.marked(value.marks))
        if inner is None:
            return None
        found += inner
    return found


def _flatten(call: Call) -> Value:
    flat = _flat(call[0])
    return unknown(DYNAMIC) if flat is None else tuple_value(flat)


# -- cutting and arranging -----------------------------------------------------------------------


def _chunks_type(call: Call) -> Type:
    return ListType(call[0].type)


def _chunks(call: Call) -> Value:
    size = whole_number(call[1])
    if size < 0:
        raise CallError("the size must not be negative")
    elements, kind = call[0].elements, call[0].type
    step = size or max(1, len(elements))
    return list_value(kind, [Value(kind, elements[at : at + step]) for at in range(0, len(elements), step)])


def _compact(call: Call) -> Value:
    return list_value(STRING, [each for each in call[0].elements if each.raw])


def _distinct(call: Call) -> Value:
    return Value(call.returns, tuple(dict.fromkeys(call[0].elements)))


def _reverse_type(call: Call) -> Type:
    kind = call[0].type
    if isinstance(kind, TupleType):
        return TupleType(kind.elements[::-1])
    if isinstance(kind, ListType | SetType):
        return ListType(kind.element)
    raise ArgumentError(0, f"a list, set or tuple is required, but have {friendly_name(kind)}")


def _reverse(call: Call) -> Value:
    return Value(call.returns, call[0].elements[::-1], call[0].marks)


def _slice_type(call: Call) -> Type:
    kind = call[0].type
    if isinstance(kind, SetType):
        raise ArgumentError(
            0, "a set has no order to cut it by; convert it with tolist() if that does not matter"
        )
    if isinstance(kind, ListType):
        return kind
    if not isinstance(kind, TupleType):
        raise ArgumentError(0, "a list or a tuple is required")
    if not (call[1].is_known and call[2].is_known):
        return DYNAMIC
    start, end = _bounds(call, len(kind.elements))
    return TupleType(kind.elements[start:end])


def _slice(call: Call) -> Value:
    start, end = _bounds(call, len(call[0].elements))
    return Value(call.returns, call[0].elements[start:end], call[0].marks)


def _bounds(call: Call, length: int) -> tuple[int, int]:
    start, end = whole_number(call[1]), whole_number(call[2])
    if start < 0:
        raise ArgumentError(1, "it must not be negative")
    if end < 0:
        raise ArgumentError(2, "it must not be negative")
    if start > end:
        raise ArgumentError(1, "it must not be greater than the end index")
    if start > length:
        raise ArgumentError(1, "it must not be greater than the length of the list")
    if end > length:
        raise ArgumentError(2, "it must not be greater than the length of the list")
    return start, end


def _sort(call: Call) -> Value:
    if not call[0].is_wholly_known:
        return list_value(STRING, [unknown(STRING)] * len(call[0].elements))
    texts: list[str] = []
    for at, each in enumerate(call[0].elements):
        if each.is_null:
            raise ArgumentError(0, f"element {at} is null, and null has no place in an order")
        texts.append(each.text)
    return list_value(STRING, [string(text) for text in sorted(texts)])


# -- length --------------------------------------------------------------------------------------


def _length_type(call: Call) -> Type:
    kind = call[0].type
    if kind is STRING or isinstance(kind, ListType | SetType | MapType | TupleType | ObjectType):
        return NUMBER
    raise CallError(f"a string, collection or structure is required, but have {friendly_name(kind)}")


def _length(call: Call) -> Value:
    of = call[0]
    found = _known_length(of)
    return (_UNKNOWN_NUMBER if found is None else number(found)).marked(of.marks)


def _known_length(of: Value) -> int | None:
    raw, kind = of.raw, of.type
    if isinstance(kind, TupleType):
        return len(kind.elements)
    if isinstance(kind, ObjectType):
        return len(kind.attributes)
    if type(raw) is Unknown:
        return raw.min_length if raw.min_length == raw.max_length and kind is not STRING else None
    if type(raw) is str:
        return len(graphemes(raw))
    if isinstance(kind, SetType) and len(of.elements) > 1 and not of.is_wholly_known:
        return None
    return len(raw) if type(raw) is tuple or type(raw) is dict else 0


_ANY_LIST: Final = ListType(DYNAMIC)
_STRINGS: Final = ListType(STRING)
_ANY: Final = Parameter(name="vals", allow_null=True, allow_unknown=True, allow_dynamic=True)

FUNCTIONS: Final = (
    Function(
        name="alltrue",
        parameters=(Parameter(name="list", type=ListType(BOOL)),),
        returns=BOOL,
        body=_all_true,
    ),
    Function(
        name="anytrue",
        parameters=(Parameter(name="list", type=ListType(BOOL)),),
        returns=BOOL,
        body=_any_true,
    ),
    Function(name="coalesce", variadic=_ANY, returns=_coalesce_type, body=_coalesce),
    Function(name="coalescelist", variadic=_ANY, returns=_coalesce_list_type, body=_coalesce_list),
    Function(
        name="element",
        parameters=(
            Parameter(name="list", allow_marked=True, allow_unknown=True),
            Parameter(name="index", type=NUMBER),
        ),
        returns=_element_type,
        body=_element,
        nullable=True,
    ),
    Function(
        name="one",
        parameters=(Parameter(name="list", allow_marked=True, allow_unknown=True),),
        returns=_one_type,
        body=_one,
        nullable=True,
    ),
    Function(
        name="contains",
        parameters=(Parameter(name="list"), Parameter(name="value", allow_null=True, allow_unknown=True)),
        returns=BOOL,
        body=_contains,
    ),
    Function(
        name="index",
        parameters=(Parameter(name="list"), Parameter(name="value")),
        returns=NUMBER,
        body=_index,
    ),
    Function(
        name="matchkeys",
        parameters=(
            Parameter(name="values", type=_ANY_LIST, whole=True),
            Parameter(name="keys", type=_ANY_LIST, whole=True),
            Parameter(name="searchset", type=_ANY_LIST, whole=True),
        ),
        returns=_match_keys_type,
        body=_match_keys,
    ),
    Function(
        name="concat",
        variadic=Parameter(name="seqs", allow_marked=True, allow_unknown=True),
        returns=_concat_type,
        body=_concat,
    ),
    Function(
        name="flatten",
        parameters=(Parameter(name="list", allow_marked=True),),
        returns=_flatten_type,
        body=_flatten,
    ),
    Function(
        name="chunklist",
        parameters=(Parameter(name="list", type=_ANY_LIST), Parameter(name="size", type=NUMBER)),
        returns=_chunks_type,
        body=_chunks,
    ),
    Function(
        name="compact",
        parameters=(Parameter(name="list", type=_STRINGS, whole=True),),
        returns=_STRINGS,
        body=_compact,
    ),
    Function(
        name="distinct",
        parameters=(Parameter(name="list", type=_ANY_LIST, whole=True),),
        returns=_first_type,
        body=_distinct,
    ),
    Function(
        name="reverse",
        parameters=(Parameter(name="list", allow_marked=True),),
        returns=_reverse_type,
        body=_reverse,
    ),
    Function(
        name="slice",
        parameters=(
            Parameter(name="list", allow_marked=True),
            Parameter(name="start_index", type=NUMBER),
            Parameter(name="end_index", type=NUMBER),
        ),
        returns=_slice_type,
        body=_slice,
    ),
    Function(
        name="sort",
        parameters=(Parameter(name="list", type=_STRINGS),),
        returns=_STRINGS,
        body=_sort,
    ),
    Function(
        name="length",
        parameters=(Parameter(name="value", allow_unknown=True, allow_marked=True),),
        returns=_length_type,
        body=_length,
    ),
)
