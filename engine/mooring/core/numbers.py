"""Numbers of the language: binary floating point with a 512-bit significand, as Terraform computes.

A number is an `int` when it is whole, else a `Fraction` whose denominator is a power of two and whose
significand has at most 512 bits; infinity is the `float`. So whole numbers, nearly all there are, cost what
Python's cost, and every result is still the one that 512-bit arithmetic gives.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from fractions import Fraction
from typing import Final

Number = int | Fraction | float
PRECISION: Final = 512
_DECIMAL: Final = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?")


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
    """The number a decimal literal stands for (`12`, `-0.5`, `1e30`), or None if it is not one."""
    if text.isascii() and text.isdecimal() and len(text) < 150:
        return int(text)
    match = _DECIMAL.fullmatch(text)
    if match is None or not (match[2] or match[3]):
        return None
    sign, whole, part, exponent = match[1], match[2] or "", match[3] or "", int(match[4] or 0)
    digits = int(whole + part or "0") * (-1 if sign == "-" else 1)
    power = exponent - len(part)
    if abs(power) > 1_000_000:
        return 0 if power < 0 or digits == 0 else math.copysign(math.inf, digits)
    return round_to_precision(digits * 10**power if power >= 0 else Fraction(digits, 10**-power))


def format_number(number: Number) -> str:
    """The shortest decimal, never with an exponent, that reads back as the same number."""
    if isinstance(number, int):
        return str(number) if number.bit_length() <= PRECISION else _shortest(Fraction(number))
    if isinstance(number, float):
        return "+Inf" if number > 0 else "-Inf"
    return _shortest(number)


def _shortest(number: Fraction) -> str:
    """Fewest digits that read back: 155 always do, and if n do then n + 1 do, so halving finds them."""
    sign, magnitude = ("-" if number < 0 else ""), abs(number)
    exponent = _decimal_exponent(magnitude)

    def to_digits(count: int) -> int:
        return round(magnitude * Fraction(10) ** (count - exponent))

    def reads_back(count: int) -> bool:
        return round_to_precision(to_digits(count) * Fraction(10) ** (exponent - count)) == magnitude

    digits = bisect_left(range(1, 160), x=True, key=reads_back) + 1
    return sign + _place_point(to_digits(digits), exponent - digits)


def _decimal_exponent(magnitude: Fraction) -> int:
    """The power of ten just above: 0.25 gives 0, 12.5 gives 2."""
    estimate = len(str(magnitude.numerator)) - len(str(magnitude.denominator))
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
