"""Bodies to objects: conversion, nested blocks, dynamic blocks, and what is said of mistakes."""

from __future__ import annotations

import pytest
from tests.unit.schema.schemas import NODES, RULE, TERRAFORM_DATA, config, decode, rules

from mooring.core.codec import to_python
from mooring.core.types import DYNAMIC, NUMBER, STRING, ListType, MapType
from mooring.core.values import (
    DYNAMIC_UNKNOWN,
    NULL,
    SENSITIVE,
    UNKNOWN,
    Value,
    list_value,
    map_value,
    null,
    number,
    object_value,
    set_value,
    string,
    tuple_value,
    unknown,
)
from mooring.schema.model import Attribute, BlockSchema, NestedBlock, Nesting
from mooring.schema.types import object_type

SECRET = frozenset({SENSITIVE})


def said(schema: BlockSchema, text: str, **names: Value) -> list[tuple[str, str, str]]:
    """Summary, detail and offending text of each diagnostic."""
    return [
        (diag.summary, diag.detail, diag.subject.text if diag.subject else "")
        for diag in decode(schema, text, **names)[1]
    ]


# -- attributes ----------------------------------------------------------------------------------


def test_what_is_not_set_is_null() -> None:
    value = config(TERRAFORM_DATA, 'input = "x"')
    assert value == Value(
        object_type(TERRAFORM_DATA),
        {"id": null(STRING), "input": string("x"), "output": NULL, "triggers_replace": NULL},
    )


def test_values_are_converted_to_the_types_of_attributes() -> None:
    schema = BlockSchema(
        attributes={
            "count": Attribute(type=NUMBER, optional=True),
            "tags": Attribute(type=MapType(STRING), optional=True),
            "sizes": Attribute(type=ListType(NUMBER), optional=True),
        }
    )
    value = config(schema, 'count = "3"\ntags = { b = 1, a = true }\nsizes = ["1", 2]')
    assert value.attributes == {
        "count": number(3),
        "sizes": list_value(NUMBER, [number(1), number(2)]),
        "tags": map_value(STRING, {"a": string("true"), "b": string("1")}),
    }


def test_marks_and_unknowns_pass_through_a_conversion() -> None:
    schema = BlockSchema(attributes={"count": Attribute(type=NUMBER, optional=True)})
    secret = config(schema, "count = a", a=string("3").marked(SECRET))
    assert secret.attributes["count"] == number(3).marked(SECRET)
    assert config(schema, "count = a", a=DYNAMIC_UNKNOWN).attributes["count"] == unknown(NUMBER)


def test_a_value_of_the_wrong_type_is_reported_at_the_expression() -> None:
    schema = BlockSchema(attributes={"backend": Attribute(type=STRING, required=True)})
    value, (diag,) = decode(schema, 'backend = ["local"]')
    assert diag.summary == "Incorrect attribute value type"
    assert diag.detail.startswith('Inappropriate value for attribute "backend": string required')
    assert diag.subject is not None
    assert diag.context is not None
    assert (diag.subject.text, diag.context.text) == ('["local"]', 'backend = ["local"]')
    assert value.attributes["backend"] == unknown(STRING)


def test_a_required_attribute_must_be_there_and_not_null() -> None:
    schema = BlockSchema(attributes={"backend": Attribute(type=STRING, required=True)})
    assert [each[0] for each in said(schema, "")] == ["Missing required argument"]
    assert said(schema, "backend = null") == [
        ("Missing required argument", 'The argument "backend" is required, but it is set to null.', "null")
    ]
    assert said(schema, "backend = a", a=DYNAMIC_UNKNOWN) == []


def test_a_deprecated_attribute_is_a_warning_where_it_is_set() -> None:
    schema = BlockSchema(attributes={"old": Attribute(type=STRING, optional=True, deprecated="Use new.")})
    _, (diag,) = decode(schema, 'old = "x"')
    assert (diag.is_error, diag.summary, diag.detail) == (False, "Argument is deprecated", "Use new.")
    assert decode(schema, "")[1] == ()


def test_unknown_names_are_reported() -> None:
    found = said(TERRAFORM_DATA, "nope = 1\nfoo {\n}")
    assert [each[0] for each in found] == ["Unsupported argument", "Unsupported block type"]


def test_every_mistake_is_reported() -> None:
    schema = BlockSchema(
        attributes={"a": Attribute(type=NUMBER, optional=True), "b": Attribute(type=NUMBER, optional=True)}
    )
    assert [each[2] for each in said(schema, "a = []\nb = {}")] == ["[]", "{}"]


# -- nested blocks -------------------------------------------------------------------------------

TWO_RULES = 'rule {\n  name = "b"\n}\nrule {\n  name = "a"\n  port = "1"\n}\n'


