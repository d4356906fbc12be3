"""Microsoft.MachineLearningServices/workspaces.

Sources: specs/workspace-2026-05-01.json; recordings of the live service for what a GET shows, the spelling it
gives to linked ids and the 202 of PUT (facts.md section 3); facts.md section 2 for what PATCH may change.
Soft delete is not here: its place is `retire` plus a claim on the name.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from mooring_emulator.arm.call import read_object
from mooring_emulator.arm.documents import in_state
from mooring_emulator.arm.errors import ArmError, bad_request, error_object, location_changed
from mooring_emulator.arm.identity import fill_identity
from mooring_emulator.arm.kinds import Change, NameRule, Replies, Reply, ResourceKind, location_links
from mooring_emulator.arm.lifecycle import retire
from mooring_emulator.arm.regions import require_location
from mooring_emulator.arm.shapes import conform
from mooring_emulator.arm.system_data import system_data
from mooring_emulator.arm.versions import MACHINE_LEARNING
from mooring_emulator.codec import overlay
from mooring_emulator.machinelearning.linked_ids import respell
from mooring_emulator.machinelearning.problems import require_no_problems
from mooring_emulator.store.model import Document, key_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mooring_emulator.arm.call import Call
    from mooring_emulator.arm.kinds import Target
    from mooring_emulator.arm.specs import TypeSpec
    from mooring_emulator.codec import JsonObject

TYPE = "Microsoft.MachineLearningServices/workspaces"

_LINKED = {
    "storageAccount": "Microsoft.Storage/storageAccounts",
    "keyVault": "Microsoft.KeyVault/vaults",
    "applicationInsights": "Microsoft.Insights/components",
    "containerRegistry": "Microsoft.ContainerRegistry/registries",
}
_REQUIRED_LINKS = ("storageAccount", "keyVault", "applicationInsights")
_PATCHABLE = frozenset(
    {
        *("applicationInsights", "containerRegistry", "description", "enableDataIsolation", "encryption"),
        *("featureStoreSettings", "friendlyName", "imageBuildCompute", "managedNetwork"),
        *("primaryUserAssignedIdentity", "publicNetworkAccess", "serverlessComputeSettings"),
        *("serviceManagedResourcesSettings", "systemDatastoresAuthMode", "v1LegacyMode"),
    }
)
_IMMUTABLE = ("storageAccount", "keyVault", "hbiWorkspace", "hubResourceId")
_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}")
_ACCEPTED = Reply(status=202, has_body=False, azure_async_operation=True, location=True)


def workspace_kind(spec: TypeSpec) -> ResourceKind:
    """Describe the type."""
    return ResourceKind(
        type=TYPE,
        api_versions=MACHINE_LEARNING,
        name_rule=NameRule(
            pattern=_NAME,
            code="ValidationError",
            message="Workspace name '{name}' is invalid. It must be between 3 and 33 characters long, start "
            "with a letter or digit, and hold only letters, digits, '-' and '_'.",
        ),
        replies=Replies(create=_ACCEPTED, update=_ACCEPTED, patch=_ACCEPTED, delete=_ACCEPTED),
        links=location_links(
            "workspaceOperationsStatus", status={"type": "async"}, result={"type": "location"}
        ),
        compose=partial(_compose, spec),
        revise=partial(_revise, spec),
        retire=retire,
    )


def _compose(spec: TypeSpec, call: Call, target: Target, prior: Document | None) -> Change:
    sent = _conforming(spec, read_object(call))
    location = require_location(sent.get("location"), TYPE)
    if prior is not None and prior.body["location"] != location:
        existing = prior.body["location"]
        raise location_changed(target.name, target.group, existing=existing, wanted=location)
    properties = {
        name: respell(value) if name in _LINKED else value for name, value in sent["properties"].items()
    }
    _require_links(call, properties)
    _require_immutable(prior, properties)
    body = _body(call, target, prior, {**sent, "location": location, "properties": properties})
    return _change(Document(id=target.id, type=TYPE, body=body), prior)


def _revise(spec: TypeSpec, call: Call, target: Target, prior: Document) -> Change:
    sent = _conforming(spec, {"properties": {}, **read_object(call)})
    changes = {
        name: respell(value) if name in _LINKED else value for name, value in sent["properties"].items()
    }
    _require_immutable(prior, changes)
    allowed = {name: value for name, value in changes.items() if name in _PATCHABLE}
    top: JsonObject = {name: sent[name] for name in ("tags", "sku", "identity") if name in sent}
    merged: JsonObject = {**prior.body, **top, "properties": overlay(prior.properties, allowed)}
    body = _body(call, target, prior, merged)
    return _change(Document(id=target.id, type=TYPE, body=body), prior)


def _change(after: Document, prior: Document | None) -> Change:
    during = in_state(prior or after, "Updating" if prior else "Creating")
    return Change(after=in_state(after, "Succeeded"), during=during)


def _conforming(spec: TypeSpec, sent: JsonObject) -> JsonObject:
    properties, problems = conform(spec.variants[""], sent.get("properties") or {}, "properties")
    top, more = conform(spec.envelope, sent, "workspace")
    require_no_problems((*problems, *more))
    return {**top, "properties": properties}


def _require_links(call: Call, properties: Mapping[str, str]) -> None:
    if any(not properties.get(name) for name in _REQUIRED_LINKS):
        message = "Missing dependent resources in workspace json"
        details = [error_object("Invalid", message, target="workspace")]
        raise ArmError(400, "ValidationError", message, target="workspace", details=details)
    for name, type_name in _LINKED.items():
        if properties.get(name):
            _require_link(call, name, properties[name], type_name)


def _require_link(call: Call, name: str, resource_id: str, type_name: str) -> None:
    document = call.view.document(key_of(resource_id))
    if document is None or document.type != type_name:
        message = f"The {name} '{resource_id}' could not be found."
        details = [error_object("FailedDependency", message, target=name)]
        raise ArmError(400, "ValidationError", message, target="workspace", details=details)


def _require_immutable(prior: Document | None, properties: Mapping[str, object]) -> None:
    if prior is None:
        return
    for name in _IMMUTABLE:
        if name in properties and _folded(properties[name]) != _folded(prior.properties.get(name)):
            raise bad_request(f"The property '{name}' cannot be changed once the workspace has been created.")


def _folded(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _body(call: Call, target: Target, prior: Document | None, sent: JsonObject) -> JsonObject:
    identity = fill_identity(call, sent.get("identity") or {"type": "SystemAssigned"}, prior)
    return {
        "id": target.id,
        "name": target.name,
        "type": TYPE,
        "location": sent["location"],
        "tags": sent.get("tags") or {},
        "etag": None,
        "kind": sent.get("kind") or "Default",
        "sku": {"name": "Basic", "tier": "Basic", **(sent.get("sku") or {})},
        "identity": identity,
        "properties": {
            **_defaults(target, sent),
            **sent["properties"],
            **_read_only(call, target, prior, sent),
        },
        "systemData": system_data(call, prior),
    }


def _defaults(target: Target, sent: JsonObject) -> JsonObject:
    """Give the writable properties the service fills in, with its explicit nulls."""
    friendly_name = sent["properties"].get("friendlyName") or target.name
    return {
        "friendlyName": friendly_name,
        "description": "",
        "containerRegistry": None,
        "hbiWorkspace": False,
        "imageBuildCompute": None,
        "v1LegacyMode": False,
        "publicNetworkAccess": "Enabled",
        "primaryUserAssignedIdentity": None,
        "systemDatastoresAuthMode": "AccessKey",
        "enableDataIsolation": False,
        "encryption": None,
        "managedNetwork": {"isolationMode": "Disabled"},
    }


def _read_only(call: Call, target: Target, prior: Document | None, sent: JsonObject) -> JsonObject:
    location = sent["location"]
    workspace_id = prior.properties["workspaceId"] if prior else call.world.new_id()
    return {
        "tenantId": call.world.principal.tenant_id,
        "workspaceId": workspace_id,
        "discoveryUrl": f"https://{location}.api.azureml.ms/discovery",
        "mlFlowTrackingUri": f"azureml://{location}.api.azureml.ms/mlflow/v1.0{target.id}",
        "notebookInfo": {
            "resourceId": workspace_id.replace("-", ""),
            "fqdn": f"ml-{target.name}-{location}-{workspace_id}.{location}.notebooks.azure.net",
            "isPrivateLinkEnabled": False,
            "notebookPreparationError": None,
        },
        "storageHnsEnabled": False,
        "linkedModelInventoryArmId": None,
        "privateLinkCount": 0,
    }
