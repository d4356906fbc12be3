"""Somebody else's resources, to attach; and a configuration for each type that attaches one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.unit.azureml.configurations import GROUP, PASSWORD, SUBSCRIPTION, WORKSPACE

from mooring.core.codec import Json
from mooring.sdk.testing import Case

OWNERS: Final = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-datascience-vms/providers"
HDINSIGHT: Final = f"{OWNERS}/Microsoft.HDInsight/clusters/hdi-team"
DATABRICKS: Final = f"{OWNERS}/Microsoft.Databricks/workspaces/dbw-team"
SYNAPSE: Final = f"{OWNERS}/Microsoft.Synapse/workspaces/syn-team"
POOL: Final = f"{SYNAPSE}/bigDataPools/sparkpool"
AKS: Final = f"{OWNERS}/Microsoft.ContainerService/managedClusters/aks-team"
OTHER_AKS: Final = f"{OWNERS}/Microsoft.ContainerService/managedClusters/aks-inference"
ARC: Final = f"{OWNERS}/Microsoft.Kubernetes/connectedClusters/arc-team"
ANALYTICS: Final = f"{OWNERS}/Microsoft.DataLakeAnalytics/accounts/adlateam"
BATCH: Final = f"{OWNERS}/Microsoft.Batch/batchAccounts/batchteam"
FACTORY: Final = f"{OWNERS}/Microsoft.DataFactory/factories/adf-team"
TOKEN: Final = "dapi-never-show-this-one"

_POOLS: Final[Json] = [{"name": "one", "count": 3, "vmSize": "Standard_DS3_v2", "mode": "System"}]

NEIGHBOURS: Final[Mapping[str, tuple[str, Mapping[str, Json]]]] = {
    HDINSIGHT: ("2021-06-01", {"clusterDefinition": {"kind": "Spark"}}),
    DATABRICKS: ("2024-05-01", {"managedResourceGroupId": GROUP}),
    SYNAPSE: ("2021-06-01", {}),
    POOL: ("2021-06-01", {}),
    AKS: ("2025-01-01", {"agentPoolProfiles": _POOLS}),
    OTHER_AKS: ("2025-01-01", {"agentPoolProfiles": _POOLS}),
    ARC: ("2024-01-01", {"agentPublicKeyCertificate": "MIIB"}),
    ANALYTICS: ("2016-11-01", {"defaultDataLakeStoreAccount": "adlsteam"}),
    BATCH: ("2024-07-01", {}),
    FACTORY: ("2018-06-01", {}),
}
"""By id: the API version that makes it, and its properties."""

_PLACE: Final = {"workspace_id": WORKSPACE}
HDINSIGHT_CONFIG: Final = {
    "name": "spark",
    **_PLACE,
    "hdinsight_cluster_id": HDINSIGHT,
    "username": "sshuser",
    "private_key": PASSWORD,
}
DATABRICKS_CONFIG: Final = {
    "name": "databricks",
    **_PLACE,
    "databricks_workspace_id": DATABRICKS,
    "access_token": TOKEN,
}
SYNAPSE_CONFIG: Final = {"name": "synapse", **_PLACE, "spark_pool_id": POOL}
KUBERNETES_CONFIG: Final = {
    "name": "k8s",
    **_PLACE,
    "kubernetes_cluster_id": AKS,
    "namespace": "ml-team",
    "instance_type": [
        {
            "name": "small",
            "node_selector": {"pool": "cpu"},
            "requests": {"cpu": "1", "memory": "2Gi"},
            "limits": {"cpu": "2", "memory": "4Gi"},
        }
    ],
}
ANALYTICS_CONFIG: Final = {"name": "analytics", **_PLACE, "data_lake_analytics_account_id": ANALYTICS}
BATCH_CONFIG: Final = {"name": "batch", **_PLACE, "batch_account_id": BATCH}
FACTORY_CONFIG: Final = {"name": "factory", **_PLACE, "data_factory_id": FACTORY}
INFERENCE_CONFIG: Final = {
    "name": "inference",
    **_PLACE,
    "kubernetes_cluster_id": OTHER_AKS,
    "cluster_purpose": "DevTest",
    "ssl_configuration": {"status": "Auto", "leaf_domain_label": "team"},
}

_MORE: Final = {"description": "The team's", "tags": {"owner": "team"}}
_LARGE: Final = {"name": "large", "requests": {"cpu": "4"}, "limits": {"cpu": "8"}}

ATTACHED_CASES: Final = (
    Case(
        type_name="azureml_attached_hdinsight",
        config=HDINSIGHT_CONFIG,
        changes=({**HDINSIGHT_CONFIG, **_MORE},),
    ),
    Case(
        type_name="azureml_attached_databricks",
        config=DATABRICKS_CONFIG,
        changes=({**DATABRICKS_CONFIG, **_MORE},),
    ),
    Case(
        type_name="azureml_attached_synapse_spark",
        config=SYNAPSE_CONFIG,
        changes=({**SYNAPSE_CONFIG, **_MORE},),
    ),
    Case(
        type_name="azureml_attached_kubernetes",
        config=KUBERNETES_CONFIG,
        changes=(
            {**KUBERNETES_CONFIG, **_MORE, "instance_type": [*KUBERNETES_CONFIG["instance_type"], _LARGE]},
            {**KUBERNETES_CONFIG, "default_instance_type": "small"},
        ),
    ),
    Case(
        type_name="azureml_attached_data_lake_analytics",
        config=ANALYTICS_CONFIG,
        changes=({**ANALYTICS_CONFIG, "on_destroy": "delete"}, {**ANALYTICS_CONFIG, **_MORE}),
    ),
    Case(type_name="azureml_attached_batch", config=BATCH_CONFIG, changes=({**BATCH_CONFIG, **_MORE},)),
    Case(
        type_name="azureml_attached_data_factory",
        config=FACTORY_CONFIG,
        changes=({**FACTORY_CONFIG, **_MORE},),
    ),
    Case(
        type_name="azureml_inference_cluster",
        config=INFERENCE_CONFIG,
        changes=({**INFERENCE_CONFIG, "agent_count": 5}, {**INFERENCE_CONFIG, **_MORE}),
    ),
)
