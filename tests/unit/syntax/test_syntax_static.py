import pytest
from tests.unit.syntax.trees import expression, shape

from mooring.core.spans import Source
from mooring.syntax.body import Body
from mooring.syntax.json_body import parse_json
from mooring.syntax.nodes import Expression
from mooring.syntax.static import (
    as_keyword,
    as_traversal,
    as_tuple,
    function_calls,
    traversal_in_string,
    traversals,
)


def from_json(value: str) -> Expression:
    body: Body = parse_json(Source("test.tf.json", f'{{"x": {value}}}'))[0]
    return body.just_attributes()[0]["x"].expression


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", ["a"]),
        ("a.b[0] + c[d.e]", ["a.b[0]", "c", "d.e"]),
        ("f(a, [b, {c = d}])", ["a", "b", "d"]),
        ('{(a) = 1, b.c = 2, "${d}" = 3}', ["a", "b.c", "d"]),
        ("[for x in a : x.b + c if x]", ["a", "c"]),
        ("{for k, v in x : k => [for v in v : v]}", ["x"]),
        ("[for x in x : x]", ["x"]),
        ("[for x in a : x] == x", ["a", "x"]),
        ('"${a} %{if b}${c}%{else}${d}%{endif}"', ["a", "b", "c", "d"]),
        ('"%{for x in a}${x} ${b}%{endfor}${x}"', ["a", "b", "x"]),
        ("a[*].b[c]", ["a", "c"]),
        ("a ? b : !c", ["a", "b", "c"]),
        ("(a).b", ["a"]),
        ("true", []),
    ],
)
def test_references_of_an_expression(text: str, expected: list[str]) -> None:
    assert [shape(found) for found in traversals(expression(text))] == expected


def test_function_calls_of_an_expression() -> None:
    found = function_calls(expression('f(g(1)) + "${a::h()}"'))
    assert [call.name for call in found] == ["f", "g", "a::h"]


def test_a_long_chain_of_operators_is_walked() -> None:
    assert len(list(traversals(expression(" + ".join(["a"] * 20_000))))) == 20_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [("a.b[0]", "a.b[0]"), ("null", "null"), ("(a)", None), ("f()", None), ('"a.b"', None), ("a[b]", None)],
)
def test_an_expression_read_as_a_reference(text: str, expected: str | None) -> None:
    found = as_traversal(expression(text))
    assert (shape(found) if found else None) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('"a.b[0]"', "a.b[0]"),
        (r'"a[\"k\"].c"', "a['k'].c"),
        ('"${a.b}"', None),
        ('"a b"', None),
        ('"list(string)"', None),
        ("1", None),
    ],
)
def test_a_json_string_read_as_a_reference(value: str, expected: str | None) -> None:
    found = as_traversal(from_json(value))
    assert (shape(found) if found else None) == expected


def test_a_reference_in_a_json_string_knows_where_it_stands() -> None:
    found = as_traversal(from_json('"a.b"'))
    assert found is not None
    assert [step.span.text for step in found.steps] == [".b"]


def test_keywords() -> None:
    given = expression("all"), expression("a.b"), expression("true"), from_json('"any"')
    assert [as_keyword(each) for each in given] == ["all", None, "true", "any"]


def test_the_elements_of_a_tuple() -> None:
    elements = as_tuple(expression("[a, b]"))
    assert elements is not None
    assert [shape(element) for element in elements] == ["a", "b"]
    assert as_tuple(expression("{}")) is None


def test_a_reference_in_quotes_is_found_where_it_is_asked_for() -> None:
    found = traversal_in_string(expression('"a.b"'))
    assert found is not None
    assert shape(found) == "a.b"
    assert traversal_in_string(expression('"a b"')) is None
