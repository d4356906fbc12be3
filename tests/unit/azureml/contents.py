"""Configurations of what stands beside a workspace and in it: registries, networks, datastores."""

from __future__ import annotations

from typing import Final

from tests.unit.azureml.configurations import GROUP, PLACE, SUBSCRIPTION, WORKSPACE

from mooring.sdk.testing import Case

ACCOUNT_KEY: Final = "c3RvcmFnZS1rZXktbmV2ZXItc2hvdw=="
API_KEY: Final = "api-key-never-show-this"
ADMIN_PASSWORD: Final = "vm-Passw0rd-never-show"

REGISTRY: Final = {"name": "crmlwlab", **PLACE}
NETWORK: Final = {
    "type": "Microsoft.Network/virtualNetworks@2024-05-01",
    "parent_id": GROUP,
    "name": "vnet-lab",
    "location": "East US",
    "body": {"properties": {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}}},
    "replace_triggers": ["properties.addressSpace"],
    "response_export_values": ["properties.resourceGuid", "properties.provisioningState"],
}
DATASTORE: Final = {
    "name": "images",
    "workspace_id": WORKSPACE,
    "datastore_type": "AzureBlob",
    "account_name": "stmlwlab",
    "container_name": "images",
    "credentials": {"credentials_type": "AccountKey", "key": ACCOUNT_KEY},
}
CONNECTION: Final = {
    "name": "openai",
    "workspace_id": WORKSPACE,
    "category": "AzureOpenAI",
    "auth_type": "ApiKey",
    "target": "https://lab.openai.azure.com",
    "metadata": {"ApiVersion": "2024-10-21"},
    "credentials": {"key": API_KEY},
}
_WITH_DNS: Final = {
    "properties": {
        **NETWORK["body"]["properties"],  # type: ignore[index]
        "dhcpOptions": {"dnsServers": ["10.1.0.4"]},
    }
}
_PRINCIPAL: Final = {
    "credentials_type": "ServicePrincipal",
    "tenant_id": SUBSCRIPTION,
    "client_id": SUBSCRIPTION,
    "client_secret": ACCOUNT_KEY,
}

CONTENT_CASES: Final = (
    Case(
        type_name="azureml_container_registry",
        config=REGISTRY,
        changes=(
            {**REGISTRY, "sku_name": "Premium", "admin_user_enabled": True, "tags": {"a": "b"}},
            {**REGISTRY, "retention_policy": {"status": "enabled", "days": 30}},
        ),
    ),
    Case(
        type_name="azureml_arm_resource",
        config=NETWORK,
        changes=(
            {**NETWORK, "body": _WITH_DNS, "tags": {"a": "b"}},
            {**NETWORK, "response_export_values": {"guid": "properties.resourceGuid"}},
        ),
        import_attribute=None,
    ),
    Case(
        type_name="azureml_datastore",
        config=DATASTORE,
        changes=(
            {**DATASTORE, "description": "Images", "tags": {"a": "b"}, "properties": {"c": "d"}},
            {**DATASTORE, "credentials": {"credentials_type": "Sas", "sas_token": ACCOUNT_KEY}},
            {**DATASTORE, "credentials": _PRINCIPAL},
            {name: value for name, value in DATASTORE.items() if name != "credentials"},
        ),
    ),
    Case(
        type_name="azureml_connection",
        config=CONNECTION,
        changes=(
            {**CONNECTION, "target": "https://other.openai.azure.com", "is_shared_to_all": True},
            {**CONNECTION, "auth_type": "AAD", "credentials": None},
        ),
    ),
)
