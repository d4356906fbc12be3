from __future__ import annotations

import pytest
from tests.unit.lang.expression_lab import value_of

from mooring.lang.rendering import render, render_type


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a\\"b"', '"a\\"b"'),
        ("1e30", "1" + "0" * 30),
        ("[1, null]", "[\n  1,\n  null,\n]"),
        ("names", 'tolist([\n  "a",\n  "b",\n  "c",\n])'),
        ("{a = {}}", '{\n  "a" = {}\n}'),
        ('"x\\ny"', "<<EOT\nx\ny\nEOT"),
        ("[secret]", "[\n  (sensitive value),\n]"),
        ("some_text", "(known after apply)"),
        ("no_text", "tostring(null)"),
    ],
)
def test_a_value_is_written_as_the_console_shows_it(text: str, expected: str) -> None:
    assert render(value_of(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("names", "list(string)"),
        ("people", "list(\n    object({\n        name: string,\n    }),\n)"),
        ("[1]", "tuple([\n    number,\n])"),
    ],
)
def test_a_type_is_written_as_the_console_shows_it(text: str, expected: str) -> None:
    assert render_type(value_of(text).type) == expected
