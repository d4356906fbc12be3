"""The compute types beyond cluster, instance and VM: attached services, and what may be created."""

from typing import Any

import pytest
from tests.unit.emulator.clouds import PROVIDERS, WORKSPACE, Cloud, error_of

UNPUBLISHED = "2020-02-02"
AKS = f"{PROVIDERS}/Microsoft.ContainerService/managedClusters/aks"
ARC = f"{PROVIDERS}/Microsoft.Kubernetes/connectedClusters/arc"
DATABRICKS = f"{PROVIDERS}/Microsoft.Databricks/workspaces/dbx"
HDINSIGHT = f"{PROVIDERS}/Microsoft.HDInsight/clusters/hdi"
SYNAPSE = f"{PROVIDERS}/Microsoft.Synapse/workspaces/syn"
POOL = f"{SYNAPSE}/bigDataPools/pool"
LAKE = f"{PROVIDERS}/Microsoft.DataLakeAnalytics/accounts/adla"
FACTORY = f"{PROVIDERS}/Microsoft.DataFactory/factories/adf"
BATCH = f"{PROVIDERS}/Microsoft.Batch/batchAccounts/abatch"
ACCOUNT = {"administratorAccount": {"username": "ssh", "password": "s3cret-word"}}
NEIGHBOURS: dict[str, tuple[str, dict[str, Any]]] = {
    AKS: ("2024-05-01", {}),
    ARC: ("2024-01-01", {"agentPublicKeyCertificate": "x"}),
    DATABRICKS: ("2024-05-01", {"managedResourceGroupId": "/subscriptions/x/resourceGroups/y"}),
    HDINSIGHT: ("2021-06-01", {"clusterDefinition": {"kind": "spark"}}),
    SYNAPSE: ("2021-06-01", {}),
    POOL: ("2021-06-01", {"nodeSize": "Medium"}),
    LAKE: ("2016-11-01", {"defaultDataLakeStoreAccount": "store"}),
    FACTORY: ("2018-06-01", {}),
    BATCH: ("2024-02-01", {}),
}
KINDS: list[tuple[str, str, dict[str, Any], str]] = [
    ("AKS", AKS, {}, "2025-12-01"),
    ("Kubernetes", ARC, {"namespace": "ml"}, "2025-12-01"),
    ("Kubernetes", AKS, {}, "2025-12-01"),
    ("Databricks", DATABRICKS, {"databricksAccessToken": "dapi-secret"}, "2025-12-01"),
    ("HDInsight", HDINSIGHT, ACCOUNT, "2025-12-01"),
    ("SynapseSpark", POOL, {}, "2025-12-01"),
    ("DataLakeAnalytics", LAKE, {}, "2025-12-01"),
    ("DataFactory", FACTORY, {}, "2025-12-01"),
    ("Batch", BATCH, {}, UNPUBLISHED),
]


@pytest.fixture
def surrounded(cloud: Cloud) -> Cloud:
    """A cloud with one of everything that can be attached."""
    for path, (version, properties) in NEIGHBOURS.items():
        response = cloud.ask("PUT", path, {"location": "eastus", "properties": properties}, version=version)
        assert response.status in {200, 201}, response.body
        cloud.get(WORKSPACE)
    return cloud


def put(cloud: Cloud, name: str, kind: str, *, version: str = "2025-12-01", **properties: Any) -> Any:
    body = {"location": "eastus", "properties": {"computeType": kind, **properties}}
    return cloud.ask("PUT", f"{WORKSPACE}/computes/{name}", body, version=version)


@pytest.mark.parametrize(("kind", "resource", "settings", "version"), KINDS)
def test_every_service_can_be_attached_and_detached(
    surrounded: Cloud, kind: str, resource: str, settings: dict[str, Any], version: str
) -> None:
    response = put(surrounded, "attached", kind, version=version, resourceId=resource, properties=settings)
    assert response.status == 201, response.body
    shown = surrounded.get(f"{WORKSPACE}/computes/attached")["properties"]
    assert (shown["provisioningState"], shown["isAttachedCompute"]) == ("Succeeded", True)
    assert shown["resourceId"].lower() == resource.lower()
    gone = surrounded.ask(
        "DELETE", f"{WORKSPACE}/computes/attached", version=version, query="underlyingResourceAction=detach"
    )
    assert gone.status == 202
    assert surrounded.ask("GET", resource, version=NEIGHBOURS[resource][0]).status == 200


@pytest.mark.parametrize(("kind", "resource", "settings", "version"), KINDS)
def test_a_new_attachment_removes_the_former_one(
    surrounded: Cloud, kind: str, resource: str, settings: dict[str, Any], version: str
) -> None:
    for name in ("first-one", "second-one"):
        put(surrounded, name, kind, version=version, resourceId=resource, properties=settings)
        surrounded.get(WORKSPACE)
    names = [compute["name"] for compute in surrounded.get(f"{WORKSPACE}/computes")["value"]]
    assert names == ["second-one"]