def names_of(value: Value) -> object:
    plain = to_python(value.attributes["rule"])
    assert isinstance(plain, list)
    return [each["name"] for each in plain]


def test_a_list_of_blocks_keeps_their_order() -> None:
    value = config(rules(Nesting.LIST), TWO_RULES)
    assert value.attributes["rule"].type == ListType(object_type(RULE))
    assert names_of(value) == ["b", "a"]


def test_a_set_of_blocks_drops_repeats() -> None:
    value = config(rules(Nesting.SET), TWO_RULES + TWO_RULES)
    assert value.attributes["rule"].type == object_type(rules(Nesting.SET)).attributes["rule"]
    assert len(value.attributes["rule"].elements) == 2


def test_a_map_of_blocks_has_their_labels_as_keys() -> None:
    value = config(rules(Nesting.MAP), 'rule "z" {\n  name = "b"\n}\nrule "y" {\n  name = "a"\n}')
    assert list(value.attributes["rule"].attributes) == ["y", "z"]


def test_two_blocks_of_a_map_with_one_label_are_an_error() -> None:
    found = said(rules(Nesting.MAP), 'rule "z" {\n  name = "b"\n}\nrule "z" {\n  name = "a"\n}')
    assert [(each[0], each[2]) for each in found] == [("Duplicate rule block", 'rule "z"')]


def test_a_single_block_is_an_object_or_null() -> None:
    schema = rules(Nesting.SINGLE)
    assert config(schema, 'rule {\n  name = "a"\n}').attributes["rule"].attributes["name"] == string("a")
    assert config(schema, "").attributes["rule"] == null(object_type(RULE))


def test_a_group_is_an_object_even_when_it_is_absent() -> None:
    rule = config(rules(Nesting.GROUP), "").attributes["rule"]
    assert rule.attributes["name"] == null(STRING)


def test_blocks_with_attributes_of_any_type_make_a_tuple_or_an_object() -> None:
    inner = BlockSchema(attributes={"value": Attribute(type=DYNAMIC, optional=True)})
    many = BlockSchema(blocks={"item": NestedBlock(block=inner, nesting=Nesting.LIST)})
    value = config(many, 'item {\n  value = 1\n}\nitem {\n  value = "x"\n}').attributes["item"]
    assert to_python(value) == [{"value": 1}, {"value": "x"}]
    assert config(many, "").attributes["item"] == tuple_value(())
    keyed = BlockSchema(blocks={"item": NestedBlock(block=inner, nesting=Nesting.MAP)})
    assert to_python(config(keyed, 'item "k" {\n  value = 1\n}').attributes["item"]) == {"k": {"value": 1}}
    assert config(keyed, "").attributes["item"] == object_value({})


@pytest.mark.parametrize("nesting", [Nesting.SINGLE, Nesting.GROUP])
def test_a_second_single_block_is_an_error(nesting: Nesting) -> None:
    assert said(rules(nesting), TWO_RULES) == [
        (
            "Duplicate rule block",
            "There can be one rule block here, and there is one at main.tf:1:1 already.",
            "rule",
        )
    ]


def test_a_single_block_may_be_required() -> None:
    found = said(rules(Nesting.SINGLE, min_items=1), "")
    assert [each[:2] for each in found] == [("Missing rule block", "A rule block is required.")]


def test_too_few_and_too_many_blocks_are_errors() -> None:
    few = said(rules(Nesting.LIST, min_items=3), TWO_RULES)
    assert [each[:2] for each in few] == [
        ("Insufficient rule blocks", 'At least 3 "rule" blocks are required.')
    ]
    many = said(rules(Nesting.SET, max_items=1), TWO_RULES)
    assert [each[:2] for each in many] == [
        ("Too many rule blocks", 'No more than 1 "rule" blocks are allowed.')
    ]


# -- dynamic blocks ------------------------------------------------------------------------------


def dynamic(content: str = "name = rule.value", *, for_each: str = "items", more: str = "") -> str:
    return f'dynamic "rule" {{\n  for_each = {for_each}\n  {more}\n  content {{\n    {content}\n  }}\n}}\n'


@pytest.mark.parametrize(
    "items",
    [
        tuple_value([string("x"), string("y")]),
        list_value(STRING, [string("x"), string("y")]),
        set_value(STRING, [string("y"), string("x")]),
        map_value(STRING, {"a": string("x"), "b": string("y")}),
        object_value({"a": string("x"), "b": string("y")}),
    ],
)
def test_a_dynamic_block_makes_a_block_per_element(items: Value) -> None:
    assert names_of(config(rules(Nesting.LIST), dynamic(), items=items)) == ["x", "y"]


def test_written_and_generated_blocks_keep_the_order_of_the_file() -> None:
    text = 'rule {\n  name = "first"\n}\n' + dynamic() + 'rule {\n  name = "last"\n}\n'
    value = config(rules(Nesting.LIST), text, items=tuple_value([string("x")]))
    assert names_of(value) == ["first", "x", "last"]


