"""Into values: attributes and elements, and references that lead into what a scope knows.

Owns the rules of `.name` and `[key]`; what a reference begins with is the scope's business.
"""

from __future__ import annotations

from collections.abc import Sequence

from mooring.core.conversion import Mismatch, convert
from mooring.core.spans import Span
from mooring.core.suggest import suggest
from mooring.core.types import (
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    friendly_name,
)
from mooring.core.values import DYNAMIC_UNKNOWN, Unknown, Value, unknown
from mooring.lang.explanation import describe
from mooring.lang.frames import Frame
from mooring.syntax.nodes import (
    AttrStep,
    Expression,
    IndexExpression,
    RelativeTraversal,
    Traversal,
    TraversalStep,
)

_NO_ELEMENT = "Invalid index"


def evaluate_traversal(expr: Traversal, frame: Frame) -> Value:
    """The value of a reference."""
    value, consumed = frame.scope.resolve(expr, frame.report)
    steps = expr.steps
    if consumed == len(steps):
        return value
    return follow(value, steps[consumed:] if consumed else steps, frame, expr)


def evaluate_relative(expr: RelativeTraversal, frame: Frame) -> Value:
    """`f(x).name[0]`."""
    return follow(frame.value(expr.source), expr.steps, frame, expr)


def evaluate_index(expr: IndexExpression, frame: Frame) -> Value:
    """`collection[key]`."""
    collection = frame.value(expr.collection)
    return index(collection, frame.value(expr.key), expr.brackets, frame, expr)


def follow(value: Value, steps: Sequence[TraversalStep], frame: Frame, expr: Expression) -> Value:
    """The part of a value that the steps lead to; `expr` is what they stand in."""
    for step in steps:
        if type(step) is AttrStep:
            value = attribute(value, step.name, step.span, frame, expr)
        else:
            value = index(value, step.key, step.span, frame, expr)  # type: ignore[union-attr]  # an index
        if value is DYNAMIC_UNKNOWN:
            break
    return value


# -- attributes ----------------------------------------------------------------------------------


def attribute(value: Value, name: str, span: Span, frame: Frame, expr: Expression) -> Value:
    """`value.name`; also an element of a map."""
    raw, kind = value.raw, value.type
    if type(raw) is dict and name in raw:
        found: Value = raw[name]
        return found.marked(value.marks) if value.marks else found
    if raw is None:
        detail = f'This value is null, so it has no attribute "{name}". Test it with "!= null" first.'
        return frame.fail("Attempt to get attribute from null value", detail, span, about=expr)
    match kind:
        case ObjectType(attributes) if name in attributes:
            return unknown(attributes[name]).marked(value.marks)
        case ObjectType(attributes):
            detail = f'This object has no attribute named "{name}".{_close(name, attributes)}'
            return frame.fail("Unsupported attribute", detail, span, about=expr)
        case MapType(element) if type(raw) is Unknown:
            return unknown(element).marked(value.marks)
        case MapType():
            close = _close(name, value.attributes) if not value.marks else ""
            detail = f'This map has no element with the key "{name}".{close}'
            return frame.fail("Missing map element", detail, span, about=expr)
        case _ if kind is DYNAMIC:
            return DYNAMIC_UNKNOWN.marked(value.marks)
        case _:
            return frame.fail("Unsupported attribute", _no_attributes(value, name), span, about=expr)


def _no_attributes(value: Value, name: str) -> str:
    match value.type:
        case ListType(ObjectType()):
            return (
                f'This is a list of objects, which has no attribute "{name}" itself. To read it from one '
                f"element, write [0].{name}; from all of them, [*].{name}."
            )
        case SetType(ObjectType()):
            return (
                f'This is a set of objects, which has no attribute "{name}" itself. To read it from all '
                f"elements, write [*].{name}."
            )
        case _:
            return f'This value is a {friendly_name(value.type)}, which has no attributes such as "{name}".'


def _close(name: str, candidates: object) -> str:
    names = list(candidates) if isinstance(candidates, dict) else []
    nearest = suggest(name, names)
    return f' Did you mean "{nearest}"?' if nearest is not None else ""


# -- elements ------------------------------------------------------------------------------------


