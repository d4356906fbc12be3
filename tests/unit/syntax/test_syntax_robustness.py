"""Nothing that can be written down makes the parser fail, hang or forget where it is."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.syntax.trees import expression, mistakes, shape

from mooring.core.spans import Source
from mooring.syntax import parse_expression, parse_file, parse_template
from mooring.syntax.body import Names
from mooring.syntax.static import function_calls, traversals

PIECES = (
    *(
        "a",
        "b.c",
        "1",
        "2.5",
        "for",
        "in",
        "if",
        "else",
        "endif",
        "true",
        "x y",
        "é",
        "\u0301",
        "'",
        "`",
        ";",
    ),
    *("+", "-", "!", "==", "&&", "?", ":", ",", ".", "...", "=", "=>", "::", "*", "[*]", ".*", "&", "|", "~"),
    *("(", ")", "[", "]", "{", "}", '"', '"s"', "${", "%{", "~}", "$${", "\\", "\\n", "\\u00", "\ufffd"),
    *(
        "\n",
        "\r\n",
        "\r",
        "\t",
        " ",
        "# c\n",
        "// c",
        "/*",
        "*/",
        "<<E\n",
        "<<-E\n",
        "E\n",
        "\nE\n",
        "\0",
        "\ufeff",
    ),
    *("1..2", "1e", "0x1", "a = ", "b {\n", 'c "d" {\n', "locals {", "\n}\n"),
)
SOUP = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
JSON_PIECES = (
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    '"',
    '"a"',
    '"${a}"',
    "1",
    "-",
    "null",
    "tru",
    "\\",
    "\n",
    " ",
    "//",
    "\\u00e9",
)


def check(path: str, text: str) -> None:
    body, diags = parse_file(path, text.encode("utf-8", "replace"))
    attributes, more = body.just_attributes()
    content, _, others = body.partial(Names(blocks={"locals": (), "b": (), "c": ("name",)}))
    for diag in (*diags, *more, *others):
        assert diag.subject is not None
        assert 0 <= diag.subject.start <= diag.subject.end <= len(diag.subject.source.text)
    for attribute in (*attributes.values(), *content.attributes.values()):
        list(traversals(attribute.expression))
        list(function_calls(attribute.expression))


@settings(max_examples=300, deadline=None)
@given(SOUP)
def test_any_file_is_parsed(text: str) -> None:
    check("test.tf", text)


@settings(max_examples=200, deadline=None)
@given(SOUP)
def test_any_value_is_parsed(text: str) -> None:
    check("test.tf", f"locals {{\n  a = {text}\n  b = 1\n}}\n")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(JSON_PIECES), max_size=20).map("".join))
def test_any_json_is_parsed(text: str) -> None:
    check("test.tf.json", text)


@settings(max_examples=200, deadline=None)
@given(SOUP)
def test_any_expression_and_template_is_parsed(text: str) -> None:
    source = Source("test.tf", text)
    parse_expression(source)
    parse_template(source)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_parsed(data: bytes) -> None:
    parse_file("test.tf", data)
    parse_file("test.tf.json", data)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=20))
def test_a_quoted_literal_stands_for_its_text(text: str) -> None:
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    literal = quoted.replace("${", "$${").replace("%{", "%%{")
    assert shape(expression(f'"{literal}"')) == repr(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[", "]"),
        ("(", ")"),
        ("{a = ", "}"),
        ("f(", ")"),
        ('"${', '}"'),
        ("!", ""),
        ("a[", "]"),
        ("a ? b : ", ""),
        ("[for x in y : ", "]"),
        ("<<E\n${", "\n}\nE\n"),
        ('"%{if a}${', '}%{endif}"'),
    ],
)
def test_deep_nesting_is_a_clear_error(before: str, after: str) -> None:
    (mistake,) = mistakes(f"a = {before * 1000}1{after * 1000}\nb = 1\n")
    assert mistake.startswith("Expression nested too deeply")


@pytest.mark.parametrize("before", ["[", "(", "{", "f(", '"${', "a[", "<<E\n${", "[for x in "])
def test_open_brackets_without_end_are_one_error(before: str) -> None:
    assert len(mistakes(f"a = {before * 100_000}")) == 1


def test_reasonable_nesting_is_parsed() -> None:
    assert mistakes(f"a = {'[' * 100}1{']' * 100}\n") == []


def test_deeply_nested_blocks_are_a_clear_error() -> None:
    assert mistakes("a {\n" * 1000 + "}\n" * 1000)[0].startswith("Blocks nested too deeply")


def test_deeply_nested_json_is_a_clear_error() -> None:
    found = mistakes('{"a":' * 1000 + "1" + "}" * 1000, "a.tf.json")
    assert [each.split(" 1:")[0] for each in found] == [
        "Root value must be object",
        "Values nested too deeply",
    ]


def test_long_chains_are_parsed() -> None:
    assert mistakes(f"a = {' + '.join(['1'] * 50_000)}\nb = c{'.d' * 50_000}\n") == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xef\xbb\xbfa = 1\n", []),
        (b"a = 1\r\nb {\r\n  c = 2 # d\r\n}\r\n", []),
        (b"a = <<E\r\nb\r\nE\r\n", []),
        (b"a = 1\rb = 2\n", ["Missing newline after argument 1:6-1:7", "Invalid character 1:6-1:7"]),
        (b"a = \x00\n", ["Invalid character 1:5-1:6", "Invalid expression 1:5-1:6"]),
        (b'a = "\x00\x01"\n', []),
        (b"# \xff\na = 1\n", []),
        (b"a = \xff\nb = \xfe\n", ["Invalid character encoding 1:5-1:6", "Invalid expression 1:5-1:6"]),
        (b'a = "\xff"\n', ["Invalid character encoding 1:6-1:7", "Unterminated template string 1:6-1:7"]),
        ('a = "\ufffd"\n'.encode(), []),
        (
            "a\u00a0= 1\n".encode(),
            ["Argument or block definition required 1:1-1:2", "Invalid character 1:2-1:3"],
        ),
        (
            "?\u00a0\n".encode(),
            ["Argument or block definition required 1:1-1:2", "Invalid character 1:2-1:3"],
        ),
        ("a = b\u200b\n".encode(), ["Invalid character 1:6-1:7", "Missing newline after argument 1:6-1:7"]),
    ],
)
def test_strange_bytes(data: bytes, expected: list[str]) -> None:
    assert sorted(mistakes(data)) == sorted(expected)


@pytest.mark.parametrize(
    "piece",
    [
        'resource "a" "b" {\n  c = [1, "x ${d.e} y", {f = g(h)}]\n}\n',
        *('"', "/*", "<<E\n", "${", '"${', "\0", "#\n", "'", "a ", "[", "{", "a = (\n", "1.", "é", "\u2028"),
        *('"\n', "a = 'x\n", "a = 1\n", "a {}\n", '"${a} ', "a = [\n1,\n"),
        " " * 1000 + "\n",
    ],
)
def test_a_large_file_takes_time_in_proportion(piece: str) -> None:
    parse_file("test.tf", (piece * (300_000 // len(piece))).encode())


def test_a_file_of_nothing_but_mistakes_is_given_up() -> None:
    assert len(mistakes("a = 1\n" * 3000)) == 1000


@pytest.mark.slow
def test_five_megabytes_are_parsed() -> None:
    block = 'resource "terraform_data" "r" {\n  input = terraform_data.q.output\n}\n'
    body, diags = parse_file("test.tf", (block * (5_000_000 // len(block))).encode())
    assert diags == ()
    assert len(body.content(Names(blocks={"resource": ("type", "name")}))[0].blocks) > 70_000
