from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.lang.expression_lab import SENSITIVE_MARK

from mooring.core.conversion import Defaults, Mismatch, convert, unify, with_defaults
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
from mooring.core.values import (
    FALSE,
    TRUE,
    UNKNOWN,
    UNKNOWN_NOT_NULL,
    Unknown,
    Value,
    list_value,
    map_value,
    null,
    number,
    object_value,
    set_value,
    string,
    tuple_value,
    unknown,
)

A, B = string("a"), string("b")
ONE, TWO = number(1), number(2)
STRINGS = ListType(STRING)
ANY_LIST = ListType(DYNAMIC)
ANY_MAP = MapType(DYNAMIC)
NAMED = ObjectType({"name": STRING, "size": NUMBER}, frozenset({"size"}))

CONVERSIONS: list[tuple[Value, Type, Value]] = [
    (ONE, STRING, string("1")),
    (TRUE, STRING, string("true")),
    (string("1.50"), NUMBER, number(Fraction(3, 2))),
    (string("1"), BOOL, TRUE),
    (string("false"), BOOL, FALSE),
    (null(DYNAMIC), STRINGS, null(STRINGS)),
    (null(STRING), NUMBER, null(NUMBER)),
    (tuple_value([ONE, A]), STRINGS, list_value(STRING, [string("1"), A])),
    (tuple_value([ONE, A]), ANY_LIST, list_value(STRING, [string("1"), A])),
    (tuple_value([]), ANY_LIST, list_value(DYNAMIC, [])),
    (tuple_value([null(DYNAMIC), ONE]), ANY_LIST, list_value(NUMBER, [null(NUMBER), ONE])),
    (tuple_value([B, A, B]), SetType(STRING), set_value(STRING, [A, B])),
    (set_value(STRING, [B, A]), STRINGS, list_value(STRING, [A, B])),
    (list_value(NUMBER, [ONE]), STRINGS, list_value(STRING, [string("1")])),
    (object_value({"x": ONE, "y": A}), ANY_MAP, map_value(STRING, {"x": string("1"), "y": A})),
    (object_value({}), ANY_MAP, map_value(DYNAMIC, {})),
    (object_value({"name": A}), NAMED, object_value({"name": A, "size": null(NUMBER)})),
    (object_value({"name": A, "extra": B, "size": ONE}), NAMED, object_value({"name": A, "size": ONE})),
    (map_value(STRING, {"name": A}), NAMED, object_value({"name": A, "size": null(NUMBER)})),
    (
        tuple_value([object_value({"a": ONE}), object_value({"b": TWO})]),
        ANY_LIST,
        list_value(MapType(NUMBER), [map_value(NUMBER, {"a": ONE}), map_value(NUMBER, {"b": TWO})]),
    ),
    (
        tuple_value([object_value({"a": ONE})]),
        ListType(ObjectType({"a": DYNAMIC})),
        list_value(ObjectType({"a": NUMBER}), [object_value({"a": ONE})]),
    ),
]


@pytest.mark.parametrize(("value", "to", "expected"), CONVERSIONS)
def test_a_value_converts_to_the_type_asked_for(value: Value, to: Type, expected: Value) -> None:
    assert convert(value, to) == expected


MISMATCHES: list[tuple[Value, Type, str]] = [
    (object_value({}), STRING, "string required, but have object"),
    (string("x"), NUMBER, "a number is required"),
    (string("yes"), BOOL, "a bool is required"),
    (string("TRUE"), BOOL, 'a bool is required, and written as text it is "true", in lower case'),
    (ONE, BOOL, "bool required, but have number"),
    (A, STRINGS, "list of string required, but have string"),
    (A, ANY_LIST, "list of any single type required, but have string"),
    (tuple_value([A, tuple_value([])]), STRINGS, "element 1: string required, but have tuple"),
    (tuple_value([ONE, tuple_value([])]), ANY_LIST, "all list elements must have the same type"),
    (object_value({"x": ONE, "y": TRUE}), ANY_MAP, "all map elements must have the same type"),
    (object_value({"size": ONE}), NAMED, 'attribute "name" is required'),
    (object_value({}), ObjectType({"b": BOOL, "a": BOOL}), 'attributes "a" and "b" are required'),
    (object_value({"name": A, "size": B}), NAMED, 'attribute "size": a number is required'),
    (
        list_value(STRINGS, []),
        STRINGS,
        "incorrect list element type: string required, but have list of string",
    ),
    (null(STRING), STRINGS, "list of string required, but have string"),
    (unknown(STRING), STRINGS, "list of string required, but have string"),
    (tuple_value([A]), TupleType((STRING, STRING)), "tuple of length 2 required, but have 1 elements"),
]


@pytest.mark.parametrize(("value", "to", "expected"), MISMATCHES)
def test_a_mismatch_says_what_is_required_where(value: Value, to: Type, expected: str) -> None:
    found = convert(value, to)
    assert isinstance(found, Mismatch)
    assert str(found) == expected


