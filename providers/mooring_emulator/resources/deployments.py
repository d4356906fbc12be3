"""Microsoft.Resources/deployments: a template, carried out.

Source: Microsoft.Resources 2025-04-01, Deployments and DeploymentOperations. Everything the template makes
comes into being when the operation ends. The template is not kept, and of the parameters only those that are
not secure.
"""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from mooring_emulator.arm.call import Call, Outcome, read_object
from mooring_emulator.arm.documents import in_state
from mooring_emulator.arm.errors import ArmError, conflict, error_object, invalid_content
from mooring_emulator.arm.kinds import Change, NameRule, OperationLinks, Replies, Reply, ResourceKind, Target
from mooring_emulator.arm.lifecycle import retire
from mooring_emulator.arm.paging import list_all
from mooring_emulator.arm.versions import DEPLOYMENTS
from mooring_emulator.codec import encode
from mooring_emulator.messages import empty_response, json_response
from mooring_emulator.store.model import Document, key_of
from mooring_emulator.templates.carrying_out import DEPLOYMENT_TYPE, carry_out_template, open_scope
from mooring_emulator.templates.carrying_out import Outcome as Deployed
from mooring_emulator.templates.expressions import invalid_template
from mooring_emulator.templates.scope import NotDeployedError, Scope

if TYPE_CHECKING:
    from mooring_emulator.codec import JsonObject

_STARTED = Reply(status=201, azure_async_operation=True)
_STATUS = "{resource}/operationStatuses/{operation}"
_SECURE = frozenset({"securestring", "secureobject"})


def deployment_kind() -> ResourceKind:
    """Describe the type."""
    return ResourceKind(
        type=DEPLOYMENT_TYPE,
        api_versions=DEPLOYMENTS,
        name_rule=NameRule(
            pattern=re.compile(r"[-\w.()]{1,64}"),
            code="InvalidDeploymentName",
            message="The deployment name '{name}' is invalid. It is at most 64 letters, digits, '-', '.', "
            "'_' and parentheses.",
        ),
        replies=Replies(
            create=_STARTED,
            update=replace(_STARTED, status=200),
            patch=_STARTED,
            delete=Reply(status=202, has_body=False, location=True),
        ),
        links=OperationLinks(status_path=_STATUS, result_path=_STATUS, result_query={"monitor": "true"}),
        compose=_compose,
        revise=_refuse_patch,
        retire=retire,
        scopes=frozenset({"group", "subscription"}),
        is_tracked=False,
    )


def list_deployment_operations(call: Call) -> Outcome:
    """GET .../deployments/{deployment}/operations, also at the old path without a provider."""
    document = _find(call)
    is_running = document.properties["provisioningState"] == "Running"
    operations = document.private.get("operations") or []
    return list_all([_operation_body(document, entry, is_running=is_running) for entry in operations])


def validate_deployment(call: Call) -> Outcome:
    """POST .../deployments/{deployment}/validate: what a PUT would refuse, nothing is made."""
    scope, properties = _read(call, _names(call))
    try:
        deployed = carry_out_template(properties["template"], scope)
    except NotDeployedError as absent:
        raise invalid_template(
            f"The resource '{absent.resource_id}' is not defined in the template"
        ) from absent
    if deployed.error is not None:
        return Outcome(response=json_response(400, {"error": _failure(deployed.error)}))
    shown = _properties(call, properties, deployed, "Succeeded")
    target = "/" + "/".join(call.url.segments[:-1])
    return Outcome(response=json_response(200, {"id": target, "properties": shown}))


def cancel_deployment(call: Call) -> Outcome:
    """POST .../deployments/{deployment}/cancel: one that has ended cannot be cancelled."""
    document = _find(call)
    if document.properties["provisioningState"] != "Running":
        raise conflict(f"The deployment '{document.body['name']}' cannot be cancelled, it is not running.")
    return Outcome(response=empty_response(204))


def _compose(call: Call, target: Target, _prior: Document | None) -> Change:
    scope, properties = _read(call, (target.subscription, target.group, target.name))
    try:
        deployed = carry_out_template(properties["template"], scope)
    except NotDeployedError as absent:
        raise invalid_template(
            f"The resource '{absent.resource_id}' is not defined in the template"
        ) from absent
    state = "Failed" if deployed.error else "Succeeded"
    shown = _properties(call, properties, deployed, state)
    body: JsonObject = {"id": target.id, "name": target.name, "type": DEPLOYMENT_TYPE, "properties": shown}
    if not target.group:
        body["location"] = read_object(call).get("location")
    private = {"operations": [_entry(call, step) for step in deployed.steps]}
    after = Document(id=target.id, type=DEPLOYMENT_TYPE, body=body, private=private)
    error = _failure(deployed.error) if deployed.error else None
    return Change(after=after, during=in_state(after, "Running"), error=error, also=tuple(deployed.effects))


