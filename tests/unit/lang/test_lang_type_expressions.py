from __future__ import annotations

import pytest
from tests.unit.lang.expression_lab import parse

from mooring.core.conversion import Defaults, convert, with_defaults
from mooring.core.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)
from mooring.core.values import number, object_value, string, tuple_value
from mooring.lang.type_expressions import parse_type, parse_type_without_defaults


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("string", STRING),
        ("any", DYNAMIC),
        ("list(number)", ListType(NUMBER)),
        ("set(bool)", SetType(BOOL)),
        ("map(list(any))", MapType(ListType(DYNAMIC))),
        ("tuple([string, number])", TupleType((STRING, NUMBER))),
        ("object({})", ObjectType({})),
        (
            "object({ a = string, b = optional(number) })",
            ObjectType({"a": STRING, "b": NUMBER}, frozenset({"b"})),
        ),
    ],
)
def test_a_type_expression_means_a_type(text: str, expected: Type) -> None:
    constraint, diags = parse_type(parse(text))
    assert diags == ()
    assert constraint.type == expected


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("strng", "strng"),
        ("set", "set"),
        ("list(list)", "list"),
        ("list()", "()"),
        ("list(string, number)", "number"),
        ('list("string")', '"string"'),
        ("foo(string)", "foo(string)"),
        ("object({ a = string, a = number })", "a"),
        ("string(1)", "(1)"),
        ("optional(string)", "optional"),
        ("object([])", "[]"),
        ("tuple(string)", "string"),
        ("1", "1"),
        ("object({ a = foo })", "foo"),
        ('object({ "a" = string })', '"a"'),
    ],
)
def test_a_wrong_type_expression_is_pointed_at(text: str, subject: str) -> None:
    _, diags = parse_type(parse(text))
    assert [diag.summary for diag in diags] == ["Invalid type specification"]
    assert diags[0].subject is not None
    assert diags[0].subject.text == subject


def test_a_quoted_type_is_understood_but_refused() -> None:
    constraint, diags = parse_type(parse('"list"'))
    assert constraint.type == ListType(DYNAMIC)
    assert [diag.summary for diag in diags] == ["Invalid quoted type constraints"]


def test_defaults_are_read_with_the_type_and_applied_inside_out() -> None:
    constraint, diags = parse_type(
        parse(
            'list(object({ a = optional(string, "x"), '
            "b = optional(object({ c = optional(number, 3) }), {}) }))"
        )
    )
    assert diags == ()
    assert constraint.defaults is not None
    filled = with_defaults(tuple_value([object_value({})]), constraint.defaults)
    expected = object_value({"a": string("x"), "b": object_value({"c": number(3)})})
    assert convert(filled, constraint.type) == convert(tuple_value([expected]), constraint.type)


def test_a_type_without_defaults_has_none() -> None:
    constraint, _ = parse_type(parse("object({ a = optional(string) })"))
    assert constraint.defaults is None


def test_a_default_must_fit_its_type() -> None:
    _, diags = parse_type(parse('object({ a = optional(number, "x") })'))
    assert [diag.summary for diag in diags] == ["Invalid default value for optional attribute"]


def test_a_quoted_type_that_never_was_one_is_refused() -> None:
    _, diags = parse_type(parse('"number"'))
    assert [diag.summary for diag in diags] == ["Invalid legacy variable type hint"]


def test_a_default_calls_no_function() -> None:
    _, diags = parse_type(parse('object({ a = optional(string, upper("x")) })'))
    assert [diag.summary for diag in diags] == ["Function calls not allowed"]


def test_a_default_must_be_constant() -> None:
    _, diags = parse_type(parse("object({ a = optional(number, var.x) })"))
    assert [diag.summary for diag in diags] == ["Variables not allowed"]


def test_optional_has_no_place_outside_of_variables() -> None:
    _, diags = parse_type_without_defaults(parse("object({ a = optional(number) })"))
    assert [diag.summary for diag in diags] == ["Invalid type specification"]


def test_defaults_of_collections_are_kept_under_none() -> None:
    constraint, _ = parse_type(parse('map(object({ a = optional(string, "x") }))'))
    assert constraint.defaults == Defaults(parts={None: Defaults(values={"a": string("x")})})
