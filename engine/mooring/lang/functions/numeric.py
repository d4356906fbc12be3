"""Numbers. `log` and `pow` compute in 64 bits, as Terraform's do; everything else is exact to 512 bits."""

from __future__ import annotations

import math
from typing import Final

from mooring.core.conversion import Mismatch, convert
from mooring.core.numbers import Number, from_float
from mooring.core.types import (
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    SetType,
    TupleType,
    friendly_name,
)
from mooring.core.values import Value, list_value, number
from mooring.lang.functions.arguments import whole_number
from mooring.lang.functions.model import ArgumentError, Call, CallError, Function, Parameter, plain
from mooring.lang.operators import OperationError, add

_MOST_IN_RANGE: Final = 1024
_LN2_HIGH: Final = 6.93147180369123816490e-01
_LN2_LOW: Final = 1.90821492927058770002e-10
_LOG: Final = (
    0.0,
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)
"""Coefficients of fdlibm's approximation of log(1 + f)."""
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _absolute(of: Number) -> Number:
    return -of if of < 0 else of or 0


def _ceil(of: Number) -> Number:
    return of if isinstance(of, float) and math.isinf(of) else math.ceil(of)


def _floor(of: Number) -> Number:
    return of if isinstance(of, float) and math.isinf(of) else math.floor(of)


def _signum(call: Call) -> Value:
    of = whole_number(call[0])
    return number((of > 0) - (of < 0))


def _log(call: Call) -> Value:
    top, bottom = _logarithm(call[0].number), _logarithm(call[1].number)
    if bottom == 0:
        return _from_float(math.nan if top == 0 else math.copysign(math.inf, top))
    return _from_float(math.nan if math.isinf(top) and math.isinf(bottom) else top / bottom)


def _logarithm(of: Number) -> float:
    """Natural logarithm as IEEE 754 has it: not a number below zero, minus infinity at zero."""
    if of < 0:
        return math.nan
    return natural_logarithm(_to_float(of)) if of else -math.inf


def natural_logarithm(of: float) -> float:
    """The logarithm of a positive number with the rounding of FreeBSD's libm, as Terraform has it."""
    if math.isinf(of):
        return of
    significand, exponent = math.frexp(of)
    if significand < math.sqrt(2) / 2:
        significand, exponent = significand * 2, exponent - 1
    f = significand - 1
    s = f / (2 + f)
    square = s * s
    fourth = square * square
    odd = square * (_LOG[1] + fourth * (_LOG[3] + fourth * (_LOG[5] + fourth * _LOG[7])))
    even = fourth * (_LOG[2] + fourth * (_LOG[4] + fourth * _LOG[6]))
    half = 0.5 * f * f
    return exponent * _LN2_HIGH - ((half - (s * (half + odd + even) + exponent * _LN2_LOW)) - f)


def _power(call: Call) -> Value:
    return _from_float(power(_to_float(call[0].number), _to_float(call[1].number)))


def _to_float(of: Number) -> float:
    try:
        return float(of)
    except OverflowError as problem:
        raise CallError("a number is too large for a computation in 64 bits") from problem


def _from_float(result: float) -> Value:
    if math.isnan(result):
        raise CallError("the result is not a number")
    return number(from_float(result))


def power(base: float, exponent: float) -> float:
    """`base ** exponent` with the rounding of repeated squaring, which is what Terraform's has."""
    if exponent == 0 or base == 1:
        return 1.0
    if base == 0 or math.isinf(base) or math.isinf(exponent) or math.isnan(base) or abs(exponent) == 0.5:
        return _library_power(base, exponent)
    fraction, whole = math.modf(abs(exponent))
    if (fraction and base < 0) or whole >= 2**63:
        return _library_power(base, exponent)
    result, scale = 1.0, 0
    if fraction:
        if fraction > 0.5:
            fraction, whole = fraction - 1, whole + 1
        result = math.exp(fraction * math.log(base))
    factor, factor_scale = math.frexp(base)
    steps = int(whole)
    while steps:
        if abs(factor_scale) > 1 << 12:
            scale += factor_scale
            break
        if steps & 1:
            result, scale = result * factor, scale + factor_scale
        factor, factor_scale = factor * factor, factor_scale * 2
        if factor < 0.5:
            factor, factor_scale = factor * 2, factor_scale - 1
        steps >>= 1
    if exponent < 0:
        result, scale = 1 / result, -scale
    return _scaled(result, scale)


def _scaled(significand: float, exponent: int) -> float:
    try:
        return math.ldexp(significand, exponent)
    except OverflowError:
        return math.copysign(math.inf, significand)


def _library_power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf
    except ValueError:
        return math.nan if base < 0 else math.inf


# -- several numbers -----------------------------------------------------------------------------


def _most(call: Call) -> Value:
    return number(max(_some_numbers(call)))


def _least(call: Call) -> Value:
    return number(min(_some_numbers(call)))


def _some_numbers(call: Call) -> list[Number]:
    if not len(call):
        raise CallError("at least one number is required")
    return [each.number for each in call.arguments]


