"""Machine learning workspaces."""

import pytest
from tests.unit.emulator.clouds import INSIGHTS, STORAGE, VAULT, WORKSPACE, Cloud, error_of

from mooring_emulator.seed import PRINCIPAL


def test_the_service_fills_in_identity_ids_and_addresses(cloud: Cloud) -> None:
    workspace = cloud.get(WORKSPACE)
    identity, properties = workspace["identity"], workspace["properties"]
    assert identity["tenantId"] == PRINCIPAL.tenant_id
    assert len(identity["principalId"]) == len(properties["workspaceId"]) == 36
    assert properties["discoveryUrl"] == "https://eastus.api.azureml.ms/discovery"
    assert (workspace["etag"], properties["containerRegistry"], properties["encryption"]) == (
        None,
        None,
        None,
    )


def test_linked_ids_are_spelled_the_services_way(cloud: Cloud) -> None:
    sent = STORAGE.replace("resourceGroups", "resourcegroups").replace("storageAccounts", "storageaccounts")
    cloud.put_workspace(storageAccount=sent)
    properties = cloud.get(WORKSPACE)["properties"]
    assert properties["storageAccount"] == STORAGE.replace("Microsoft.Storage", "microsoft.storage")
    assert properties["keyVault"] == VAULT.replace("KeyVault", "Keyvault")
    assert properties["applicationInsights"] == INSIGHTS.replace("Insights/", "insights/")


def test_identity_types_are_spelled_canonically_and_ids_survive_an_update(cloud: Cloud) -> None:
    before = cloud.get(WORKSPACE)
    cloud.ask("PATCH", WORKSPACE, {"identity": {"type": "Systemassigned"}})
    after = cloud.get(WORKSPACE)
    assert after["identity"] == before["identity"]
    assert after["properties"]["workspaceId"] == before["properties"]["workspaceId"]


def test_a_user_assigned_identity_shows_the_ids_of_its_resource(cloud: Cloud) -> None:
    path = (
        WORKSPACE.partition("/Microsoft.Machine")[0]
        + "/Microsoft.ManagedIdentity/userAssignedIdentities/me-too"
    )
    identity = cloud.ask("PUT", path, {"location": "eastus"}, version="2023-01-31").json()
    cloud.ask(
        "PATCH", WORKSPACE, {"identity": {"type": "UserAssigned", "userAssignedIdentities": {path: {}}}}
    )
    shown = cloud.get(WORKSPACE)["identity"]["userAssignedIdentities"][path]
    assert shown == {name: identity["properties"][name] for name in ("principalId", "clientId")}


@pytest.mark.parametrize("missing", ["storageAccount", "keyVault", "applicationInsights"])
def test_a_workspace_needs_its_dependent_resources(cloud: Cloud, missing: str) -> None:
    response = cloud.put_workspace(WORKSPACE + "2", **{missing: None})
    assert error_of(response) == (400, "ValidationError")
    assert response.json()["error"]["message"] == "Missing dependent resources in workspace json"
    assert response.json()["error"]["target"] == "workspace"


def test_a_dependent_resource_must_exist(cloud: Cloud) -> None:
    assert error_of(cloud.put_workspace(WORKSPACE + "2", keyVault=VAULT + "x")) == (400, "ValidationError")


def test_patch_changes_what_may_change_and_leaves_the_rest(cloud: Cloud) -> None:
    body = {"tags": {"a": "b"}, "properties": {"friendlyName": "Mine", "publicNetworkAccess": "disabled"}}
    response = cloud.ask("PATCH", WORKSPACE, body)
    assert response.status == 202
    cloud.poll(response)
    workspace = cloud.get(WORKSPACE)
    assert workspace["tags"] == {"a": "b"}
    assert workspace["properties"]["friendlyName"] == "Mine"
    assert workspace["properties"]["publicNetworkAccess"] == "Disabled"
    assert workspace["properties"]["keyVault"] == VAULT.replace("KeyVault", "Keyvault")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_storage_account_and_key_vault_cannot_be_changed(cloud: Cloud, method: str) -> None:
    other = STORAGE + "two"
    body = {"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    cloud.ask("PUT", other, body, version="2023-05-01")
    links = {"storageAccount": other, "keyVault": VAULT, "applicationInsights": INSIGHTS}
    response = cloud.ask(method, WORKSPACE, {"location": "eastus", "properties": links})
    assert error_of(response) == (400, "BadRequest")
    assert "storageAccount" in response.json()["error"]["message"]


def test_the_region_of_a_workspace_cannot_be_changed(cloud: Cloud) -> None:
    assert error_of(cloud.ask("PUT", WORKSPACE, {"location": "westus", "properties": {}})) == (
        409,
        "InvalidResourceLocation",
    )


def test_a_value_outside_its_enumeration_is_refused_with_the_possible_values(cloud: Cloud) -> None:
    response = cloud.ask("PATCH", WORKSPACE, {"properties": {"publicNetworkAccess": "Perhaps"}})
    assert error_of(response) == (400, "BadRequest")
    assert "Enabled, Disabled" in response.json()["error"]["message"]
