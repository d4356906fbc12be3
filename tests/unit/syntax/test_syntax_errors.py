"""What Terraform 1.11 says of the same text, and where; recorded from it."""

import pytest
from tests.unit.syntax.trees import mistakes


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("?", ["Invalid expression 2:7-2:8"]),
        ("1 +", ["Invalid expression 2:10-3:1"]),
        ("(1", ["Unbalanced parentheses 3:1-3:2"]),
        ("[1 2]", ["Missing item separator 2:10-2:11"]),
        ("[1,,2]", ["Invalid expression 2:10-2:11"]),
        ("{a 1}", ["Missing key/value separator 2:10-2:11"]),
        ("{1a=1}", ["Missing key/value separator 2:9-2:10"]),
        ("f(1 2)", ["Missing argument separator 2:11-2:12"]),
        ("a..b", ["Invalid attribute name 2:9-2:10"]),
        ("a.", ["Invalid attribute name 2:9-3:1"]),
        ("a[1 2]", ["Missing close bracket on index 2:12-2:13"]),
        ("[for]", ["Invalid 'for' expression 2:11-2:12"]),
        ("[for x]", ["Invalid 'for' expression 2:13-2:14"]),
        ("[for x in y]", ["Invalid 'for' expression 2:18-2:19"]),
        ('"${a b}"', ["Extra characters after interpolation expression 2:12-2:13"]),
        ('"%{if a}"', ["Unexpected end of template 2:15-2:16"]),
        ('"%{else}"', ["Unexpected else directive 2:8-2:15"]),
        ('"%{foo}"', ["Invalid template control keyword 2:10-2:13"]),
        ('"%{}"', ["Invalid template directive 2:10-2:11"]),
        ('"%{for}"', ["Invalid 'for' directive 2:13-2:14"]),
        ('"%{if a b}%{endif}"', ["Extra characters in if marker 2:15-2:16"]),
        ('"\\q"', ["Invalid escape sequence 2:8-2:10"]),
        ("'a'", ["Invalid character 2:7-2:8", "Invalid expression 2:7-2:8"]),
        ("a ? b", ["Missing false expression in conditional 2:12-3:1"]),
        ("f(a... , b)", ["Missing closing parenthesis 2:10-2:13"]),
        ("f(a...", ["Missing closing parenthesis 2:10-2:13"]),
        ("a::", ["Missing function name 2:10-3:1"]),
        ("a::b", ["Missing open parenthesis 2:11-3:1"]),
        ("a::b::", ["Missing function name 2:13-3:1"]),
        ("1 2", ["Missing newline after argument 2:9-2:10"]),
        ("a b", ["Missing newline after argument 2:9-2:10"]),
        ("a[*]]", ["Missing newline after argument 2:11-2:12"]),
        ("a.1.2.3", ["Invalid legacy index syntax 2:9-2:14"]),
        ("a & b", ["Unsupported operator 2:9-2:10", "Missing newline after argument 2:9-2:10"]),
        ("a | b", ["Unsupported operator 2:9-2:10", "Missing newline after argument 2:9-2:10"]),
        ("~a", ["Unsupported operator 2:7-2:8", "Invalid expression 2:7-2:8"]),
        ("a ^ b", ["Unsupported operator 2:9-2:10", "Missing newline after argument 2:9-2:10"]),
        ("a;", ["Invalid character 2:8-2:9", "Missing newline after argument 2:8-2:9"]),
        ("`a`", ["Invalid character 2:7-2:8", "Invalid expression 2:7-2:8"]),
        ("$a", ["Invalid character 2:7-2:8", "Invalid expression 2:7-2:8"]),
        ("{a=1 b=2}", ["Missing attribute separator 2:12-2:13"]),
        ("{a}", ["Missing key/value separator 2:9-2:10"]),
        ("f(a", ["Missing argument separator 3:1-3:2"]),
        ("{", ["Unclosed configuration block 1:8-1:9"]),
        ("a.b.", ["Invalid attribute name 2:11-3:1"]),
        ("a :: b", ["Missing open parenthesis 2:13-3:1"]),
        ("a,b", ["Unexpected comma after argument 2:8-2:9"]),
        ("1..2", ["Invalid number literal 2:7-2:11"]),
        ("[1;2]", ["Invalid character 2:9-2:10", "Missing item separator 2:9-2:10"]),
        ("a ? b\n", ["Missing false expression in conditional 2:12-3:1"]),
        ("(a\n", ["Unbalanced parentheses 4:1-4:2"]),
        ("(a b)", ["Unbalanced parentheses 2:10-2:11"]),
        ("a &&& b", ["Unsupported operator 2:11-2:12", "Invalid expression 2:11-2:12"]),
        ('"${a', ["Invalid multi-line string 3:2-4:1", "Unterminated template string 3:2-4:1"]),
        ('"%{endif}"', ["Unexpected endif directive 2:8-2:16"]),
        ('"%{if a}%{else x}%{endif}"', ["Extra characters in else marker 2:22-2:23"]),
        ('"%{if a}%{endif x}"', ["Extra characters in endif marker 2:23-2:24"]),
        ('"%{for x in y}%{endfor z}"', ["Extra characters in endfor marker 2:30-2:31"]),
        ('"%{for x in y z}%{endfor}"', ["Extra characters in for marker 2:21-2:22"]),
        ('"%{1}"', ["Invalid template directive 2:10-2:11"]),
        ('"%{"a"}"', ["Invalid template directive 2:10-2:11"]),
        ('"%{ifx}"', ["Invalid template control keyword 2:10-2:13"]),
        ("a.*.*", ["Nested splat expression not allowed 2:11-2:12"]),
        ("a.*.b.*.c", ["Nested splat expression not allowed 2:13-2:14"]),
        ("a\n.b", ["Argument or block definition required 3:1-3:2"]),
        ("{a\n=1}", ["Missing attribute value 2:9-3:1"]),
        ("({a\n=1})", ["Missing attribute value 2:10-3:1"]),
        ("f(a...,)", ["Missing closing parenthesis 2:10-2:13"]),
        ("f(a b...)", ["Missing argument separator 2:11-2:12"]),
        ("f\n(a)", ["Argument or block definition required 3:1-3:2"]),
        ("a::1()", ["Missing function name 2:10-2:11"]),
        ("a::b.c", ["Missing open parenthesis 2:11-2:12"]),
        ("a ? b : c ? d", ["Missing false expression in conditional 2:20-3:1"]),
        ("a?\nb:c", ["Invalid expression 2:9-3:1", "Argument or block definition required 3:1-3:2"]),
        ("!\na", ["Invalid expression 2:8-3:1", "Argument or block definition required 3:1-3:2"]),
        ("{<<E\nx\nE\n=1}", ["Missing attribute value 4:2-5:1"]),
        ("<<E x\nE", ["Invalid expression 2:7-2:8", "Argument or block definition required 3:1-3:2"]),
        (
            "<< E\nx\nE",
            [
                "Invalid expression 2:7-2:8",
                "Argument or block definition required 3:1-3:2",
                "Argument or block definition required 4:1-4:2",
            ],
        ),
        ("<<E\nx\nE\nE", ["Argument or block definition required 5:1-5:2"]),
        (
            '<<"E"\nx\nE',
            [
                "Invalid expression 2:7-2:8",
                "Argument or block definition required 3:1-3:2",
                "Argument or block definition required 4:1-4:2",
            ],
        ),
        ('"\\u00"', ["Invalid escape sequence 2:8-2:12"]),
        ('"\\uzzzz"', ["Invalid escape sequence 2:8-2:10"]),
        (
            '"\\\n"',
            [
                "Invalid character 2:8-2:9",
                "Unterminated template string 2:8-2:9",
                "Invalid multi-line string 2:9-3:1",
            ],
        ),
        ('"%%%{if a}%{endif}"', ["Unexpected endif directive 2:17-2:25"]),
        ("1.2.3", ["Invalid number literal 2:7-2:12"]),
        ("1e5.5", ["Invalid number literal 2:7-2:12"]),
        ("a.01.02", ["Invalid legacy index syntax 2:9-2:14"]),
        ("a.0.1", ["Invalid legacy index syntax 2:9-2:12"]),
        ("a\u200b", ["Invalid character 2:8-2:9", "Missing newline after argument 2:8-2:9"]),
    ],
)
def test_a_value_that_cannot_be_read(value: str, expected: list[str]) -> None:
    assert mistakes(f"locals {{\n  a = {value}\n}}\n") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = ", ["Missing expression 1:5-1:5"]),
        ("a = [1", ["Unterminated tuple constructor expression 1:5-1:6"]),
        ("a = {b=1", ["Unterminated object constructor expression 1:5-1:6"]),
        ("a = f(b", ["Unterminated function call 1:5-1:7"]),
        ("a = (1", ["Unbalanced parentheses 1:7-1:7"]),
        ("a = <<E\nx", ["Unterminated template string 2:2-2:2"]),
        ("a {", ["Unclosed configuration block 1:3-1:4"]),
        ("a {\n  b = {\n}\n", ["Unclosed configuration block 1:3-1:4"]),
        ("a { b = 1, c = 2 }\n", ["Invalid single-argument block definition 1:10-1:11"]),
        ("a { b = 1\n}\n", ["Invalid single-argument block definition 1:10-2:1"]),
        ("a { b = 1 c = 2 }\n", ["Invalid single-argument block definition 1:11-1:12"]),
        ("a { b {} }\n", ["Argument definition required 1:5-1:8"]),
        ('a { b "x" {} }\n', ["Argument definition required 1:5-1:8"]),
        ("a { 1 }\n", ["Argument or block definition required 1:5-1:6"]),
        ("a {\n b = 1 }\n", ["Missing newline after argument 2:8-2:9"]),
        ("a {} b {}\n", ["Missing newline after block definition 1:6-1:7"]),
        ("a\n{ b = 1\n}\n", ["Argument or block definition required 1:1-1:2"]),
        ("a.b = 1\n", ["Argument or block definition required 1:1-1:2"]),
        ("}\n", ["Argument or block definition required 1:1-1:2"]),
        ('"a" = 1\n', ["Invalid argument name 1:1-1:2"]),
        ("a b\n", ["Invalid block definition 1:4-2:1"]),
        ("a b = 1\n", ["Invalid block definition 1:5-1:6"]),
        ('a "${b}" {\n}\n', ["Invalid string literal 1:4-1:6"]),
        ('a "\\q" {\n}\n', ["Invalid escape sequence 1:4-1:6"]),
        ("a = 1\na = 2\n", ["Attribute redefined 2:1-2:2"]),
        ("a = 1, b = 2\n", ["Unexpected comma after argument 1:6-1:7"]),
        ("/*", ["Argument or block definition required 1:1-1:2"]),
    ],
)
def test_a_file_that_cannot_be_read(text: str, expected: list[str]) -> None:
    assert mistakes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "# a",
        "// a",
        "/* a\n */",
        "a = 1",
        "a {}",
        "a { b = 1 }",
        "a { b = (1\n) }",
        "a { # comment\n}",
        "a { /* comment */ }",
        "a b {\n}",
        'a "b" c "d" {\n}',
        "a\t=\t1",
        "a = 1 // b\nc = 2 /* d\n*/\ne = /* f */ 3",
        "a = <<E\nE\n",
    ],
)
def test_a_file_that_can_be_read(text: str) -> None:
    assert mistakes(text) == []


