"""Values for people and programs; the texts are what terraform 1.11.4's console and show print."""

from __future__ import annotations

import pytest
from plans import SECRET, obj, value_of

from mooring.core.codec import implied
from mooring.core.types import DYNAMIC, NUMBER, STRING, ListType, ObjectType
from mooring.core.values import (
    NULL,
    Value,
    list_value,
    map_value,
    null,
    number,
    set_value,
    string,
    tuple_value,
    unknown,
)
from mooring.reporting.inline import inline
from mooring.reporting.values_json import content, sensitives, unknowns
from mooring.reporting.values_text import format_value

NESTED = implied({"a": {"b": [1, {"c": None}]}})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (string('quote"d \\ tab\t'), '"quote\\"d \\\\ tab\\t"'),
        (string("\x01"), '"\\x01"'),
        (string("multi\nline"), "<<EOT\nmulti\nline\nEOT"),
        (string("multi\nline\n"), "<<EOT\nmulti\nline\n\nEOT"),
        (string("x\nEOT\ny"), "<<EOT_\nx\nEOT\ny\nEOT_"),
        (number(10**30), "1000000000000000000000000000000"),
        (tuple_value([]), "[]"),
        (list_value(STRING, []), "tolist([])"),
        (list_value(STRING, [string("a")]), 'tolist([\n  "a",\n])'),
        (list_value(STRING, [null(STRING)]), "tolist([\n  tostring(null),\n])"),
        (set_value(NUMBER, [number(2), number(1), number(10)]), "toset([\n  1,\n  2,\n  10,\n])"),
        (map_value(NUMBER, {"b": number(1), "a": number(2)}), 'tomap({\n  "a" = 2\n  "b" = 1\n})'),
        (NULL, "null"),
        (null(NUMBER), "tonumber(null)"),
        (null(ListType(DYNAMIC)), "tolist(null) /* of dynamic */"),
        (NESTED, '{\n  "a" = {\n    "b" = [\n      1,\n      {\n        "c" = null\n      },\n    ]\n  }\n}'),
        (obj(a=string("multi\nline\n")), '{\n  "a" = <<-EOT\n  multi\n  line\n  \n  EOT\n}'),
        (tuple_value([string("x").marked(SECRET), number(1)]), "[\n  (sensitive value),\n  1,\n]"),
        (unknown(STRING), "(known after apply)"),
    ],
)
def test_values_are_printed_like_hcl(value: Value, expected: str) -> None:
    assert expected == format_value(value)


def test_an_inline_value_stands_on_one_line() -> None:
    value = obj(a=[1, "x\ny", None], b=string("s").marked(SECRET), c=unknown(STRING), d={})
    expected = '{ a = [1, "x\\ny", null], b = (sensitive value), c = (known after apply), d = {} }'
    assert expected == inline(value)


def test_the_json_forms_leave_out_what_is_unknown_and_say_where_it_is() -> None:
    value = obj(
        id=unknown(STRING),
        input={"a": unknown(STRING), "b": {"z": [1, unknown(NUMBER)]}, "s": string("x").marked(SECRET)},
        empty=None,
    )
    assert content(value) == {"empty": None, "input": {"b": {"z": [1, None]}, "s": "x"}}
    assert unknowns(value) == {"id": True, "input": {"a": True, "b": {"z": [False, True]}}}
    assert sensitives(value) == {"input": {"b": {"z": [False, False]}, "s": True}}


def test_an_unknown_container_keeps_its_shape_among_the_sensitive_ones() -> None:
    assert sensitives(obj(a=unknown(ListType(STRING)), b=unknown(ObjectType({})))) == {"a": [], "b": {}}


def test_nothing_is_neither_unknown_nor_sensitive() -> None:
    assert (content(None), unknowns(None), sensitives(None)) == (None, False, False)
    assert value_of(None).is_null
