"""A real azure-mgmt-resource client drives the emulator through the in-process transport."""
# ruff: noqa: TID253 - the client is what this file is about

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.core.pipeline.transport import HttpRequest as LegacyRequest
from azure.core.rest import HttpRequest
from azure.mgmt.resource.resources import ResourceManagementClient
from tests.unit.emulator.clouds import (
    CLUSTER_SETTINGS,
    DSVM,
    INSIGHTS,
    ML_VERSION,
    PROVIDERS,
    STORAGE,
    VAULT,
    VM_SETTINGS,
    WORKSPACE,
    Cloud,
)

from mooring_emulator import SUBSCRIPTION_ID, transport
from mooring_emulator.azure_transport import EmulatorTransport


class StaticCredential:
    def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        return AccessToken("not-a-token", int(time.time()) + 3600)


def connect(cloud: Cloud) -> ResourceManagementClient:
    sleeping = EmulatorTransport(cloud.emulator, sleep=cloud.wait)
    return ResourceManagementClient(StaticCredential(), SUBSCRIPTION_ID, transport=sleeping)


@pytest.fixture
def client(cloud: Cloud) -> Iterator[ResourceManagementClient]:
    with connect(cloud) as connected:
        yield connected


def put(
    client: ResourceManagementClient, path: str, body: dict[str, Any], version: str = ML_VERSION
) -> dict[str, Any]:
    return dict(client.resources.begin_create_or_update_by_id(path, body, api_version=version).result())


def compute_body(compute_type: str, settings: dict[str, Any], **properties: object) -> dict[str, Any]:
    return {
        "location": "eastus",
        "properties": {"computeType": compute_type, "properties": settings, **properties},
    }


