"""Expressions to values. The entry of this package, and the table of what evaluates which kind of node.

Evaluation is plain and synchronous, and knows nothing of where values come from: that is the scope's
business. It never stops at a problem, so all of them are found.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from mooring.core.conversion import Mismatch, convert
from mooring.core.diagnostics import Diagnostics, ReferenceValue
from mooring.core.types import DYNAMIC, STRING
from mooring.core.values import (
    DYNAMIC_UNKNOWN,
    NO_MARKS,
    Marks,
    Unknown,
    Value,
    object_value,
    string,
    tuple_value,
    unknown,
    unmark,
)
from mooring.lang.calls import evaluate_call
from mooring.lang.conditions import evaluate_conditional
from mooring.lang.explanation import explain_with
from mooring.lang.frames import Frame, Table
from mooring.lang.loops import evaluate_for, evaluate_splat
from mooring.lang.operators import OPERANDS, RESULTS, OperationError, apply_binary, apply_unary
from mooring.lang.scope import Report, Scope
from mooring.lang.templates import evaluate_template, evaluate_wrap
from mooring.lang.traversal import evaluate_index, evaluate_relative, evaluate_traversal
from mooring.syntax.nodes import (
    Binary,
    Conditional,
    Expression,
    For,
    FunctionCall,
    IndexExpression,
    Literal,
    ObjectConstructor,
    ObjectItem,
    Parenthesized,
    RelativeTraversal,
    Splat,
    Template,
    TemplateWrap,
    Traversal,
    TupleConstructor,
    Unary,
)

_DEEPEST: Final = 200_000
"""Python frames that an evaluation may take; a level of nesting takes about four."""


def evaluate(expr: Expression, scope: Scope) -> tuple[Value, Diagnostics]:
    """The value of an expression, and every problem in it. Raises what the scope raises (`NotReady`)."""
    report = Report()
    value = evaluate_into(expr, scope, report)
    return value, report.diagnostics


def evaluate_into(expr: Expression, scope: Scope, report: Report) -> Value:
    """The value of an expression; problems go to `report`, `DYNAMIC_UNKNOWN` stands for what they prevent."""
    attempt = Report(is_trial=report.is_trial)
    frame = Frame(scope, attempt, TABLE)
    try:
        value = frame.value(expr)
    except RecursionError:
        attempt = Report(is_trial=report.is_trial)
        with _deep_stack():
            value = Frame(scope, attempt, TABLE).value(expr)
    report.extend(attempt.diagnostics)
    return value


def explain(expr: Expression, scope: Scope) -> tuple[ReferenceValue, ...]:
    """What the references in an expression stand for, to show beside an error about it."""
    return explain_with(expr, Frame(scope, Report(is_trial=True), TABLE).attempt)


@contextmanager
def _deep_stack() -> Iterator[None]:
    """Lets Python recurse as deep as people nest. Calls from Python to Python take no C stack."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEEPEST))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


# -- constants and constructors ------------------------------------------------------------------


def _literal(expr: Literal, _: Frame) -> Value:
    return expr.value


def _parenthesized(expr: Parenthesized, frame: Frame) -> Value:
    return frame.value(expr.inner)


def _tuple(expr: TupleConstructor, frame: Frame) -> Value:
    return tuple_value([frame.value(element) for element in expr.elements])


def _object(expr: ObjectConstructor, frame: Frame) -> Value:
    items: dict[str, Value] = {}
    marks: Marks = NO_MARKS
    is_known = True
    for item in expr.items:
        key = _key(item, expr, frame)
        value = frame.value(item.value)
        marks |= key.marks
        if type(key.raw) is Unknown:
            is_known = False
        else:
            items[key.text] = value
    return (object_value(items) if is_known else DYNAMIC_UNKNOWN).marked(marks)


