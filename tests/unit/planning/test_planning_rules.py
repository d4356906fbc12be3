"""Lifecycle rules that a plan and its apply keep, one fact each."""

from __future__ import annotations

import pytest
from tests.properties.engine import NOTHING, Engine

from mooring.config.targets import Target
from mooring.core.addresses import ConfigAddress, InstanceAddress, ProviderAddress, ResourceAddress
from mooring.core.spans import Source, Span
from mooring.planning.model import Action, OpKind, Plan, PlanMode, PlannedChange
from mooring.planning.ordering import Dependencies
from mooring.planning.targeting import extent_of
from mooring.sdk.protocols import Provider
from mooring_builtin import provider

SPAN = Span(Source("target", ""), 0, 0)
REMOVED = "removed {\n  from = terraform_data.a\n  lifecycle {\n    destroy = false\n  }\n}\n"


def resource(name: str, body: str = "") -> str:
    return f'resource "terraform_data" "{name}" {{\n{body}\n}}\n'


class BuiltinEngine(Engine):
    """An engine with the real provider, which can import."""

    def _find(self, _address: ProviderAddress) -> Provider:
        return provider


def target(name: str, key: int | None = None) -> Target:
    return Target(module=(), type="terraform_data", name=name, key=key, span=SPAN)


def actions(plan: Plan) -> dict[str, Action]:
    return {str(change.address): change.action for change in plan.changes}


def change(plan: Plan, address: str) -> PlannedChange:
    return next(each for each in plan.changes if str(each.address) == address)


def kinds_in_order(plan: Plan) -> list[tuple[OpKind, str]]:
    """The steps of a plan whose graph is a chain, joins left out, first step first."""
    done: list[int] = []
    left = set(range(len(plan.graph.ops)))
    while left:
        ready = sorted(step for step in left if left.isdisjoint(plan.graph.after[step]))
        done += ready
        left.difference_update(ready)
    ops = (plan.graph.ops[step] for step in done)
    return [(op.kind, str(plan.changes[op.change].address)) for op in ops if op.kind is not OpKind.JOIN]


def test_a_precondition_unknown_to_the_plan_is_checked_by_the_apply() -> None:
    condition = 'condition = terraform_data.a.output == 2\nerror_message = "no"'
    guarded = resource("b", f"lifecycle {{\nprecondition {{\n{condition}\n}}\n}}")
    engine = Engine()
    with pytest.raises(AssertionError, match="Resource precondition failed"):
        engine.converge(resource("a", "input = 1") + guarded, NOTHING)


def test_forgetting_an_object_is_no_part_of_destroying_everything() -> None:
    engine = Engine()
    opened = engine.converge(resource("a"), NOTHING).opened
    assert actions(engine.plan(REMOVED, opened, PlanMode.DESTROY)) == {"terraform_data.a": Action.DELETE}
    assert actions(engine.plan(REMOVED, opened)) == {"terraform_data.a": Action.FORGET}


def test_an_instance_left_out_is_not_planned_because_an_expression_names_its_resource() -> None:
    text = resource("a", "count = 2") + 'output "o" {\n value = terraform_data.a[1].id\n}\n'
    engine = Engine()
    plan = engine.plan(text, NOTHING, targets=(target("a", 1),))
    assert actions(plan) == {"terraform_data.a[1]": Action.CREATE}
    assert "o" in engine.apply(text, plan, NOTHING).state.outputs


def test_a_refresh_only_plan_changes_no_object() -> None:
    engine = Engine()
    opened = engine.converge(resource("a", "input = 1"), NOTHING).opened
    plan = engine.plan(resource("a", "input = 2") + resource("b"), opened, PlanMode.REFRESH_ONLY)
    assert not plan.changes
    assert not plan.graph.ops


def test_what_was_made_from_an_object_goes_before_the_object_changes() -> None:
    engine = Engine()
    opened = engine.converge(
        resource("a", "input = 1") + resource("b", "input = terraform_data.a.id"), NOTHING
    ).opened
    plan = engine.plan(resource("a", "input = 2"), opened)
    assert kinds_in_order(plan) == [(OpKind.DELETE, "terraform_data.b"), (OpKind.UPDATE, "terraform_data.a")]


def test_ignoring_a_key_of_an_object_ignores_the_whole_object() -> None:
    body = 'input = {{ x = {0}, y = {0} }}\nlifecycle {{\n  ignore_changes = [input["x"]]\n}}'
    engine = Engine()
    opened = engine.converge(resource("a", body.format(1)), NOTHING).opened
    assert actions(engine.plan(resource("a", body.format(2)), opened)) == {"terraform_data.a": Action.NO_OP}


def test_an_object_is_imported_into_each_instance_that_an_import_names() -> None:
    ids = '{ x = "id-x", y = "id-y" }'
    block = f"import {{\n for_each = {ids}\n to = terraform_data.a[each.key]\n id = each.value\n}}\n"
    engine = BuiltinEngine()
    plan = engine.plan(block + resource("a", f"for_each = {ids}"), NOTHING)
    imported = {str(each.address): each.import_id for each in plan.changes}
    assert imported == {'terraform_data.a["x"]': "id-x", 'terraform_data.a["y"]': "id-y"}


def test_a_moved_object_whose_new_address_is_not_declared_is_deleted_and_says_so() -> None:
    engine = Engine()
    opened = engine.converge(resource("a"), NOTHING).opened
    plan = engine.plan("moved {\n from = terraform_data.a\n to = terraform_data.b\n}\n", opened)
    deleted = change(plan, "terraform_data.b")
    assert (deleted.action, str(deleted.previous_address)) == (Action.DELETE, "terraform_data.a")
    assert deleted.reason is not None
    assert deleted.reason.value == "delete_because_no_move_target"


def test_an_extent_without_targets_is_everything() -> None:
    nothing: Dependencies = {}
    address = InstanceAddress(ResourceAddress((), "managed", "terraform_data", "a"))
    assert extent_of((), (), [ConfigAddress((), "managed", "t", "a")], nothing).has_instance(address)
