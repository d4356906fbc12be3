"""Proposed objects, the provider contract, changes and replacements, flags."""

from __future__ import annotations

import pytest
from tests.unit.schema.schemas import NODES, RULE, TERRAFORM_DATA, config, rules

from mooring.core.codec import Plain, from_python, to_python
from mooring.core.paths import Attr, Index, Path, format_path
from mooring.core.types import DYNAMIC, NUMBER, STRING, ListType, ObjectType, SetType
from mooring.core.values import (
    DYNAMIC_UNKNOWN,
    NULL,
    SENSITIVE,
    UNKNOWN,
    Value,
    boolean,
    list_value,
    null,
    number,
    object_value,
    set_value,
    string,
    tuple_value,
    unknown,
)
from mooring.schema.changes import changed_paths, is_same, replacement_paths
from mooring.schema.contract import check_applied, check_planned, check_replanned
from mooring.schema.model import Attribute, BlockSchema, Nesting
from mooring.schema.proposed import planned_create, proposed_object
from mooring.schema.types import (
    empty_object,
    has_flag,
    is_computed,
    is_read_only,
    is_sensitive,
    is_write_only,
    mark_sensitive,
    object_type,
    without_write_only,
)

SECRET = frozenset({SENSITIVE})
WITH_NODES = BlockSchema(attributes={"nodes": NODES})


def made(schema: BlockSchema, of: Plain) -> Value:
    return from_python(of, object_type(schema))


def rule(name: str, port: int | None = None, **more: Plain) -> dict[str, Plain]:
    return {"name": name, "port": port, "id": None, "secret": None, "password": None, **more}


def with_rules(nesting: Nesting, of: Plain) -> Value:
    return made(rules(nesting), {"name": "n", "rule": of})


# -- types and flags -----------------------------------------------------------------------------


def test_the_empty_object_is_what_an_empty_body_decodes_to() -> None:
    for nesting in Nesting:
        assert empty_object(rules(nesting)) == config(rules(nesting), "")


def test_flags_are_found_at_any_depth() -> None:
    assert has_flag(rules(Nesting.SET), is_sensitive)
    assert has_flag(WITH_NODES, is_sensitive)
    assert not has_flag(TERRAFORM_DATA, is_sensitive)
    assert not has_flag(WITH_NODES, is_write_only)
    assert is_read_only(Attribute(type=STRING, computed=True))
    assert not is_read_only(Attribute(type=STRING, optional=True, computed=True))
    assert is_computed(Attribute(type=STRING, optional=True, computed=True))


def test_sensitive_attributes_are_marked_wherever_they_stand() -> None:
    value = mark_sensitive(with_rules(Nesting.LIST, [rule("a", secret="s")]), rules(Nesting.LIST))
    element = value.attributes["rule"].elements[0]
    assert element.attributes["secret"] == string("s").marked(SECRET)
    assert element.attributes["name"] == string("a")
    nodes = mark_sensitive(made(WITH_NODES, {"nodes": [{"size": "s", "key": "k"}]}), WITH_NODES)
    assert nodes.attributes["nodes"].elements[0].attributes["key"] == string("k").marked(SECRET)


def test_a_set_with_a_sensitive_attribute_in_it_is_sensitive_as_a_whole() -> None:
    value = mark_sensitive(with_rules(Nesting.SET, [rule("a", secret="s")]), rules(Nesting.SET))
    assert value.attributes["rule"].marks == SECRET


def test_marking_leaves_objects_without_sensitive_attributes_as_they_are() -> None:
    value = made(TERRAFORM_DATA, {"id": "i"})
    assert mark_sensitive(value, TERRAFORM_DATA) is value


def test_write_only_attributes_are_left_out() -> None:
    value = with_rules(Nesting.MAP, {"k": rule("a", password="p")})
    element = without_write_only(value, rules(Nesting.MAP)).attributes["rule"].attributes["k"]
    assert element.attributes["password"] == null(STRING)
    assert element.attributes["name"] == string("a")


# -- proposed objects ----------------------------------------------------------------------------


