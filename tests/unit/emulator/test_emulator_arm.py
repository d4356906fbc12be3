"""What Azure Resource Manager does for every resource type."""

import re
from collections.abc import Callable

import pytest
from tests.unit.emulator.clouds import DSVM, GROUP, PROVIDERS, STORAGE, VAULT, WORKSPACE, Cloud, error_of

from mooring_emulator import SUBSCRIPTION_ID, Request
from mooring_emulator.codec import encode

SUBSCRIPTION = f"/subscriptions/{SUBSCRIPTION_ID}"


def test_a_request_without_api_version_is_refused(cloud: Cloud) -> None:
    response = cloud.emulator.handle(Request(method="GET", url=GROUP))
    assert error_of(response) == (400, "MissingApiVersionParameter")
    assert set(response.json()["error"]) == {"code", "message", "target", "details", "additionalInfo"}


def test_an_api_version_the_type_does_not_have_is_refused_with_the_list_of_those_it_has(cloud: Cloud) -> None:
    response = cloud.ask("GET", WORKSPACE, version="1999-01-01")
    assert error_of(response) == (400, "NoRegisteredProviderFound")
    assert "2025-12-01" in response.json()["error"]["message"]


def test_an_api_version_resource_groups_do_not_have_is_invalid(cloud: Cloud) -> None:
    assert error_of(cloud.ask("GET", GROUP, version="2025-12-01")) == (400, "InvalidApiVersionParameter")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"{GROUP}x/providers/Microsoft.Storage/storageAccounts/a", 404, "ResourceGroupNotFound"),
        (f"{PROVIDERS}/Microsoft.MachineLearningServices/workspaces/nope", 404, "ResourceNotFound"),
        (
            f"{PROVIDERS}/Microsoft.MachineLearningServices/workspaces/nope/computes/c",
            404,
            "ParentResourceNotFound",
        ),
        (
            f"{PROVIDERS}/Microsoft.MachineLearningServices/workspaces/nope/computes",
            404,
            "ParentResourceNotFound",
        ),
        (f"{WORKSPACE}/computes/nope", 404, "ResourceNotFound"),
        (f"{PROVIDERS}/Foo.Bar/things/t", 404, "InvalidResourceNamespace"),
        (f"{PROVIDERS}/Microsoft.MachineLearningServices/things/t", 404, "InvalidResourceType"),
        ("/subscriptions/99999999-0000-0000-0000-000000000000/resources", 404, "SubscriptionNotFound"),
        ("/nothing/here", 404, "NotFound"),
    ],
)
def test_what_does_not_exist_is_named_by_its_code(cloud: Cloud, path: str, status: int, code: str) -> None:
    version = "2025-04-01" if "providers" not in path else "2025-12-01"
    version = "2023-05-01" if "Storage" in path else version
    assert error_of(cloud.ask("GET", path, version=version)) == (status, code)


def test_paths_are_matched_without_regard_to_case_and_ids_keep_the_spelling_of_creation(cloud: Cloud) -> None:
    shouted = (
        WORKSPACE.upper().replace("/SUBSCRIPTIONS", "//subscriptions").replace("/PROVIDERS", "//providers")
    )
    assert cloud.get(shouted)["id"] == WORKSPACE
    assert cloud.put_compute("Cpu-Cluster", "AmlCompute", {}).status == 400
    assert cloud.put_cluster("Cpu-Cluster").status == 201
    assert cloud.get(f"{shouted}/COMPUTES/CPU-CLUSTER")["id"] == f"{WORKSPACE}/computes/Cpu-Cluster"


def test_a_child_created_below_a_parent_in_another_case_is_spelled_like_the_parent(cloud: Cloud) -> None:
    body = {"location": "eastus", "kind": "web"}
    path = f"{GROUP.lower()}/providers/microsoft.insights/COMPONENTS/Mine"
    response = cloud.ask("PUT", path, body, version="2020-02-02")
    assert response.json()["id"] == f"{PROVIDERS}/Microsoft.Insights/components/Mine"


def test_head_says_204_or_404_and_never_has_a_body(cloud: Cloud) -> None:
    found, missing = cloud.ask("HEAD", WORKSPACE), cloud.ask("HEAD", f"{WORKSPACE}x")
    assert (found.status, found.body) == (204, b"")
    assert (missing.status, missing.body) == (404, b"")


