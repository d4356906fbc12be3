import pytest
from tests.unit.syntax.trees import expression, shape

from mooring.syntax.nodes import For, FunctionCall, IndexExpression, ObjectConstructor, Splat, Traversal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", "1"),
        ("1.50", "1.5"),
        ("1e3", "1000"),
        ("0.1e-1", "0.01"),
        ("00012", "12"),
        ("true", "True"),
        ("null", "None"),
        ('"a"', "'a'"),
        ("a", "a"),
        ("a-b", "a-b"),
        ("_x", "_x"),
        ("हिन्दी", "हिन्दी"),
        ("nullx", "nullx"),
    ],
)
def test_constants_and_names(text: str, expected: str) -> None:
    assert shape(expression(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", "(1 + (2 * 3))"),
        ("1 * 2 + 3", "((1 * 2) + 3)"),
        ("1 - 2 - 3", "((1 - 2) - 3)"),
        ("a || b && c", "(a || (b && c))"),
        ("a == b || c != d", "((a == b) || (c != d))"),
        ("a < b == c > d", "((a < b) == (c > d))"),
        ("a + b < c * d", "((a + b) < (c * d))"),
        ("1 % 2 / 3", "((1 % 2) / 3)"),
        ("-a * b", "((-a) * b)"),
        ("!a && b", "((!a) && b)"),
        ("!!a", "(!(!a))"),
        ("- 1", "(-1)"),
        ("-a.b", "(-a.b)"),
        ("(1 + 2) * 3", "(<(1 + 2)> * 3)"),
        ("a ? b : c", "(a ? b : c)"),
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("a ? b ? c : d : e", "(a ? (b ? c : d) : e)"),
        ("a || b ? c + 1 : d", "((a || b) ? (c + 1) : d)"),
    ],
)
def test_operators_bind_as_in_terraform(text: str, expected: str) -> None:
    assert shape(expression(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b.c", "a.b.c"),
        ("a . b", "a.b"),
        ('a["k"][0].c', "a['k'][0].c"),
        ("a.0", "a[0]"),
        ("a.0.b", "a[0].b"),
        ("a.1e1", "a[10]"),
        ("a[b]", "index(a, b)"),
        ("a.b[c].d[0]", "(index(a.b, c)).d[0]"),
        ("a[-1]", "index(a, (-1))"),
        ("a[(0)]", "index(a, <0>)"),
        ('a["${b}"]', "index(a, wrap(b))"),
        ("f(x).y", "(f(x)).y"),
        ("(a).b", "(<a>).b"),
        ('"s".b', "('s').b"),
        ("{}.a", "({}).a"),
        ("null.a", "(None).a"),
        ("a[*]", "splat(a, @)"),
        ("a[*].b[0].c", "splat(a, (@).b[0].c)"),
        ("a[*].b[i].c", "splat(a, (index((@).b, i)).c)"),
        ("a[*].b[*].c", "splat(a, splat((@).b, (@).c))"),
        ("a.*", "splat(a, @)"),
        ("a.*.b", "splat(a, (@).b)"),
        ("a.*.b[0]", "(splat(a, (@).b))[0]"),
        ("a.*.0", "splat(a, (@)[0])"),
        ("a.0.*.b", "splat(a[0], (@).b)"),
    ],
)
def test_steps_into_values(text: str, expected: str) -> None:
    assert shape(expression(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f()", "f()"),
        ("f (a)", "f(a)"),
        ("f(a, b)", "f(a, b)"),
        ("f(a,)", "f(a)"),
        ("f(a...)", "f(a...)"),
        ("f(a, b...\n)", "f(a, b...)"),
        ("provider::a::b(c)", "provider::a::b(c)"),
        ("a :: b(1)", "a::b(1)"),
        ("f(g(x))[0]", "(f(g(x)))[0]"),
    ],
)
def test_function_calls(text: str, expected: str) -> None:
    assert shape(expression(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[]", "[]"),
        ("[1, 2,]", "[1, 2]"),
        ("[\n1\n,\n2\n]", "[1, 2]"),
        ("{}", "{}"),
        ("{a = 1}", "{a = 1}"),
        ("{a : 1, b = 2,}", "{a = 1, b = 2}"),
        ("{\na = 1\n\n\nb = 2\n}", "{a = 1, b = 2}"),
        ("{a = 1,\nb = 2,\n}", "{a = 1, b = 2}"),
        ("{true = 1, null = 2}", "{true = 1, null = 2}"),
        ("{(a) = 1}", "{<a> = 1}"),
        ("{a.b = 1}", "{a.b = 1}"),
        ('{"a b" = 1}', "{'a b' = 1}"),
        ('{"${a}" = 1}', "{wrap(a) = 1}"),
        ("{1 = 2, f(x) = 3}", "{1 = 2, f(x) = 3}"),
        ("{a = 1, for = 2}", "{a = 1, for = 2}"),
        ("[{a = 1\nb = 2}]", "[{a = 1, b = 2}]"),
    ],
)
def test_constructors(text: str, expected: str) -> None:
    assert shape(expression(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[for x in y : x]", "for(None, x; y; x)"),
        ("[for k, v in y : v if k]", "for(k, v; y; v if k)"),
        ("{for x in y : x => x.a}", "for(None, x; y; x => x.a)"),
        ("{for k, v in y : v => k... if v > 1}", "for(k, v; y; v => k... if (v > 1))"),
        ("{\nfor x in y:\nx => x\n}", "for(None, x; y; x => x)"),
        ("[for\nx\nin\ny\n:\nx\nif\nz\n]", "for(None, x; y; x if z)"),
    ],
)
def test_for_expressions(text: str, expected: str) -> None:
    assert shape(expression(text)) == expected


def test_newlines_do_not_matter_inside_parentheses() -> None:
    assert shape(expression("(a\n+\nb\n.c ? 1\n: 2)")) == "<((a + b.c) ? 1 : 2)>"


def test_spans_cover_what_they_say() -> None:
    call = expression(" a::f( x , y...) ")
    assert isinstance(call, FunctionCall)
    spans = call.span, call.name_span, call.open_paren, call.close_paren
    assert [span.text for span in spans] == ["a::f( x , y...)", "a::f", "(", ")"]


def test_the_span_of_a_step_covers_its_dot_or_brackets() -> None:
    traversal = expression('var.a["k"] [ 0 ].0')
    assert isinstance(traversal, Traversal)
    assert [step.span.text for step in traversal.steps] == [".a", '["k"]', "[ 0 ]", ".0"]
    assert traversal.root_span.text == "var"


def test_an_index_knows_its_brackets() -> None:
    index = expression("a[ b ]")
    assert isinstance(index, IndexExpression)
    assert (index.span.text, index.brackets.text) == ("a[ b ]", "[ b ]")


def test_a_splat_knows_its_marker() -> None:
    splat = expression("a[ * ].b")
    assert isinstance(splat, Splat)
    assert (splat.span.text, splat.marker.text) == ("a[ * ].b", "[ * ]")


def test_brackets_of_constructors_are_known() -> None:
    loop, constructor = expression("[ for x in y : x ]"), expression("{ a = 1 }")
    assert isinstance(loop, For)
    assert isinstance(constructor, ObjectConstructor)
    assert (loop.opening.text, loop.closing.text, constructor.opening.text) == ("[", "]", "{")
