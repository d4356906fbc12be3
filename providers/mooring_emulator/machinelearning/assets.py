"""Assets in containers with versions: codes, components, data, environments, models, feature sets, entities.

In workspaces and in registries. A version may be created without its container, which then comes into being
(facts.md section 5). What the container says of its versions is counted when it is read.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.codec import overlay
from mooring_emulator.machinelearning.children import LRO, SYNC, ChildType, Draft, put_parent
from mooring_emulator.messages import empty_response, json_response
from mooring_emulator.resources.blobs import blob_origin, signature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mooring_emulator.arm.kinds import Action, Target
    from mooring_emulator.codec import JsonObject
    from mooring_emulator.store.model import Document, Effect

_CONTAINER_DIGITS = 32
_CONTAINER: JsonObject = {"isArchived": False, "description": None, "tags": {}, "properties": {}}
_NAMES = ("codes", "components", "data", "environments", "models", "featuresets", "featurestoreEntities")
_DEFAULTS: dict[str, JsonObject] = {
    "environments": {
        "environmentType": "UserCreated",
        "osType": "Linux",
        "condaFile": None,
        "build": None,
        "image": None,
        "inferenceConfig": None,
        "autoRebuild": "Disabled",
    },
    "models": {"modelType": "custom_model", "flavors": {}, "jobName": None},
}


def asset_types() -> Sequence[ChildType]:
    """Describe the assets of workspaces and of registries."""
    found: list[ChildType] = []
    for name in _NAMES:
        found += _pair(f"workspaces/{name}")
        if not name.startswith("feature"):
            found += _pair(f"registries/{name}")
    return found


def _pair(path: str) -> Sequence[ChildType]:
    name = path.rpartition("/")[2]
    replies = LRO if name.startswith("feature") or path.startswith("registries") else SYNC
    actions: dict[str, Action] = {"publish": _publish}
    if name == "featuresets":
        actions = {"backfill": _publish}

    def defaults(_draft: Draft) -> JsonObject:
        return overlay(_CONTAINER | {"isAnonymous": False}, _DEFAULTS.get(name, {}))

    return (
        ChildType(path=path, replies=replies, defaults=_container, show=_show_container),
        ChildType(
            path=f"{path}/versions",
            replies=replies,
            defaults=defaults,
            creates_parent=True,
            also=_with_container,
            actions=actions,
            starts={} if name == "featuresets" else {"startpendingupload": _start_upload},
            reads={"features": _features} if name == "featuresets" else {},
        ),
    )


def _container(_draft: Draft) -> JsonObject:
    return _CONTAINER


def _with_container(draft: Draft) -> tuple[Effect, ...]:
    of_data = {"dataType": draft.sent["dataType"]} if "dataType" in draft.sent else {}
    return put_parent(draft, {**_CONTAINER, **of_data, "provisioningState": "Succeeded"})


def _show_container(call: Call, document: Document) -> JsonObject:
    versions = call.view.documents(document.key + "/versions/", frozenset({f"{document.type}/versions"}))
    names = [version.body["name"] for version in versions]
    numbers = [int(name) for name in names if name.isdecimal() and len(name) < 18]
    newest = max(versions, key=lambda version: version.body["systemData"]["createdAt"], default=None)
    counted = {
        "latestVersion": newest.body["name"] if newest else None,
        "nextVersion": str(max(numbers, default=0) + 1),
    }
    return {**document.body, "properties": {**document.properties, **counted}}


def _publish(_call: Call, _target: Target, _prior: Document) -> Outcome:
    return Outcome(response=empty_response(200))


def _features(_call: Call, _target: Target, _prior: Document) -> Outcome:
    return Outcome(response=json_response(200, {"value": []}))


def _start_upload(call: Call, target: Target) -> Outcome:
    """POST .../startPendingUpload: where a client may put files; the same place each time it asks."""
    account = f"emulated{target.subscription[:8]}"
    container = sha256(target.key.encode()).hexdigest()[:_CONTAINER_DIGITS]
    uri = f"{blob_origin(call, account)}/{container}"
    reference = {
        "blobUri": uri,
        "storageAccountArmId": None,
        "credential": {"credentialType": "SAS", "sasUri": f"{uri}?{signature(call, account, container)}"},
    }
    body = {
        "pendingUploadId": call.world.new_id(),
        "pendingUploadType": "TemporaryBlobReference",
        "blobReferenceForConsumption": reference,
    }
    return Outcome(response=json_response(200, body))
