"""Function calls: looking the function up, its arguments, and telling the user what it did not like.

Owns everything about a call that needs the expression; what a function does is in lang/functions.
"""

from __future__ import annotations

from typing import NamedTuple

from mooring.core.conversion import Mismatch, convert
from mooring.core.suggest import suggest
from mooring.core.types import DYNAMIC, ListType, SetType, TupleType, friendly_name
from mooring.core.values import DYNAMIC_UNKNOWN, NO_MARKS, Marks, Unknown, Value
from mooring.lang.frames import Frame
from mooring.lang.functions.model import ArgumentError, CallError, Function
from mooring.lang.starts import start_of
from mooring.syntax.nodes import Expression, FunctionCall, Literal


class Argument(NamedTuple):
    """A value to call with, and the expression that it is from (a list expanded by `...` gives several)."""

    expression: Expression
    value: Value


def evaluate_call(expr: FunctionCall, frame: Frame) -> Value:
    """`name(arguments...)`."""
    function = frame.scope.functions.get(expr.name)
    if function is None:
        return _unknown_function(expr, frame)
    if function.special is not None:
        return function.special(function, expr, frame)
    return call_with_values(function, expr, frame)


def call_with_values(function: Function, expr: FunctionCall, frame: Frame) -> Value:
    """Calls a function with its arguments evaluated, and reports its problems."""
    expanded = _evaluate_arguments(expr, frame)
    if isinstance(expanded, Value):
        return expanded
    arguments, marks = expanded
    if not accepts_count(function, expr, [each.expression for each in arguments], frame):
        return DYNAMIC_UNKNOWN
    values = _convert_arguments(function, expr, arguments, frame)
    if values is None:
        return DYNAMIC_UNKNOWN
    try:
        return function.call(values).marked(marks)
    except ArgumentError as problem:
        at = arguments[min(problem.position, len(arguments) - 1)].expression
        detail = str(problem)
        return bad_argument(function, expr, frame, at=at, position=problem.position, problem=detail)
    except CallError as problem:
        detail = f'The call of function "{expr.name}" failed: {problem}.'
        return frame.fail("Error in function call", detail, start_of(expr), context=expr.span, about=expr)


# -- arguments -----------------------------------------------------------------------------------


def _evaluate_arguments(expr: FunctionCall, frame: Frame) -> tuple[list[Argument], Marks] | Value:
    """The arguments, the last one expanded if `...` says so; or the result, if that is decided already."""
    plain = expr.arguments[:-1] if expr.expand_last else expr.arguments
    arguments = [Argument(each, frame.value(each)) for each in plain]
    if not expr.expand_last:
        return arguments, NO_MARKS
    last = expr.arguments[-1]
    value = frame.value(last)
    if value.type is DYNAMIC and value.raw is not None:
        return DYNAMIC_UNKNOWN.marked(value.marks)
    problem = _not_expandable(value)
    if problem is not None:
        return frame.fail(
            "Invalid expanding argument value", problem, last.span, context=expr.span, about=last
        )
    if type(value.raw) is Unknown:
        return DYNAMIC_UNKNOWN.marked(value.marks)
    arguments += [Argument(Literal(element, last.span), element) for element in value.elements]
    return arguments, value.marks


def expanded_arguments(expr: FunctionCall, frame: Frame) -> list[Expression] | None:
    """The argument expressions of a call, with a constant for each element of one expanded by `...`.

    None if how many there are is unknown or wrong; what is wrong was reported.
    """
    if not expr.expand_last:
        return list(expr.arguments)
    last = expr.arguments[-1]
    value = frame.value(last)
    problem = _not_expandable(value)
    if problem is not None:
        frame.fail("Invalid expanding argument value", problem, last.span, context=expr.span, about=last)
    if problem is not None or type(value.raw) is Unknown:
        return None
    elements = [Literal(each.marked(value.marks), last.span) for each in value.elements]
    return [*expr.arguments[:-1], *elements]


def _not_expandable(value: Value) -> str | None:
    if value.raw is None:
        return "The argument before ... is null, so there are no arguments to take from it."
    if not isinstance(value.type, ListType | SetType | TupleType):
        have = friendly_name(value.type)
        return f"The argument before ... is a {have}; arguments can be taken from a list, a set or a tuple."
    return None


def accepts_count(function: Function, expr: FunctionCall, given: list[Expression], frame: Frame) -> bool:
    """Whether a function takes that many arguments; if not, that is reported."""
    wanted = len(function.parameters)
    if len(given) == wanted or (len(given) > wanted and function.variadic is not None):
        return True
    at_least = "at least " if function.variadic is not None else ""
    takes = f'Function "{expr.name}" takes {at_least}{wanted} argument{"" if wanted == 1 else "s"}'
    if len(given) < wanted:
        missing = function.parameters[len(given)].name
        detail = f'{takes}, but {len(given)} are given. The argument "{missing}" is missing.'
        frame.fail("Not enough function arguments", detail, expr.close_paren, context=expr.span)
        return False
    detail = f"{takes}, but {len(given)} are given."
    frame.fail("Too many function arguments", detail, start_of(given[wanted]), context=expr.span)
    return False


def _convert_arguments(
    function: Function, expr: FunctionCall, arguments: list[Argument], frame: Frame
) -> list[Value] | None:
    values: list[Value] = []
    for position, (expression, value) in enumerate(arguments):
        converted = convert(value, function.parameter(position).type)
        if isinstance(converted, Mismatch):
            detail = str(converted)
            bad_argument(function, expr, frame, at=expression, position=position, problem=detail)
        else:
            values.append(converted)
    return values if len(values) == len(arguments) else None


def bad_argument(
    function: Function, expr: FunctionCall, frame: Frame, *, at: Expression, position: int, problem: str
) -> Value:
    """Reports that an argument is not acceptable."""
    name = function.parameter(position).name
    detail = f'The argument "{name}" of function "{expr.name}" is not acceptable: {problem}.'
    return frame.fail("Invalid function argument", detail, start_of(at), context=expr.span, about=at)


# -- unknown functions ---------------------------------------------------------------------------


def _unknown_function(expr: FunctionCall, frame: Frame) -> Value:
    for argument in expr.arguments:
        frame.value(argument)
    namespace, _, name = expr.name.rpartition("::")
    if namespace and not namespace.startswith("provider::"):
        detail = (
            f'There is no function "{expr.name}". Functions of providers begin with "provider::"; built-in '
            'functions have no prefix or "core::".'
        )
        return frame.fail("Unknown provider function", detail, expr.name_span, context=expr.span)
    if namespace:
        provider = namespace.removeprefix("provider::")
        detail = (
            f'There is no function "{expr.name}". Provider "{provider}" must be declared in the '
            f'required_providers block of this module and have a function "{name}".'
        )
        return frame.fail("Unknown provider function", detail, expr.name_span, context=expr.span)
    nearest = suggest(expr.name, frame.scope.functions)
    close = f' Did you mean "{nearest}"?' if nearest is not None else ""
    detail = f'There is no function named "{expr.name}".{close}'
    return frame.fail("Call to unknown function", detail, expr.name_span, context=expr.span)