def test_everything_a_workspace_needs_is_created_read_and_deleted(bare_cloud: Cloud) -> None:
    client = connect(bare_cloud)
    group = client.resource_groups.create_or_update("rg-ml", {"location": "eastus"})
    assert group["properties"]["provisioningState"] == "Succeeded"
    storage = {"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    assert put(client, STORAGE, storage, "2023-05-01")["properties"]["provisioningState"] == "Succeeded"
    vault = {"tenantId": SUBSCRIPTION_ID, "sku": {"family": "A", "name": "standard"}}
    put(client, VAULT, {"location": "eastus", "properties": vault}, "2023-07-01")
    put(client, INSIGHTS, {"location": "eastus", "kind": "web"}, "2020-02-02")
    logs = f"{PROVIDERS}/Microsoft.OperationalInsights/workspaces/mllogs"
    assert put(client, logs, {"location": "eastus"}, "2023-09-01")["properties"]["retentionInDays"] == 30
    links = {"storageAccount": STORAGE, "keyVault": VAULT, "applicationInsights": INSIGHTS}
    body = {"location": "eastus", "identity": {"type": "SystemAssigned"}, "properties": links}
    assert put(client, WORKSPACE, body)["properties"]["provisioningState"] == "Succeeded"
    client.resource_groups.begin_delete("rg-ml").result()
    assert not client.resource_groups.check_existence("rg-ml")


def test_computes_are_created_patched_and_deleted(client: ResourceManagementClient) -> None:
    path = f"{WORKSPACE}/computes/cpu-cluster"
    created = put(client, path, compute_body("AmlCompute", CLUSTER_SETTINGS))
    assert created["properties"]["provisioningState"] == "Succeeded"
    patch = {"properties": {"properties": {"scaleSettings": {"maxNodeCount": 9}}}}
    patched = client.resources.begin_update_by_id(path, patch, api_version=ML_VERSION).result()
    assert patched["properties"]["properties"]["scaleSettings"]["maxNodeCount"] == 9
    gone = client.resources.begin_delete_by_id(
        path, api_version=ML_VERSION, params={"underlyingResourceAction": "Delete"}
    )
    assert gone.result() is None
    assert not client.resources.check_existence_by_id(path, api_version=ML_VERSION)


def test_a_vm_is_attached(client: ResourceManagementClient) -> None:
    body = compute_body("VirtualMachine", VM_SETTINGS, resourceId=DSVM)
    attached = put(client, f"{WORKSPACE}/computes/my-vm", body)
    assert attached["properties"]["isAttachedCompute"] is True


def test_an_instance_is_stopped_by_a_request_of_its_own(client: ResourceManagementClient) -> None:
    path = f"{WORKSPACE}/computes/my-instance"
    put(client, path, compute_body("ComputeInstance", {"vmSize": "Standard_DS11_v2"}))
    response = client.send_request(HttpRequest("POST", f"{path}/stop", params={"api-version": ML_VERSION}))
    assert (response.status_code, response.content) == (202, b"")
    status = client.send_request(HttpRequest("GET", response.headers["azure-asyncoperation"]))
    assert status.json()["status"] == "Succeeded"
    compute = client.resources.get_by_id(path, api_version=ML_VERSION)
    assert compute["properties"]["properties"]["state"] == "Stopped"


def test_polling_waits_for_the_time_an_operation_takes(slow_cloud: Cloud) -> None:
    client, started = connect(slow_cloud), slow_cloud.clock.now
    put(client, f"{WORKSPACE}/computes/cpu-cluster", compute_body("AmlCompute", CLUSTER_SETTINGS))
    assert 10.0 <= slow_cloud.clock.now - started < 12.0


def test_a_workspace_without_body_in_its_answer_is_read_in_the_end(slow_cloud: Cloud) -> None:
    client = connect(slow_cloud)
    patch = {"tags": {"a": "b"}}
    updated = client.resources.begin_update_by_id(WORKSPACE, patch, api_version=ML_VERSION).result()
    assert (updated.tags, updated["properties"]["provisioningState"]) == ({"a": "b"}, "Succeeded")


def test_a_failed_operation_raises_with_the_code_of_the_operation(client: ResourceManagementClient) -> None:
    machine = dict(client.resources.get_by_id(DSVM, api_version="2024-07-01"))
    properties = machine["properties"]
    profile = {
        "imageReference": {"publisher": "MicrosoftWindowsServer", "offer": "WindowsServer", "sku": "2022"}
    }
    windows = f"{PROVIDERS}/Microsoft.Compute/virtualMachines/windows"
    body = {"location": "eastus", "properties": {**properties, "storageProfile": profile}}
    put(client, windows, body, "2024-07-01")
    with pytest.raises(HttpResponseError) as caught:
        put(
            client,
            f"{WORKSPACE}/computes/my-vm",
            compute_body("VirtualMachine", VM_SETTINGS, resourceId=windows),
        )
    assert caught.value.error is not None
    assert caught.value.error.code == "UnsupportedOperatingSystem"


def test_errors_arrive_with_arms_code_and_message(client: ResourceManagementClient) -> None:
    with pytest.raises(ResourceNotFoundError) as caught:
        client.resources.get_by_id(f"{WORKSPACE}/computes/nope", api_version=ML_VERSION)
    assert caught.value.error is not None
    assert caught.value.error.code == "ResourceNotFound"


def test_lists_follow_next_links(open_any: Callable[..., Cloud]) -> None:
    cloud = open_any(page_size=2)
    cloud.build_workspace()
    with connect(cloud) as client:
        found = {resource.id for resource in client.resources.list()}
        in_group = [str(resource.name) for resource in client.resources.list_by_resource_group("rg-ml")]
        groups = [group.name for group in client.resource_groups.list()]
    assert {STORAGE, VAULT, INSIGHTS, WORKSPACE, DSVM} <= found
    assert sorted(in_group) == ["mlinsights", "mlstore", "mlvault", "mlws"]
    assert groups == ["rg-datascience-vms", "rg-ml"]


def test_the_public_transport_carries_requests_of_the_older_protocol_too(cloud: Cloud) -> None:
    request = LegacyRequest("GET", f"https://management.azure.com{WORKSPACE}?api-version={ML_VERSION}")
    with transport(cloud.emulator) as carrier:
        response = carrier.send(request)
    assert (response.status_code, response.reason, response.is_closed) == (200, "OK", False)
    assert response.body() == response.read()
    assert WORKSPACE in response.text()


def test_ten_threads_may_share_one_emulator(cloud: Cloud) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def create(number: int) -> str:
        path = f"{WORKSPACE}/computes/cluster-{number}x"
        with connect(cloud) as client:
            return str(put(client, path, compute_body("AmlCompute", CLUSTER_SETTINGS))["name"])

    with ThreadPoolExecutor(max_workers=10) as pool:
        names = sorted(pool.map(create, range(30)))
    listed = [compute["name"] for compute in cloud.get(f"{WORKSPACE}/computes")["value"]]
    assert names == sorted(listed)
    creations = [
        entry for entry in cloud.emulator.requests() if entry.method == "PUT" and "/computes/" in entry.path
    ]
    assert len(creations) == 30
