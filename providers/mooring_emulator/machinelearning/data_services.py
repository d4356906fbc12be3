"""Data services that are attached: Databricks, Data Lake Analytics, Data Factory, HDInsight, Synapse, Batch.

Sources: specs/compute-2026-05-01.json; "set up compute targets" (an HDInsight cluster needs a public address
and an SSH account, Databricks an access token); facts.md section 2 for which types may be deleted with their
compute, and that Batch exists in the unpublished api-version 2020-02-02 alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.arm.errors import bad_request, error_object
from mooring_emulator.machinelearning.attached import (
    claim_of,
    find_underlying,
    require_account,
    require_same,
    underlying_id,
)
from mooring_emulator.machinelearning.compute_types import ComputeRequest, ComputeType, Draft
from mooring_emulator.messages import json_response
from mooring_emulator.store.model import Document

if TYPE_CHECKING:
    from mooring_emulator.arm.kinds import Target
    from mooring_emulator.codec import JsonObject

DATABRICKS_TYPE = "Microsoft.Databricks/workspaces"
ANALYTICS_TYPE = "Microsoft.DataLakeAnalytics/accounts"
FACTORY_TYPE = "Microsoft.DataFactory/factories"
HDINSIGHT_TYPE = "Microsoft.HDInsight/clusters"
POOL_TYPE = "Microsoft.Synapse/workspaces/bigDataPools"
BATCH_TYPE = "Microsoft.Batch/batchAccounts"

_DETACH = frozenset({"detach"})
_EITHER = frozenset({"detach", "delete"})


def _attach(
    type_name: str, fill: Callable[[ComputeRequest, Document], JsonObject], request: ComputeRequest
) -> Draft:
    """Draft the attachment of a resource; `fill` gives the settings, with what the service adds."""
    underlying = find_underlying(request, type_name)
    return Draft(
        settings=fill(request, underlying),
        resource_id=underlying_id(request),
        compute_location=underlying.body.get("location") or request.location,
        claims=(claim_of(underlying),),
    )


def _again(create: Callable[[ComputeRequest], Draft], request: ComputeRequest, prior: Document) -> Draft:
    """Draft a PUT over an attachment: the same resource with new settings."""
    require_same(request, prior)
    return create(request)


def _databricks(request: ComputeRequest, workspace: Document) -> JsonObject:
    if not request.settings.get("databricksAccessToken"):
        raise bad_request("The properties.properties.databricksAccessToken field is required.")
    return {**request.settings, "workspaceUrl": workspace.properties.get("workspaceUrl")}


def _databricks_keys(_call: Call, _target: Target, prior: Document) -> Outcome:
    token = prior.private["settings"].get("databricksAccessToken")
    return Outcome(response=json_response(200, {"computeType": "Databricks", "databricksAccessToken": token}))


def _analytics(request: ComputeRequest, account: Document) -> JsonObject:
    default = account.properties.get("defaultDataLakeStoreAccount")
    return {"dataLakeStoreAccountName": default, **request.settings}


def _factory(request: ComputeRequest) -> Draft:
    """Attach a factory, or create one: a request without a resource id makes it (facts.md section 5)."""
    if request.sent.get("resourceId"):
        return _attach(FACTORY_TYPE, _plain, request)
    group = request.target.id.partition("/providers/")[0]
    resource_id = f"{group}/providers/{FACTORY_TYPE}/{request.target.name}"
    body: JsonObject = {
        "id": resource_id,
        "name": request.target.name,
        "type": FACTORY_TYPE,
        "location": request.location,
        "tags": {},
        "properties": {"provisioningState": "Succeeded", "version": "2018-06-01"},
    }
    factory = Document(id=resource_id, type=FACTORY_TYPE, body=body)
    return Draft(
        settings={},
        resource_id=resource_id,
        compute_location=request.location,
        claims=(claim_of(factory),),
        creates=(factory,),
    )


def _factory_again(request: ComputeRequest, prior: Document) -> Draft:
    if request.sent.get("resourceId"):
        return _again(_factory, request, prior)
    return Draft(
        settings={},
        resource_id=prior.properties["resourceId"],
        compute_location=prior.properties["computeLocation"],
        claims=tuple(claim for claim in prior.claims if claim.startswith("attachment:")),
    )


def _plain(request: ComputeRequest, _underlying: Document) -> JsonObject:
    return request.settings


def _hdinsight(request: ComputeRequest) -> Draft:
    settings: JsonObject = {"sshPort": 22, **request.settings}
    require_account(settings.get("administratorAccount") or {})
    if not request.sent.get("resourceId"):
        return _hdinsight_by_address(request, settings)
    cluster = find_underlying(request, HDINSIGHT_TYPE)
    endpoints = cluster.properties.get("connectivityEndpoints") or []
    address = next((each["location"] for each in endpoints if each.get("name") == "SSH"), None)
    return Draft(
        settings={**settings, "address": settings.get("address") or address},
        resource_id=underlying_id(request),
        compute_location=cluster.body["location"],
        claims=(claim_of(cluster),),
        error=None if address else _no_address(cluster),
    )


def _hdinsight_by_address(request: ComputeRequest, settings: JsonObject) -> Draft:
    if not settings.get("address"):
        raise bad_request("Either properties.resourceId or properties.properties.address is required.")
    claim = f"attachment:{settings['address']}:{settings['sshPort']}"
    return Draft(settings=settings, compute_location=request.location, claims=(claim,))


def _no_address(cluster: Document) -> JsonObject:
    message = f"The HDInsight cluster '{cluster.id}' has no public address, which attaching needs."
    return error_object("PublicIpAddressRequired", message, target="properties.resourceId")


def _hdinsight_keys(_call: Call, _target: Target, prior: Document) -> Outcome:
    account = prior.private["settings"].get("administratorAccount") or {}
    names = ("username", "password", "publicKeyData", "privateKeyData")
    body = {"computeType": "HDInsight", "administratorAccount": {name: account.get(name) for name in names}}
    return Outcome(response=json_response(200, body))


def _synapse(request: ComputeRequest, pool: Document) -> JsonObject:
    segments = pool.id.split("/")
    known, own = pool.properties, request.settings
    scale, pause = known.get("autoScale") or {}, known.get("autoPause") or {}
    return {
        "autoScaleProperties": {"enabled": False, "minNodeCount": 3, "maxNodeCount": 40, **scale},
        "autoPauseProperties": {"enabled": False, "delayInMinutes": 15, **pause},
        "sparkVersion": known.get("sparkVersion"),
        "nodeCount": known.get("nodeCount"),
        "nodeSize": known.get("nodeSize"),
        "nodeSizeFamily": known.get("nodeSizeFamily"),
        **own,
        "subscriptionId": segments[2],
        "resourceGroup": segments[4],
        "workspaceName": segments[8],
        "poolName": segments[10],
    }


def _simple(name: str, type_name: str, fill: Callable[[ComputeRequest, Document], JsonObject]) -> ComputeType:
    create = partial(_attach, type_name, fill)
    return ComputeType(
        name=name,
        is_attached=True,
        underlying_actions=_DETACH,
        create=create,
        update=partial(_again, create),
    )


SYNAPSE_SPARK = _simple("SynapseSpark", POOL_TYPE, _synapse)
DATABRICKS = ComputeType(
    name="Databricks",
    is_attached=True,
    underlying_actions=_DETACH,
    create=partial(_attach, DATABRICKS_TYPE, _databricks),
    update=partial(_again, partial(_attach, DATABRICKS_TYPE, _databricks)),
    returned_secrets=("databricksAccessToken",),
    actions={"listKeys": _databricks_keys},
)
DATA_LAKE_ANALYTICS = ComputeType(
    name="DataLakeAnalytics",
    is_attached=True,
    underlying_actions=_EITHER,
    create=partial(_attach, ANALYTICS_TYPE, _analytics),
    update=partial(_again, partial(_attach, ANALYTICS_TYPE, _analytics)),
)
DATA_FACTORY = ComputeType(
    name="DataFactory",
    is_attached=True,
    underlying_actions=_EITHER,
    create=_factory,
    update=_factory_again,
)
HDINSIGHT = ComputeType(
    name="HDInsight",
    is_attached=True,
    underlying_actions=_DETACH,
    create=_hdinsight,
    update=partial(_again, _hdinsight),
    returned_secrets=("administratorAccount",),
    actions={"listKeys": _hdinsight_keys},
)
BATCH = ComputeType(
    name="Batch",
    is_attached=True,
    underlying_actions=_DETACH,
    create=partial(_attach, BATCH_TYPE, _plain),
    update=partial(_again, partial(_attach, BATCH_TYPE, _plain)),
)