def _sum(call: Call) -> Value:
    addends = call[0]
    if not isinstance(addends.type, ListType | SetType | TupleType):
        raise ArgumentError(0, f"a list, set or tuple is required, but have {friendly_name(addends.type)}")
    if not addends.elements:
        raise ArgumentError(0, "the sum of an empty list does not exist")
    total: Number = 0
    for at, each in enumerate(addends.elements):
        converted = convert(each, NUMBER)
        if isinstance(converted, Mismatch) or converted.is_null:
            raise ArgumentError(0, f"element {at} is not a number")
        total = _add(total, converted.number)
    return number(total)


def _add(left: Number, right: Number) -> Number:
    try:
        return add(left, right)
    except OperationError as problem:
        raise CallError(str(problem)) from problem


def _range(call: Call) -> Value:
    if not 1 <= len(call) <= 3:
        raise CallError("one, two or three arguments are required: end; start, end; start, end, step")
    numbers = [each.number for each in call.arguments]
    start, end = (numbers[0], numbers[1]) if len(numbers) > 1 else (0, numbers[0])
    step = numbers[2] if len(numbers) > 2 else (1 if end >= start else -1)
    _check_direction(start, end, step)
    found: list[Value] = []
    at: Number = start
    while (at < end) if end > start else (at > end):
        if len(found) >= _MOST_IN_RANGE:
            raise CallError(f"it would have more than {_MOST_IN_RANGE} elements; use a larger step")
        found.append(number(at))
        at = _add(at, step)
    return list_value(NUMBER, found)


def _check_direction(start: Number, end: Number, step: Number) -> None:
    if start < end and step < 0:
        raise ArgumentError(1, "the end must be below the start when the step is negative")
    if start > end and step >= 0:
        raise ArgumentError(1, "the end must be above the start when the step is positive")


# -- parseint ------------------------------------------------------------------------------------


def _parse_int(call: Call) -> Value:
    text = call[0]
    if text.type is not STRING:
        raise ArgumentError(0, f"a string is required, but have {friendly_name(text.type)}")
    base = call[1].number
    if not isinstance(base, int) or not 2 <= base <= 62:
        raise ArgumentError(1, "the base must be a whole number from 2 to 62")
    read = _read_digits(text.text, base)
    if read is None:
        raise ArgumentError(0, f"{_shown(text.text)} is not a whole number in base {base}")
    return number(read)


def _shown(text: str) -> str:
    return f'"{text}"'


def _read_digits(text: str, base: int) -> int | None:
    digits = text[1:] if text[:1] in ("+", "-") else text
    if base <= 36:
        digits = digits.lower() if digits.isascii() else "?"
    total = 0
    for digit in digits:
        value = _DIGITS.find(digit)
        if not 0 <= value < base:
            return None
        total = total * base + value
    return (-total if text[0] == "-" else total) if digits else None


_NUM: Final = Parameter(name="num", description="The number to work on.", type=NUMBER)

FUNCTIONS: Final = (
    Function(
        name="abs",
        description="How far a number is from zero.",
        parameters=(_NUM,),
        returns=NUMBER,
        body=plain(_absolute),
    ),
    Function(
        name="ceil",
        description="The least whole number that is not below a number.",
        parameters=(_NUM,),
        returns=NUMBER,
        body=plain(_ceil),
    ),
    Function(
        name="floor",
        description="The greatest whole number that is not above a number.",
        parameters=(_NUM,),
        returns=NUMBER,
        body=plain(_floor),
    ),
    Function(
        name="signum",
        description="-1, 0 or 1: the sign of a number.",
        parameters=(_NUM,),
        returns=NUMBER,
        body=_signum,
    ),
    Function(
        name="log",
        description="The logarithm of a number to some base.",
        parameters=(_NUM, Parameter(name="base", description="The base of the logarithm.", type=NUMBER)),
        returns=NUMBER,
        body=_log,
    ),
    Function(
        name="pow",
        description="A number raised to a power.",
        parameters=(_NUM, Parameter(name="power", description="The exponent.", type=NUMBER)),
        returns=NUMBER,
        body=_power,
    ),
    Function(
        name="max",
        description="The greatest of some numbers.",
        variadic=Parameter(name="numbers", description="The numbers to compare.", type=NUMBER),
        returns=NUMBER,
        body=_most,
    ),
    Function(
        name="min",
        description="The least of some numbers.",
        variadic=Parameter(name="numbers", description="The numbers to compare.", type=NUMBER),
        returns=NUMBER,
        body=_least,
    ),
    Function(
        name="sum",
        description="All numbers of a collection, added up.",
        parameters=(
            Parameter(name="list", description="At least one number, in a list, set or tuple.", whole=True),
        ),
        returns=NUMBER,
        declared=DYNAMIC,
        body=_sum,
    ),
    Function(
        name="range",
        description="Numbers at equal distances, up to a limit that is left out.",
        variadic=Parameter(
            name="params", description="The limit; or start and limit; or start, limit and step.", type=NUMBER
        ),
        returns=ListType(NUMBER),
        body=_range,
    ),
    Function(
        name="parseint",
        description="The whole number that digits in some base stand for.",
        parameters=(
            Parameter(name="number", description="The digits, as a string."),
            Parameter(name="base", description="The base, from 2 to 62.", type=NUMBER),
        ),
        returns=NUMBER,
        declared=DYNAMIC,
        body=_parse_int,
    ),
)
