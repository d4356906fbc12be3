from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.lang.expression_lab import NOON, a_library, plain, problem, run, value_of

from mooring.core.codec import Plain
from mooring.core.types import NUMBER, STRING
from mooring.core.values import UNKNOWN_NOT_NULL, unknown
from mooring.lang.functions import FAMILIES, Library, Outside

RESULTS: list[tuple[str, Plain]] = [
    ('format("%-5s|%05d|%.2f|%x|%q", "a", 42, 2.5, 255, "b")', 'a    |00042|2.50|ff|"b"'),
    ('format("%v %v %v", 1234567, [1, "a"], true)', '1.234567e+06 [1,"a"] true'),
    ('format("%[2]s %[1]s", "a", "b")', "b a"),
    ('formatlist("%s-%d", ["a", "b"], 1)', ["a-1", "b-1"]),
    ('title("hello wORLD")', "Hello WORLD"),
    ('upper("straße")', "STRAßE"),
    ('substr("hello", -3, -1)', "llo"),
    ('strrev("e\\u0301a")', "a\u00e9"),
    ('split(",", "a,b,")', ["a", "b", ""]),
    ('replace("abc", "/(b)/", "<$1>")', "a<b>c"),
    ('regex("(?P<y>\\\\d+)-(?P<m>\\\\d+)", "2024-05")', {"m": "05", "y": "2024"}),
    ('regexall("a*", "baac")', ["", "aa", ""]),
    ('trimspace("\\u00a0x\\u3000")', "x"),
    ("pow(2, 10)", 1024),
    ("log(16, 2)", 4),
    ("ceil(5.1) - floor(5.9)", 1),
    ('parseint("-zz", 36)', -1295),
    ("range(4, 1)", [4, 3, 2]),
    ("sum([0.1, 0.2]) == 0.3", True),
    ("element(names, 4)", "b"),
    ("flatten([[1], [[2]], []])", [1, 2]),
    ("distinct([1, 1, 2])", [1, 2]),
    ("chunklist([1, 2, 3], 2)", [[1, 2], [3]]),
    ('coalesce("", null, "x")', "x"),
    ("merge({a = 1}, null, {b = 2})", {"a": 1, "b": 2}),
    ('lookup(labels, "z", "d")', "d"),
    ('zipmap(["a", "b"], [1, true])', {"a": 1, "b": True}),
    ('transpose({a = ["x"], b = ["x"]})', {"x": ["a", "b"]}),
    ('setproduct(["a"], [1, 2])', [["a", 1], ["a", 2]]),
    ('setunion(["b"], ["a"])', ["a", "b"]),
    ("tolist(toset([10, 9]))", [9, 10]),
    ('jsonencode({b = "<é>", a = [1.50, null]})', '{"a":[1.5,null],"b":"\\u003cé\\u003e"}'),
    ('jsondecode("{\\"a\\": [1, null]}")', {"a": [1, None]}),
    ('yamlencode({a = [1, "x\\ny"], b = {}})', '"a":\n- 1\n- |-\n  x\n  y\n"b": {}\n'),
    ('yamldecode("a: &x [1, two]\\nb: *x\\nc: yes")', {"a": [1, "two"], "b": [1, "two"], "c": True}),
    ('csvdecode("a,b\\n1,\\"x\\"\\"y\\"")', [{"a": "1", "b": 'x"y'}]),
    ('base64decode(base64encode("é"))', "é"),
    ('textencodebase64("é", "UTF-16LE")', "6QA="),
    ('md5("")', "d41d8cd98f00b204e9800998ecf8427e"),
    ('uuidv5("dns", "www.terraform.io")', "a5008fae-b28c-5ba5-96cd-82b4c53552d6"),
    ("uuid()", "00010203-0405-4607-8809-0a0b0c0d0e0f"),
    ('cidrsubnet("10.0.0.0/8", 8, 2)', "10.2.0.0/16"),
    ('cidrsubnets("10.1.0.0/16", 4, 8, 4)', ["10.1.0.0/20", "10.1.16.0/24", "10.1.32.0/20"]),
    ('cidrhost("fd00::/64", -1)', "fd00::ffff:ffff:ffff:ffff"),
    ('formatdate("DD MMM YYYY hh:mm ZZZ", timestamp())', "29 Feb 2024 12:00 UTC"),
    ('timeadd(plantimestamp(), "24h")', "2024-03-01T12:00:00Z"),
    ('timecmp("2024-01-01T00:00:00Z", "2024-01-01T01:00:00+01:00")', 0),
    ('pathexpand("~/x")', "/home/ana/x"),
    ('dirname("a//b//c")', "a/b"),
    ('basename("a/b/")', "b"),
]


@pytest.mark.parametrize(("text", "expected"), RESULTS)
def test_a_function_gives_what_terraforms_gives(text: str, expected: Plain) -> None:
    assert plain(text) == expected


def test_every_function_of_terraform_is_there_under_both_names() -> None:
    library = a_library()
    assert len(FAMILIES.keys() - {"list", "map"}) == 118
    for name in FAMILIES:
        assert library[name].name == name
        assert library[f"core::{name}"] is library[name]


