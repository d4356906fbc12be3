"""What connects a workspace with others: connections, network rules, linked services, schedules, services.

Sources: specs types-2025-12-01; linkedServices 2020-09-01-preview and the 2020-04-01-preview that
azureml-core sends, whose PUT must answer 200 (facts.md section 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.arm.shapes import Field, Text, record
from mooring_emulator.arm.versions import UNPUBLISHED_LINKED_SERVICES
from mooring_emulator.machinelearning.children import LRO, SYNC_200, TEXT, ChildType, Draft
from mooring_emulator.messages import json_response

if TYPE_CHECKING:
    from mooring_emulator.arm.kinds import Target
    from mooring_emulator.codec import JsonObject
    from mooring_emulator.store.model import Document


def _list_secrets(_call: Call, _target: Target, prior: Document) -> Outcome:
    """POST .../listsecrets: the connection with its credentials."""
    kept = {name: prior.private[name] for name in ("credentials", "value") if name in prior.private}
    body: JsonObject = {**prior.body, "properties": {**prior.properties, **kept}}
    return Outcome(response=json_response(200, body))


def _unchanged(call: Call, target: Target, prior: Document) -> Outcome:
    return Outcome(response=json_response(200, target.kind.show(call, prior)))


def _linked_service(draft: Draft) -> JsonObject:
    created = draft.prior.properties["createdTime"] if draft.prior else draft.call.timestamp
    return {"linkType": "Synapse", "createdTime": created, "modifiedTime": draft.call.timestamp}


def _registry(draft: Draft) -> JsonObject:
    host = "https://eastus.api.azureml.ms"
    return {
        "discoveryUrl": f"{host}/registrymanagement/v1.0/registries/{draft.target.name}/discovery",
        "mlFlowRegistryUri": f"azureml://registries/{draft.target.name}",
    }


CONNECTED_TYPES: Sequence[ChildType] = (
    ChildType(
        path="workspaces/connections",
        replies=SYNC_200,
        is_patchable=True,
        defaults=lambda _draft: {
            "category": None,
            "target": None,
            "isSharedToAll": False,
            "metadata": {},
        },
        secrets=("credentials", "value"),
        has_state=False,
        actions={"listsecrets": _list_secrets},
    ),
    ChildType(
        path="workspaces/schedules",
        replies=LRO,
        defaults=lambda _draft: {"isEnabled": True, "description": None, "tags": {}, "properties": {}},
    ),
    ChildType(
        path="workspaces/outboundRules",
        replies=replace(LRO, create=replace(LRO.update, status=200)),
        defaults=lambda _draft: {"category": "UserDefined", "status": "Inactive"},
        has_state=False,
    ),
    ChildType(
        path="workspaces/privateEndpointConnections",
        replies=SYNC_200,
        is_located=True,
    ),
    ChildType(
        path="workspaces/marketplaceSubscriptions",
        replies=LRO,
        defaults=lambda _draft: {"marketplaceSubscriptionStatus": "Subscribed", "marketplacePlan": None},
    ),
    ChildType(path="workspaces/capabilityHosts", replies=LRO),
    ChildType(
        path="workspaces/linkedServices",
        replies=SYNC_200,
        shape=record(
            Field(name="linkedServiceResourceId", shape=TEXT, is_required=True),
            Field(name="linkType", shape=Text(choices={"synapse": "Synapse"})),
        ),
        read_only=_linked_service,
        is_located=True,
        more_versions=(UNPUBLISHED_LINKED_SERVICES,),
    ),
    ChildType(
        path="registries",
        is_patchable=True,
        replies=replace(
            LRO, patch=replace(LRO.patch, status=200, azure_async_operation=False, location=False)
        ),
        read_only=_registry,
        is_located=True,
        actions={"removeregions": _unchanged},
    ),
)
"""The types."""
