"""Deployments, tags, locks, provider registration and storage keys."""

from typing import Any

import pytest
from tests.unit.emulator.clouds import GROUP, PROVIDERS, STORAGE, WORKSPACE, Cloud, error_of

from mooring_emulator import SUBSCRIPTION_ID

SUBSCRIPTION = f"/subscriptions/{SUBSCRIPTION_ID}"
ARM = "2025-04-01"
DEPLOYMENT = f"{PROVIDERS}/Microsoft.Resources/deployments/first"
ACCOUNT = {
    "type": "Microsoft.Storage/storageAccounts",
    "apiVersion": "2023-05-01",
    "name": "[concat(parameters('prefix'), 'store')]",
    "location": "[resourceGroup().location]",
    "sku": {"name": "Standard_LRS"},
    "kind": "StorageV2",
}
INSIGHTS = {
    "type": "Microsoft.Insights/components",
    "apiVersion": "2020-02-02",
    "name": "insights",
    "location": "eastus",
    "kind": "web",
    "dependsOn": ["[resourceId('Microsoft.Storage/storageAccounts', concat(parameters('prefix'), 'store'))]"],
    "tags": {"store": "[reference(concat(parameters('prefix'), 'store')).primaryEndpoints.blob]"},
}


def deploy(cloud: Cloud, template: dict[str, Any], *, name: str = "first", **parameters: object) -> Any:
    values = {key: {"value": value} for key, value in parameters.items()}
    body = {"properties": {"mode": "Incremental", "template": template, "parameters": values}}
    return cloud.ask("PUT", f"{PROVIDERS}/Microsoft.Resources/deployments/{name}", body, version=ARM)


def template(*resources: dict[str, Any], **outputs: str) -> dict[str, Any]:
    return {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "parameters": {
            "prefix": {"type": "string", "defaultValue": "ml"},
            "secret": {"type": "secureString", "defaultValue": ""},
        },
        "resources": list(resources),
        "outputs": {name: {"type": "string", "value": value} for name, value in outputs.items()},
    }


@pytest.fixture
def group(bare_cloud: Cloud) -> Cloud:
    bare_cloud.build_group()
    return bare_cloud


def test_a_template_makes_its_resources_in_the_order_of_their_dependencies(group: Cloud) -> None:
    written = template(INSIGHTS, ACCOUNT, id="[resourceId('Microsoft.Storage/storageAccounts', 'mystore')]")
    response = deploy(group, written, prefix="my", secret="hunter2")
    assert response.status == 201
    assert group.poll(response).json()["status"] == "Succeeded"
    done = group.ask("GET", DEPLOYMENT, version=ARM).json()["properties"]
    assert done["outputs"]["id"]["value"].endswith("/storageAccounts/mystore")
    assert [each["id"].rpartition("/")[2] for each in done["outputResources"]] == ["mystore", "insights"]
    assert done["parameters"]["secret"] == {"type": "secureString"}
    insights = group.ask("GET", f"{PROVIDERS}/Microsoft.Insights/components/insights", version="2020-02-02")
    assert insights.json()["tags"] == {"store": "https://mystore.blob.core.windows.net/"}
    for path in (f"{DEPLOYMENT}/operations", f"{GROUP}/deployments/first/operations"):
        operations = group.ask("GET", path, version=ARM).json()["value"]
        assert [each["properties"]["provisioningState"] for each in operations] == ["Succeeded", "Succeeded"]


def test_what_was_made_before_a_failure_stays(group: Cloud) -> None:
    broken = {**INSIGHTS, "location": "nowhere"}
    status = group.poll(deploy(group, template(ACCOUNT, broken))).json()
    assert (status["status"], status["error"]["code"]) == ("Failed", "DeploymentFailed")
    assert status["error"]["details"][0]["code"] == "LocationNotAvailableForResourceType"
    assert any(each.endswith("/storageAccounts/mlstore") for each in group.emulator.resource_ids())


@pytest.mark.parametrize(
    ("resource", "words"),
    [
        ({"name": "[nonsense()]"}, "'nonsense' is not valid"),
        ({"name": "[parameters('nope')]"}, "'nope' is not found"),
        ({"name": "[concat('a'"}, "concat"),
        ({"name": "[concat('a']"}, "expected ','"),
        ({"name": None}, "needs type, name and apiVersion"),
        ({"dependsOn": ["insights", "mlstore"]}, "Circular dependency"),
        ({"copy": {"count": "x"}}, "copy count"),
    ],
)
def test_an_invalid_template_is_refused_at_once(group: Cloud, resource: dict[str, Any], words: str) -> None:
    looped = {**ACCOUNT, **resource}
    response = deploy(group, template(looped, INSIGHTS) if "dependsOn" in resource else template(looped))
    if words != "concat":
        assert error_of(response) == (400, "InvalidTemplate")
        assert words in response.json()["error"]["message"]
    else:
        assert group.poll(response).json()["status"] == "Failed"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("[toLower(concat('A', 1))]", "a1"),
        ("[if(equals('a', 'b'), parameters('nope'), 'no')]", "no"),
        ("[guid('a', 'b')]", "ac20e56e-1ed8-5e0e-8ab7-2b6a8c52c5a0"),
        ("[string(length(createArray(1, 2)))]", "2"),
        ("[split('a,b', ',')[1]]", "b"),
        ("[[escaped]", "[escaped]"),
        ("[subscription().tenantId]", "11111111-1111-1111-1111-111111111111"),
        ('[json(\'{"a": {"b": "c"}}\').A.b]', "c"),
        ("['it''s']", "it's"),
    ],
)
def test_expressions_are_evaluated(group: Cloud, expression: str, value: str) -> None:
    group.poll(deploy(group, template(out=expression)))
    shown = group.ask("GET", DEPLOYMENT, version=ARM).json()["properties"]["outputs"]["out"]["value"]
    assert shown == value or ("guid" in expression and len(shown) == 36)


