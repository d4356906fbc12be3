"""What operators make of their operands: conversion, arithmetic, comparison, logic.

Knows nothing of expressions. Operations take values that were converted to `OPERANDS[operator]`; marks are
the caller's concern. They raise `OperationError` for what has no result.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Final

from mooring.core.numbers import Number, round_to_precision
from mooring.core.types import BOOL, DYNAMIC, NUMBER, Type
from mooring.core.values import UNKNOWN_NOT_NULL, Unknown, Value, boolean, number, unknown
from mooring.lang.equality import equal


class OperationError(Exception):
    """The operands are of the right type, but the operation has no result for them; the text says why."""


OPERANDS: Final[dict[str, Type]] = {
    "||": BOOL,
    "&&": BOOL,
    "!": BOOL,
    "==": DYNAMIC,
    "!=": DYNAMIC,
    **dict.fromkeys((">", ">=", "<", "<=", "+", "-", "*", "/", "%"), NUMBER),
}
RESULTS: Final[dict[str, Type]] = {
    **dict.fromkeys(("||", "&&", "!", "==", "!=", ">", ">=", "<", "<="), BOOL),
    **dict.fromkeys(("+", "-", "*", "/", "%"), NUMBER),
}
_UNKNOWN_BOOL: Final = unknown(BOOL, UNKNOWN_NOT_NULL)
_UNKNOWN_NUMBER: Final = unknown(NUMBER, UNKNOWN_NOT_NULL)
_EQUALITIES: Final = frozenset(("==", "!="))
_LOGIC: Final = frozenset(("&&", "||"))
_SMALL: Final = 1e-300
"""Two 64-bit numbers above it give a 64-bit result with all its bits."""


def apply_binary(operator: str, left: Value, right: Value) -> Value:
    """The result of a binary operator."""
    if operator in _EQUALITIES:
        same = equal(left, right)
        return _UNKNOWN_BOOL if same is None else boolean(same is (operator == "=="))
    if left.raw is None or right.raw is None:
        raise OperationError("an operand is null")
    if operator in _LOGIC:
        return _logic(operator, left, right)
    is_known = type(left.raw) is not Unknown and type(right.raw) is not Unknown
    calculate = _ARITHMETIC.get(operator)
    if calculate is not None:
        return number(calculate(left.number, right.number)) if is_known else _UNKNOWN_NUMBER
    return boolean(_COMPARISONS[operator](left.number, right.number)) if is_known else _UNKNOWN_BOOL


def apply_unary(operator: str, operand: Value) -> Value:
    """The result of `!` or `-`."""
    if operand.raw is None:
        raise OperationError("the operand is null")
    if type(operand.raw) is Unknown:
        return _UNKNOWN_BOOL if operator == "!" else _UNKNOWN_NUMBER
    return boolean(not operand.raw) if operator == "!" else number(_negated(operand.number))


def _negated(of: Number) -> Number:
    """Zero has a sign: it is seen in `tostring(-0)`."""
    return -of if of else -0.0


def _logic(operator: str, left: Value, right: Value) -> Value:
    """Both operands count, as in Terraform 1.11: an unknown one makes the result unknown in any case."""
    if type(left.raw) is Unknown or type(right.raw) is Unknown:
        return _UNKNOWN_BOOL
    return boolean(left.truth and right.truth) if operator == "&&" else boolean(left.truth or right.truth)


# -- numbers -------------------------------------------------------------------------------------


def add(left: Number, right: Number) -> Number:
    """Sum, in 512 bits."""
    if type(left) is int and type(right) is int:
        return round_to_precision(left + right)
    if _is_infinite(left) or _is_infinite(right):
        return _not_nan(float(left) + float(right), "infinity cannot be added to its opposite")
    if type(left) is float and type(right) is float and abs(left + right) > _SMALL:
        return left + right
    return round_to_precision(Fraction(left) + Fraction(right))


def subtract(left: Number, right: Number) -> Number:
    """Difference, in 512 bits."""
    if left == right and _is_infinite(left):
        raise OperationError("infinity cannot be subtracted from itself")
    return add(left, -right)


def multiply(left: Number, right: Number) -> Number:
    """Product, in 512 bits."""
    if type(left) is int and type(right) is int:
        return round_to_precision(left * right)
    if _is_infinite(left) or _is_infinite(right):
        return _not_nan(_sign(left) * _sign(right) * math.inf, "zero cannot be multiplied with infinity")
    return round_to_precision(Fraction(left) * Fraction(right))


def divide(left: Number, right: Number) -> Number:
    """Quotient, in 512 bits; infinity for a division by zero."""
    if _is_infinite(right):
        if _is_infinite(left):
            raise OperationError("infinity cannot be divided by infinity")
        return 0
    if right == 0:
        if left == 0:
            raise OperationError("zero cannot be divided by zero")
        return math.copysign(math.inf, left)
    if _is_infinite(left):
        return left * _sign(right)
    if type(left) is float and type(right) is float and _SMALL < abs(left / right) < math.inf:
        return left / right
    return round_to_precision(Fraction(left) / Fraction(right))


def modulo(left: Number, right: Number) -> Number:
    """What is left after division, with the sign of the left operand. Here, `x % 0 = x`."""
    if _is_infinite(left) or _is_infinite(right):
        raise OperationError("the remainder of infinity does not exist")
    if right == 0 or left == 0:
        return left
    if type(left) is int and type(right) is int:
        return int(math.copysign(1, left)) * (abs(left) % abs(right))
    return subtract(left, multiply(right, math.trunc(Fraction(divide(left, right)))))


def _is_infinite(of: Number) -> bool:
    return type(of) is float and math.isinf(of)


def _sign(of: Number) -> int:
    return (of > 0) - (of < 0)


def _not_nan(result: float, problem: str) -> float:
    if math.isnan(result):
        raise OperationError(problem)
    return result


_ARITHMETIC: Final[dict[str, Callable[[Number, Number], Number]]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "%": modulo,
}
_COMPARISONS: Final[dict[str, Callable[[Number, Number], bool]]] = {
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
}
