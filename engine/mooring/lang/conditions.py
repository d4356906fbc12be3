"""Choosing between two expressions: which one, and of what type the result is whichever it is."""

from __future__ import annotations

from mooring.core.conversion import Mismatch, convert, refined_unknown, unify
from mooring.core.spans import Span
from mooring.core.types import (
    BOOL,
    DYNAMIC,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
    friendly_name,
)
from mooring.core.values import DYNAMIC_UNKNOWN, Unknown, Value, null
from mooring.lang.frames import Frame
from mooring.syntax.nodes import Conditional, Expression


def evaluate_conditional(expr: Conditional, frame: Frame) -> Value:
    """`condition ? a : b`. Both are evaluated for the type's sake; problems count of the one chosen."""
    true_frame, false_frame = frame.apart(), frame.apart()
    if_true, if_false = true_frame.value(expr.if_true), false_frame.value(expr.if_false)
    kind = _common_type(if_true, if_false)
    if kind is None:
        detail = _why_different(if_true.type, if_false.type)
        subject = expr.if_true.span.to(expr.if_false.span)
        return frame.fail(_INCONSISTENT, detail, subject, context=expr.span, about=expr)
    condition = frame.value(expr.condition)
    truth = truth_of(condition, expr.condition, expr.span, frame)
    if truth is None:
        return _undecided(kind, if_true, if_false).marked(condition.marks)
    chosen, side = (if_true, expr.if_true) if truth else (if_false, expr.if_false)
    frame.report.extend((true_frame if truth else false_frame).report.diagnostics)
    converted = convert(chosen, kind)
    if isinstance(converted, Mismatch):
        detail = f"The {'true' if truth else 'false'} result is of the wrong type: {converted}."
        return frame.fail(_INCONSISTENT, detail, side.span, context=expr.span, about=expr)
    return converted.marked(condition.marks | if_true.marks | if_false.marks)


_INCONSISTENT = "Inconsistent conditional result types"


def truth_of(condition: Value, expr: Expression, whole: Span, frame: Frame) -> bool | None:
    """Whether a condition holds; None if that is unknown, or was reported to be no condition at all."""
    if condition.raw is None:
        detail = "The condition is null, so it is neither true nor false."
        frame.fail("Null condition", detail, expr.span, context=whole, about=expr)
        return None
    converted = convert(condition, BOOL)
    if isinstance(converted, Mismatch):
        detail = f"A condition must be true or false: {converted}."
        frame.fail("Incorrect condition type", detail, expr.span, context=whole, about=expr)
        return None
    return None if type(converted.raw) is Unknown else bool(converted.raw)


def _common_type(if_true: Value, if_false: Value) -> Type | None:
    if if_true.raw is None and if_true.type is DYNAMIC:
        return if_false.type
    if if_false.raw is None and if_false.type is DYNAMIC:
        return if_true.type
    return unify((if_true.type, if_false.type))


def _undecided(kind: Type, if_true: Value, if_false: Value) -> Value:
    """What is known of a result before it is known which one it will be."""
    marks = if_true.marks | if_false.marks
    if if_true.raw is None and if_false.raw is None:
        return null(kind).marked(marks)
    if kind is DYNAMIC:
        return DYNAMIC_UNKNOWN.marked(marks)
    not_null = _is_not_null(if_true) and _is_not_null(if_false)
    low, high = 0, None
    if not_null and isinstance(kind, ListType | SetType | MapType) and if_true.type == if_false.type == kind:
        (low_true, high_true), (low_false, high_false) = _length_bounds(if_true), _length_bounds(if_false)
        low = min(low_true, low_false)
        high = None if high_true is None or high_false is None else max(high_true, high_false)
    return refined_unknown(kind, Unknown(not_null=not_null, min_length=low, max_length=high)).marked(marks)


def _is_not_null(value: Value) -> bool:
    return value.raw.not_null if type(value.raw) is Unknown else value.raw is not None


def _length_bounds(value: Value) -> tuple[int, int | None]:
    raw = value.raw
    if type(raw) is Unknown:
        return raw.min_length, raw.max_length
    size = len(raw) if type(raw) is tuple or type(raw) is dict else 0
    return (size if value.is_wholly_known else min(size, 1)), size


def _why_different(if_true: Type, if_false: Type) -> str:
    """Both types in words, and where exactly they differ if both are structures of a kind."""
    path = _difference(if_true, if_false)
    where, one, other = path if path is not None else ("", if_true, if_false)
    return (
        "Both results must be of one type, or convert to one, because the type must be known whichever is "
        f"chosen: {where}the true result is {friendly_name(one)}, the false result is {friendly_name(other)}."
    )


def _difference(if_true: Type, if_false: Type) -> tuple[str, Type, Type] | None:
    if isinstance(if_true, ObjectType) and isinstance(if_false, ObjectType):
        for name, one in if_true.attributes.items():
            other = if_false.attributes.get(name)
            if other is not None and unify((one, other)) is None:
                return f'at attribute "{name}" ', one, other
    if isinstance(if_true, TupleType) and isinstance(if_false, TupleType):
        for at, (one, other) in enumerate(zip(if_true.elements, if_false.elements, strict=False)):
            if unify((one, other)) is None:
                return f"at element {at} ", one, other
    return None
