"""`replace_triggered_by`: whether what a resource watches is planned to change."""

from __future__ import annotations

from collections.abc import Iterable

from mooring.config.references import ResourceRef, parse_reference, path_of
from mooring.core.addresses import InstanceAddress, ResourceAddress, format_module
from mooring.core.diagnostics import Diagnostic, error
from mooring.core.paths import Path
from mooring.core.types import NUMBER, STRING
from mooring.core.values import DYNAMIC_UNKNOWN, Value, unmark
from mooring.core.walking import value_at
from mooring.lang.evaluation import evaluate_into
from mooring.lang.scope import Report
from mooring.planning.model import Action, PlannedChange
from mooring.planning.run import PlanRun
from mooring.syntax.nodes import Expression, IndexExpression, RelativeTraversal, Traversal

_REPLACING = (Action.REPLACE, Action.DELETE)
_CHANGING = (Action.CREATE, Action.UPDATE, *_REPLACING)


def is_triggered(run: PlanRun, address: InstanceAddress, trigger: Expression, report: Report) -> bool:
    """Whether the watched resource, instance or attribute changes. May raise `NotReady` or `Failed`.

    A whole resource or instance triggers when it is updated or replaced; an attribute when its planned value
    differs from the present one. A creation triggers only where there was nothing to watch before.
    """
    watched = _watched(run, address, trigger, report)
    if watched is None:
        return False
    resource, key, path = watched
    instances = _instances(run, resource, key)
    if path and key is None and isinstance(trigger, Traversal):  # an attribute is of the instance without key
        instances = [each for each in instances if each.key is None]
    if address in instances or (not instances and (path or key is not None)):
        report.add(_nothing_to_watch(InstanceAddress(resource, key), trigger))
        return False
    changes = _changes(run, instances)
    if not path:
        return any(change.action in _CHANGING for change in changes)
    return any(_differs(change, path) for change in changes)


def _differs(change: PlannedChange, path: Path) -> bool:
    if change.action not in _CHANGING:
        return False
    before = value_at(unmark(change.before)[0], path) if change.before is not None else None
    after = value_at(unmark(change.after)[0], path) if change.after is not None else None
    return before != after


def _instances(run: PlanRun, resource: ResourceAddress, key: int | str | None) -> list[InstanceAddress]:
    """The instances that are watched: all, or the one with this key."""
    declared = run.evaluation.module(resource.module).resources[resource.mode, resource.type, resource.name]
    if declared.is_single:
        keys: Iterable[int | str | None] = (None,)
    else:
        keys = run.evaluation.instance_keys(resource)
    return [InstanceAddress(resource, each) for each in keys if key is None or each == key]


def _changes(run: PlanRun, instances: list[InstanceAddress]) -> list[PlannedChange]:
    run.evaluation.cells.all_of(instances)
    return [run.changes[instance, None] for instance in instances if (instance, None) in run.changes]


_Watched = tuple[ResourceAddress, int | str | None, Path]


def _watched(run: PlanRun, address: InstanceAddress, trigger: Expression, report: Report) -> _Watched | None:
    """The resource that a trigger names, the key of an instance, and the path of an attribute."""
    traversal, keys = _flatten(trigger)
    if traversal is None:
        report.add(_invalid(trigger))
        return None
    parsed = parse_reference(traversal)
    if isinstance(parsed, Diagnostic):
        report.add(parsed)
        return None
    reference, consumed = parsed
    if not isinstance(reference, ResourceRef):
        report.add(_invalid(trigger))
        return None
    resource = ResourceAddress(address.resource.module, reference.mode, reference.type, reference.name)
    if run.evaluation.module(resource.module).resource(resource[1:]) is None:
        detail = f"There is no {resource.in_config}, so it cannot be watched."
        report.add(error("Reference to undeclared resource", detail, trigger.span))
        return None
    key = reference.key
    path = path_of(traversal.steps[consumed:])
    if keys:
        scope = run.evaluation.instance_scope(address)
        key = _key(evaluate_into(keys[0].key, scope, report))
        path = path_of(trigger.steps) if isinstance(trigger, RelativeTraversal) else ()
    return resource, key, path


def _flatten(trigger: Expression) -> tuple[Traversal | None, list[IndexExpression]]:
    """The traversal at the bottom, and the one dynamic index (`a.b[each.key]`) above it, if any."""
    if isinstance(trigger, Traversal):
        return trigger, []
    inner = trigger.source if isinstance(trigger, RelativeTraversal) else trigger
    if isinstance(inner, IndexExpression) and isinstance(inner.collection, Traversal):
        return inner.collection, [inner]
    return None, []


def _key(value: Value) -> int | str | None:
    if value is DYNAMIC_UNKNOWN or value.is_null or not value.is_known:
        return None
    if value.type is STRING:
        return value.text
    return value.number if value.type is NUMBER and isinstance(value.number, int) else None


def _invalid(trigger: Expression) -> Diagnostic:
    detail = "Only resources, their instances and their attributes can be watched with replace_triggered_by."
    return error("Invalid replace_triggered_by expression", detail, trigger.span)


def _nothing_to_watch(watched: InstanceAddress, trigger: Expression) -> Diagnostic:
    """Terraform gives this no place in a file."""
    module = format_module(watched.resource.module) or "the root module"
    name = str(watched._replace(resource=watched.resource._replace(module=())))
    detail = (
        f"replace_triggered_by at {trigger.span} watches {watched}. There is no such instance, or it is the "
        "block's own."
    )
    return error(f"no change found for {name} in {module}", detail)