def test_a_create_has_unknowns_where_the_provider_decides() -> None:
    planned = planned_create(TERRAFORM_DATA, config(TERRAFORM_DATA, 'input = "x"'))
    assert to_python(planned) == {"id": UNKNOWN, "input": "x", "output": UNKNOWN, "triggers_replace": None}


def test_an_update_keeps_what_the_provider_has_decided() -> None:
    prior = made(TERRAFORM_DATA, {"id": "i"})
    proposed = proposed_object(TERRAFORM_DATA, prior, config(TERRAFORM_DATA, 'input = "x"'))
    assert to_python(proposed) == {"id": "i", "input": "x", "output": None, "triggers_replace": None}


def test_an_optional_attribute_that_is_no_longer_set_becomes_null() -> None:
    schema = BlockSchema(
        attributes={
            "plain": Attribute(type=STRING, optional=True),
            "default": Attribute(type=STRING, optional=True, computed=True),
        }
    )
    prior = made(schema, {"plain": "p", "default": "d"})
    assert to_python(proposed_object(schema, prior, made(schema, {}))) == {"plain": None, "default": "d"}
    changed = proposed_object(schema, prior, made(schema, {"default": "e"}))
    assert to_python(changed) == {"plain": None, "default": "e"}


def test_write_only_attributes_are_never_proposed() -> None:
    schema = BlockSchema(attributes={"password": Attribute(type=STRING, optional=True, write_only=True)})
    assert planned_create(schema, made(schema, {"password": "p"})) == made(schema, {})


def test_blocks_of_a_list_are_matched_by_position() -> None:
    prior = with_rules(Nesting.LIST, [rule("a", id="1"), rule("b", id="2")])
    wanted = with_rules(Nesting.LIST, [rule("b"), rule("b"), rule("c")])
    proposed = proposed_object(rules(Nesting.LIST), prior, wanted)
    ids = [each.attributes["id"] for each in proposed.attributes["rule"].elements]
    assert ids == [string("1"), string("2"), unknown(STRING)]


def test_blocks_of_a_map_are_matched_by_key() -> None:
    prior = with_rules(Nesting.MAP, {"x": rule("a", id="1"), "y": rule("b", id="2")})
    wanted = with_rules(Nesting.MAP, {"y": rule("z"), "z": rule("z")})
    proposed = proposed_object(rules(Nesting.MAP), prior, wanted).attributes["rule"].attributes
    assert {key: each.attributes["id"] for key, each in proposed.items()} == {
        "y": string("2"),
        "z": unknown(STRING),
    }


def test_blocks_of_a_set_are_matched_by_what_is_configured() -> None:
    prior = with_rules(Nesting.SET, [rule("a", 1, id="1"), rule("b", 2, id="2"), rule("c", 3, id="3")])
    wanted = with_rules(Nesting.SET, [rule("c", 3), rule("b", 9), rule("a", 1)])
    proposed = proposed_object(rules(Nesting.SET), prior, wanted).attributes["rule"].elements
    assert {to_python(each.attributes["name"]): to_python(each.attributes["id"]) for each in proposed} == {
        "a": "1",
        "b": UNKNOWN,
        "c": "3",
    }


@pytest.mark.parametrize("nesting", [Nesting.SINGLE, Nesting.GROUP])
def test_a_single_block_is_merged_with_the_one_before(nesting: Nesting) -> None:
    prior, wanted = with_rules(nesting, rule("a", id="1")), with_rules(nesting, rule("b"))
    proposed = proposed_object(rules(nesting), prior, wanted).attributes["rule"]
    assert proposed.attributes["id"] == string("1")
    assert planned_create(rules(nesting), wanted).attributes["rule"].attributes["id"] == unknown(STRING)


def test_a_block_that_is_gone_is_gone() -> None:
    prior, wanted = with_rules(Nesting.SINGLE, rule("a")), with_rules(Nesting.SINGLE, None)
    assert proposed_object(rules(Nesting.SINGLE), prior, wanted) == wanted


