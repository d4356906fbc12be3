from __future__ import annotations

import pytest
from tests.unit.lang.expression_lab import plain, problem, run, value_of

from mooring.core.codec import Plain
from mooring.core.diagnostics import ReferenceValue
from mooring.core.types import DYNAMIC, NUMBER, STRING, ListType, TupleType
from mooring.core.values import null

VALUES: list[tuple[str, Plain]] = [
    ("1 + 2 * 3", 7),
    ("-5 % 3", -2),
    ("tostring(-0)", "-0"),
    ("[7][-0]", 7),
    ("-0 == 0", True),
    ("1 % 0", 1),
    ("0.1 + 0.2 == 0.3", True),
    ("1 / 3 * 3 == 1", True),
    ('"1" + "2"', 3),
    ('!"false"', True),
    ('1 == "1"', False),
    ("null == no_text", True),
    ("[1] == [1]", True),
    ("names == [text]", False),
    ('true ? 1 : "a"', "1"),
    ('[for s in names : upper(s) if s != "b"]', ["A", "C"]),
    ("[for i, s in names : i]", [0, 1, 2]),
    ("{for k, v in labels : v => k}", {"one": "a", "two": "b"}),
    ("{for p in people : length(p.name) => p.name...}", {"3": ["ana", "bob"]}),
    ("people[*].name", ["ana", "bob"]),
    ("people.*.name[0]", "ana"),
    ("nothing[*]", []),
    ("person[*].name", ["ana"]),
    ("[[1, 2], [3]][*][0]", [1, 3]),
    ('labels["a"]', "one"),
    ("labels.b", "two"),
    ('names["1"]', "b"),
    ("names.2", "c"),
    ("{a = 1, (text) = 2, null = 3}", {"a": 1, "hello": 2, "null": 3}),
    ('"${1 + 1}"', 2),
    ('"x${1.50}${true}"', "x1.5true"),
    ('"%{ for i, s in names }${i}${s}%{ if i < 2 },%{ endif }%{ endfor }"', "0a,1b,2c"),
    ('false ? tonumber("x") : 1', 1),
    ("[for x in [1] : [for x in [2] : x]]", [[2]]),
]


@pytest.mark.parametrize(("text", "expected"), VALUES)
def test_an_expression_has_the_value_that_terraform_gives_it(text: str, expected: Plain) -> None:
    assert plain(text) == expected


def test_types_of_results_are_terraforms() -> None:
    assert value_of("people[*].name").type == ListType(STRING)
    assert value_of("[people[0]][*].name").type == TupleType((STRING,))
    assert value_of("none[*]").type == ListType(STRING)
    assert value_of("true ? [] : [1]").type == ListType(NUMBER)
    assert value_of("true ? null : 1") == null(NUMBER)
    assert value_of("[null]").type == TupleType((DYNAMIC,))


ERRORS: list[tuple[str, str, str]] = [
    ("person.nme", "Unsupported attribute", ".nme"),
    ("text.x", "Unsupported attribute", ".x"),
    ("people.name", "Unsupported attribute", ".name"),
    ("labels.z", "Missing map element", ".z"),
    ("no_text.x", "Attempt to get attribute from null value", ".x"),
    ("nothing.x", "Attempt to get attribute from null value", ".x"),
    ("nothing[0]", "Attempt to index null value", "[0]"),
    ("names[3]", "Invalid index", "[3]"),
    ("names[0.5]", "Invalid index", "[0.5]"),
    ("names[-count]", "Invalid index", "[-count]"),
    ('labels["z"]', "Invalid index", '["z"]'),
    ("labels[null]", "Invalid index", "[null]"),
    ("numbers[0]", "Invalid index", "[0]"),
    ("1 + true", "Invalid operand", "true"),
    ("!text", "Invalid operand", "text"),
    ("1 + nothing", "Operation failed", "1 + nothing"),
    ("0 / 0", "Operation failed", "0 / 0"),
    ("count ? 1 : 2", "Incorrect condition type", "count"),
    ("nothing ? 1 : 2", "Null condition", "nothing"),
    ("true ? 1 : [1]", "Inconsistent conditional result types", "1 : [1]"),
    ("[for x in nothing : x]", "Iteration over null value", "nothing"),
    ("[for x in text : x]", "Iteration over non-iterable value", "text"),
    ("[for x in names : x if nothing]", "Condition is null", "nothing"),
    ("[for x in names : x if text]", "Invalid 'for' condition", "text"),
    ("{for x in names : nothing => x}", "Invalid object key", "nothing"),
    ("{for x in names : 1 => x}", "Duplicate object key", "1"),
    ("no_list[*]", "Splat of null value", "no_list"),
    ("{([]) = 1}", "Incorrect key type", "([])"),
    ("{(nothing) = 1}", "Null value as key", "1"),
    ("{person.name = 1}", "Ambiguous attribute key", "person.name"),
    ('"a${nothing}"', "Invalid template interpolation value", "nothing"),
    ('"a${names}"', "Invalid template interpolation value", "names"),
    ("upper()", "Not enough function arguments", ")"),
    ("upper(text, 1)", "Too many function arguments", "1"),
    ("upper(names)", "Invalid function argument", "names"),
    ('upper("a", "b")', "Too many function arguments", "b"),
    ("upper(nothing)", "Invalid function argument", "nothing"),
    ("max(text...)", "Invalid expanding argument value", "text"),
    ("uper(text)", "Call to unknown function", "uper"),
    ("core::uper(text)", "Unknown provider function", "core::uper"),
    ('regex("x", text)', "Error in function call", "regex("),
]


@pytest.mark.parametrize(("text", "summary", "subject"), ERRORS)
def test_an_error_has_terraforms_summary_and_place(text: str, summary: str, subject: str) -> None:
    assert problem(text) == (summary, subject)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("person.nme", 'Did you mean "name"?'),
        ("uper(text)", 'Did you mean "upper"?'),
        ("people.name", "[*].name"),
        ("names[3]", "the last of which is 2"),
    ],
)
def test_an_error_says_what_to_do(text: str, hint: str) -> None:
    _, diags = run(text)
    assert hint in diags[0].detail


def test_all_errors_of_an_expression_are_found() -> None:
    _, diags = run("[person.a, 1 + true, upper()]")
    assert [diag.summary for diag in diags] == [
        "Unsupported attribute",
        "Invalid operand",
        "Not enough function arguments",
    ]


def test_an_error_shows_what_references_stood_for() -> None:
    _, diags = run("[for name in names : name + count]")
    assert diags[0].values == (ReferenceValue(traversal="name", statement='is "a"'),)


def test_an_error_never_shows_a_sensitive_value() -> None:
    _, diags = run("1 + secret")
    assert diags[0].values == (ReferenceValue(traversal="secret", statement="has a sensitive value"),)
    assert "s3cr3t" not in repr(diags)


def test_strings_are_normalised() -> None:
    assert plain('"e${"\\u0301"}"') == "\u00e9"