def test_a_library_has_no_other_functions() -> None:
    library = a_library()
    assert library.get("nope") is None
    assert library.get("core::core::upper") is None


def test_removed_functions_say_what_to_write_instead() -> None:
    _, diags = run("list(1)")
    assert diags[0].summary == "Error in function call"
    assert "tolist([ ... ])" in diags[0].detail


def test_clock_and_chance_are_unknown_while_a_plan_is_made() -> None:
    library = Library(Outside(plan_time=NOON))
    for name in ("timestamp", "uuid"):
        assert library[name].call([]) == unknown(STRING, UNKNOWN_NOT_NULL)
    assert library["bcrypt"].call([value_of("text")]) == unknown(STRING, UNKNOWN_NOT_NULL)
    assert library["plantimestamp"].call([]).is_known


def test_bcrypt_has_the_form_that_others_verify() -> None:
    hashed = plain('bcrypt("hello", 4)')
    assert isinstance(hashed, str)
    assert hashed.startswith("$2a$04$")
    assert len(hashed) == 60


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ('regex("(", "a")', "("),
        ('parseint("x", 10)', "x"),
        ('formatdate("EE", timestamp())', "EE"),
        ('cidrsubnets("10.0.0.0/16", 17)', "17"),
        ("range(4, 1, 1)", "1"),
        ('format("%s", 1, 2)', "2"),
        ('lookup({}, "a")', "{"),
        ("one([1, 2])", "["),
        ('file("nope.txt")', "nope.txt"),
    ],
)
def test_a_bad_argument_is_pointed_at(text: str, subject: str) -> None:
    assert problem(text) == ("Invalid function argument", subject)


@pytest.mark.parametrize(
    "text",
    [
        'regex("x", "a")',
        "max()",
        'jsondecode("{")',
        'yamldecode("a: b: c")',
        'base64decode("!")',
        "coalesce(null)",
        "log(-1, 10)",
        "element([], 0)",
        'cidrhost("10.0.0.0/32", 1)',
    ],
)
def test_a_failed_call_is_pointed_at_by_its_name(text: str) -> None:
    assert problem(text) == ("Error in function call", text[: text.index("(") + 1])


def test_files_are_read_from_the_base_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.txt").write_text("x")
    (tmp_path / "sub" / ".c.txt").write_text("x")
    folder = str(tmp_path)
    assert plain('file("a.txt")', folder=folder) == "hello"
    assert plain('fileexists("b.txt")', folder=folder) is False
    assert plain('filemd5("a.txt")', folder=folder) == "5d41402abc4b2a76b9719d911017c592"
    assert plain('fileset(".", "**/*.txt")', folder=folder) == ["a.txt", "sub/.c.txt", "sub/b.txt"]
    assert plain('fileset("sub", "[!a].txt")', folder=folder) == []
    assert plain('fileset("sub", "{b,x}.t?t")', folder=folder) == ["b.txt"]


def test_a_template_file_sees_its_variables_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.tftpl").write_text("Hello, ${upper(name)}!\n")
    folder = str(tmp_path)
    assert plain('templatefile("a.tftpl", { name = "ana" })', folder=folder) == "Hello, ANA!\n"
    _, diags = run('templatefile("a.tftpl", { nme = "ana" })', folder=folder)
    assert diags[0].summary == "Invalid function argument"
    assert "a.tftpl:1:16" in diags[0].detail


def test_a_template_cannot_render_another(tmp_path: Path) -> None:
    (tmp_path / "a.tftpl").write_text('${templatefile("a.tftpl", {})}')
    _, diags = run('templatefile("a.tftpl", {})', folder=str(tmp_path))
    assert "a template cannot render another one" in diags[0].detail


def test_a_jinja_file_is_rendered_by_jinja_with_strict_names(tmp_path: Path) -> None:
    (tmp_path / "a.j2").write_text("{% for x in xs %}{{ x }};{% endfor %}{{ half }}\n")
    folder = str(tmp_path)
    assert plain('templatefile("a.j2", { xs = [1, "a"], half = 0.5 })', folder=folder) == "1;a;0.5\n"
    _, diags = run('templatefile("a.j2", { xs = [] })', folder=folder)
    assert "'half' is undefined" in diags[0].detail


def test_a_jinja_file_cannot_reach_python(tmp_path: Path) -> None:
    (tmp_path / "a.j2").write_text("{{ x.__class__.__mro__ }}")
    _, diags = run('templatefile("a.j2", { x = "a" })', folder=str(tmp_path))
    assert diags[0].summary == "Error in function call"


def test_templatestring_wants_a_template_from_elsewhere() -> None:
    assert plain("templatestring(text, {})") == "hello"
    assert problem('templatestring("x", {})') == ("Invalid function argument", "x")


@pytest.mark.parametrize("template", ["nothing", "no_text", "count"])
def test_templatestring_wants_a_string(template: str) -> None:
    assert problem(f"templatestring({template}, {{}})") == ("Invalid function argument", template)


def test_a_call_of_an_unknown_says_the_type_of_the_result() -> None:
    assert value_of("parseint(some_text, 10)").type is NUMBER
    assert value_of('regex("(a)(b)", some_text)').type == value_of('regex("(a)(b)", "ab")').type