def test_objects_of_nested_attributes_are_merged_like_blocks() -> None:
    prior = made(WITH_NODES, {"nodes": [{"size": "s", "ip": "1"}]})
    wanted = made(WITH_NODES, {"nodes": [{"size": "m"}, {"size": "l"}]})
    proposed = proposed_object(WITH_NODES, prior, wanted).attributes["nodes"].elements
    assert [to_python(each.attributes["ip"]) for each in proposed] == ["1", UNKNOWN]


@pytest.mark.parametrize("nesting", list(Nesting))
def test_unknown_blocks_stay_unknown(nesting: Nesting) -> None:
    wanted = with_rules(nesting, UNKNOWN)
    assert proposed_object(rules(nesting), None, wanted) == wanted


@pytest.mark.parametrize("nesting", list(Nesting))
def test_proposing_what_is_there_already_changes_nothing(nesting: Nesting) -> None:
    one, other = rule("a", 1), rule("b", 2)
    of: dict[Nesting, Plain] = {Nesting.SINGLE: one, Nesting.GROUP: one, Nesting.MAP: {"k": one, "l": other}}
    wanted = with_rules(nesting, of.get(nesting, [one, other]))
    prior = planned_create(rules(nesting), wanted)
    for decided in ("1", "2"):
        prior = from_python(_decided(to_python(prior), decided), prior.type)
    assert proposed_object(rules(nesting), prior, wanted) == prior
    assert check_planned(rules(nesting), prior, wanted, prior) == ()


def _decided(of: Plain, by: str) -> Plain:
    """The plain object with unknowns decided."""
    if of == UNKNOWN:
        return by
    if isinstance(of, dict):
        return {name: _decided(part, by) for name, part in of.items()}
    return [_decided(part, by) for part in of] if isinstance(of, list) else of


# -- the contract --------------------------------------------------------------------------------

SETTINGS = BlockSchema(
    attributes={
        "id": Attribute(type=STRING, computed=True),
        "name": Attribute(type=STRING, required=True),
        "size": Attribute(type=STRING, optional=True),
        "tier": Attribute(type=STRING, optional=True, computed=True),
        "password": Attribute(type=STRING, optional=True, write_only=True),
    }
)


def planned(prior: Plain | None, wanted: Plain, plan: Plain) -> list[str]:
    before = None if prior is None else made(SETTINGS, prior)
    return [
        str(each) for each in check_planned(SETTINGS, before, made(SETTINGS, wanted), made(SETTINGS, plan))
    ]


@pytest.mark.parametrize(
    ("wanted", "plan"),
    [
        ({"name": "n"}, {"name": "n"}),
        ({"name": "n"}, {"name": "n", "id": "i", "tier": "t"}),
        ({"name": "n"}, {"name": "n", "id": UNKNOWN, "tier": UNKNOWN}),
        ({"name": "N"}, {"name": "before"}),
        ({"name": UNKNOWN}, {"name": UNKNOWN}),
        ({"name": "n", "password": "p"}, {"name": "n"}),
    ],
)
def test_a_plan_may_decide_what_is_left_to_the_provider(wanted: Plain, plan: Plain) -> None:
    assert planned({"name": "before"}, wanted, plan) == []


@pytest.mark.parametrize(
    ("wanted", "plan", "violation"),
    [
        ({"name": "n"}, {"name": "m"}, ".name: planned a value other than the configured or the prior one"),
        (
            {"name": "n"},
            {"name": UNKNOWN},
            ".name: planned a value other than the configured or the prior one",
        ),
        ({"name": "n"}, {"name": None}, ".name: planned a value other than the configured or the prior one"),
        (
            {"name": "n", "tier": "a"},
            {"name": "n", "tier": "b"},
            ".tier: planned a value other than the configured or the prior one",
        ),
        (
            {"name": "n"},
            {"name": "n", "size": "s"},
            ".size: planned a value although it is neither configured nor computed",
        ),
        (
            {"name": "n", "password": "p"},
            {"name": "n", "password": "p"},
            ".password: planned a value for a write-only attribute",
        ),
        ({"name": "n"}, None, "the object: not an object of the schema's type"),
    ],
)
def test_a_plan_that_breaks_the_contract_is_found(wanted: Plain, plan: Plain, violation: str) -> None:
    assert planned({"name": "before"}, wanted, plan) == [violation]


