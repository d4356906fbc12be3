"""Carrying a template out: resource by resource in the order of their dependencies, each with a PUT.

Each PUT goes through the life cycle of its type against a scratch view, so a template meets the same checks
as a client. What was made before a failure stays, as in Azure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mooring_emulator.arm import lifecycle
from mooring_emulator.arm.errors import ArmError
from mooring_emulator.arm.scratch import Scratch
from mooring_emulator.arm.targets import read_path, resource_target
from mooring_emulator.arm.urls import parse_url
from mooring_emulator.codec import encode
from mooring_emulator.messages import Request
from mooring_emulator.store.model import Begin, BlobWrite, Put
from mooring_emulator.templates.expressions import evaluate, invalid_template
from mooring_emulator.templates.plan import Declared, declared_resources, is_before, parameter_values
from mooring_emulator.templates.scope import NotDeployedError, Scope, functions_of

if TYPE_CHECKING:
    from mooring_emulator.arm.call import Call
    from mooring_emulator.codec import Json, JsonObject
    from mooring_emulator.store.model import Effect, Write

DEPLOYMENT_TYPE = "Microsoft.Resources/deployments"

_NOT_SENT = frozenset(
    {
        "type",
        "name",
        "apiVersion",
        "dependsOn",
        "condition",
        "copy",
        "resources",
        "comments",
        "scope",
        "resourceGroup",
        "subscriptionId",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What became of one resource; `error` is an ARM error object."""

    resource_id: str
    type: str
    name: str
    error: JsonObject | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a deployment did: effects in order, steps in order, outputs, and the first error."""

    effects: Sequence[Effect] = ()
    steps: Sequence[Step] = ()
    outputs: Mapping[str, Json] = field(default_factory=dict)
    parameters: Mapping[str, Json] = field(default_factory=dict)
    error: JsonObject | None = None


def open_scope(properties: JsonObject, outer: Scope) -> Scope:
    """Give the scope in which a template's expressions are evaluated."""
    template = properties["template"]
    given = properties.get("parameters") or {}
    values = parameter_values(template, given, outer)
    variables = template.get("variables") or {}
    if not isinstance(variables, dict):
        raise invalid_template("variables is not an object")
    return replace(outer, parameters=values, variables=variables)


def carry_out_template(template: JsonObject, scope: Scope) -> Outcome:
    """Deploy a template in an opened scope; raises ArmError when it is invalid as such."""
    scratch = Scratch(scope.call.view)
    call = replace(scope.call, view=scratch, ending=None)
    scope = replace(scope, call=call)
    waiting = list(declared_resources(template, scope))
    steps: list[Step] = []
    while waiting:
        declared, step = _next_step(waiting, scope, scratch)
        steps.append(step)
        if step.error is not None:
            return Outcome(
                effects=scratch.effects, steps=steps, parameters=scope.parameters, error=step.error
            )
        waiting.remove(declared)
    outputs = _outputs(template, scope)
    return Outcome(effects=scratch.effects, steps=steps, outputs=outputs, parameters=scope.parameters)


def _next_step(waiting: Sequence[Declared], scope: Scope, scratch: Scratch) -> tuple[Declared, Step]:
    """Deploy the first resource that can be: its dependencies are done and its references exist."""
    missing = ""
    for declared in waiting:
        if not is_before(declared, waiting):
            continue
        try:
            return declared, _deploy(declared, scope, scratch)
        except NotDeployedError as absent:
            missing = absent.resource_id
    if missing:
        error = ArmError(404, "ResourceNotFound", f"The Resource '{missing}' was not found.").error
        return waiting[0], Step(resource_id=missing, type="", name="", error=error)
    raise invalid_template("Circular dependency detected among the template's resources")


