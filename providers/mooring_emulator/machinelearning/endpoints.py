"""Online, batch and serverless endpoints and their deployments.

Keys are derived, never stored. Nothing scores here: the scoring address answers nobody.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mooring_emulator.arm.call import Call, Outcome, read_object
from mooring_emulator.arm.errors import bad_request
from mooring_emulator.arm.keys import KEY_NUMBERS, derive_key, next_numbers
from mooring_emulator.entra.tokens import Identity, issue_token
from mooring_emulator.machinelearning.children import ENDPOINT_NAME, LRO, ChildType, Draft
from mooring_emulator.messages import empty_response, json_response
from mooring_emulator.store.model import Put

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mooring_emulator.arm.kinds import Target
    from mooring_emulator.codec import JsonObject
    from mooring_emulator.store.model import Document

_NAMES = ("primaryKey", "secondaryKey")


def endpoint_types() -> Sequence[ChildType]:
    """Describe the types."""
    return (*_endpoints(), *_deployments())


def _endpoints() -> Sequence[ChildType]:
    online = ChildType(
        path="workspaces/onlineEndpoints",
        replies=LRO,
        is_patchable=True,
        name=ENDPOINT_NAME,
        defaults=lambda _draft: {
            "description": None,
            "properties": {},
            "publicNetworkAccess": "Enabled",
            "traffic": {},
            "mirrorTraffic": {},
            "compute": None,
        },
        read_only=_online,
        is_located=True,
        actions={"listkeys": _list_keys, "regeneratekeys": _regenerate, "token": _token},
    )
    batch = replace(
        online, path="workspaces/batchEndpoints", read_only=_batch, actions={"listkeys": _list_keys}
    )
    serverless = replace(
        online,
        path="workspaces/serverlessEndpoints",
        read_only=_serverless,
        actions={"listkeys": _list_keys, "regeneratekeys": _regenerate},
    )
    return online, batch, serverless


def _deployments() -> Sequence[ChildType]:
    deployment = ChildType(
        path="workspaces/onlineEndpoints/deployments",
        replies=LRO,
        is_patchable=True,
        name=ENDPOINT_NAME,
        defaults=_deployment,
        is_located=True,
        actions={"getlogs": _logs},
        reads={"skus": _skus},
    )
    batch_deployment = replace(
        deployment,
        path="workspaces/batchEndpoints/deployments",
        defaults=_batch_deployment,
        actions={},
        reads={},
    )
    return deployment, batch_deployment


def _online(draft: Draft) -> JsonObject:
    base = f"https://{draft.target.name}.{_location(draft)}.inference.ml.azure.com"
    return {"scoringUri": f"{base}/score", "swaggerUri": f"{base}/swagger.json", "keys": None}


def _batch(draft: Draft) -> JsonObject:
    base = f"https://{draft.target.name}.{_location(draft)}.inference.ml.azure.com"
    return {"scoringUri": f"{base}/jobs", "swaggerUri": None, "keys": None}


def _serverless(draft: Draft) -> JsonObject:
    base = f"https://{draft.target.name}.{_location(draft)}.models.ai.azure.com"
    return {"inferenceEndpoint": {"uri": base, "headers": {}}, "endpointState": "Online"}


def _deployment(_draft: Draft) -> JsonObject:
    return {
        "description": None,
        "properties": {},
        "instanceType": "Standard_DS3_v2",
        "appInsightsEnabled": False,
        "egressPublicNetworkAccess": "Enabled",
        "scaleSettings": {"scaleType": "Default"},
        "requestSettings": {
            "maxConcurrentRequestsPerInstance": 1,
            "requestTimeout": "PT5S",
            "maxQueueWait": "PT0.5S",
        },
        "environmentVariables": {},
    }


def _batch_deployment(_draft: Draft) -> JsonObject:
    return {
        "description": None,
        "properties": {},
        "errorThreshold": -1,
        "maxConcurrencyPerInstance": 1,
        "miniBatchSize": 10,
        "loggingLevel": "Info",
        "outputAction": "AppendRow",
        "outputFileName": "predictions.csv",
    }


def _location(draft: Draft) -> str:
    workspace = draft.call.view.document(draft.target.parent_key)
    return str(workspace.body.get("location")) if workspace else ""


def _list_keys(_call: Call, _target: Target, prior: Document) -> Outcome:
    keys = {name: derive_key(prior, name, size=24) for name in _NAMES}
    return Outcome(response=json_response(200, keys))


def _regenerate(call: Call, _target: Target, prior: Document) -> Outcome:
    wanted = str(read_object(call).get("keyType")).lower()
    if wanted not in {"primary", "secondary"}:
        raise bad_request("keyType must be Primary or Secondary.", target="keyType")
    numbers = next_numbers(prior, f"{wanted}Key")
    changed = replace(prior, private={**prior.private, KEY_NUMBERS: numbers})
    return Outcome(response=empty_response(200), writes=(Put(document=changed),))


def _token(call: Call, _target: Target, _prior: Document) -> Outcome:
    principal = call.world.principal
    identity = Identity(
        tenant_id=principal.tenant_id, object_id=principal.object_id, app_id=principal.object_id
    )
    expires = int(call.now) + 3600
    body = {
        "accessToken": issue_token(identity, "https://ml.azure.com", call.now),
        "expiryTimeUtc": expires,
        "refreshAfterTimeUtc": expires - 600,
        "tokenType": "Bearer",
    }
    return Outcome(response=json_response(200, body))


def _logs(_call: Call, _target: Target, _prior: Document) -> Outcome:
    return Outcome(response=json_response(200, {"content": ""}))


def _skus(_call: Call, _target: Target, _prior: Document) -> Outcome:
    sku = {
        "resourceType": f"{_prior.type}",
        "sku": {"name": "Default"},
        "capacity": {"minimum": 0, "default": 1},
    }
    return Outcome(response=json_response(200, {"value": [sku]}))