def test_marks_stay_where_they_are() -> None:
    inner = tuple_value([ONE.marked(SENSITIVE_MARK), A])
    converted = convert(inner, STRINGS)
    assert isinstance(converted, Value)
    assert converted.elements == (string("1").marked(SENSITIVE_MARK), A)
    assert converted.marks == frozenset()


def test_marks_of_elements_go_to_the_set() -> None:
    converted = convert(tuple_value([A.marked(SENSITIVE_MARK)]), SetType(STRING))
    assert isinstance(converted, Value)
    assert converted.is_sensitive
    assert converted.elements == (A,)


def test_an_unknown_keeps_what_is_known_of_it() -> None:
    assert convert(unknown(NUMBER, UNKNOWN_NOT_NULL), STRING) == unknown(STRING, UNKNOWN_NOT_NULL)
    bounded = Unknown(not_null=True, min_length=2, max_length=5)
    assert convert(unknown(STRINGS, bounded), SetType(STRING)) == unknown(
        SetType(STRING), Unknown(not_null=True, min_length=1, max_length=5)
    )


def test_an_unknown_of_no_type_becomes_one_of_the_type() -> None:
    assert convert(unknown(DYNAMIC), STRINGS) == unknown(STRINGS, UNKNOWN)


UNIFIED: list[tuple[list[Type], Type | None]] = [
    ([STRING, NUMBER], STRING),
    ([NUMBER, BOOL], None),
    ([NUMBER, BOOL, STRING], STRING),
    ([DYNAMIC, NUMBER], NUMBER),
    ([DYNAMIC, TupleType((NUMBER,))], DYNAMIC),
    ([TupleType((NUMBER,)), TupleType((STRING,))], TupleType((STRING,))),
    ([TupleType(()), TupleType((STRING,))], STRINGS),
    ([TupleType((NUMBER, BOOL)), TupleType((STRING,))], STRINGS),
    ([ListType(NUMBER), STRINGS], STRINGS),
    ([ListType(NUMBER), SetType(STRING)], ListType(NUMBER)),
    ([SetType(STRING), TupleType((NUMBER,))], SetType(STRING)),
    ([STRINGS, TupleType((NUMBER, STRING))], STRINGS),
    ([ObjectType({"a": NUMBER}), ObjectType({"a": STRING})], ObjectType({"a": STRING})),
    ([ObjectType({"a": NUMBER}), ObjectType({"b": NUMBER})], MapType(NUMBER)),
    ([ObjectType({"a": NUMBER, "b": STRINGS}), ObjectType({"a": STRING})], None),
    ([MapType(STRING), ObjectType({"a": NUMBER})], MapType(STRING)),
    ([ObjectType({}), TupleType(())], None),
    ([STRING, STRINGS], None),
    ([], None),
]


@pytest.mark.parametrize(("types", "expected"), UNIFIED)
def test_types_unify_as_terraforms_do(types: list[Type], expected: Type | None) -> None:
    assert unify(types) == expected


def test_defaults_fill_what_is_missing_or_null_at_any_depth() -> None:
    ports = Defaults(values={"port": number(80)})
    defaults = Defaults(values={"name": A}, parts={"services": Defaults(parts={None: ports})})
    given = object_value({"name": null(STRING), "services": tuple_value([object_value({})])})
    assert with_defaults(given, defaults) == object_value(
        {"name": A, "services": tuple_value([object_value({"port": number(80)})])}
    )


def test_defaults_leave_null_and_unknown_alone() -> None:
    defaults = Defaults(values={"name": A})
    for value in (null(DYNAMIC), unknown(DYNAMIC), A):
        assert with_defaults(value, defaults) is value


primitives = st.one_of(
    st.text("abc1").map(string),
    st.integers(-5, 5).map(number),
    st.booleans().map(lambda of: TRUE if of else FALSE),
)
values = st.recursive(
    primitives,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple_value),
        st.dictionaries(st.sampled_from("xyz"), inner, max_size=3).map(object_value),
    ),
    max_leaves=8,
)
types = st.recursive(
    st.sampled_from([STRING, NUMBER, BOOL, DYNAMIC]),
    lambda inner: st.one_of(inner.map(ListType), inner.map(SetType), inner.map(MapType)),
    max_leaves=4,
)


@given(values, types)
def test_converting_twice_is_converting_once(value: Value, to: Type) -> None:
    once = convert(value, to)
    if isinstance(once, Value):
        assert convert(once, to) == once


@given(values, types)
def test_a_conversion_never_loses_a_mark_of_the_whole(value: Value, to: Type) -> None:
    converted = convert(value.marked(SENSITIVE_MARK), to)
    assert isinstance(converted, Mismatch) or converted.is_sensitive


@given(st.lists(types, min_size=1, max_size=4))
def test_every_type_converts_to_the_unified_one(several: list[Type]) -> None:
    found = unify(several)
    if found is not None:
        assert all(isinstance(convert(null(each), found), Value) for each in several)