@pytest.mark.parametrize(
    ("nesting", "wanted", "plan", "violation"),
    [
        (Nesting.LIST, [rule("a")], [], ".rule: planned another number of blocks than configured"),
        (Nesting.LIST, [rule("a")], [rule("b")], ".rule[0].name: planned a value other than the configured"),
        (Nesting.MAP, {"x": rule("a")}, {"y": rule("a")}, '.rule["x"]: configured but not planned'),
        (Nesting.SET, [rule("a")], [rule("b")], ".rule: planned an element that is not configured"),
        (Nesting.SINGLE, None, rule("b"), ".rule: planned although it is not configured"),
        (Nesting.SINGLE, rule("b"), None, ".rule: not an object of the schema's type"),
    ],
)
def test_planned_blocks_must_be_the_configured_ones(
    nesting: Nesting, wanted: Plain, plan: Plain, violation: str
) -> None:
    schema = rules(nesting)
    (found,) = check_planned(schema, None, with_rules(nesting, wanted), with_rules(nesting, plan))
    assert str(found).startswith(violation)


def test_elements_of_a_set_may_be_planned_with_what_the_provider_decides() -> None:
    wanted = with_rules(Nesting.SET, [rule("a"), rule("b")])
    plan = with_rules(Nesting.SET, [rule("b", id="2"), rule("a", id=UNKNOWN)])
    assert check_planned(rules(Nesting.SET), None, wanted, plan) == ()


def test_objects_of_nested_attributes_follow_the_contract() -> None:
    wanted = made(WITH_NODES, {"nodes": [{"size": "s"}]})
    good, bad = ({"size": "s", "ip": "1"}, {"size": "m"})
    assert check_planned(WITH_NODES, None, wanted, made(WITH_NODES, {"nodes": [good]})) == ()
    (found,) = check_planned(WITH_NODES, None, wanted, made(WITH_NODES, {"nodes": [bad]}))
    assert format_path(found.path) == ".nodes[0].size"


def applied(plan: Plain, result: Plain) -> list[str]:
    return [str(each) for each in check_applied(SETTINGS, made(SETTINGS, plan), made(SETTINGS, result))]


@pytest.mark.parametrize(
    ("plan", "result", "violations"),
    [
        ({"name": "n", "id": UNKNOWN}, {"name": "n", "id": "i"}, []),
        ({"name": "n", "id": UNKNOWN}, {"name": "n"}, []),
        ({"name": "n"}, {"name": "m"}, [".name: not as planned"]),
        ({"name": "n", "id": "i"}, {"name": "n"}, [".id: not as planned"]),
        ({"name": "n", "id": UNKNOWN}, {"name": "n", "id": UNKNOWN}, [".id: still unknown after apply"]),
        (
            {"name": "n"},
            {"name": "n", "password": "p"},
            [".password: not as planned", ".password: a value for"],
        ),
        ({"name": "n"}, None, ["the object: planned, but absent after apply"]),
    ],
)
def test_what_was_known_in_the_plan_is_so_after_apply(
    plan: Plain, result: Plain, violations: list[str]
) -> None:
    found = applied(plan, result)
    assert len(found) == len(violations)
    assert all(each.startswith(start) for each, start in zip(found, violations, strict=True))


@pytest.mark.parametrize(
    ("plan", "result", "violations"),
    [
        ([rule("a", id=UNKNOWN)], [rule("a", id="1")], 0),
        ([rule("a", id=UNKNOWN), rule("b")], [rule("b"), rule("a", id="1")], 0),
        ([rule("a")], [], 1),
        ([rule("a")], [rule("a"), rule("b")], 1),
        ([rule("a")], [rule("b")], 2),
        ([rule("a")], [rule("a", id=UNKNOWN)], 1),
    ],
)
def test_elements_of_sets_after_apply_are_those_of_the_plan(
    plan: Plain, result: Plain, violations: int
) -> None:
    schema = rules(Nesting.SET)
    found = check_applied(schema, with_rules(Nesting.SET, plan), with_rules(Nesting.SET, result))
    assert len(found) == violations