def _deploy(declared: Declared, scope: Scope, scratch: Scratch) -> Step:
    resource_id = _resource_id(declared, scope)
    nested = declared.type.lower() == DEPLOYMENT_TYPE.lower()
    functions = functions_of(scope, copy_index=declared.copy_index)
    body = {name: value for name, value in declared.body.items() if name not in _NOT_SENT}
    evaluated = _nested_body(body, scope) if nested else evaluate(body, functions)
    step = Step(resource_id=resource_id, type=declared.type, name=declared.name.rpartition("/")[2])
    try:
        writes = _put(scope.call, resource_id, declared.api_version, evaluated)
    except ArmError as error:
        return replace(step, error=error.error)
    for write in writes:
        if isinstance(write, Begin):
            scratch.apply(write.operation.effects)
        elif not isinstance(write, BlobWrite):
            scratch.apply((write,))
    failed = [write.operation.error for write in writes if isinstance(write, Begin) and write.operation.error]
    return replace(step, error=failed[0]) if failed else step


def _put(call: Call, resource_id: str, api_version: str, body: Json) -> Sequence[Write]:
    url = f"{call.url.origin}{resource_id}?api-version={api_version}"
    parts = resource_id.strip("/").split("/")
    is_in_group = parts[2].lower() == "resourcegroups"
    marks = 5 if is_in_group else 3
    parameters = {"subscription": parts[1], "namespace": parts[marks], "rest": "/".join(parts[marks + 1 :])}
    request = Request(method="PUT", url=url, headers=call.request.headers, body=encode(body))
    inner = replace(
        call,
        request=request,
        url=parse_url(url),
        parameters={**parameters, "group": parts[3]} if is_in_group else parameters,
    )
    outcome = lifecycle.put(inner, resource_target(inner, read_path(inner)))
    has_operation = any(isinstance(write, Begin) for write in outcome.writes)
    return [write for write in outcome.writes if not (has_operation and isinstance(write, Put))]


def _resource_id(declared: Declared, scope: Scope) -> str:
    written = declared.body
    functions = functions_of(scope, copy_index=declared.copy_index)
    explicit = evaluate(written.get("scope"), functions)
    subscription = evaluate(written.get("subscriptionId"), functions) or scope.subscription
    group = evaluate(written.get("resourceGroup"), functions) or scope.group
    base = replace(scope, subscription=subscription, group=group).path
    if isinstance(explicit, str) and explicit:
        base = explicit if explicit.startswith("/") else f"{scope.path}/providers/{explicit}"
    namespace, *types = declared.type.split("/")
    names = declared.name.split("/")
    if len(types) != len(names):
        raise invalid_template(f"'{declared.name}' has another number of segments than '{declared.type}'")
    pairs = [part for pair in zip(types, names, strict=True) for part in pair]
    return "/".join((base, "providers", namespace, *pairs))


def _nested_body(body: JsonObject, scope: Scope) -> JsonObject:
    """Evaluate a nested deployment: all of it in the outer scope, unless it asks for an inner one."""
    functions = functions_of(scope)
    properties = body.get("properties") or {}
    options = properties.get("expressionEvaluationOptions") or {}
    if str(options.get("scope")).lower() == "inner":
        around = {name: value for name, value in properties.items() if name != "template"}
        template = properties.get("template")
        return {**body, "properties": {**evaluate(around, functions), "template": template}}
    evaluated: JsonObject = evaluate(body, functions)
    return evaluated


def _outputs(template: JsonObject, scope: Scope) -> Mapping[str, Json]:
    written = template.get("outputs") or {}
    if not isinstance(written, dict):
        raise invalid_template("outputs is not an object")
    functions = functions_of(scope)
    shown = {
        name: output
        for name, output in written.items()
        if isinstance(output, dict) and evaluate(output.get("condition", True), functions)
    }
    try:
        return {
            name: {"type": output.get("type"), "value": evaluate(output.get("value"), functions)}
            for name, output in shown.items()
        }
    except NotDeployedError as absent:
        raise invalid_template(
            f"The resource '{absent.resource_id}' is not defined in the template"
        ) from absent