def test_the_iterator_has_key_and_value_under_the_name_that_was_chosen() -> None:
    text = dynamic('name = "${each.key}-${each.value}"', more="iterator = each")
    value = config(rules(Nesting.LIST), text, items=object_value({"a": string("x")}))
    assert names_of(value) == ["a-x"]


def test_labels_are_evaluated_for_each_block() -> None:
    text = dynamic(more="labels = [rule.key]")
    value = config(rules(Nesting.MAP), text, items=object_value({"a": string("x")}))
    assert value.attributes["rule"].attributes["a"].attributes["name"] == string("x")


def test_dynamic_blocks_nest() -> None:
    outer = BlockSchema(blocks={"group": NestedBlock(block=rules(Nesting.LIST), nesting=Nesting.LIST)})
    inner = dynamic('name = "${group.value}${rule.value}"', for_each='["1", "2"]')
    text = f'dynamic "group" {{\n  for_each = ["a", "b"]\n  content {{\n{inner}}}\n}}'
    groups = config(outer, text).attributes["group"].elements
    assert [names_of(group) for group in groups] == [["a1", "a2"], ["b1", "b2"]]


@pytest.mark.parametrize("nesting", list(Nesting))
def test_an_unknown_number_of_blocks_is_an_unknown_collection(nesting: Nesting) -> None:
    more = "labels = [rule.key]" if nesting is Nesting.MAP else ""
    schema = rules(nesting, min_items=1)
    value = config(schema, dynamic(more=more), items=DYNAMIC_UNKNOWN)
    assert value.attributes["rule"].raw == UNKNOWN
    assert value.attributes["rule"].type == object_type(schema).attributes["rule"]


def test_too_many_blocks_are_reported_even_if_more_may_come() -> None:
    found = said(rules(Nesting.LIST, max_items=1), TWO_RULES + dynamic(), items=DYNAMIC_UNKNOWN)
    assert [each[0] for each in found] == ["Too many rule blocks"]


def test_the_marks_of_for_each_stand_on_the_blocks_and_their_number() -> None:
    items = tuple_value([string("x")]).marked(SECRET)
    rule = config(rules(Nesting.LIST), dynamic(), items=items).attributes["rule"]
    assert rule.marks == SECRET
    assert rule.elements[0].attributes["name"] == string("x").marked(SECRET)


@pytest.mark.parametrize(
    ("text", "summary", "subject"),
    [
        (dynamic(for_each="null"), "Invalid dynamic for_each value", "null"),
        (dynamic(for_each='"x"'), "Invalid dynamic for_each value", '"x"'),
        (dynamic(for_each="[]", more="iterator = a.b"), "Invalid dynamic iterator name", "a.b"),
        ('dynamic "rule" {\n  for_each = []\n}', "Missing dynamic content block", ""),
        (
            'dynamic "rule" {\n  for_each = []\n  content {\n  }\n  content {\n  }\n}',
            "Extraneous dynamic content block",
            "content",
        ),
        ('dynamic "odd" {\n  for_each = []\n  content {\n  }\n}', "Unsupported block type", '"odd"'),
        (dynamic(for_each="[1]", more='labels = ["x"]'), "Invalid dynamic block label", '["x"]'),
        ('dynamic "rule" {\n  content {\n  }\n}', "Missing required argument", ""),
    ],
)
def test_a_mistake_in_a_dynamic_block_is_reported_once(text: str, summary: str, subject: str) -> None:
    found = said(rules(Nesting.LIST), text)
    assert [(each[0], each[2]) for each in found] == [(summary, subject)]


@pytest.mark.parametrize(
    ("more", "summary"),
    [
        ("", "Insufficient dynamic block labels"),
        ("labels = []", "Invalid dynamic block label"),
        ("labels = [1]", "Invalid dynamic block label"),
        ("labels = secret", "Invalid dynamic block label"),
    ],
)
def test_labels_must_fit_the_block_type(more: str, summary: str) -> None:
    secret = tuple_value([string("x").marked(SECRET)])
    found = said(rules(Nesting.MAP), dynamic(for_each='["x"]', more=more), secret=secret)
    assert [each[0] for each in found] == [summary]


def test_unknown_labels_make_the_collection_unknown() -> None:
    text = dynamic(for_each='["x"]', more="labels = [name]")
    assert config(rules(Nesting.MAP), text, name=DYNAMIC_UNKNOWN).attributes["rule"].raw == UNKNOWN


def test_nested_attributes_are_decoded_as_values() -> None:
    schema = BlockSchema(attributes={"nodes": NODES})
    assert [each[0] for each in said(schema, "nodes = [{ size = [] }]")] == ["Incorrect attribute value type"]
