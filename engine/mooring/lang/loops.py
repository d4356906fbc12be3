"""Expressions that go through a collection: `for` and splat.

Owns what can be gone through, in which order, and what the marks and unknown parts of a collection do to the
result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from mooring.core.conversion import Mismatch, convert
from mooring.core.spans import Span
from mooring.core.types import (
    BOOL,
    DYNAMIC,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    friendly_name,
)
from mooring.core.values import (
    DYNAMIC_UNKNOWN,
    EMPTY_TUPLE_VALUE,
    NO_MARKS,
    Marks,
    Unknown,
    Value,
    list_value,
    number,
    object_value,
    string,
    tuple_value,
    unknown,
)
from mooring.lang.explanation import describe
from mooring.lang.frames import Frame
from mooring.lang.scope import Variables
from mooring.syntax.nodes import Expression, For, Splat, SplatItem

Names = tuple[str | None, str]

# -- for -----------------------------------------------------------------------------------------


def evaluate_for(expr: For, frame: Frame) -> Value:
    """`[for ...]` and `{for ...}`."""
    collection = frame.value(expr.collection)
    inner_frames = turns(collection, (expr.key_name, expr.value_name), expr.collection, expr.span, frame)
    if inner_frames is None:
        return DYNAMIC_UNKNOWN.marked(collection.marks)
    build = _build_tuple if expr.key is None else _build_object
    built, marks = build(expr, inner_frames)
    return (built if built is not None else DYNAMIC_UNKNOWN).marked(marks | collection.marks)


def turns(
    collection: Value, names: Names, expr: Expression, whole: Span, frame: Frame
) -> Iterator[Frame] | None:
    """A frame for each element, with the names set; None if the elements are unknown or there can be none."""
    if collection.raw is None:
        detail = "There is nothing to go through: the collection is null. An empty collection would do."
        frame.fail("Iteration over null value", detail, expr.span, context=whole, about=expr)
        return None
    if not isinstance(collection.type, ListType | SetType | MapType | TupleType | ObjectType):
        if collection.type is DYNAMIC:
            return None
        detail = f"A {friendly_name(collection.type)} has no elements to go through."
        frame.fail("Iteration over non-iterable value", detail, expr.span, context=whole, about=expr)
        return None
    if type(collection.raw) is Unknown:
        return None
    return _turns(collection, names, frame)


def _turns(collection: Value, names: Names, frame: Frame) -> Iterator[Frame]:
    """One frame serves all turns: its scope's values change from turn to turn."""
    key_name, value_name = names
    values: dict[str, Value] = {}
    inner = frame.within(Variables(frame.scope, values))
    for key, element in elements_of(collection):
        if key_name is not None:
            values[key_name] = key
        values[value_name] = element
        yield inner


def elements_of(collection: Value) -> Iterator[tuple[Value, Value]]:
    """Keys and elements of a known collection or structure; an element of a set is its own key."""
    raw = collection.raw
    if type(raw) is dict:
        for name, element in raw.items():
            yield string(name), element
    elif type(raw) is tuple:
        is_set = isinstance(collection.type, SetType)
        for position, element in enumerate(raw):
            yield (element if is_set else number(position)), element


def _includes(expr: For, inner: Frame) -> tuple[bool | None, Marks]:
    """Whether the `if` clause lets an element through; None if that is unknown or was reported."""
    if expr.condition is None:
        return True, NO_MARKS
    condition = inner.value(expr.condition)
    where, whole = expr.condition.span, expr.span
    if condition.raw is None:
        detail = "The 'if' clause is null for an element, so it is neither true nor false."
        inner.fail("Condition is null", detail, where, context=whole, about=expr.condition)
        return None, condition.marks
    converted = convert(condition, BOOL)
    if isinstance(converted, Mismatch):
        detail = f"The 'if' clause must be true or false: {converted}."
        inner.fail("Invalid 'for' condition", detail, where, context=whole, about=expr.condition)
        return None, condition.marks
    return (None if type(converted.raw) is Unknown else converted.truth), condition.marks


_Built = tuple[Value | None, Marks]


def _build_tuple(expr: For, inner_frames: Iterable[Frame]) -> _Built:
    elements: list[Value] = []
    marks: Marks = NO_MARKS
    is_known = True
    for inner in inner_frames:
        included, found = _includes(expr, inner)
        marks |= found
        if included is None:
            is_known = False
        elif included:
            elements.append(inner.value(expr.value))
    return (tuple_value(elements) if is_known else None), marks