@pytest.mark.parametrize(("kind", "version"), sorted({(kind, version) for kind, _, _, version in KINDS}))
def test_what_does_not_exist_cannot_be_attached(surrounded: Cloud, kind: str, version: str) -> None:
    settings = (
        {"databricksAccessToken": "x"} if kind == "Databricks" else ACCOUNT if kind == "HDInsight" else {}
    )
    response = put(
        surrounded, "attached", kind, version=version, resourceId=WORKSPACE + "x", properties=settings
    )
    assert error_of(response) == (400, "BadRequest")


def test_secrets_come_back_from_list_keys_and_from_nowhere_else(surrounded: Cloud) -> None:
    put(
        surrounded, "dbx", "Databricks", resourceId=DATABRICKS, properties={"databricksAccessToken": "dapi-1"}
    )
    put(surrounded, "hdi", "HDInsight", resourceId=HDINSIGHT, properties=ACCOUNT)
    listed = surrounded.ask("GET", f"{WORKSPACE}/computes").body
    assert b"dapi-1" not in listed
    assert b"s3cret-word" not in listed
    keys = surrounded.ask("POST", f"{WORKSPACE}/computes/dbx/listKeys").json()
    assert keys == {"computeType": "Databricks", "databricksAccessToken": "dapi-1"}
    account = surrounded.ask("POST", f"{WORKSPACE}/computes/hdi/listKeys").json()["administratorAccount"]
    assert account["password"] == "s3cret-word"


@pytest.mark.parametrize(("kind", "field"), [("AKS", "managedClusters"), ("DataFactory", "factories")])
def test_a_cluster_and_a_factory_may_be_created_and_deleted_with_their_compute(
    cloud: Cloud, kind: str, field: str
) -> None:
    assert put(cloud, "created", kind).status == 201
    resource = cloud.get(f"{WORKSPACE}/computes/created")["properties"]["resourceId"]
    assert f"/{field}/" in resource
    assert resource in cloud.emulator.resource_ids()
    cloud.ask("DELETE", f"{WORKSPACE}/computes/created", query="underlyingResourceAction=Delete")
    cloud.get(WORKSPACE)
    assert resource not in cloud.emulator.resource_ids()


def test_a_production_cluster_needs_twelve_cores(cloud: Cloud) -> None:
    small = {"agentCount": 1, "agentVmSize": "Standard_D2_v3"}
    assert "12 virtual CPUs" in put(cloud, "an-aks", "AKS", properties=small).json()["error"]["message"]
    assert put(cloud, "an-aks", "AKS", properties={**small, "clusterPurpose": "DevTest"}).status == 201


def test_a_leaf_domain_label_excludes_a_certificate_of_ones_own(cloud: Cloud) -> None:
    ssl = {"status": "Auto", "leafDomainLabel": "x", "cname": "y"}
    assert error_of(put(cloud, "an-aks", "AKS", properties={"sslConfiguration": ssl})) == (400, "BadRequest")


def test_a_cluster_behind_a_private_link_cannot_be_attached(surrounded: Cloud) -> None:
    private = {"clusterDefinition": {}, "networkProperties": {"privateLink": "Enabled"}}
    body = {"location": "eastus", "properties": private | {"clusterDefinition": {"kind": "spark"}}}
    surrounded.ask("PUT", HDINSIGHT + "2", body, version="2021-06-01")
    surrounded.get(WORKSPACE)
    put(surrounded, "hdi", "HDInsight", resourceId=HDINSIGHT + "2", properties=ACCOUNT)
    failed = surrounded.get(f"{WORKSPACE}/computes/hdi")["properties"]
    assert failed["provisioningState"] == "Failed"
    assert failed["provisioningErrors"][0]["error"]["code"] == "PublicIpAddressRequired"


def test_computes_are_read_through_the_old_data_plane_too(cloud: Cloud) -> None:
    cloud.put_cluster()
    path = f"/rp/workspaces{WORKSPACE}/computes"
    listed = cloud.ask("GET", path, version=UNPUBLISHED).json()["value"]
    assert [compute["name"] for compute in listed] == ["cpu-cluster"]
    assert cloud.ask("GET", f"{path}/cpu-cluster", version=UNPUBLISHED).json() == listed[0]


def test_a_compute_name_can_be_asked_for(cloud: Cloud) -> None:
    cloud.put_cluster()
    path = f"{WORKSPACE}/checkComputeNameAvailability"
    taken = cloud.ask("POST", path, {"name": "CPU-cluster", "type": "x"}).json()
    assert (taken["nameAvailable"], taken["reason"]) == (False, "AlreadyExists")
    assert cloud.ask("POST", path, {"name": "another"}).json() == {"nameAvailable": True}
