"""A plan for programs: Terraform's `show -json PLAN`, format version 1.2. Sensitive values as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from mooring.config.model import Module
from mooring.config.relevance import ResourceAttribute, contributing_attributes
from mooring.core.addresses import ROOT, format_module
from mooring.core.codec import Json, encode_type
from mooring.core.paths import Attr, Path
from mooring.core.values import SENSITIVE, Value
from mooring.planning.check_records import encode_checks
from mooring.planning.model import Action, Drift, OutputChange, Plan, PlanMode, PlannedChange
from mooring.planning.outputs import exact_type
from mooring.reporting.product import PLAN_FORMAT, STATE_FORMAT, TERRAFORM_VERSION
from mooring.reporting.report import told_action
from mooring.reporting.state_json import checks_json, modules_json, resource_json, state_values
from mooring.reporting.state_text import ObjectReader
from mooring.reporting.values_json import content, sensitives, unknowns

_ACTIONS: Final[dict[Action, list[Json]]] = {
    Action.NO_OP: ["no-op"],
    Action.CREATE: ["create"],
    Action.READ: ["read"],
    Action.UPDATE: ["update"],
    Action.DELETE: ["delete"],
    Action.FORGET: ["forget"],
}


def plan_json(
    plan: Plan,
    read: ObjectReader,
    configuration: Json,
    variables: Mapping[str, Value],
    relevant: Iterable[ResourceAttribute] = (),
) -> dict[str, Json]:
    """The whole document.

    `configuration` is what config_json makes of the files of the plan, `variables` are all root variables
    that have a value, defaults included, `relevant` is what `relevant_attributes` says.
    """
    only_refreshes = plan.mode is PlanMode.REFRESH_ONLY
    form: dict[str, Json] = {"format_version": PLAN_FORMAT, "terraform_version": TERRAFORM_VERSION}
    if variables:
        form["variables"] = {name: {"value": content(value)} for name, value in sorted(variables.items())}
    form["planned_values"] = _planned_values(plan)
    if plan.drift:
        form["resource_drift"] = [_drift(each) for each in plan.drift]
    changes = list(filter(_is_told, plan.changes))
    if changes and not only_refreshes:
        form["resource_changes"] = [_change(each) for each in changes]
    if plan.outputs:
        form["output_changes"] = {each.name: _output_change(each) for each in plan.outputs}
    prior = _prior_state(plan, read)
    if prior is not None:
        form["prior_state"] = prior
    form["configuration"] = configuration
    attributes: list[Json] = [
        {"resource": str(each.instance), "attribute": _path(each.path)} for each in relevant
    ]
    if attributes:
        form["relevant_attributes"] = attributes
    if plan.checks:
        form["checks"] = checks_json(encode_checks(plan.checks))
    form |= {
        "timestamp": plan.created_at,
        "applyable": plan.has_changes and not plan.has_errors,
        "complete": not plan.is_partial and not plan.has_errors,
        "errored": plan.has_errors,
    }
    return form


def relevant_attributes(plan: Plan, root: Module) -> tuple[ResourceAttribute, ...]:
    """The attributes that what changes is made of, by the files of the plan."""
    instances = (each.address for each in plan.changes if each.action is not Action.NO_OP)
    changing = ((ROOT, each.name) for each in plan.outputs if told_action(each) is not Action.NO_OP)
    return contributing_attributes(root, instances, (*changing, *plan.module_outputs))


# -- changes -------------------------------------------------------------------------------------


def _change(change: PlannedChange) -> dict[str, Json]:
    form = _head(change)
    if change.deposed is not None:
        form["deposed"] = change.deposed
    actions = _ACTIONS.get(change.action, _replacement(change))
    detail = _before_and_after(actions, change.before, change.after)
    if change.replace_paths:
        detail["replace_paths"] = [_path(path) for path in change.replace_paths]
    if change.import_id is not None:
        detail["importing"] = {"id": change.import_id}
    form["change"] = detail
    if change.reason is not None:
        form["action_reason"] = change.reason.value
    if change.verbs.create != "create":
        form["mooring_verbs"] = {"create": change.verbs.create, "delete": change.verbs.delete}
    return form


def _replacement(change: PlannedChange) -> list[Json]:
    return ["create", "delete"] if change.create_before_destroy else ["delete", "create"]


def _drift(drift: Drift) -> dict[str, Json]:
    form = _head(drift)
    if drift.deposed is not None:
        form["deposed"] = drift.deposed
    actions: list[Json] = ["delete"] if drift.actual is None else ["update"]
    form["change"] = _before_and_after(actions, drift.recorded, drift.actual)
    return form


def _head(of: PlannedChange | Drift) -> dict[str, Json]:
    address = of.address
    form: dict[str, Json] = {"address": str(address)}
    if isinstance(of, PlannedChange) and of.previous_address is not None:
        form["previous_address"] = str(of.previous_address)
    if address.resource.module:
        form["module_address"] = format_module(address.resource.module)
    form |= {"mode": address.resource.mode, "type": address.resource.type, "name": address.resource.name}
    if address.key is not None:
        form["index"] = address.key
    form["provider_name"] = str(of.provider.provider)
    return form


def _is_told(change: PlannedChange) -> bool:
    """Whether the plan lists it: a data source that has been read is part of the prior state only."""
    return change.action is not Action.NO_OP or change.address.resource.mode == "managed"


def _before_and_after(actions: list[Json], before: Value | None, after: Value | None) -> dict[str, Json]:
    return {
        "actions": actions,
        "before": content(before),
        "after": content(after),
        "after_unknown": {} if after is None or after.is_wholly_known else unknowns(after),
        "before_sensitive": sensitives(before),
        "after_sensitive": sensitives(after),
    }


def _path(path: Path) -> Json:
    return [step.name if isinstance(step, Attr) else _key(step.key) for step in path]


def _key(key: int | str | Value) -> Json:
    return content(key) if isinstance(key, Value) else key


def _output_change(output: OutputChange) -> dict[str, Json]:
    before, after = output.before, output.after
    is_known = after is None or after.is_wholly_known
    is_sensitive = output.sensitive or (before is not None and SENSITIVE in before.marks)
    form: dict[str, Json] = {"actions": _ACTIONS[told_action(output)], "before": content(before)}
    if after is None or after.is_known:
        form["after"] = content(after)
    return {
        **form,
        "after_unknown": False if is_known else unknowns(after),
        "before_sensitive": is_sensitive,
        "after_sensitive": is_sensitive,
    }


# -- values --------------------------------------------------------------------------------------


def _planned_values(plan: Plan) -> dict[str, Json]:
    outputs = {
        output.name: _planned_output(output) for output in plan.outputs if output.action is not Action.DELETE
    }
    values: dict[str, Json] = {"outputs": outputs} if outputs else {}
    changes: Iterable[PlannedChange] = () if plan.mode is PlanMode.REFRESH_ONLY else plan.changes
    resources = [
        (
            change.address.resource.module,
            resource_json(change.address, str(change.provider.provider), change.schema_version, change.after),
        )
        for change in changes
        if change.action is not Action.DELETE and change.deposed is None and _is_told(change)
    ]
    values["root_module"] = modules_json(resources)
    return values


def _planned_output(output: OutputChange) -> dict[str, Json]:
    form: dict[str, Json] = {"sensitive": output.sensitive}
    if output.after is not None and output.after.is_wholly_known:
        form |= {"type": encode_type(exact_type(output.after)), "value": content(output.after)}
    return form


def _prior_state(plan: Plan, read: ObjectReader) -> dict[str, Json] | None:
    """The state after refresh; its outputs are evaluated already, as far as they are known."""
    values = state_values(plan.prior_state, read)
    recorded = values.pop("outputs", None)
    outputs: dict[str, Json] = dict(recorded) if isinstance(recorded, dict) else {}
    for output in plan.outputs:
        outputs.pop(output.name, None)
        will = None if plan.mode is PlanMode.DESTROY else output.after
        value = will if will is not None and will.is_wholly_known else output.before
        if value is not None and value.raw is not None:
            kind = encode_type(exact_type(value))
            outputs[output.name] = {"sensitive": output.sensitive, "value": content(value), "type": kind}
    if not outputs and not plan.prior_state.instances:
        return None
    return {
        "format_version": STATE_FORMAT,
        "terraform_version": TERRAFORM_VERSION,
        "values": {"outputs": dict(sorted(outputs.items())), **values} if outputs else values,
    }
