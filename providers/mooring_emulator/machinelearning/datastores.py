"""Datastores, and the two that every workspace has from the start.

The secrets of the credentials are kept apart; POST .../listSecrets gives them back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.arm.keys import derive_key
from mooring_emulator.arm.system_data import system_data
from mooring_emulator.machinelearning.children import NAMESPACE, SYNC, ChildType, Draft
from mooring_emulator.messages import json_response
from mooring_emulator.store.model import Document, Put, key_of

if TYPE_CHECKING:
    from mooring_emulator.arm.kinds import Target
    from mooring_emulator.codec import JsonObject
    from mooring_emulator.store.model import Effect

TYPE = f"{NAMESPACE}/workspaces/datastores"

_WITH_ENDPOINT = frozenset({"AzureBlob", "AzureFile", "AzureDataLakeGen2"})


def datastore_type() -> ChildType:
    """Describe the type."""
    return ChildType(
        path="workspaces/datastores",
        replies=SYNC,
        defaults=_defaults,
        read_only=_read_only,
        secrets=("secrets",),
        has_state=False,
        actions={"listsecrets": _list_secrets},
    )


def default_datastores(call: Call, workspace: Document) -> tuple[Effect, ...]:
    """Give the datastores that come with a workspace, in its storage account."""
    account = str(workspace.properties.get("storageAccount") or "").rpartition("/")[2]
    number = str(workspace.properties["workspaceId"])
    blob = {"datastoreType": "AzureBlob", "containerName": f"azureml-blobstore-{number}", "isDefault": True}
    file = {"datastoreType": "AzureFile", "fileShareName": f"azureml-filestore-{number}", "isDefault": False}
    stores = {"workspaceblobstore": blob, "workspacefilestore": file}
    return tuple(
        _default(call, workspace, name, {**own, "accountName": account}) for name, own in stores.items()
    )


def _default(call: Call, workspace: Document, name: str, own: JsonObject) -> Effect:
    properties = {
        "description": None,
        "tags": {},
        "properties": None,
        "endpoint": "core.windows.net",
        "protocol": "https",
        "credentials": {"credentialsType": "AccountKey"},
        "serviceDataAccessAuthIdentity": "None",
        "resourceGroup": workspace.id.split("/")[4],
        "subscriptionId": workspace.id.split("/")[2],
        **own,
    }
    resource_id = f"{workspace.id}/datastores/{name}"
    body: JsonObject = {
        "id": resource_id,
        "name": name,
        "type": TYPE,
        "properties": properties,
        "systemData": system_data(call, None),
    }
    return Put(document=Document(id=resource_id, type=TYPE, body=body))


def _defaults(draft: Draft) -> JsonObject:
    """Fill in what is not sent; storage accounts are reached at the public cloud's endpoint."""
    has_endpoint = draft.sent["datastoreType"] in _WITH_ENDPOINT
    address = {"endpoint": "core.windows.net", "protocol": "https"} if has_endpoint else {}
    return {
        **address,
        "description": None,
        "tags": {},
        "properties": None,
        "isDefault": False,
        "serviceDataAccessAuthIdentity": "None",
    }


def _read_only(draft: Draft) -> JsonObject:
    """Take the secrets out of the credentials; `secrets` is kept apart by the life cycle."""
    return {"secrets": draft.sent["credentials"].pop("secrets", None)}


def _list_secrets(call: Call, _target: Target, prior: Document) -> Outcome:
    """POST .../listSecrets; a default datastore has the key of its storage account."""
    kept = prior.private.get("secrets")
    if isinstance(kept, dict):
        return Outcome(response=json_response(200, kept))
    credentials = prior.properties.get("credentials") or {}
    secrets = {"secretsType": credentials.get("credentialsType") or "None"}
    if secrets["secretsType"] == "AccountKey":
        secrets["key"] = _account_key(call, prior)
    return Outcome(response=json_response(200, secrets))


def _account_key(call: Call, prior: Document) -> str:
    workspace = call.view.document(prior.key.rpartition("/datastores/")[0])
    account_id = str(workspace.properties.get("storageAccount")) if workspace else ""
    account = call.view.document(key_of(account_id))
    return derive_key(account or prior, "key1")