def test_lists_after_apply_have_the_planned_length() -> None:
    plan, result = with_rules(Nesting.LIST, [rule("a")]), with_rules(Nesting.LIST, [rule("a"), rule("b")])
    assert [str(each) for each in check_applied(rules(Nesting.LIST), plan, result)] == [
        ".rule[1]: not planned, but there after apply"
    ]
    assert [str(each) for each in check_applied(rules(Nesting.LIST), result, plan)] == [
        ".rule[1]: planned, but absent after apply"
    ]


def test_an_unknown_collection_must_be_wholly_known_after_apply() -> None:
    plan, result = with_rules(Nesting.LIST, UNKNOWN), with_rules(Nesting.LIST, [rule("a", id=UNKNOWN)])
    assert [str(each) for each in check_applied(rules(Nesting.LIST), plan, result)] == [
        ".rule: still unknown after apply"
    ]


@pytest.mark.parametrize(
    ("plan", "final", "violations"),
    [
        ({"name": "n", "id": UNKNOWN}, {"name": "n", "id": "i"}, []),
        ({"name": "n", "id": UNKNOWN}, {"name": "n", "id": UNKNOWN}, []),
        ({"name": "n"}, {"name": "m"}, [".name: not as planned"]),
        ({"name": "n"}, {"name": UNKNOWN}, [".name: known in the plan, unknown now"]),
        ({"name": "n"}, None, ["the object: not as planned"]),
    ],
)
def test_a_later_plan_only_knows_more(plan: Plain, final: Plain, violations: list[str]) -> None:
    found = check_replanned(made(SETTINGS, plan), made(SETTINGS, final))
    assert [str(each) for each in found] == violations


# -- changes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (string("x"), string("x").marked(SECRET), True),
        (string("1"), number(1), False),
        (boolean(True), number(1), False),  # noqa: FBT003
        (NULL, null(STRING), True),
        (null(STRING), string(""), False),
        (DYNAMIC_UNKNOWN, unknown(STRING), True),
        (unknown(STRING), string("x"), False),
        (tuple_value([string("x")]), list_value(STRING, [string("x")]), False),
        (tuple_value([]), tuple_value([]), True),
        (list_value(STRING, []), list_value(NUMBER, []), False),
        (set_value(STRING, [string("a"), string("b")]), set_value(STRING, [string("b"), string("a")]), True),
        (object_value({"a": NULL}), object_value({}), False),
        (
            Value(ObjectType({"a": DYNAMIC}), {"a": string("x")}),
            Value(ObjectType({"a": STRING}), {"a": string("x").marked(SECRET)}),
            True,
        ),
        (
            Value(ListType(ObjectType({"a": DYNAMIC})), (object_value({"a": string("x")}),)),
            list_value(ObjectType({"a": STRING}), [object_value({"a": string("x")})]),
            True,
        ),
        (Value(SetType(STRING), UNKNOWN), set_value(STRING, []), False),
    ],
)
def test_values_are_compared_by_content(one: Value, other: Value, same: bool) -> None:  # noqa: FBT001
    assert is_same(one, other) is same
    assert is_same(other, one) is same


def shown(paths: tuple[Path, ...]) -> list[str]:
    return [format_path(path) for path in paths]


def test_the_innermost_differences_are_named() -> None:
    before = made(TERRAFORM_DATA, {"id": "i", "input": {"a": [1, {"b": 2}], "s": "x"}})
    after = made(TERRAFORM_DATA, {"id": UNKNOWN, "input": {"a": [1, {"b": 3}], "t": "x"}})
    assert shown(changed_paths(before, after)) == [".id", ".input.a[1].b", ".input.s", ".input.t"]