def _build_object(expr: For, inner_frames: Iterable[Frame]) -> _Built:
    items: dict[str, Value] = {}
    groups: dict[str, list[Value]] = {}
    marks: Marks = NO_MARKS
    is_known = True
    for inner in inner_frames:
        included, found = _includes(expr, inner)
        marks |= found
        if included is False:
            continue
        key, found = _key(expr, inner)
        marks |= found
        value = inner.value(expr.value)
        if included is None or key is None:
            is_known = False
        elif expr.group:
            groups.setdefault(key, []).append(value)
        elif key in items:
            _report_duplicate(expr, key, inner, is_marked=bool(found))
        else:
            items[key] = value
    for key, members in groups.items():
        items[key] = tuple_value(members)
    return (object_value(items) if is_known else None), marks


def _key(expr: For, inner: Frame) -> tuple[str | None, Marks]:
    assert expr.key is not None
    key = inner.value(expr.key)
    if key.raw is None:
        detail = "The key of an element is null. Leave such elements out with an 'if' clause."
        inner.fail(_INVALID_KEY, detail, expr.key.span, context=expr.span, about=expr.key)
        return None, key.marks
    converted = convert(key, STRING)
    if isinstance(converted, Mismatch):
        detail = f"The key of an element must be a string: {converted}."
        inner.fail(_INVALID_KEY, detail, expr.key.span, context=expr.span, about=expr.key)
        return None, key.marks
    return (None if type(converted.raw) is Unknown else converted.text), key.marks


_INVALID_KEY: Final = "Invalid object key"


def _report_duplicate(expr: For, key: str, inner: Frame, *, is_marked: bool) -> None:
    assert expr.key is not None
    shown = "the same key" if is_marked else f"the key {describe(string(key))}"
    detail = (
        f"Two elements have {shown}. If that is to be expected, group their values with an ellipsis (...) "
        "after the value expression."
    )
    inner.fail("Duplicate object key", detail, expr.key.span, context=expr.span, about=expr.key)


# -- splat ---------------------------------------------------------------------------------------


def evaluate_splat(expr: Splat, frame: Frame) -> Value:
    """`source[*].steps`. What is no sequence counts as a sequence of itself, and null as an empty one."""
    source = frame.value(expr.source)
    marks, raw = source.marks, source.raw
    is_sequence = isinstance(source.type, ListType | SetType | TupleType)
    if raw is None:
        if not is_sequence:
            return EMPTY_TUPLE_VALUE.marked(marks)
        detail = f"The {friendly_name(source.type)} is null, so it has no elements to read from."
        return frame.fail(
            "Splat of null value", detail, expr.source.span, context=expr.span, about=expr.source
        )
    each = _element_evaluator(expr, frame)
    if not is_sequence:
        if type(raw) is Unknown and not raw.not_null:
            return DYNAMIC_UNKNOWN.marked(marks)
        return tuple_value((each(source.unmarked()),)).marked(marks)
    if type(raw) is Unknown:
        return _splat_unknown(source, raw, each).marked(marks)
    results = [each(element) for element in source.elements]
    if isinstance(source.type, TupleType):
        return tuple_value(results).marked(marks)
    return _list_of(results, source, each).marked(marks)


_Each = Callable[[Value], Value]


def _element_evaluator(expr: Splat, frame: Frame) -> _Each:
    """Evaluates the splat's `each` for one element after the other."""
    if expr.each is expr.item:
        return _itself
    current: list[Value] = []

    def look_up(wanted: SplatItem, _: Frame) -> Value:
        return current[-1] if wanted is expr.item else frame.table[SplatItem](wanted, frame)

    inner = Frame(frame.scope, frame.report, {**frame.table, SplatItem: look_up})

    def each(element: Value) -> Value:
        current[:] = (element,)
        return inner.value(expr.each)

    return each


def _itself(element: Value) -> Value:
    return element


def _splat_unknown(source: Value, known: Unknown, each: _Each) -> Value:
    if isinstance(source.type, TupleType):
        return tuple_value(each(unknown(kind)) for kind in source.type.elements)
    assert isinstance(source.type, ListType | SetType)
    element = each(unknown(source.type.element))
    bounds = Unknown(not_null=True, min_length=known.min_length, max_length=known.max_length)
    return unknown(ListType(element.type), bounds)


def _list_of(results: list[Value], source: Value, each: _Each) -> Value:
    assert isinstance(source.type, ListType | SetType)
    if not results:
        quiet = each(unknown(source.type.element)) if source.type.element is not DYNAMIC else DYNAMIC_UNKNOWN
        return list_value(quiet.type, ())
    kind = results[0].type
    return list_value(kind, results) if all(each.type == kind for each in results) else tuple_value(results)
