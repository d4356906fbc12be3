import pytest
from tests.unit.syntax.trees import listed, shape

from mooring.core.diagnostics import in_order
from mooring.core.spans import Source
from mooring.syntax import parse_native
from mooring.syntax.body import Body, Names


def body(text: str) -> Body:
    return parse_native(Source("test.tf", text))[0]


NAMES = Names(
    attributes=frozenset({"size", "name"}),
    required=frozenset({"name"}),
    blocks={"disk": (), "rule": ("kind", "name")},
)


def test_named_content_is_found_by_name_and_in_order() -> None:
    content, diags = body('name = "a"\ndisk {}\nrule "x" y {\n}\ndisk {\n}\n').content(NAMES)
    assert diags == ()
    assert shape(content.attributes["name"].expression) == "'a'"
    assert [(block.type, block.labels) for block in content.blocks] == [
        ("disk", ()),
        ("rule", ("x", "y")),
        ("disk", ()),
    ]
    assert len(content.of_type("disk")) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "Missing required argument 1:1-1:1"),
        ("name = 1\nsise = 2\n", "Unsupported argument 2:1-2:5"),
        ("name = 1\ndisc {}\n", "Unsupported block type 2:1-2:5"),
        ("name = 1\nsize {}\n", "Unsupported block type 2:1-2:5"),
        ("name = 1\ndisk = 1\n", "Unsupported argument 2:1-2:5"),
        ('name = 1\ndisk "a" "b" {}\n', "Extraneous label for disk 2:6-2:9"),
        ('name = 1\nrule "a" "b" "c" {}\n', "Extraneous label for rule 2:14-2:17"),
        ("name = 1\nrule {}\n", "Missing kind for rule 2:6-2:7"),
        ('name = 1\nrule "a" {}\n', "Missing name for rule 2:10-2:11"),
    ],
)
def test_what_does_not_fit_is_reported_where_it_stands(text: str, expected: str) -> None:
    assert listed(body(text).content(NAMES)[1]) == [expected]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("name = 1\nsise = 2\n", 'Did you mean "size"?'),
        ("name = 1\ndisc {}\n", 'Did you mean "disk"?'),
        ("name = 1\nsize {}\n", "write an equals sign after its name"),
        ("name = 1\ndisk = 1\n", "remove the equals sign"),
    ],
)
def test_a_near_miss_is_explained(text: str, hint: str) -> None:
    assert hint in body(text).content(NAMES)[1][0].detail


def test_what_was_not_named_remains() -> None:
    content, rest, diags = body("name = 1\nother = 2\ndisk {}\nmore {}\n").partial(NAMES)
    assert diags == ()
    assert list(content.attributes) == ["name"]
    left, diags = rest.content(Names(attributes=frozenset({"other"}), blocks={"more": ()}))
    assert diags == ()
    assert (list(left.attributes), [block.type for block in left.blocks]) == (["other"], ["more"])


def test_a_body_of_attributes_alone_has_no_blocks() -> None:
    attributes, diags = body("a = 1\nb {}\nc {}\n").just_attributes()
    assert list(attributes) == ["a"]
    assert listed(diags) == ['Unexpected "b" block 2:1-2:2']


def test_a_block_knows_where_its_parts_stand() -> None:
    (block,) = body('a "b" c {\n  d = 1\n}\n').content(Names(blocks={"a": ("x", "y")}))[0].blocks
    assert [span.text for span in (block.type_span, *block.label_spans, block.header)] == [
        "a",
        '"b"',
        "c",
        'a "b" c',
    ]
    attribute = block.body.just_attributes()[0]["d"]
    assert (attribute.name_span.text, attribute.span.text) == ("d", "d = 1")


def test_what_is_missing_is_missing_at_the_opening_brace() -> None:
    (block,) = body("a {\n}\n").content(Names(blocks={"a": ()}))[0].blocks
    assert str(block.body.missing_item) == "test.tf:1:3"


def test_a_broken_block_keeps_what_could_be_read() -> None:
    parsed, diags = parse_native(Source("test.tf", "a {\n  b = 1\n  c = ?\n  d = 3\n}\n"))
    (block,) = parsed.content(Names(blocks={"a": ()}))[0].blocks
    attributes, _ = block.body.just_attributes()
    assert list(attributes) == ["b", "c", "d"]
    assert not attributes["c"].expression.span.text.isalnum()
    assert len(in_order(diags)) == 1
