"""The services that people attach to a workspace: clusters, Databricks, Synapse, Batch, data lakes.

As data: name rule, what must be sent, what the service adds. Sources: Azure/azure-rest-api-specs of each
provider, for the properties that attaching reads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from zlib import crc32

from mooring_emulator.arm import versions
from mooring_emulator.arm.kinds import NameRule, ResourceKind, location_links
from mooring_emulator.arm.shapes import Anything, Field, ListOf, record
from mooring_emulator.resources.replies import COMPUTE_STYLE, CREATED_201, CREATED_AT_ONCE
from mooring_emulator.resources.simple import Filling, SimpleType, simple_kind

if TYPE_CHECKING:
    from mooring_emulator.codec import JsonObject

_POOLS = record(Field(name="agentPoolProfiles", shape=ListOf(item=record())))
_POOL = record(Field(name="autoScale", shape=record()), Field(name="autoPause", shape=record()))


def analytics_kinds() -> Sequence[ResourceKind]:
    """Describe the types."""
    return tuple(simple_kind(simple) for simple in _TYPES)


def _rule(pattern: str) -> NameRule:
    return NameRule(
        pattern=re.compile(pattern), code="InvalidResourceName", message="Resource name '{name}' is invalid."
    )


def _type(name: str, api_versions: tuple[str, ...]) -> SimpleType:
    is_slow = name.startswith(("Microsoft.ContainerService", "Microsoft.HDInsight"))
    return SimpleType(
        type=name,
        api_versions=api_versions,
        name_rule=_rule(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}"),
        replies=COMPUTE_STYLE if is_slow else CREATED_201,
        links=location_links("operationStatuses"),
        shape=record(),
        defaults=_nothing,
        read_only=_nothing,
        top_level={"sku": None, "kind": None},
    )


def _nothing(_filling: Filling) -> JsonObject:
    return {}


def _number(filling: Filling) -> int:
    return crc32(filling.target.key.encode())


def _cluster(_filling: Filling) -> JsonObject:
    pool = {"name": "nodepool1", "count": 3, "vmSize": "Standard_DS3_v2", "mode": "System", "osType": "Linux"}
    return {"kubernetesVersion": "1.30", "agentPoolProfiles": [pool], "enableRBAC": True}


def _fqdn(filling: Filling) -> JsonObject:
    location = filling.body["location"]
    host = f"{filling.target.name.lower()}-{_number(filling):08x}.hcp.{location}.azmk8s.io"
    return {"fqdn": host, "powerState": {"code": "Running"}}


def _connected(_filling: Filling) -> JsonObject:
    return {"connectivityStatus": "Connected", "distribution": "generic", "agentVersion": "1.20.0"}


def _hdinsight(filling: Filling) -> JsonObject:
    """Give the endpoints; a cluster behind a private link has no public ones."""
    network = filling.properties.get("networkProperties") or {}
    is_private = str(network.get("privateLink")).lower() == "enabled"
    host = f"{filling.target.name.lower()}-ssh.azurehdinsight.net"
    ssh = {"name": "SSH", "protocol": "TCP", "location": host, "port": 22}
    return {"clusterState": "Running", "connectivityEndpoints": [] if is_private else [ssh]}


def _databricks(filling: Filling) -> JsonObject:
    number = _number(filling)
    return {"workspaceId": str(number), "workspaceUrl": f"adb-{number}.{number % 20}.azuredatabricks.net"}


def _synapse(filling: Filling) -> JsonObject:
    name = filling.target.name.lower()
    return {
        "workspaceUID": filling.keep("workspaceUID", filling.call.world.new_id),
        "connectivityEndpoints": {"dev": f"https://{name}.dev.azuresynapse.net"},
    }


def _pool(_filling: Filling) -> JsonObject:
    return {
        "sparkVersion": "3.4",
        "nodeCount": 3,
        "nodeSize": "Small",
        "nodeSizeFamily": "MemoryOptimized",
        "autoScale": {"enabled": False, "minNodeCount": 3, "maxNodeCount": 10},
        "autoPause": {"enabled": True, "delayInMinutes": 15},
    }


def _batch(filling: Filling) -> JsonObject:
    return {
        "accountEndpoint": f"{filling.target.name}.{filling.body['location']}.batch.azure.com",
        "poolAllocationMode": "BatchService",
        "dedicatedCoreQuota": 100,
    }


_TYPES: Sequence[SimpleType] = (
    replace(
        _type("Microsoft.ContainerService/managedClusters", versions.CONTAINER_SERVICE),
        shape=_POOLS,
        defaults=_cluster,
        read_only=_fqdn,
        secrets=("servicePrincipalProfile.secret",),
    ),
    replace(
        _type("Microsoft.Kubernetes/connectedClusters", versions.KUBERNETES),
        required=("properties.agentPublicKeyCertificate",),
        read_only=_connected,
    ),
    replace(
        _type("Microsoft.HDInsight/clusters", versions.HDINSIGHT),
        required=("properties.clusterDefinition",),
        shape=record(Field(name="networkProperties", shape=record())),
        read_only=_hdinsight,
        secrets=("computeProfile", "clusterDefinition.configurations"),
    ),
    replace(
        _type("Microsoft.Databricks/workspaces", versions.DATABRICKS),
        required=("properties.managedResourceGroupId",),
        read_only=_databricks,
        top_level={"sku": None},
    ),
    replace(
        _type("Microsoft.Synapse/workspaces", versions.SYNAPSE),
        read_only=_synapse,
        secrets=("sqlAdministratorLoginPassword",),
    ),
    replace(
        _type("Microsoft.Synapse/workspaces/bigDataPools", versions.SYNAPSE),
        shape=_POOL,
        defaults=_pool,
    ),
    replace(
        _type("Microsoft.Batch/batchAccounts", versions.BATCH),
        name_rule=_rule(r"[a-z0-9]{3,24}"),
        read_only=_batch,
    ),
    replace(
        _type("Microsoft.DataLakeAnalytics/accounts", versions.DATA_LAKE),
        name_rule=_rule(r"[a-z0-9]{3,24}"),
        required=("properties.defaultDataLakeStoreAccount",),
        shape=record(Field(name="dataLakeStoreAccounts", shape=Anything())),
    ),
    replace(
        _type("Microsoft.DataLakeStore/accounts", versions.DATA_LAKE),
        name_rule=_rule(r"[a-z0-9]{3,24}"),
    ),
    replace(_type("Microsoft.DataFactory/factories", versions.DATA_FACTORY), replies=CREATED_AT_ONCE),
)
