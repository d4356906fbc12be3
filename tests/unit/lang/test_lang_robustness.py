"""Any expression has a value or a problem: nothing else comes out of an evaluation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.lang.expression_lab import Names, a_library

from mooring.core.diagnostics import has_errors
from mooring.core.spans import Source
from mooring.core.types import STRING
from mooring.core.values import DYNAMIC_UNKNOWN, SENSITIVE, Value, null, number, string, unknown
from mooring.lang.evaluation import evaluate
from mooring.lang.rendering import render
from mooring.syntax import parse_expression

SECRETLY = frozenset({SENSITIVE})
SCOPE = Names(
    {
        "s": string("x"),
        "u": unknown(STRING),
        "d": DYNAMIC_UNKNOWN,
        "n": null(STRING),
        "m": number(3).marked(SECRETLY),
    },
    a_library(),
)
SAFE = sorted(
    set(SCOPE.functions)
    - {"bcrypt", "range", "fileset", "file", "rsadecrypt", "pow"}
    - {name for name in SCOPE.functions if "::" in name or name.startswith("file")}
)
ATOMS = st.sampled_from(
    ["1", "-2.5", '"a"', '""', "true", "null", "s", "u", "d", "n", "m", "[]", "{}", "1e40"]
)
OPERATORS = st.sampled_from(["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||"])
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda each: f"[{', '.join(each)}]"),
        st.lists(inner, max_size=2).map(lambda each: "{" + ", ".join(f"k{v[:0]} = {v}" for v in each) + "}"),
        st.tuples(
            inner, st.sampled_from(["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||"]), inner
        ).map(" ".join),
        st.tuples(inner, inner, inner).map(lambda each: "({} ? {} : {})".format(*each)),
        st.tuples(inner, inner).map(lambda each: "({})[{}]".format(*each)),
        inner.map(lambda each: f"({each})[*]"),
        inner.map(lambda each: f'"a${{{each}}}%{{ if {each} }}b%{{ endif }}"'),
        st.tuples(inner, inner).map(lambda each: "[for x in {} : {} if x != s]".format(*each)),
        st.tuples(inner, inner).map(lambda each: "{{for k, v in {} : k => {}...}}".format(*each)),
        st.tuples(st.sampled_from(SAFE), st.lists(inner, max_size=3)).map(
            lambda each: f"{each[0]}({', '.join(each[1])})"
        ),
    ),
    max_leaves=8,
)


def outcome(text: str) -> str:
    expression, diags = parse_expression(Source("x", text))
    if has_errors(diags):
        return "error"
    value, diags = evaluate(expression, SCOPE)
    return "error" if has_errors(diags) else render(value)


@given(EXPRESSIONS)
def test_any_expression_has_a_value_or_a_problem(text: str) -> None:
    assert outcome(text)


@pytest.mark.slow
@given(EXPRESSIONS)
def test_any_expression_has_a_value_or_a_problem_in_a_long_search(text: str) -> None:
    assert outcome(text)


def test_a_hundred_thousand_elements_are_one_list() -> None:
    expression, diags = parse_expression(Source("x", f"[{'1,' * 100_000}]"))
    value, problems = evaluate(expression, SCOPE)
    assert (diags, problems, isinstance(value, Value) and len(value.elements)) == ((), (), 100_000)


@pytest.mark.parametrize("nesting", ["[", "(", '"${', "f("])
def test_a_thousand_brackets_are_a_clear_error(nesting: str) -> None:
    assert outcome(nesting * 1000) == "error"


def test_numbers_of_many_digits_are_read() -> None:
    assert outcome(f'tonumber("{"1" * 5000}") > 1') == "true"