def _key(item: ObjectItem, expr: ObjectConstructor, frame: Frame) -> Value:
    """The key of an item as a string; unknown if it is, or if it cannot be a key."""
    key = item.key
    word = bare_word(key)
    if word is not None:
        return string(word)
    if isinstance(key, Traversal):
        detail = (
            "It is not clear whether this is a name or a reference. For the value of a reference, put it in "
            "parentheses; for a name with a dot, put it in quotation marks."
        )
        frame.fail("Ambiguous attribute key", detail, key.span, context=expr.span)
        return unknown(STRING)
    value = frame.value(key)
    if value.raw is None:
        detail = "A key must not be null."
        frame.fail("Null value as key", detail, item.value.span, context=expr.span, about=key)
        return unknown(STRING).marked(value.marks)
    converted = convert(value, STRING)
    if isinstance(converted, Mismatch):
        detail = f"A key must be a string: {converted}."
        frame.fail("Incorrect key type", detail, key.span, context=expr.span, about=key)
        return unknown(STRING).marked(value.marks)
    return converted


def bare_word(key: Expression) -> str | None:
    """The name that an object key is if it is a word; `null`, `true` and `false` are words here too."""
    if isinstance(key, Traversal) and not key.steps:
        return key.root
    if isinstance(key, Literal) and (key.value.raw is None or isinstance(key.value.raw, bool)):
        return key.span.text
    return None


# -- operators -----------------------------------------------------------------------------------


def _binary(expr: Binary, frame: Frame) -> Value:
    wanted = OPERANDS[expr.operator]
    table = frame.table
    left = convert(table[type(expr.left)](expr.left, frame), wanted)
    right = convert(table[type(expr.right)](expr.right, frame), wanted)
    if isinstance(left, Mismatch):
        _bad_operand("left operand", left, expr.left, expr, frame)
    if isinstance(right, Mismatch):
        _bad_operand("right operand", right, expr.right, expr, frame)
    if isinstance(left, Mismatch) or isinstance(right, Mismatch):
        return unknown(RESULTS[expr.operator])
    if wanted is DYNAMIC:
        (left, left_marks), (right, right_marks) = unmark(left), unmark(right)
        marks = left_marks | right_marks
    else:
        marks = left.marks | right.marks
    try:
        result = apply_binary(expr.operator, left, right)
    except OperationError as problem:
        return _failed(expr, problem, frame)
    return result.marked(marks) if marks else result


def _unary(expr: Unary, frame: Frame) -> Value:
    operand = convert(frame.value(expr.operand), OPERANDS[expr.operator])
    if isinstance(operand, Mismatch):
        _bad_operand("operand", operand, expr.operand, expr, frame)
        return unknown(RESULTS[expr.operator])
    try:
        return apply_unary(expr.operator, operand).marked(operand.marks)
    except OperationError as problem:
        return _failed(expr, problem, frame)


def _bad_operand(
    side: str, mismatch: Mismatch, operand: Expression, expr: Binary | Unary, frame: Frame
) -> None:
    detail = f'The {side} of "{expr.operator}" is unsuitable: {mismatch}.'
    frame.fail("Invalid operand", detail, operand.span, context=expr.span, about=operand)


def _failed(expr: Binary | Unary, problem: OperationError, frame: Frame) -> Value:
    detail = f'The operation "{expr.operator}" has no result: {problem}.'
    frame.fail("Operation failed", detail, expr.span, about=expr)
    return unknown(RESULTS[expr.operator])


TABLE: Final[Table] = {
    Literal: _literal,
    Traversal: evaluate_traversal,
    RelativeTraversal: evaluate_relative,
    IndexExpression: evaluate_index,
    Splat: evaluate_splat,
    FunctionCall: evaluate_call,
    Conditional: evaluate_conditional,
    Binary: _binary,
    Unary: _unary,
    Parenthesized: _parenthesized,
    TupleConstructor: _tuple,
    ObjectConstructor: _object,
    For: evaluate_for,
    Template: evaluate_template,
    TemplateWrap: evaluate_wrap,
}