def test_elements_beyond_the_shorter_list_are_differences() -> None:
    before = list_value(STRING, [string("a")])
    assert shown(changed_paths(before, list_value(STRING, [string("b"), string("c")]))) == ["[0]", "[1]"]


def test_a_set_differs_as_a_whole_and_a_map_by_key() -> None:
    schema = BlockSchema(attributes={"zones": Attribute(type=SetType(STRING), optional=True)})
    paths = changed_paths(made(schema, {"zones": ["a"]}), made(schema, {"zones": ["a", "b"]}))
    assert shown(paths) == [".zones"]
    maps = (with_rules(Nesting.MAP, {key: rule("a")}) for key in "xy")
    assert shown(changed_paths(*maps)) == ['.rule["x"]', '.rule["y"]']


def test_a_whole_object_comes_or_goes() -> None:
    value = made(TERRAFORM_DATA, {})
    assert changed_paths(None, None) == ()
    assert changed_paths(None, value) == changed_paths(value, None) == ((),)
    assert changed_paths(value, made(TERRAFORM_DATA, {})) == ()


# -- replacements --------------------------------------------------------------------------------


def forcing(nesting: Nesting, before: Plain, after: Plain) -> list[str]:
    return shown(replacement_paths(rules(nesting), with_rules(nesting, before), with_rules(nesting, after)))


@pytest.mark.parametrize(
    ("nesting", "before", "after", "paths"),
    [
        (Nesting.LIST, [rule("a", 1)], [rule("a", 2)], []),
        (Nesting.LIST, [rule("a")], [rule("b")], [".rule[0].name"]),
        (Nesting.LIST, [rule("a")], [rule("a"), rule("b")], [".rule[1].name"]),
        (Nesting.LIST, [rule("a")], [], [".rule[0].name"]),
        (Nesting.MAP, {"x": rule("a")}, {"x": rule(UNKNOWN)}, ['.rule["x"].name']),  # type: ignore[arg-type]
        (Nesting.SET, [rule("a", 1)], [rule("a", 2)], []),
        (Nesting.SET, [rule("a")], [rule("b")], [".rule"]),
        (Nesting.SINGLE, rule("a"), None, [".rule.name"]),
        (Nesting.SINGLE, rule("a"), rule("a", 5), []),
    ],
)
def test_attributes_that_force_a_replacement_are_found_in_blocks(
    nesting: Nesting, before: Plain, after: Plain, paths: list[str]
) -> None:
    assert forcing(nesting, before, after) == paths


def test_attributes_that_force_a_replacement_are_found_in_nested_attributes() -> None:
    attributes = {"size": Attribute(type=STRING, required=True, forces_replacement=True)}
    nested = type(NODES.nested)(nesting=Nesting.LIST, attributes=attributes)  # type: ignore[misc]
    of = ListType(ObjectType({"size": STRING}))
    schema = BlockSchema(attributes={"nodes": Attribute(type=of, optional=True, nested=nested)})
    before, after = (made(schema, {"nodes": [{"size": size}]}) for size in "sm")
    assert shown(replacement_paths(schema, before, after)) == [".nodes[0].size"]


def test_requested_paths_count_as_far_as_they_differ() -> None:
    before = made(TERRAFORM_DATA, {"input": {"a": 1, "b": 2}, "triggers_replace": "x"})
    after = made(TERRAFORM_DATA, {"input": {"a": 1, "b": 3}, "triggers_replace": "x"})
    requested = (
        (Attr("triggers_replace"),),
        (Attr("input"), Attr("a")),
        (Attr("input"), Attr("b")),
        (Attr("input"), Attr("c"), Index(0)),
    )
    assert shown(replacement_paths(TERRAFORM_DATA, before, after, requested)) == [".input.b"]


def test_what_is_given_up_forces_a_replacement_too() -> None:
    schema = BlockSchema(attributes=RULE.attributes)
    assert shown(replacement_paths(schema, made(schema, {"name": "a"}), made(schema, {}))) == [".name"]