def test_deleting_what_is_absent_is_204(cloud: Cloud) -> None:
    assert cloud.ask("DELETE", f"{STORAGE}x", version="2023-05-01").status == 204
    assert cloud.ask("DELETE", f"{GROUP}x", version="2025-04-01").status == 204


def test_a_method_a_path_does_not_answer_to_is_405(cloud: Cloud) -> None:
    assert cloud.ask("DELETE", f"{WORKSPACE}/computes").status == 405
    assert cloud.ask("PUT", f"{SUBSCRIPTION}/resources", {}, version="2025-04-01").status == 405
    assert cloud.ask("POST", WORKSPACE, {}).status == 405


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"'])
def test_a_body_that_is_no_json_object_is_invalid_content(cloud: Cloud, body: bytes) -> None:
    url = f"{GROUP}?api-version=2025-04-01"
    response = cloud.emulator.handle(Request(method="PUT", url=url, body=body))
    assert error_of(response) == (400, "InvalidRequestContent")


def test_every_response_carries_correlation_and_rate_limit_headers(cloud: Cloud) -> None:
    headers = cloud.ask("GET", WORKSPACE).headers
    assert headers["x-ms-request-id"] == headers["x-ms-correlation-request-id"]
    assert re.fullmatch(r"EASTUS:\d{8}T\d{6}Z:[0-9a-f-]{36}", headers["x-ms-routing-request-id"])
    assert headers["x-ms-ratelimit-remaining-subscription-reads"] == "249"
    assert "x-ms-ratelimit-remaining-subscription-writes" in cloud.put_cluster().headers


def test_links_are_built_on_the_origin_of_the_request(cloud: Cloud) -> None:
    cloud.put_cluster()
    patch = encode({"properties": {"properties": {"scaleSettings": {"maxNodeCount": 9}}}})
    path = f"{WORKSPACE}/computes/cpu-cluster?api-version=2025-12-01"
    for sent, answered in (
        ("https://localhost:8443", "https://localhost:8443"),
        ("", "https://management.azure.com"),
    ):
        answer = cloud.emulator.handle(Request(method="PATCH", url=sent + path, body=patch))
        assert answer.headers["Azure-AsyncOperation"].startswith(f"{answered}{SUBSCRIPTION}/providers/")


def test_a_resource_group_is_created_listed_retagged_and_its_location_is_fixed(bare_cloud: Cloud) -> None:
    created = bare_cloud.ask("PUT", GROUP, {"location": "East US", "tags": {"a": "b"}}, version="2025-04-01")
    assert (created.status, created.json()["location"]) == (201, "eastus")
    listed = bare_cloud.ask("GET", f"{SUBSCRIPTION}/resourcegroups", version="2025-04-01").json()["value"]
    assert [group["name"] for group in listed] == ["rg-datascience-vms", "rg-ml"]
    patched = bare_cloud.ask("PATCH", GROUP, {"tags": {"c": "d"}}, version="2025-04-01")
    assert patched.json()["tags"] == {"c": "d"}
    moved = bare_cloud.ask("PUT", GROUP, {"location": "westus"}, version="2025-04-01")
    assert error_of(moved) == (409, "InvalidResourceGroupLocation")


@pytest.mark.parametrize(
    ("body", "code"),
    [({}, "LocationRequired"), ({"location": "atlantis"}, "LocationNotAvailableForResourceType")],
)
def test_a_location_must_be_given_and_be_a_region(bare_cloud: Cloud, body: object, code: str) -> None:
    assert error_of(bare_cloud.ask("PUT", GROUP, body, version="2025-04-01")) == (400, code)


