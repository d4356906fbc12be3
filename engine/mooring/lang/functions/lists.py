"""Lists and tuples: joining, cutting, arranging. Sets and maps are in files of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mooring.core.conversion import unify
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
    UNKNOWN_NOT_NULL,
    Marks,
    Unknown,
    Value,
    list_value,
    number,
    string,
    tuple_value,
    unknown,
)
from mooring.lang.functions.arguments import converted, whole_argument, whole_number
from mooring.lang.functions.model import ArgumentError, Call, CallError, Function, Parameter
from mooring.lang.functions.strings import graphemes

_UNKNOWN_BOOL: Final = unknown(BOOL, UNKNOWN_NOT_NULL)
_UNKNOWN_NUMBER: Final = unknown(NUMBER, UNKNOWN_NOT_NULL)


def _first_type(call: Call) -> Type:
    return call[0].type


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
    elements = [part for each in call.arguments for part in converted(each, _only_list(call)).elements]
    if isinstance(call.returns, ListType):
        return list_value(call.returns.element, elements).marked(marks)
    return tuple_value(elements).marked(marks)


def _only_list(call: Call) -> Type | None:
    return call.returns if isinstance(call.returns, ListType) else None


def _flatten_type(call: Call) -> Type:
    if not isinstance(call[0].type, ListType | SetType | TupleType):
        raise CallError("a list, set or tuple is required")
    flat = _flat(call[0])
    return DYNAMIC if flat is None else TupleType(tuple([each.type for each in flat[0]]))


def _flat(value: Value) -> tuple[list[Value], Marks] | None:
    """The elements at any depth and the marks of all lists; None if a list among them is unknown."""
    raw = value.raw
    if type(raw) is not tuple:
        return None
    found: list[Value] = []
    marks = value.marks
    for each in raw:
        if each.type is DYNAMIC and type(each.raw) is Unknown:
            return None
        if not isinstance(each.type, ListType | SetType | TupleType) or each.is_null:
            found.append(each)
            continue
        inner = _flat(each)
        if inner is None:
            return None
        found += inner[0]
        marks |= inner[1]
    return found, marks


def _flatten(call: Call) -> Value:
    flat = _flat(call[0])
    return unknown(DYNAMIC) if flat is None else tuple_value(flat[0]).marked(flat[1])


# -- cutting and arranging -----------------------------------------------------------------------


def _chunks_type(call: Call) -> Type:
    return ListType(call[0].type)


def _chunks(call: Call) -> Value:
    size = whole_number(call[1])
    if size < 0:
        raise CallError("the size must not be negative")
    elements, kind = call[0].elements, call[0].type
    step = size or max(1, len(elements))
    chunks = [Value(kind, elements[at : at + step]) for at in range(0, len(elements), step)]
    return list_value(kind, chunks).marked(call[0].marks)


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
    start, end = whole_argument(call, 1), whole_argument(call, 2)
    if start < 0:
        raise ArgumentError(1, "it must not be negative")
    if end < 0:
        raise ArgumentError(2, "it must not be negative")
    if start > end:
        raise ArgumentError(1, "it must not be greater than the end index")
    if start > length:
        raise ArgumentError(1, "it lies beyond the end of the list")
    if end > length:
        raise ArgumentError(2, "it lies beyond the end of the list")
    return start, end


def _sort(call: Call) -> Value:
    if not call[0].is_wholly_known:
        return list_value(STRING, [unknown(STRING)] * len(call[0].elements))
    texts: list[str] = []
    for at, each in enumerate(call[0].elements):
        if each.is_null:
            raise CallError(f"element {at} is null, and null has no place in an order")
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

FUNCTIONS: Final = (
    Function(
        name="concat",
        description="The elements of several lists one after the other.",
        variadic=Parameter(
            name="seqs", description="Lists or tuples.", allow_marked=True, allow_unknown=True
        ),
        returns=_concat_type,
        body=_concat,
    ),
    Function(
        name="flatten",
        description="A tuple of all elements, with those of nested lists in their places.",
        parameters=(
            Parameter(
                name="list", description="A list, set or tuple, nested to any depth.", allow_marked=True
            ),
        ),
        returns=_flatten_type,
        body=_flatten,
    ),
    Function(
        name="chunklist",
        description="A list cut into lists of a fixed length.",
        parameters=(
            Parameter(name="list", description="The list to cut.", type=_ANY_LIST, allow_marked=True),
            Parameter(
                name="size",
                description="How long each piece is; the last one may be shorter, and 0 means no cut.",
                type=NUMBER,
            ),
        ),
        returns=_chunks_type,
        declared=ListType(_ANY_LIST),
        body=_chunks,
    ),
    Function(
        name="compact",
        description="A list of strings without the empty ones and without null.",
        parameters=(Parameter(name="list", description="The strings.", type=_STRINGS, whole=True),),
        returns=_STRINGS,
        body=_compact,
    ),
    Function(
        name="distinct",
        description="A list without repetitions; first occurrences stay, in order.",
        parameters=(Parameter(name="list", description="The elements.", type=_ANY_LIST, whole=True),),
        returns=_first_type,
        declared=_ANY_LIST,
        body=_distinct,
    ),
    Function(
        name="reverse",
        description="The elements from the last to the first.",
        parameters=(
            Parameter(
                name="list", description="A list or tuple; a set is taken in its order.", allow_marked=True
            ),
        ),
        returns=_reverse_type,
        body=_reverse,
    ),
    Function(
        name="slice",
        description="A stretch of consecutive elements.",
        parameters=(
            Parameter(name="list", description="A list or tuple.", allow_marked=True),
            Parameter(name="start_index", description="The first that belongs to it, from 0.", type=NUMBER),
            Parameter(
                name="end_index", description="The first that does not belong to it any more.", type=NUMBER
            ),
        ),
        returns=_slice_type,
        body=_slice,
    ),
    Function(
        name="sort",
        description="Strings in the order of their code points.",
        parameters=(Parameter(name="list", description="The strings.", type=_STRINGS),),
        returns=_STRINGS,
        body=_sort,
    ),
    Function(
        name="length",
        description="How many elements, attributes or characters there are.",
        parameters=(
            Parameter(
                name="value",
                description="A collection, an object, or a string, counted in grapheme clusters.",
                allow_unknown=True,
                allow_marked=True,
            ),
        ),
        returns=_length_type,
        declared=NUMBER,
        body=_length,
    ),
)