def test_a_template_can_be_validated_without_making_anything(group: Cloud) -> None:
    body = {"properties": {"mode": "Incremental", "template": template(ACCOUNT)}}
    assert group.ask("POST", f"{DEPLOYMENT}/validate", body, version=ARM).status == 200
    assert not any("storageAccounts" in each for each in group.emulator.resource_ids())


def test_tags_are_a_resource_of_any_scope(cloud: Cloud) -> None:
    path = f"{STORAGE}/providers/Microsoft.Resources/tags/default"
    body = {"properties": {"tags": {"a": "1"}}}
    assert cloud.ask("PUT", path, body, version=ARM).status == 200
    merged = {"operation": "Merge", "properties": {"tags": {"b": "2"}}}
    shown = cloud.ask("PATCH", path, merged, version=ARM).json()["properties"]["tags"]
    assert shown == {"a": "1", "b": "2"}
    assert cloud.ask("GET", STORAGE, version="2023-05-01").json()["tags"] == shown
    assert cloud.ask("DELETE", path, version=ARM).status == 200
    group = f"{GROUP}/providers/Microsoft.Resources/tags/default"
    assert cloud.ask("PUT", group, body, version=ARM).json()["properties"]["tags"] == {"a": "1"}


@pytest.mark.parametrize("scope", [GROUP, WORKSPACE, SUBSCRIPTION])
def test_a_lock_stops_deletes_below_it_until_it_is_gone(cloud: Cloud, scope: str) -> None:
    path = f"{scope}/providers/Microsoft.Authorization/locks/keep"
    body = {"properties": {"level": "CanNotDelete"}}
    assert cloud.ask("PUT", path, body, version="2016-09-01").status == 201
    assert error_of(cloud.ask("DELETE", WORKSPACE)) == (409, "ScopeLocked")
    assert error_of(cloud.ask("DELETE", GROUP, version=ARM)) == (409, "ScopeLocked")
    assert cloud.put_cluster().status == 201
    assert cloud.ask("DELETE", path, version="2016-09-01").status == 200
    cloud.get(WORKSPACE)
    assert cloud.ask("DELETE", WORKSPACE).status == 202


def test_a_read_only_lock_stops_writes_too(cloud: Cloud) -> None:
    path = f"{GROUP}/providers/Microsoft.Authorization/locks/freeze"
    cloud.ask("PUT", path, {"properties": {"level": "ReadOnly"}}, version="2020-05-01")
    assert error_of(cloud.put_cluster()) == (409, "ScopeLocked")
    assert error_of(cloud.ask("PATCH", WORKSPACE, {"tags": {}})) == (409, "ScopeLocked")
    assert cloud.ask("GET", WORKSPACE).status == 200


def test_an_unregistered_provider_refuses_until_it_is_registered(cloud: Cloud) -> None:
    provider = f"{SUBSCRIPTION}/providers/Microsoft.MachineLearningServices"
    assert cloud.ask("GET", provider, version=ARM).json()["registrationState"] == "Registered"
    cloud.ask("POST", f"{provider}/unregister", version=ARM)
    assert error_of(cloud.put_cluster()) == (409, "MissingSubscriptionRegistration")
    cloud.ask("POST", f"{provider}/register", version=ARM)
    assert cloud.put_cluster().status == 201


def test_storage_keys_are_stable_until_one_is_regenerated(cloud: Cloud) -> None:
    def keys() -> list[str]:
        answer = cloud.ask("POST", f"{STORAGE}/listKeys", version="2023-05-01").json()
        return [key["value"] for key in answer["keys"]]

    before = keys()
    assert before == keys()
    cloud.ask("POST", f"{STORAGE}/regenerateKey", {"keyName": "key1"}, version="2023-05-01")
    after = keys()
    assert (before[0] != after[0], before[1] == after[1]) == (True, True)


def test_the_metadata_document_and_the_tenant_are_there_without_an_api_version(cloud: Cloud) -> None:
    clouds = cloud.ask("GET", "/metadata/endpoints", version="2019-05-01").json()
    assert [each["name"] for each in clouds] == ["AzureCloud", "MooringEmulator"]
    assert cloud.ask("GET", "/metadata/endpoints", version="2022-09-01").json()["name"] == "AzureCloud"
    assert cloud.ask("GET", "/contoso.com/v2.0/.well-known/openid-configuration").status == 200
    assert cloud.ask("GET", "/nope/v2.0/.well-known/openid-configuration").status == 400
    assert cloud.ask("GET", "/discovery").json()["api"] == "https://management.azure.com"
