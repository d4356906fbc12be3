from __future__ import annotations

import pytest
from tests.unit.lang.expression_lab import SAMPLES, Names, a_library, parse, run, value_of

from mooring.core.types import NUMBER
from mooring.core.values import Value, number
from mooring.lang.cells import NotReady
from mooring.lang.evaluation import evaluate
from mooring.lang.scope import Report, Variables
from mooring.syntax.nodes import Binary, Conditional, Literal, Parenthesized, Traversal


class Waiting:
    """A scope whose every value is still to come."""

    functions = a_library()

    def resolve(self, reference: Traversal, report: Report) -> tuple[Value, int]:
        raise NotReady((reference.root, report.has_errors))


@pytest.mark.parametrize(
    "text",
    ["try(x, 1)", "can(x)", "[for a in [1] : x]", '"${x}!"', "true ? 1 : x", "try([1][2], x)", "upper(x)"],
)
def test_what_is_not_ready_passes_through_everything(text: str) -> None:
    with pytest.raises(NotReady):
        evaluate(parse(text), Waiting())


@pytest.mark.parametrize("depth", [1_000, 5_000])
def test_an_expression_of_any_depth_is_evaluated(depth: int) -> None:
    span = parse("1").span
    one = Literal(number(1), span)
    deep_sum = deep_choice = deep_parentheses = one
    for _ in range(depth):
        deep_sum = Binary("+", one, deep_sum, span)  # type: ignore[assignment]
        deep_choice = Conditional(parse("true"), deep_choice, one, span)  # type: ignore[assignment]
        deep_parentheses = Parenthesized(deep_parentheses, span)  # type: ignore[assignment]
    scope = Names(SAMPLES, a_library())
    assert evaluate(deep_sum, scope) == (number(depth + 1), ())
    assert evaluate(deep_choice, scope) == (number(1), ())
    assert evaluate(deep_parentheses, scope) == (number(1), ())


def test_try_gives_the_first_value_without_an_error() -> None:
    assert value_of("try(person.a, person.name, 1 + true)") == value_of("person.name")


def test_try_reports_why_each_argument_failed() -> None:
    _, diags = run("try(person.a, [1][1])")
    assert [diag.summary for diag in diags] == ["Error in function call"]
    assert "Unsupported attribute" in diags[0].detail
    assert "Invalid index" in diags[0].detail


def test_try_waits_for_what_may_still_fail() -> None:
    assert not value_of("try(anything.a, 1)").is_known
    assert not value_of("can(anything.a)").is_known


def test_an_inner_name_hides_an_outer_one_and_leaves_it_as_it_was() -> None:
    scope = Variables(Names(SAMPLES, a_library()), {"count": number(7)})
    assert evaluate(parse("[count, [for count in [1] : count], count]"), scope)[0] == value_of("[7, [1], 7]")


def test_the_result_of_an_error_is_unknown_so_that_evaluation_goes_on() -> None:
    value, diags = run("1 + upper()")
    assert len(diags) == 1
    assert value.type is NUMBER
    assert not value.is_known
