from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.lang.expression_lab import SAMPLES, SENSITIVE_MARK, run, value_of

from mooring.core.types import BOOL, NUMBER, STRING, ListType, Type
from mooring.core.values import UNKNOWN_NOT_NULL, Unknown, tuple_value, unknown

OF_A_SECRET = [
    "secret",
    '"x${secret}"',
    'secret == "x"',
    'secret == "x" ? 1 : 2',
    "false ? secret : text",
    "upper(secret)",
    "{(secret) = 1}",
    "toset([secret])",
    "[1, 2][length(secret) - 6]",
    '[for x in names : x if secret != ""]',
    "{for x in [secret] : x => 1}",
    'join(",", [secret])',
    "jsonencode({a = secret})",
    "merge(sensitive(labels), {c = 1})",
    "sensitive(people)[*].name",
    "sensitive(person).name",
    '"%{ if false }${secret}%{ endif }"',
    "lookup(labels, secret, 1)",
    "length(secret)",
    "try(secret, 1)",
    "!sensitive(true)",
    'regex("s", secret)',
]


@pytest.mark.parametrize("text", OF_A_SECRET)
def test_what_is_made_of_a_secret_is_secret(text: str) -> None:
    assert value_of(text).is_sensitive


@pytest.mark.parametrize(
    "text",
    ["[secret]", "{a = secret}", "keys({a = secret})", "concat([secret], names)", "[for x in [secret] : x]"],
)
def test_a_structure_that_holds_a_secret_is_none_itself(text: str) -> None:
    assert not value_of(text).is_sensitive


def test_marks_of_every_kind_travel_together() -> None:
    assert value_of('"${secret}${fleeting}"').marks == {"sensitive", "ephemeral"}


def test_ephemeral_parts_become_null_on_request() -> None:
    assert value_of("ephemeralasnull([fleeting, text])") == tuple_value(
        [value_of("no_text"), value_of("text")]
    )


UNKNOWNS: list[tuple[str, Type, Unknown]] = [
    ("some_number + 1", NUMBER, UNKNOWN_NOT_NULL),
    ("some_number > 1", BOOL, UNKNOWN_NOT_NULL),
    ("some_truth && false", BOOL, UNKNOWN_NOT_NULL),
    ("!some_truth", BOOL, UNKNOWN_NOT_NULL),
    ("some_text == text", BOOL, UNKNOWN_NOT_NULL),
    ('"db-${some_text}"', STRING, Unknown(not_null=True, prefix="db-")),
    ('"db${some_text}"', STRING, Unknown(not_null=True, prefix="d")),
    ("upper(some_text)", STRING, UNKNOWN_NOT_NULL),
    ("some_truth ? 1 : 2", NUMBER, UNKNOWN_NOT_NULL),
    ("some_truth ? 1 : null", NUMBER, Unknown()),
    ("some_truth ? names : none", ListType(STRING), Unknown(not_null=True, max_length=3)),
    ("length(some_list)", NUMBER, UNKNOWN_NOT_NULL),
    ("some_list[0]", STRING, Unknown()),
    ("some_map.a", STRING, Unknown()),
    ("labels[some_text]", STRING, Unknown()),
    ("some_list[*]", ListType(STRING), UNKNOWN_NOT_NULL),
    ("keys(some_map)", ListType(STRING), UNKNOWN_NOT_NULL),
]


@pytest.mark.parametrize(("text", "kind", "refinement"), UNKNOWNS)
def test_of_an_unknown_as_much_is_known_as_can_be(text: str, kind: Type, refinement: Unknown) -> None:
    assert value_of(text) == unknown(kind, refinement)


KNOWN_ALL_THE_SAME: list[tuple[str, object]] = [
    ("some_text == null", False),
    ("some_text != null", True),
    ('"a-${some_text}" == "b"', False),
    ('startswith("ab-${some_text}", "ab")', True),
    ('startswith("ab-${some_text}", "x")', False),
    ("length([some_text, 1])", 2),
    ("length(some_truth ? tolist([1]) : tolist([2]))", 1),
    ("contains([text, some_text], text)", True),
    ("anytrue([some_truth, true])", True),
]


@pytest.mark.parametrize(("text", "expected"), KNOWN_ALL_THE_SAME)
def test_some_questions_about_an_unknown_have_an_answer(text: str, expected: object) -> None:
    assert value_of(text).raw == expected


@pytest.mark.parametrize(
    "text",
    [
        "anything.a.b[0]",
        "[for x in anything : x]",
        "{for x in [some_text] : x => 1}",
        "[for x in [1] : x if some_truth]",
        "{(some_text) = 1}",
        "anything[*].a",
        "concat(some_list, names)[0]",
        "jsondecode(some_text).a",
        "merge(labels, anything)",
    ],
)
def test_what_depends_on_an_unknown_is_unknown_and_no_error(text: str) -> None:
    assert not value_of(text).is_known


names = st.sampled_from(sorted(SAMPLES))
shapes = st.sampled_from(
    [
        "{0} == {1}",
        "{0} != null",
        "[{0}, {1}]",
        "{{a = {0}}}.a",
        "try({0}, {1})",
        "can({0}.x)",
        "[for v in [{0}] : v]",
        "jsonencode([{0}, {1}])",
        "length([{0}])",
        "coalesce({0}, {1}, 1)",
        "true ? {0} : {1}",
    ]
)


@given(shapes, names, names)
def test_evaluation_ends_with_a_value_whatever_it_is_given(shape: str, one: str, other: str) -> None:
    value, diags = run(shape.format(one, other))
    assert value.is_known or not value.is_null
    assert "s3cr3t" not in repr(diags)


@given(shapes, names)
def test_a_secret_in_place_of_a_value_changes_no_type_and_hides_no_error(shape: str, name: str) -> None:
    plain_value, plain_diags = run(shape.format(name, "count"))
    hidden = {**SAMPLES, name: SAMPLES[name].marked(SENSITIVE_MARK)}
    hidden_value, hidden_diags = run(shape.format(name, "count"), hidden)
    assert [diag.summary for diag in hidden_diags] == [diag.summary for diag in plain_diags]
    if SAMPLES[name].type is not SAMPLES["nothing"].type:
        assert hidden_value.type == plain_value.type