def index(value: Value, key: Value, span: Span, frame: Frame, expr: Expression) -> Value:
    """`value[key]`."""
    if value.raw is None:
        detail = 'This value is null, so it has no elements. Test it with "!= null" first.'
        return frame.fail("Attempt to index null value", detail, span, about=expr)
    if key.raw is None:
        detail = "The key of an element must not be null."
        return frame.fail(_NO_ELEMENT, detail, span, about=expr)
    match value.type:
        case ListType() | TupleType():
            return _sequence_element(value, key, span, frame, expr)
        case MapType() | ObjectType():
            return _mapping_element(value, key, span, frame, expr)
        case SetType():
            detail = (
                "Elements of a set have no index or key. Use a for expression to work with all of them, or "
                "tolist() if their order does not matter."
            )
            return frame.fail(_NO_ELEMENT, detail, span, about=expr)
        case _ if value.type is DYNAMIC:
            return DYNAMIC_UNKNOWN.marked(value.marks)
        case _:
            detail = f"This value is a {friendly_name(value.type)}, which has no elements."
            return frame.fail(_NO_ELEMENT, detail, span, about=expr)


def _sequence_element(value: Value, key: Value, span: Span, frame: Frame, expr: Expression) -> Value:
    marks = value.marks | key.marks
    position = convert(key, NUMBER)
    if isinstance(position, Mismatch):
        detail = f"The key of an element of a {friendly_name(value.type)} is a number: {position}."
        return frame.fail(_NO_ELEMENT, detail, span, about=expr)
    raw, number = value.raw, position.raw or 0
    if type(number) is Unknown or type(raw) is not tuple:
        return _unknown_element(value, position, span, frame, expr)
    if type(number) is int and 0 <= number < len(raw):
        return raw[number].marked(marks)
    problem = _position_problem(position, len(raw))
    return frame.fail(_NO_ELEMENT, f"There is no element with this index: {problem}.", span, about=expr)


def _unknown_element(value: Value, position: Value, span: Span, frame: Frame, expr: Expression) -> Value:
    """An element where the sequence or its index is unknown; the type may be known still."""
    marks = value.marks | position.marks
    if isinstance(value.type, ListType):
        return unknown(value.type.element).marked(marks)
    kinds = value.type.elements if isinstance(value.type, TupleType) else ()
    if type(position.raw) is Unknown:
        return DYNAMIC_UNKNOWN.marked(marks)
    at = position.raw
    if type(at) is int and 0 <= at < len(kinds):
        return unknown(kinds[at]).marked(marks)
    problem = _position_problem(position, len(kinds))
    return frame.fail(_NO_ELEMENT, f"There is no element with this index: {problem}.", span, about=expr)


def _position_problem(position: Value, length: int) -> str:
    number = position.number
    if not isinstance(number, int):
        return "an index is a whole number"
    if number < 0:
        return (
            "an index counts from 0, so it is never negative; use element() or length() to count from the end"
        )
    if length == 0:
        return "the sequence is empty"
    shown = (
        "1 element, whose index is 0"
        if length == 1
        else f"{length} elements, the last of which is {length - 1}"
    )
    return f"the sequence has {shown}"


def _mapping_element(value: Value, key: Value, span: Span, frame: Frame, expr: Expression) -> Value:
    name = convert(key, STRING)
    if isinstance(name, Mismatch):
        detail = f"The key of an element of a {friendly_name(value.type)} is a string: {name}."
        return frame.fail(_NO_ELEMENT, detail, span, about=expr)
    is_map = isinstance(value.type, MapType)
    marks = value.marks | key.marks if is_map else value.marks
    raw = value.raw
    if type(name.raw) is Unknown:
        return unknown(value.type.element if isinstance(value.type, MapType) else DYNAMIC).marked(marks)
    if type(raw) is dict and name.text in raw:
        return value.attributes[name.text].marked(marks)
    if type(raw) is Unknown and isinstance(value.type, MapType):
        return unknown(value.type.element).marked(marks)
    if type(raw) is Unknown and isinstance(value.type, ObjectType) and name.text in value.type.attributes:
        return unknown(value.type.attributes[name.text]).marked(marks)
    close = _close(name.text, raw) if not value.marks and not key.marks else ""
    detail = f"There is no element with the key {describe(name)}.{close}"
    return frame.fail(_NO_ELEMENT, detail, span, about=expr)
