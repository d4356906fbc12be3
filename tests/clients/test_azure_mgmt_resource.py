"""azure-mgmt-resource and azure-identity, unmodified, over TLS: endpoint, proxy, credentials, faults."""
# ruff: noqa: TID253 - the clients are what this file is about

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ServiceResponseError
from azure.identity import (
    ClientAssertionCredential,
    ClientSecretCredential,
    EnvironmentCredential,
    ManagedIdentityCredential,
)
from azure.mgmt.resource.resources import ResourceManagementClient
from tests.clients.conftest import Served

from mooring_emulator import SUBSCRIPTION_ID, TENANT_ID
from mooring_emulator.entra.tokens import read_claims

STORAGE = {"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
GROUP = f"/subscriptions/{SUBSCRIPTION_ID}/resourceGroups/rg"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/anaccount"
FAST = {"retry_backoff_factor": 0.01, "polling_interval": 0}


def sign_in(server: Served, secret: str = "a-secret", **options: Any) -> ClientSecretCredential:  # noqa: S107
    return ClientSecretCredential(
        TENANT_ID,
        "an-app",
        secret,
        authority=server.endpoint,
        disable_instance_discovery=True,
        connection_verify=server.ca,
        **options,
    )


@contextmanager
def connected(server: Served, **options: Any) -> Iterator[ResourceManagementClient]:
    scopes = [f"{server.endpoint}/.default"]
    with (
        sign_in(server) as credential,
        ResourceManagementClient(
            credential,
            SUBSCRIPTION_ID,
            base_url=server.endpoint,
            credential_scopes=scopes,
            connection_verify=server.ca,
            **(FAST | options),
        ) as client,
    ):
        yield client


def create_account(client: ResourceManagementClient) -> Any:
    client.resource_groups.create_or_update("rg", {"location": "eastus"})
    poller = client.resources.begin_create_or_update_by_id(ACCOUNT, STORAGE, api_version="2023-05-01")
    return poller.result()


def test_resources_are_created_listed_and_deleted_over_tls(serve: Callable[..., Served]) -> None:
    with connected(serve("-lro=0.2")) as client:
        created = create_account(client)
        assert created.properties["provisioningState"] == "Succeeded"
        assert [found.name for found in client.resources.list_by_resource_group("rg")] == ["anaccount"]
        client.resource_groups.begin_delete("rg").result()
        assert not client.resource_groups.check_existence("rg")


def test_through_the_proxy_a_client_uses_azures_own_names(serve: Callable[..., Served]) -> None:
    server = serve("-proxy")
    through = {"proxies": {"https": server.proxy}, "connection_verify": server.ca}
    with (
        ClientSecretCredential(TENANT_ID, "an-app", "a-secret", **through) as credential,
        ResourceManagementClient(credential, SUBSCRIPTION_ID, **through, **FAST) as client,
    ):
        assert create_account(client).id == ACCOUNT


def test_who_signed_in_is_who_created(serve: Callable[..., Served]) -> None:
    server = serve()
    with sign_in(server) as credential:
        token = credential.get_token("https://management.azure.com/.default")
    claims = read_claims(token.token) or {}
    assert (claims["tid"], claims["appid"], claims["aud"]) == (
        TENANT_ID,
        "an-app",
        "https://management.azure.com",
    )
    assert claims["exp"] > time.time()


@pytest.mark.parametrize(("secret", "code"), [("invalid", "AADSTS7000215"), ("expired", "AADSTS7000222")])
def test_a_wrong_secret_fails_as_entra_fails(serve: Callable[..., Served], secret: str, code: str) -> None:
    with sign_in(serve(), secret) as credential, pytest.raises(ClientAuthenticationError, match=code):
        credential.get_token("https://management.azure.com/.default")


def test_a_client_assertion_signs_in(serve: Callable[..., Served]) -> None:
    server = serve()
    with sign_in(server) as credential:
        assertion = credential.get_token("api://AzureADTokenExchange/.default").token
    with ClientAssertionCredential(
        TENANT_ID,
        "another-app",
        lambda: assertion,
        authority=server.endpoint,
        disable_instance_discovery=True,
        connection_verify=server.ca,
    ) as federated:
        assert federated.get_token("https://management.azure.com/.default").token


def test_a_managed_identity_signs_in(serve: Callable[..., Served], monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve()
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{server.endpoint}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "anything")
    with ManagedIdentityCredential(connection_verify=server.ca) as credential:
        assert credential.get_token("https://management.azure.com/.default").token


def test_credentials_from_the_environment_sign_in(
    serve: Callable[..., Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    server = serve("-proxy")
    monkeypatch.setenv("AZURE_TENANT_ID", TENANT_ID)
    monkeypatch.setenv("AZURE_CLIENT_ID", "an-app")
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "a-secret")
    with EnvironmentCredential(proxies={"https": server.proxy}, connection_verify=server.ca) as credential:
        assert credential.get_token("https://management.azure.com/.default").token


def test_throttling_is_retried_and_a_server_error_too(serve: Callable[..., Served], tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    faults = "PUT */resourcegroups/rg 429 nth=1 times=2 retry-after=0.01; PUT */storageAccounts/* 503 nth=1"
    with connected(serve(f"-faults={faults}", f"-log={log}")) as client:
        assert create_account(client).id == ACCOUNT
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    groups = [line["status"] for line in lines if line["path"].lower().endswith("/resourcegroups/rg")]
    assert groups == [429, 429, 201]
    assert [line["fault"] for line in lines if "storageAccounts" in line["path"]] == ["503", None]


def test_a_failed_operation_raises_what_the_rule_says(serve: Callable[..., Served], tmp_path: Path) -> None:
    rules = tmp_path / "faults.json"
    rule = {"method": "PUT", "path": "*/virtualNetworks/*", "fault": "lro-failed", "code": "QuotaExceeded"}
    rules.write_text(json.dumps([rule]))
    network = ACCOUNT.replace("Microsoft.Storage/storageAccounts", "Microsoft.Network/virtualNetworks")
    body = {"location": "eastus", "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}}
    with connected(serve(f"-faults={rules}")) as client:
        client.resource_groups.create_or_update("rg", {"location": "eastus"})
        with pytest.raises(HttpResponseError) as caught:
            client.resources.begin_create_or_update_by_id(network, body, api_version="2024-05-01").result()
        assert caught.value.error is not None
        assert caught.value.error.code == "QuotaExceeded"
        left = client.resources.get_by_id(network, api_version="2024-05-01")
    assert left.properties["provisioningState"] == "Failed"


def test_a_reset_connection_is_a_reset_connection(serve: Callable[..., Served]) -> None:
    faults = "GET */resourcegroups/rg reset"
    with connected(serve(f"-faults={faults}"), retry_total=0) as client, pytest.raises(ServiceResponseError):
        client.resource_groups.get("rg")


def test_without_a_token_arm_answers_401(serve: Callable[..., Served]) -> None:
    import requests

    server = serve()
    answer = requests.get(
        f"{server.endpoint}/subscriptions?api-version=2022-12-01", verify=server.ca, timeout=10
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "AuthenticationFailed")


def test_the_proxy_refuses_what_is_not_azure(serve: Callable[..., Served]) -> None:
    import requests

    server = serve("-proxy")
    with pytest.raises(requests.exceptions.ProxyError, match="403"):
        requests.get(
            "https://example.org", proxies={"https": str(server.proxy)}, verify=server.ca, timeout=10
        )
