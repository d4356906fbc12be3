"""Conversions, and what is about values as such: marks, and whether an expression has a value at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from mooring.core.conversion import Mismatch, constraint_name, convert
from mooring.core.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    SetType,
    Type,
    friendly_name,
)
from mooring.core.unification import resolved, type_mismatch
from mooring.core.values import (
    DYNAMIC_UNKNOWN,
    EPHEMERAL,
    ONLY_SENSITIVE,
    TRUE,
    UNKNOWN_NOT_NULL,
    Value,
    boolean,
    null,
    unknown,
    with_parts,
)
from mooring.lang.functions.model import ArgumentError, Call, Function, Parameter

if TYPE_CHECKING:
    from mooring.lang.frames import Frame
    from mooring.syntax.nodes import Expression, FunctionCall

_EPHEMERAL: Final = frozenset({EPHEMERAL})


# -- conversions ---------------------------------------------------------------------------------


def _conversion(name: str, to: Type) -> Function:
    return Function(
        name=name,
        description=f"A value converted to {constraint_name(to)}.",
        parameters=(
            Parameter(
                name="v",
                description="The value to convert.",
                allow_null=True,
                allow_unknown=True,
                allow_dynamic=True,
                allow_marked=True,
            ),
        ),
        returns=_target_rule(to),
        declared=to,
        body=_conversion_body(to),
        nullable=True,
    )


def _target_rule(to: Type) -> Callable[[Call], Type]:
    def rule(call: Call) -> Type:
        if type_mismatch(call[0].type, to) is not None:
            raise ArgumentError(0, f"a {friendly_name(call[0].type)} cannot become a {constraint_name(to)}")
        return resolved(call[0].type, to)

    return rule


def _conversion_body(to: Type) -> Callable[[Call], Value]:
    def body(call: Call) -> Value:
        converted = convert(call[0], to)
        if isinstance(converted, Mismatch):
            raise ArgumentError(0, f"it cannot become a {constraint_name(to)}: {converted}")
        return converted

    return body


# -- marks ---------------------------------------------------------------------------------------


def _first_type(call: Call) -> Type:
    return call[0].type


def _sensitive(call: Call) -> Value:
    return call[0].marked(ONLY_SENSITIVE)


def _nonsensitive(call: Call) -> Value:
    of = call[0]
    return Value(of.type, of.raw, of.marks - ONLY_SENSITIVE)


def _is_sensitive(call: Call) -> Value:
    """Unknown for an unknown value: it may turn out to be sensitive."""
    if call[0].is_sensitive:
        return TRUE
    return boolean(False) if call[0].is_known else unknown(BOOL, UNKNOWN_NOT_NULL)  # noqa: FBT003


def _ephemeral_as_null(call: Call) -> Value:
    return _without_ephemeral(call[0])


def _without_ephemeral(value: Value) -> Value:
    if EPHEMERAL in value.marks:
        return null(value.type).marked(value.marks - _EPHEMERAL)
    return with_parts(value, _without_ephemeral)


# -- try and can ---------------------------------------------------------------------------------


def _try(function: Function, expr: FunctionCall, frame: Frame) -> Value:
    """The first argument that evaluates without an error. What is not ready yet passes through."""
    from mooring.lang.calls import expanded_arguments
    from mooring.lang.starts import start_of

    arguments = expanded_arguments(expr, frame)
    if arguments is None:
        return DYNAMIC_UNKNOWN
    problems: list[str] = []
    for argument in arguments:
        trial = frame.apart(is_trial=True)
        if _depends_on_unknown(argument, trial):
            return DYNAMIC_UNKNOWN
        value = trial.value(argument)
        if not trial.report.has_errors:
            return value
        problems += [f"\n- {diag.summary}: {diag.detail}" for diag in trial.report.diagnostics]
    reason = "no argument evaluates without an error:" if problems else "at least one argument is required."
    detail = f'The call of function "{function.name}" failed: {reason}{"".join(problems)}'
    return frame.fail("Error in function call", detail, start_of(expr), context=expr.span, about=expr)


def _can(function: Function, expr: FunctionCall, frame: Frame) -> Value:
    """Whether the argument evaluates without an error; unknown if its value is."""
    from mooring.lang.calls import accepts_count, expanded_arguments

    arguments = expanded_arguments(expr, frame)
    if arguments is None or not accepts_count(function, expr, arguments, frame):
        return DYNAMIC_UNKNOWN
    if _depends_on_unknown(arguments[0], frame):
        return unknown(BOOL, UNKNOWN_NOT_NULL)
    return boolean(frame.attempt(arguments[0]) is not None)


def _depends_on_unknown(expression: Expression, frame: Frame) -> bool:
    """Whether an expression may still fail or succeed when what it refers to becomes known."""
    from mooring.syntax.static import traversals

    found = (frame.attempt(reference) for reference in traversals(expression))
    return any(value is not None and not value.is_wholly_known for value in found)


def _never(call: Call) -> Value:
    raise AssertionError(f"evaluated specially: {call}")


_VALUE: Final = Parameter(
    name="value",
    description="Any value, whatever its marks.",
    allow_null=True,
    allow_unknown=True,
    allow_dynamic=True,
    allow_marked=True,
)
_EXPRESSION: Final = Parameter(name="expression", description="What to evaluate; it may fail.")

FUNCTIONS: Final = (
    _conversion("tostring", STRING),
    _conversion("tonumber", NUMBER),
    _conversion("tobool", BOOL),
    _conversion("tolist", ListType(DYNAMIC)),
    _conversion("toset", SetType(DYNAMIC)),
    _conversion("tomap", MapType(DYNAMIC)),
    Function(
        name="sensitive",
        description="The same value, hidden from output from here on.",
        parameters=(_VALUE,),
        returns=_first_type,
        body=_sensitive,
        nullable=True,
    ),
    Function(
        name="nonsensitive",
        description="The same value, no longer hidden from output.",
        parameters=(_VALUE,),
        returns=_first_type,
        body=_nonsensitive,
        nullable=True,
    ),
    Function(
        name="issensitive",
        description="Whether a value is hidden from output.",
        parameters=(_VALUE,),
        returns=BOOL,
        body=_is_sensitive,
    ),
    Function(
        name="ephemeralasnull",
        description="A value with null in place of each ephemeral part.",
        parameters=(_VALUE,),
        returns=_first_type,
        body=_ephemeral_as_null,
        nullable=True,
    ),
    Function(
        name="try",
        description="The first of its arguments that evaluates without an error.",
        variadic=Parameter(
            name="expressions", description="What to evaluate, in this order; the last resort comes last."
        ),
        returns=DYNAMIC,
        body=_never,
        special=_try,
    ),
    Function(
        name="can",
        description="Whether its argument evaluates without an error.",
        parameters=(_EXPRESSION,),
        returns=BOOL,
        body=_never,
        special=_can,
    ),
)
