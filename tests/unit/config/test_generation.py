"""Declarations of objects that exist: what is written, and what is not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.lang.expression_lab import plain, value_of

from mooring.config.generation import resource_text
from mooring.config.literals import literal
from mooring.core.codec import Plain, from_python
from mooring.core.text import composed
from mooring.core.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, MapType
from mooring.core.values import ONLY_SENSITIVE, Value, string
from mooring.schema.model import Attribute, BlockSchema, NestedAttributes, NestedBlock, Nesting
from mooring.schema.types import object_type

RULE = BlockSchema(
    attributes={
        "port": Attribute(type=NUMBER, required=True),
        "hits": Attribute(type=NUMBER, computed=True),
    }
)
HOST = {"name": Attribute(type=STRING, optional=True), "address": Attribute(type=STRING, computed=True)}
SCHEMA = BlockSchema(
    attributes={
        "id": Attribute(type=STRING, optional=True, computed=True),
        "name": Attribute(type=STRING, required=True),
        "tags": Attribute(type=MapType(STRING), optional=True),
        "zones": Attribute(type=ListType(STRING), optional=True),
        "script": Attribute(type=STRING, optional=True),
        "public": Attribute(type=BOOL, optional=True, computed=True),
        "made_at": Attribute(type=STRING, computed=True),
        "password": Attribute(type=STRING, optional=True, write_only=True),
        "key": Attribute(type=STRING, optional=True, sensitive=True),
        "hosts": Attribute(
            type=DYNAMIC, optional=True, nested=NestedAttributes(nesting=Nesting.LIST, attributes=HOST)
        ),
    },
    blocks={
        "rule": NestedBlock(block=RULE, nesting=Nesting.LIST),
        "label": NestedBlock(block=RULE, nesting=Nesting.MAP),
        "limit": NestedBlock(block=RULE, nesting=Nesting.SINGLE),
    },
)
NOTHING_SET: dict[str, Plain] = dict.fromkeys(SCHEMA.attributes) | {"rule": [], "label": {}, "limit": None}


def written(value: Value) -> str:
    """The value as an argument has it, before the end of a line."""
    return f"{literal(value)}\n"


def described(**parts: Plain) -> str:
    value = from_python({**NOTHING_SET, "name": "one", **parts}, object_type(SCHEMA))
    return resource_text("lab_thing", "main", value, SCHEMA)


def test_computed_and_unset_arguments_are_left_out_and_so_is_the_id() -> None:
    assert described(id="x", made_at="now", public=True) == (
        'resource "lab_thing" "main" {\n'
        '  name   = "one"\n'
        "  public = true\n"
        "  # password is write-only, so its value is not written here.\n"
        "  password = null\n"
        "}\n"
    )


def test_secrets_are_not_written() -> None:
    text = described(key="hunter2")

    assert "hunter2" not in text
    assert "  # key is sensitive, so its value is not written here.\n  key = null\n" in text


def test_a_value_that_is_marked_is_a_secret_whatever_the_schema_says() -> None:
    value = from_python({**NOTHING_SET, "name": "one", "script": "hunter2"}, object_type(SCHEMA))
    marked = Value(
        value.type, {**value.attributes, "script": value.attributes["script"].marked(ONLY_SENSITIVE)}
    )

    assert "hunter2" not in resource_text("lab_thing", "main", marked, SCHEMA)


def test_nested_blocks_are_blocks_and_nested_attributes_are_objects() -> None:
    text = described(
        rule=[{"port": 1, "hits": 5}, {"port": 2, "hits": 5}],
        label={"a b": {"port": 3, "hits": 5}},
        limit={"port": 4, "hits": 5},
    )

    assert text.count("  rule {\n    port = ") == 2
    assert '  label "a b" {\n    port = 3\n  }\n' in text
    assert "  limit {\n    port = 4\n  }\n" in text
    assert "hits" not in text


def test_text_of_several_lines_is_a_heredoc() -> None:
    assert '  script = <<EOT\n#!/bin/sh\necho "$${x}"\nEOT\n' in described(script='#!/bin/sh\necho "${x}"\n')
    assert "  script = chomp(<<EOT\na\nb\nEOT\n  )\n" in described(script="a\nb")


def test_keys_are_quoted_where_they_must_be() -> None:
    text = described(tags={"plain": "a", "not plain": "b", "for": "c"})

    assert '  tags = {\n    "for"       = "c"\n    "not plain" = "b"\n    plain       = "a"\n  }\n' in text


def test_the_provider_is_named_where_it_is_not_the_usual_one() -> None:
    value = from_python({**NOTHING_SET, "name": "one"}, object_type(SCHEMA))

    text = resource_text("lab_thing", "main", value, SCHEMA, "lab.deep")
    assert text.startswith('resource "lab_thing" "main" {\n  provider = lab.deep\n\n  name = "one"\n')


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    assert value_of(written(string(composed(text)))) == string(composed(text))


@given(st.lists(st.text(alphabet='ab $%{}\t\\"EOT_<-'), min_size=2).map("\n".join))
def test_text_of_several_lines_comes_back_as_it_was(text: str) -> None:
    assert value_of(written(string(text))) == string(text)


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet="ab ${\n"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet="ab-1"), inner, max_size=3),
)


@given(PLAIN)
def test_any_value_comes_back_as_it_was(content: Plain) -> None:
    assert plain(written(from_python(content, DYNAMIC))) == content
