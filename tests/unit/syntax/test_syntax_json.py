import pytest
from tests.unit.syntax.trees import listed, mistakes, shape

from mooring.core.diagnostics import Diagnostics
from mooring.core.spans import Source
from mooring.syntax.body import Body, Content, Names
from mooring.syntax.json_body import parse_json

ROOT = Names(
    attributes=frozenset({"x", "raw"}),
    blocks={"plain": (), "named": ("name",), "typed": ("type", "name")},
    verbatim=frozenset({"raw"}),
)


def body(text: str) -> Body:
    parsed, diags = parse_json(Source("test.tf.json", text))
    assert diags == ()
    return parsed


def content(text: str) -> tuple[Content, Diagnostics]:
    return body(text).content(ROOT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", "1"),
        ("-1.50e1", "-15"),
        ("true", "True"),
        ("null", "None"),
        ('"a"', "'a'"),
        (r'"\u0065\u0301 \ud83d\ude00 \n \/"', "'é 😀 \\n /'"),
        (r'"\ud800"', "'\N{REPLACEMENT CHARACTER}'"),
        ('"$${a}"', "'${a}'"),
        ('"${a}"', "wrap(a)"),
        (r'"${a[\"k\"]}"', "wrap(a['k'])"),
        (r'"x\n${a}"', "template('x\\n', a)"),
        ('"%{if a}b%{endif}"', "template(if(a; 'b'; ))"),
        ('[1, "${a}"]', "[1, wrap(a)]"),
        ('{"a": {"b c": 2}}', "{'a' = {'b c' = 2}}"),
        ('{"${a}": 1}', "{wrap(a) = 1}"),
    ],
)
def test_a_json_value_is_an_expression(text: str, expected: str) -> None:
    found, diags = content(f'{{"x": {text}}}')
    assert diags == ()
    assert shape(found.attributes["x"].expression) == expected


def test_verbatim_strings_are_no_templates() -> None:
    found, diags = content('{"raw": ["${a b"]}')
    assert diags == ()
    assert shape(found.attributes["raw"].expression) == "['${a b']"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"plain": {}}', [("plain", ())]),
        ('{"plain": [{}, {}]}', [("plain", ()), ("plain", ())]),
        ('{"plain": null}', []),
        ('{"plain": []}', []),
        ('{"named": {"a": {}, "b": [{}, {}]}}', [("named", ("a",)), ("named", ("b",)), ("named", ("b",))]),
        ('{"named": [{"a": {}}, {"b": {}}]}', [("named", ("a",)), ("named", ("b",))]),
        ('{"named": {"a": null}}', []),
        ('{"typed": {"t": {"a": {}, "b": {}}}}', [("typed", ("t", "a")), ("typed", ("t", "b"))]),
        ('[{"plain": {}}, {"plain": {}}]', [("plain", ()), ("plain", ())]),
        ('{"//": "note", "plain": {}}', [("plain", ())]),
    ],
)
def test_blocks_are_nested_objects(text: str, expected: list[tuple[str, tuple[str, ...]]]) -> None:
    found, diags = content(text)
    assert diags == ()
    assert [(block.type, block.labels) for block in found.blocks] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"plian": {}}', ["Extraneous JSON object property 1:2-1:9"]),
        ('{"plain": 1}', ["Incorrect JSON value type 1:11-1:12"]),
        ('{"plain": "abc"}', ["Incorrect JSON value type 1:11-1:16"]),
        ('{"plain": [[{}]]}', ["Incorrect JSON value type 1:12-1:13"]),
        ('{"named": {}}', ["Missing block label 1:11-1:12"]),
        ('{"named": {"a": 1}}', ["Incorrect JSON value type 1:17-1:18"]),
        ('{"named": {"//": "note", "a": {}}}', ["Incorrect JSON value type 1:18-1:24"]),
        ('{"named": 1}', ["Incorrect JSON value type 1:11-1:12", "Missing block label 1:11-1:12"]),
        ('{"named": ["a"]}', ["Missing block label 1:11-1:12", "Incorrect JSON value type 1:12-1:15"]),
        ('{"named": null}', ["Missing block label 1:11-1:15"]),
        ('{"x": 1, "x": 2}', ["Duplicate argument 1:10-1:13"]),
        ('{"x": {"a": 1, "a": 2}}', ["Duplicate object attribute 1:16-1:19"]),
        ("[1]", ["Incorrect JSON value type 1:2-1:3"]),
        ('{"x": "${1 +}"}', ["Invalid expression 1:13-1:14"]),
        (r'{"x": "\n\u00e9 ${1 +}"}', ["Invalid expression 1:22-1:23"]),
    ],
)
def test_what_does_not_fit_is_reported_where_it_stands(text: str, expected: list[str]) -> None:
    assert listed(content(text)[1]) == expected