def test_deleting_a_group_takes_time_refuses_writes_meanwhile_and_takes_everything_with_it(
    slow_cloud: Cloud,
) -> None:
    slow_cloud.put_cluster()
    response = slow_cloud.ask("DELETE", GROUP, version="2025-04-01")
    assert (response.status, response.body) == (202, b"")
    location = Request(method="GET", url=response.headers["Location"])
    assert slow_cloud.emulator.handle(location).status == 202
    group = slow_cloud.ask("GET", GROUP, version="2025-04-01").json()
    assert group["properties"]["provisioningState"] == "Deleting"
    assert error_of(slow_cloud.put_cluster("other")) == (409, "ResourceGroupBeingDeleted")
    slow_cloud.wait(10)
    assert slow_cloud.emulator.handle(location).status == 200
    assert error_of(slow_cloud.ask("GET", GROUP, version="2025-04-01")) == (404, "ResourceGroupNotFound")
    left = [resource_id for resource_id in slow_cloud.emulator.resource_ids() if "/rg-ml" in resource_id]
    assert left == []


def test_a_group_made_again_after_its_deletion_is_not_touched_by_operations_of_the_old_one(
    open_any: Callable[..., Cloud],
) -> None:
    cloud = open_any(lro_seconds=10.0)
    cloud.build_group()
    cloud.build_neighbours()
    cloud.wait(10)
    cloud.put_workspace()
    cloud.wait(5)
    cloud.ask("DELETE", GROUP, version="2025-04-01")
    cloud.wait(10)
    cloud.build_group()
    cloud.wait(20)
    assert error_of(cloud.ask("GET", WORKSPACE)) == (404, "ResourceNotFound")


def test_generic_lists_show_tracked_resources_without_properties(cloud: Cloud) -> None:
    cloud.put_cluster()
    items = cloud.ask("GET", f"{GROUP}/resources", version="2025-04-01").json()["value"]
    assert {item["type"] for item in items} == {
        "Microsoft.Insights/components",
        "Microsoft.KeyVault/vaults",
        "Microsoft.MachineLearningServices/workspaces",
        "Microsoft.Storage/storageAccounts",
    }
    assert all("properties" not in item for item in items)
    everything = cloud.ask("GET", f"{SUBSCRIPTION}/resources", version="2025-04-01").json()["value"]
    assert DSVM in {item["id"] for item in everything}


def test_generic_lists_filter_by_type_and_name_and_refuse_other_filters(cloud: Cloud) -> None:
    path = f"{SUBSCRIPTION}/resources"
    query = "$filter=resourceType eq 'microsoft.storage/storageaccounts' and name eq 'MLSTORE'"
    found = cloud.ask("GET", path, version="2025-04-01", query=query).json()["value"]
    assert [item["id"] for item in found] == [STORAGE]
    refused = cloud.ask("GET", path, version="2025-04-01", query="$filter=tagName eq 'a'")
    assert error_of(refused) == (400, "InvalidFilterInQueryString")


def test_lists_have_pages_and_absolute_next_links(open_any: Callable[..., Cloud]) -> None:
    cloud = open_any(page_size=2)
    cloud.build_workspace()
    names = ["alpha", "bravo", "charlie", "delta", "echo"]
    for name in names:
        cloud.put_cluster(name)
    pages, url = [], f"{WORKSPACE}/computes?api-version=2025-12-01"
    while url:
        page = cloud.emulator.handle(Request(method="GET", url=url)).json()
        pages.append([compute["name"] for compute in page["value"]])
        url = page.get("nextLink", "")
        assert not url or url.startswith("https://management.azure.com/subscriptions/")
    assert pages == [["alpha", "bravo"], ["charlie", "delta"], ["echo"]]


@pytest.mark.parametrize("skip", ["x", "-1", "9" * 30, "1.5"])
def test_a_page_position_that_is_no_number_is_refused(cloud: Cloud, skip: str) -> None:
    response = cloud.ask("GET", f"{WORKSPACE}/computes", query=f"$skip={skip}")
    assert error_of(response) == (400, "InvalidQueryParameterValue")


def test_one_type_is_listed_in_a_group_and_in_the_subscription(cloud: Cloud) -> None:
    for scope in (GROUP, SUBSCRIPTION):
        path = f"{scope}/providers/Microsoft.MachineLearningServices/workspaces"
        assert [workspace["id"] for workspace in cloud.get(path)["value"]] == [WORKSPACE]


