"""Microsoft.MachineLearningServices/workspaces.

Sources: specs/workspace-2026-05-01.json; recordings of the live service for what a GET shows, the spelling it
gives to linked ids and the 202 of PUT (facts.md section 3); facts.md section 2 for what PATCH may change.
Soft delete is `soft_delete`, the actions are `workspace_actions`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from mooring_emulator.arm.call import read_object
from mooring_emulator.arm.documents import in_state, with_properties
from mooring_emulator.arm.errors import ArmError, bad_request, error_object, location_changed
from mooring_emulator.arm.identity import fill_identity
from mooring_emulator.arm.kinds import Change, NameRule, Replies, Reply, ResourceKind, location_links
from mooring_emulator.arm.regions import require_location
from mooring_emulator.arm.shapes import conform
from mooring_emulator.arm.system_data import system_data
from mooring_emulator.arm.urls import PUBLIC_ORIGIN
from mooring_emulator.arm.versions import MACHINE_LEARNING, UNPUBLISHED_COMPUTES
from mooring_emulator.codec import overlay
from mooring_emulator.machinelearning.datastores import default_datastores
from mooring_emulator.machinelearning.linked_ids import respell
from mooring_emulator.machinelearning.managed_network import (
    put_rules,
    require_no_opening,
    with_rules,
    without_rules,
)
from mooring_emulator.machinelearning.problems import require_no_problems
from mooring_emulator.machinelearning.soft_delete import (
    leave_grave,
    purge_workspace,
    recovered,
    retire_workspace,
    soft_delete_flag,
)
from mooring_emulator.machinelearning.workspace_actions import ACTIONS, READS
from mooring_emulator.store.model import Document, key_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mooring_emulator.arm.call import Call
    from mooring_emulator.arm.kinds import Target
    from mooring_emulator.arm.specs import TypeSpec
    from mooring_emulator.codec import Json, JsonObject

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
_KINDS = {name.lower(): name for name in ("Default", "Hub", "Project", "FeatureStore")}
_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}")
_ACCEPTED = Reply(status=202, has_body=False, azure_async_operation=True, location=True)


def workspace_kind(spec: TypeSpec) -> ResourceKind:
    """Describe the type."""
    return ResourceKind(
        type=TYPE,
        api_versions=tuple(sorted((*MACHINE_LEARNING, UNPUBLISHED_COMPUTES))),
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
        retire=retire_workspace,
        purge=purge_workspace,
        actions=ACTIONS,
        reads=READS,
        show=_show,
    )


def _show(call: Call, document: Document) -> JsonObject:
    """Show where discovery is: at Azure's public name, or at the emulator when it is asked by its own."""
    document = with_rules(call, document)
    if call.url.origin == PUBLIC_ORIGIN or call.url.origin.endswith(".azureml.ms"):
        return document.body
    return with_properties(document, discoveryUrl=f"{call.url.origin}/discovery").body


def _compose(spec: TypeSpec, call: Call, target: Target, prior: Document | None) -> Change:
    asked = read_object(call)
    sent = _conforming(spec, {**asked, "properties": _without_blanks(asked.get("properties"))})
    if prior is None and (back := recovered(call, target, asked)) is not None:
        return _recover(target, back)
    location = require_location(sent.get("location"), TYPE)
    if prior is not None and prior.body["location"] != location:
        existing = prior.body["location"]
        raise location_changed(target.name, target.group, existing=existing, wanted=location)
    properties = {
        name: respell(value) if name in _LINKED else value for name, value in sent["properties"].items()
    }
    properties = _with_hubs_links(call, sent, properties)
    _require_links(call, properties, str(sent.get("kind") or "Default"))
    _require_immutable(prior, properties)
    body = _body(call, target, prior, {**sent, "location": location, "properties": properties})
    private = prior.private if prior else soft_delete_flag(asked)
    workspace = Document(id=target.id, type=TYPE, body=body, private=private)
    rules = put_rules(target.id, properties)
    change = _change(workspace, prior)
    stores = () if prior else default_datastores(call, workspace)
    return replace(change, also=(*stores, *rules))


def _recover(target: Target, back: Document) -> Change:
    done = in_state(back, "Succeeded")
    return Change(after=done, during=in_state(done, "Creating"), also=(leave_grave(target),))


def _revise(spec: TypeSpec, call: Call, target: Target, prior: Document) -> Change:
    sent = _conforming(spec, {"properties": {}, **read_object(call)})
    changes = {
        name: respell(value) if name in _LINKED else value for name, value in sent["properties"].items()
    }
    _require_immutable(prior, changes)
    require_no_opening(prior, changes)
    changes = overlay(changes, _nulls(read_object(call).get("properties")))
    allowed = {name: value for name, value in changes.items() if name in _PATCHABLE}
    top: JsonObject = {name: sent[name] for name in ("tags", "sku", "identity") if name in sent}
    merged: JsonObject = {**prior.body, **top, "properties": overlay(prior.properties, allowed)}
    body = _body(call, target, prior, merged)
    return replace(_change(replace(prior, body=body), prior), also=put_rules(target.id, allowed))


def _nulls(sent: Json) -> JsonObject:
    """Give the members that a PATCH sets to null: they are removed (ARM RPC v1.0: a JSON merge patch)."""
    members = sent.items() if isinstance(sent, dict) else ()
    inner = {name: _nulls(value) for name, value in members if isinstance(value, dict)}
    return {name: None for name, value in members if value is None} | {
        name: value for name, value in inner.items() if value
    }


def _change(after: Document, prior: Document | None) -> Change:
    during = in_state(prior or after, "Updating" if prior else "Creating")
    return Change(after=in_state(after, "Succeeded"), during=during)


def _conforming(spec: TypeSpec, sent: JsonObject) -> JsonObject:
    properties, problems = conform(spec.variants[""], sent.get("properties") or {}, "properties")
    top, more = conform(spec.envelope, sent, "workspace")
    require_no_problems((*problems, *more))
    kind = str(top.get("kind") or "")
    return {**top, "kind": _KINDS.get(kind.lower(), kind), "properties": properties}


def _without_blanks(value: Json) -> Json:
    """Leave out empty strings, and encryption that is not on: azure-ai-ml's template sends both."""
    if not isinstance(value, dict):
        return value if value is not None else {}
    kept = {name: member for name, member in value.items() if member != ""}
    encryption = kept.get("encryption")
    if isinstance(encryption, dict) and encryption.get("status") in {None, "", "Disabled"}:
        kept.pop("encryption")
    return kept


def _with_hubs_links(call: Call, sent: JsonObject, properties: JsonObject) -> JsonObject:
    """Give a project the storage account and the rest of its hub."""
    if sent.get("kind") != "Project":
        return properties
    hub = call.view.document(key_of(str(properties.get("hubResourceId"))))
    if hub is None or hub.body.get("kind") != "Hub":
        raise bad_request("A project needs the id of an existing hub.", target="hubResourceId")
    return {**{name: hub.properties[name] for name in _LINKED if hub.properties.get(name)}, **properties}


def _require_links(call: Call, properties: Mapping[str, str], kind: str) -> None:
    needed = _REQUIRED_LINKS[:2] if kind in {"Hub", "Project"} else _REQUIRED_LINKS
    if any(not properties.get(name) for name in needed):
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
            **without_rules(sent["properties"]),
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
