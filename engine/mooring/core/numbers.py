"""Numbers of the language: binary floating point with a 512-bit significand, as Terraform computes.

A number is an `int` when it is whole, else a `Fraction` whose denominator is a power of two and whose
significand has at most 512 bits. A `float` is infinity, or what a function that computes in 64 bits gave
(`log`, `pow`): equal to the same number in another form, but written with the digits that 64 bits need. So
whole numbers, nearly all there are, cost what Python's cost, and every result is the one that 512-bit
arithmetic gives.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from fractions import Fraction
from typing import Final

Number = int | Fraction | float
PRECISION: Final = 512
_FLOAT_PRECISION: Final = 53
_MOST_DIGITS: Final = 4000
_LONGEST_EXPONENT: Final = 20
_DECIMAL: Final = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?(?:([eEpP])([+-]?[0-9]+))?")
_INFINITY: Final = re.compile(r"[+-]?[iI]nf")


def round_to_precision(exact: Fraction | int) -> Number:
    """The nearest number of 512 significant bits, ties to even."""
    numerator, denominator = exact.numerator, exact.denominator
    if denominator == 1 and abs(numerator).bit_length() <= PRECISION:
        return numerator
    if denominator & (denominator - 1) == 0 and abs(numerator).bit_length() <= PRECISION:
        return Fraction(numerator, denominator)
    shift = PRECISION - (abs(numerator).bit_length() - denominator.bit_length())
    if abs(_scaled(exact, shift)).bit_length() > PRECISION:  # the quotient has one bit more than estimated
        shift -= 1
    significand = _scaled(exact, shift)
    rounded = Fraction(significand, 1 << shift) if shift >= 0 else Fraction(significand << -shift)
    return rounded.numerator if rounded.denominator == 1 else rounded


def _scaled(exact: Fraction | int, shift: int) -> int:
    return round(exact * Fraction(2) ** shift)


def parse_number(text: str) -> Number | None:
    """The number that a decimal stands for (`12`, `-0.5`, `1e30`, `inf`), or None if it is not one.

    `1p5` is allowed as in Terraform: the exponent is one of two.
    """
    if text.isascii() and text.isdecimal() and len(text) < 150:
        return int(text)
    match = _DECIMAL.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        return float(text) if _INFINITY.fullmatch(text) else None
    sign, whole, part = match[1], match[2] or "", match[3] or ""
    exponent = int((match[5] or "0")[:_LONGEST_EXPONENT])
    digits = _whole(whole + part) * (-1 if sign == "-" else 1)
    if abs(exponent) > 1_000_000:
        return 0 if exponent < 0 or digits == 0 else math.copysign(math.inf, digits)
    scale = Fraction(2 if match[4] in ("p", "P") else 10) ** exponent
    return round_to_precision(digits * scale / 10 ** len(part))


def _whole(digits: str) -> int:
    """The number that digits stand for, in pieces: Python refuses to read more than 4,300 at once."""
    if len(digits) <= _MOST_DIGITS:
        return int(digits or "0")
    middle = len(digits) // 2
    shift: int = 10 ** (len(digits) - middle)
    return _whole(digits[:middle]) * shift + _whole(digits[middle:])


def from_float(result: float) -> Number:
    """The number that a 64-bit computation gave: an `int` where it is whole and has at most 63 bits."""
    return int(result) if result.is_integer() and abs(result) < 2**63 else result


def format_number(number: Number) -> str:
    """The shortest decimal, never with an exponent, that reads back as the same number."""
    if isinstance(number, int):
        return str(number) if number.bit_length() <= PRECISION else _shortest(Fraction(number), PRECISION)
    if isinstance(number, float):
        if math.isinf(number):
            return "+Inf" if number > 0 else "-Inf"
        if not number:
            return "-0" if math.copysign(1, number) < 0 else "0"
        return _shortest(Fraction(number), _FLOAT_PRECISION)
    return _shortest(number, PRECISION)


def _shortest(number: Fraction, precision: int) -> str:
    sign, magnitude = ("-" if number < 0 else ""), abs(number)
    if not magnitude:
        return "0"
    digits, power = shortest_digits(magnitude, precision)
    return sign + _place_point(digits, power)


def shortest_digits(magnitude: Fraction, precision: int) -> tuple[int, int]:
    """The fewest digits, and the power of ten they count, that are within half a unit of the last bit.

    If n digits suffice then n + 1 do, so halving finds them. As in Go's `big.Float`, the distance below a
    power of two is taken to be the one above it.
    """
    exponent = decimal_exponent(magnitude)
    half_unit, is_even = _half_unit(magnitude, precision)

    def nearest(count: int) -> int | None:
        scaled = magnitude * Fraction(10) ** (count - exponent)
        reach = half_unit * Fraction(10) ** (count - exponent)
        down = math.floor(scaled)
        near = [each for each in (down, down + 1) if _within(abs(scaled - each), reach, inclusive=is_even)]
        return min(near, key=lambda each: abs(scaled - each)) if near else None

    most = int(precision * 0.302) + 5
    count = bisect_left(range(1, most), x=True, key=lambda count: nearest(count) is not None) + 1
    digits = nearest(count)
    assert digits is not None
    return digits, exponent - count


def _within(distance: Fraction, reach: Fraction, *, inclusive: bool) -> bool:
    return distance < reach or (inclusive and distance == reach)


def _half_unit(magnitude: Fraction, precision: int) -> tuple[Fraction, bool]:
    """Half of what the last bit of the significand counts, and whether that bit is 0."""
    bits = magnitude.numerator.bit_length() - magnitude.denominator.bit_length()
    if Fraction(2) ** bits > magnitude:
        bits -= 1
    unit = Fraction(2) ** (bits - precision + 1)
    return unit / 2, int(magnitude / unit) % 2 == 0


def decimal_exponent(magnitude: Fraction) -> int:
    """The power of ten just above: 0.25 gives 0, 12.5 gives 2."""
    bits = magnitude.numerator.bit_length() - magnitude.denominator.bit_length()
    estimate = math.floor(bits * math.log10(2))
    while Fraction(10) ** estimate <= magnitude:
        estimate += 1
    while Fraction(10) ** (estimate - 1) > magnitude:
        estimate -= 1
    return estimate


def _place_point(digits: int, power: int) -> str:
    text = str(digits)
    if power >= 0:
        return text + "0" * power
    text = text.rjust(1 - power, "0")
    whole, part = text[:power], text[power:].rstrip("0")
    return f"{whole}.{part}" if part else whole