def _read(call: Call, names: tuple[str, str, str]) -> tuple[Scope, JsonObject]:
    properties = read_object(call).get("properties")
    if not isinstance(properties, dict):
        raise ArmError(400, "InvalidDeployment", "The deployment needs properties.")
    if not isinstance(properties.get("template"), dict):
        raise ArmError(
            400, "InvalidRequestContent", "The deployment needs an inline template; links are not read."
        )
    if not isinstance(properties.get("parameters") or {}, dict):
        raise invalid_content("parameters must be an object")
    if str(properties.get("mode")).lower() not in {"incremental", "complete"}:
        raise ArmError(400, "InvalidDeployment", "The deployment mode must be Incremental or Complete.")
    subscription, group, name = names
    outer = Scope(call=call, subscription=subscription, group=group, deployment=name)
    return open_scope(properties, outer), properties


def _names(call: Call) -> tuple[str, str, str]:
    values = call.parameters
    return values["subscription"], values.get("group", ""), values["deployment"]


def _find(call: Call) -> Document:
    subscription, group, name = _names(call)
    scope = f"/subscriptions/{subscription}" + (f"/resourceGroups/{group}" if group else "")
    document = call.view.document(key_of(f"{scope}/providers/{DEPLOYMENT_TYPE}/{name}"))
    if document is None:
        raise ArmError(404, "DeploymentNotFound", f"Deployment '{name}' could not be found.")
    return document


def _properties(call: Call, sent: JsonObject, deployed: Deployed, state: str) -> JsonObject:
    template = sent["template"]
    declared = template.get("parameters") or {}
    types = {name: str((value or {}).get("type") or "String") for name, value in declared.items()}
    values = {
        name: {} if types[name].lower() in _SECURE else {"value": value}
        for name, value in deployed.parameters.items()
    }
    shown = {name: {"type": types[name], **value} for name, value in values.items()}
    providers = sorted({step.type.partition("/")[0] for step in deployed.steps})
    properties: JsonObject = {
        "templateHash": str(int(sha256(encode(template)).hexdigest()[:15], 16)),
        "parameters": shown,
        "mode": str(sent["mode"]).capitalize(),
        "provisioningState": state,
        "timestamp": call.timestamp,
        "duration": f"PT{max(call.world.lro_seconds, 0.001):g}S",
        "correlationId": call.world.new_id(),
        "providers": [{"namespace": name, "resourceTypes": []} for name in providers],
        "dependencies": [],
        "outputResources": [{"id": step.resource_id} for step in deployed.steps if step.error is None],
        "outputs": dict(deployed.outputs),
    }
    return properties | ({"error": _failure(deployed.error)} if deployed.error else {})


def _failure(error: JsonObject) -> JsonObject:
    message = (
        "At least one resource deployment operation failed. Please list deployment operations for details. "
        "Please see https://aka.ms/arm-deployment-operations for usage details."
    )
    return error_object("DeploymentFailed", message, details=[error])


def _entry(call: Call, step: Step) -> JsonObject:
    return {
        "id": call.world.new_id().replace("-", "").upper()[:16],
        "resource": {"id": step.resource_id, "resourceType": step.type, "resourceName": step.name},
        "at": call.timestamp,
        "error": step.error,
    }


def _operation_body(document: Document, entry: JsonObject, *, is_running: bool) -> JsonObject:
    state = "Failed" if entry["error"] else "Succeeded"
    properties: JsonObject = {
        "provisioningOperation": "Create",
        "provisioningState": "Running" if is_running else state,
        "timestamp": entry["at"],
        "duration": document.properties["duration"],
        "trackingId": entry["id"],
        "statusCode": "BadRequest" if entry["error"] else "OK",
        "targetResource": entry["resource"],
    }
    if entry["error"] and not is_running:
        properties["statusMessage"] = {"error": entry["error"]}
    return {
        "id": f"{document.id}/operations/{entry['id']}",
        "operationId": entry["id"],
        "properties": properties,
    }


def _refuse_patch(_call: Call, _target: Target, _prior: Document) -> Change:
    raise ArmError(405, "HttpMethodNotSupported", "The resource does not support 'PATCH'.")


if TYPE_CHECKING:
    from mooring_emulator.templates.carrying_out import Step