def test_a_near_miss_is_explained() -> None:
    assert 'Did you mean "plain"?' in content('{"plian": {}}')[1][0].detail


def test_what_is_missing_is_missing_at_the_closing_brace() -> None:
    _, diags = body('{"a": 1}').content(Names(attributes=frozenset({"a"}), required=frozenset({"b"})))
    assert listed(diags) == ["Missing required argument 1:8-1:9"]


def test_what_was_not_named_remains() -> None:
    found, rest, diags = body('{"x": 1, "y": 2, "plain": {}}').partial(ROOT)
    assert (list(found.attributes), len(found.blocks), diags) == (["x"], 1, ())
    attributes, diags = rest.just_attributes()
    assert (list(attributes), diags) == (["y"], ())


def test_every_member_may_be_an_attribute() -> None:
    attributes, diags = body('{"a": {"b": 1}, "//": 1, "a": 2}').just_attributes()
    assert shape(attributes["a"].expression) == "{'b' = 1}"
    assert listed(diags) == ["Duplicate attribute definition 1:26-1:29"]


ROOT_VALUE = "Root value must be object 1:1-1:2"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["Missing value 1:1-1:1", "Root value must be object 1:1-1:1"]),
        ("x", [ROOT_VALUE, "Invalid JSON keyword 1:1-1:2"]),
        ("1", [ROOT_VALUE]),
        ('{"a"}', [ROOT_VALUE, "Missing object value 1:5-1:6"]),
        ('{"a":}', ["Missing JSON value 1:6-1:7"]),
        ('{"a":1,}', [ROOT_VALUE, "Trailing comma in object 1:7-1:8"]),
        (
            '{"a":1,,"b":2}',
            [ROOT_VALUE, "Invalid object property name 1:8-1:9", "Invalid start of value 1:8-1:9"],
        ),
        ('{"a" 1}', [ROOT_VALUE, "Missing property value colon 1:6-1:7"]),
        ('{"a"=1}', [ROOT_VALUE, "Missing property value colon 1:5-1:6"]),
        ('{"a":1 "b":2}', [ROOT_VALUE, "Missing attribute seperator comma 1:14-1:14"]),
        ('{"a":1', [ROOT_VALUE, "Unclosed object 1:1-1:2"]),
        ('{"a":[1', [ROOT_VALUE, "Unclosed object 1:1-1:2", "Unclosed object 1:6-1:7"]),
        ('{"a":[1,]}', [ROOT_VALUE, "Trailing comma in array 1:8-1:9", "Mismatched braces 1:10-1:11"]),
        ('{"a":[1:2], "b":1}', ["Invalid array value 1:11-1:12"]),
        (
            '{"a":[1 [[2]] ]}',
            [ROOT_VALUE, "Missing attribute seperator comma 1:15-1:16", "Mismatched braces 1:16-1:17"],
        ),
        ('{"a":[1}', [ROOT_VALUE, "Unclosed object 1:1-1:2", "Mismatched brackets 1:9-1:9"]),
        ('{"a":1]', [ROOT_VALUE, "Mismatched braces 1:8-1:8"]),
        ('{"a":tru}', ["Invalid JSON keyword 1:6-1:9"]),
        ('{"a":01}', ["Invalid JSON number 1:6-1:8"]),
        ('{"a":.5}', ["Invalid JSON number 1:6-1:8"]),
        ('{"a":"b', [ROOT_VALUE, "Unclosed object 1:1-1:2", "Invalid JSON string 1:8-1:8"]),
        ("{1:2}", [ROOT_VALUE, "Invalid object property name 1:2-1:3"]),
        ('{"a":1} x', ["Extraneous data after value 1:9-1:10"]),
        ("\ufeff{}", [ROOT_VALUE, "Invalid start of value 1:1-1:2"]),
    ],
)
def test_mistakes_in_json_are_those_that_terraform_tells(text: str, expected: list[str]) -> None:
    assert sorted(mistakes(text, "test.tf.json")) == sorted(expected)


def test_a_broken_string_ends_on_its_line() -> None:
    assert "Invalid JSON string 1:8-1:8" in mistakes('{"a":"b\n"}', "test.tf.json")


def test_an_object_with_a_mistake_is_no_block_and_ends_at_the_next_brace() -> None:
    parsed, diags = parse_json(Source("test.tf.json", '{"named": {"a": {"b": 1,}}, "plain": {}}'))
    assert listed(diags) == ["Trailing comma in object 1:24-1:25"]
    found, diags = parsed.content(ROOT)
    assert (found.blocks, listed(diags)) == ((), ["Incorrect JSON value type 1:17-1:18"])
