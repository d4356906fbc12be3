from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooring.core.numbers import Number, format_number, from_float, parse_number, round_to_precision

THIRD = "0." + "3" * 154 + "5"


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "0"),
        (Fraction(1, 2), "0.5"),
        (round_to_precision(Fraction(1, 10)), "0.1"),
        (round_to_precision(Fraction(1, 3)), THIRD),
        (10**100, "1" + "0" * 100),
        (10**160 + 1, "1" + "0" * 160),
        (math.inf, "+Inf"),
        (-0.0, "-0"),
        (2.0**0.5, "1.4142135623730951"),
        (2.0**63, "9223372036854776000"),
        (2.0**64, "18446744073709550000"),
    ],
)
def test_a_number_is_written_with_the_fewest_digits(number: Number, expected: str) -> None:
    assert format_number(number) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("007", 7),
        ("-1e3", -1000),
        (".5", Fraction(1, 2)),
        ("5.", 5),
        ("1p5", 32),
        ("inf", math.inf),
        ("-Inf", -math.inf),
        ("1_000", None),
        ("0x10", None),
        ("nan", None),
        (" 1", None),
        ("", None),
        ("1e", None),
    ],
)
def test_a_decimal_text_is_read_as_terraform_reads_it(text: str, expected: Number | None) -> None:
    assert parse_number(text) == expected


@given(st.fractions())
def test_what_is_written_reads_back(exact: Fraction) -> None:
    number = round_to_precision(exact)
    assert parse_number(format_number(number)) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_result_of_64_bits_is_written_so_that_it_reads_back_in_64_bits(result: float) -> None:
    assert float(format_number(from_float(result))) == result