def test_names_that_are_unique_in_all_of_azure_are_refused_in_a_second_group(cloud: Cloud) -> None:
    cloud.build_group(GROUP + "-two")
    body = {"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    taken = cloud.ask("PUT", STORAGE.replace("rg-ml", "rg-ml-two"), body, version="2023-05-01")
    assert error_of(taken) == (409, "StorageAccountAlreadyTaken")
    vault = {"location": "eastus", "properties": {"tenantId": "t", "sku": {"name": "standard"}}}
    taken = cloud.ask("PUT", VAULT.replace("rg-ml", "rg-ml-two"), vault, version="2023-07-01")
    assert error_of(taken) == (409, "VaultAlreadyExists")
    cloud.ask("DELETE", STORAGE, version="2023-05-01")
    freed = cloud.ask("PUT", STORAGE.replace("rg-ml", "rg-ml-two"), body, version="2023-05-01")
    assert freed.status == 202


@pytest.mark.parametrize(
    ("path", "version", "code"),
    [
        (f"{PROVIDERS}/Microsoft.Storage/storageAccounts/UPPER", "2023-05-01", "AccountNameInvalid"),
        (f"{PROVIDERS}/Microsoft.KeyVault/vaults/1vault", "2023-07-01", "VaultNameNotValid"),
        (f"{PROVIDERS}/Microsoft.MachineLearningServices/workspaces/w", "2025-12-01", "ValidationError"),
        (GROUP + ".", "2025-04-01", "InvalidResourceGroup"),
    ],
)
def test_names_follow_the_rule_of_their_type(cloud: Cloud, path: str, version: str, code: str) -> None:
    assert error_of(cloud.ask("PUT", path, {"location": "eastus"}, version=version)) == (400, code)


def test_required_properties_of_a_neighbour_are_asked_for_by_name(cloud: Cloud) -> None:
    response = cloud.ask("PUT", STORAGE + "2", {"location": "eastus"}, version="2023-05-01")
    assert error_of(response) == (400, "InvalidRequestContent")
    assert "sku.name" in response.json()["error"]["message"]


def test_an_existing_resource_cannot_be_put_into_another_region(cloud: Cloud) -> None:
    body = {"location": "westus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    assert error_of(cloud.ask("PUT", STORAGE, body, version="2023-05-01")) == (409, "InvalidResourceLocation")


def test_read_only_values_of_a_neighbour_survive_a_second_put_and_a_patch(cloud: Cloud) -> None:
    insights = f"{PROVIDERS}/Microsoft.Insights/components/mlinsights"
    before = cloud.ask("GET", insights, version="2020-02-02").json()["properties"]["InstrumentationKey"]
    cloud.ask("PUT", insights, {"location": "eastus", "kind": "web"}, version="2020-02-02")
    patched = cloud.ask("PATCH", insights, {"tags": {"a": "b"}}, version="2020-02-02").json()
    assert (patched["properties"]["InstrumentationKey"], patched["tags"]) == (before, {"a": "b"})


def test_a_vm_password_is_never_echoed(cloud: Cloud) -> None:
    machine = cloud.ask("GET", DSVM, version="2024-07-01").json()
    profile = {"computerName": "vm", "adminUsername": "u", "adminPassword": "hunter2"}
    path = f"{PROVIDERS}/Microsoft.Compute/virtualMachines/vm"
    body = {"location": "eastus", "properties": {**machine["properties"], "osProfile": profile}}
    created = cloud.ask("PUT", path, body, version="2024-07-01")
    assert created.status == 201
    assert b"hunter2" not in created.body + cloud.ask("GET", path, version="2024-07-01").body


def test_a_new_cloud_has_somebody_elses_group_with_a_vm_to_attach(bare_cloud: Cloud) -> None:
    machine = bare_cloud.ask("GET", DSVM, version="2024-07-01").json()
    image = machine["properties"]["storageProfile"]["imageReference"]
    assert (image["publisher"], image["offer"], image["sku"]) == (
        "microsoft-dsvm",
        "ubuntu-2204",
        "2204-gen2",
    )
    subscriptions = bare_cloud.ask("GET", "/subscriptions", version="2022-12-01").json()["value"]
    assert [subscription["subscriptionId"] for subscription in subscriptions] == [SUBSCRIPTION_ID]
    assert bare_cloud.ask("GET", SUBSCRIPTION, version="2022-12-01").json()["state"] == "Enabled"
