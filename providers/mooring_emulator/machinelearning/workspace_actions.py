"""POST actions and sub-reads of a workspace: keys, diagnosis, names, network.

Sources: specs operations-2025-12-01; azureml-core for checkComputeNameAvailability (facts.md section 5).
Most actions that are long-running in Azure answer 200 at once, which the specification allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mooring_emulator.arm.call import Call, Outcome, read_object
from mooring_emulator.arm.keys import derive_key
from mooring_emulator.arm.shapes import Field, Text, conform, record
from mooring_emulator.machinelearning.assembly import name_claim
from mooring_emulator.machinelearning.managed_network import provision
from mooring_emulator.machinelearning.problems import require_no_problems
from mooring_emulator.messages import empty_response, json_response
from mooring_emulator.store.model import key_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mooring_emulator.arm.kinds import Action, Target
    from mooring_emulator.codec import JsonObject
    from mooring_emulator.store.model import Document

_NAMED = record(Field(name="name", shape=Text(choices={}, min_length=1), is_required=True))
_FINDINGS = (
    "userDefinedRouteResults",
    "networkSecurityRuleResults",
    "resourceLockResults",
    "dnsResolutionResults",
    "storageAccountResults",
    "keyVaultResults",
    "containerRegistryResults",
    "applicationInsightsResults",
    "otherResults",
)


def _check_name(call: Call, _target: Target, prior: Document) -> Outcome:
    sent, problems = conform(_NAMED, read_object(call), "")
    require_no_problems(problems)
    name: str = sent["name"]
    holder = call.view.holder(name_claim(prior.body["location"], name))
    body: JsonObject = {"nameAvailable": holder is None}
    if holder is not None:
        body |= {"reason": "AlreadyExists", "message": f"Compute name '{name}' is already in use."}
    return Outcome(response=json_response(200, body))


def _diagnose(_call: Call, _target: Target, _prior: Document) -> Outcome:
    value: JsonObject = {name: [] for name in _FINDINGS}
    return Outcome(response=json_response(200, {"value": value}))


def _storage_key(call: Call, prior: Document) -> str:
    account = call.view.document(key_of(str(prior.properties.get("storageAccount"))))
    return derive_key(account or prior, "key1")


def _list_keys(call: Call, _target: Target, prior: Document) -> Outcome:
    insights = call.view.document(key_of(str(prior.properties.get("applicationInsights"))))
    body = {
        "userStorageKey": _storage_key(call, prior),
        "userStorageResourceId": prior.properties.get("storageAccount"),
        "appInsightsInstrumentationKey": insights.properties.get("InstrumentationKey") if insights else None,
        "containerRegistryCredentials": None,
        "notebookAccessKeys": _notebook_keys(prior),
    }
    return Outcome(response=json_response(200, body))


def _notebook_keys(prior: Document) -> JsonObject:
    return {
        "primaryAccessKey": derive_key(prior, "notebook1", size=32),
        "secondaryAccessKey": derive_key(prior, "notebook2", size=32),
    }


def _list_notebook_keys(_call: Call, _target: Target, prior: Document) -> Outcome:
    return Outcome(response=json_response(200, _notebook_keys(prior)))


def _notebook_token(_call: Call, _target: Target, prior: Document) -> Outcome:
    info = prior.properties.get("notebookInfo") or {}
    body = {
        "notebookResourceId": info.get("resourceId"),
        "hostName": info.get("fqdn"),
        "publicDns": info.get("fqdn"),
        "accessToken": derive_key(prior, "notebook-token", size=32),
        "tokenType": "Bearer",
        "expiresIn": 3600,
        "refreshToken": derive_key(prior, "notebook-refresh", size=32),
        "scope": "aznb_identity",
    }
    return Outcome(response=json_response(200, body))


def _list_storage_keys(call: Call, _target: Target, prior: Document) -> Outcome:
    return Outcome(response=json_response(200, {"userStorageKey": _storage_key(call, prior)}))


def _prepare_notebook(_call: Call, _target: Target, prior: Document) -> Outcome:
    info = prior.properties.get("notebookInfo") or {}
    return Outcome(response=json_response(200, info))


def _resync_keys(_call: Call, _target: Target, _prior: Document) -> Outcome:
    return Outcome(response=empty_response(200))


def _empty_list(_call: Call, _target: Target, _prior: Document) -> Outcome:
    return Outcome(response=json_response(200, {"value": []}))


ACTIONS: Mapping[str, Action] = {
    "checkcomputenameavailability": _check_name,
    "diagnose": _diagnose,
    "listkeys": _list_keys,
    "listnotebookaccesstoken": _notebook_token,
    "listnotebookkeys": _list_notebook_keys,
    "liststorageaccountkeys": _list_storage_keys,
    "preparenotebook": _prepare_notebook,
    "provisionmanagednetwork": provision,
    "resynckeys": _resync_keys,
}
READS: Mapping[str, Action] = {
    "features": _empty_list,
    "outboundnetworkdependenciesendpoints": _empty_list,
    "privatelinkresources": _empty_list,
}