def test_what_may_follow_from_an_earlier_mistake_is_not_told() -> None:
    text = "a {\n  b = [1,,2]\n  c = f(1 2)\n  d = 3\n}\ne {\n  f = [1 2]\n}\n"
    assert mistakes(text) == ["Invalid expression 2:10-2:11", "Missing argument separator 3:11-3:12"]


def test_a_conditional_without_its_colon_hides_nothing() -> None:
    assert mistakes("a = b ? 1\nc = [1 2]\n") == [
        "Missing false expression in conditional 1:10-2:1",
        "Missing item separator 2:8-2:9",
    ]


def test_a_directive_that_is_out_of_place_is_the_one_mistake_of_its_template() -> None:
    assert mistakes('a = "%{ if b }x%{ endfor }"\n') == ["Unexpected endfor directive 1:16-1:27"]


def test_brackets_left_open_silence_what_follows() -> None:
    text = 'locals {\n  c = [1, 2\n}\noutput "o" {\n  value = 1 2\n}\n'
    assert mistakes(text) == ["Missing item separator 3:1-3:2"]


def test_a_forgotten_quote_does_not_spoil_the_lines_after_it() -> None:
    assert mistakes('a = "x\nb = "y"\nc = "z"\nd = f(1 2)\n') == [
        "Invalid multi-line string 1:7-2:1",
        "Unterminated template string 1:7-2:1",
        "Missing argument separator 4:9-4:10",
    ]


def test_a_string_over_two_lines_is_one_mistake() -> None:
    assert mistakes('a = "x\ny"\nb = 1\n') == [
        "Invalid multi-line string 1:7-2:1",
        "Unterminated template string 1:7-2:1",
    ]


def test_the_rest_of_a_broken_item_is_not_another_mistake() -> None:
    assert mistakes("a = true\n? 1\n: 2\n") == ["Argument or block definition required 2:1-2:2"]


def test_habits_are_reported_once() -> None:
    assert mistakes("a = 'x'\nb = 'y'\n") == ["Invalid character 1:5-1:6", "Invalid expression 1:5-1:6"]


def test_a_bad_character_is_reported_once() -> None:
    assert mistakes("a = “x”\nb = @\n") == [
        "Invalid character 1:5-1:6",
        "Invalid expression 1:5-1:6",
        "Invalid character 1:7-1:8",
        "Invalid character 2:5-2:6",
    ]
