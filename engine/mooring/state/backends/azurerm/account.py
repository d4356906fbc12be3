"""The storage account: its address, and what it is asked with.

An access key or a SAS token is used as it is; with `use_azuread_auth` the account is asked with an Entra
identity; otherwise that identity looks up the account's key first, as Terraform does.
"""
# ruff: noqa: TID253 - this package is the lazy import

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from azure.core import PipelineClient
from azure.core.credentials import TokenCredential
from azure.core.exceptions import AzureError
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RetryPolicy
from azure.core.rest import HttpRequest
from azure.storage.blob import ContainerClient

from mooring.core.records import record
from mooring.state.backends.azurerm.clouds import Cloud, cloud_of
from mooring.state.backends.azurerm.credentials import Identity, identity_of
from mooring.state.backends.azurerm.failures import refused_login
from mooring.state.backends.azurerm.retrying import WaitingRetry
from mooring.state.backends.model import Around, BackendError, Settings, is_on, text_of
from mooring.state.backends.waiting import Waiting
from mooring.state.lock_record import EXPIRY

ENDPOINT_VARIABLE: Final = "MOOR_AZURERM_BLOB_ENDPOINT"
"""The address of the account's blobs, for accounts that are not under Azure's names: Azurite."""
_API: Final = "2023-01-01"
_OPTIONS: Final[Mapping[str, Any]] = {
    "connection_timeout": 20,
    "read_timeout": EXPIRY / 2,  # a sign of life that gets no answer is sent again while the lock is ours
    "logging_enable": False,
}

Credential = str | TokenCredential


@record(kw_only=True)
class Container:
    """A client of the container, and the words for what it logs in with."""

    client: ContainerClient
    tried: str


def open_container(settings: Settings, around: Around) -> Container:
    """The container of the settings; nobody is asked but for a key or an address. Raises `OSError`."""
    endpoint, credential, tried = _access(settings, around.environment)
    client = ContainerClient(
        endpoint,
        text_of(settings, "container_name"),
        credential=credential,
        retry_policy=WaitingRetry(Waiting(around.host), around.host.sleep),
        **_OPTIONS,
    )
    return Container(client=client, tried=tried)


def _access(settings: Settings, environment: Mapping[str, str]) -> tuple[str, Credential, str]:
    """The address of the account's blobs, what it is asked with, and the words for that."""
    known = environment.get(ENDPOINT_VARIABLE, "")
    has_own = bool(text_of(settings, "access_key") or text_of(settings, "sas_token"))
    looks_up = is_on(settings, "lookup_blob_endpoint")
    cloud = cloud_of(settings)
    if has_own and not looks_up:
        return known or _usual_endpoint(settings, cloud), *_own(settings)
    identity = identity_of(settings, cloud.authority)
    endpoint = known or (
        _found_endpoint(settings, cloud, identity) if looks_up else _usual_endpoint(settings, cloud)
    )
    if has_own:
        return endpoint, *_own(settings)
    if is_on(settings, "use_azuread_auth"):
        return endpoint, identity.credential, identity.shown_as
    key = _looked_up_key(settings, cloud, identity)
    return endpoint, key, f"the access key that {identity.shown_as} looked up"


def _own(settings: Settings) -> tuple[str, str]:
    key = text_of(settings, "access_key")
    return (key, "access_key") if key else (text_of(settings, "sas_token").removeprefix("?"), "sas_token")


def _usual_endpoint(settings: Settings, cloud: Cloud) -> str:
    return f"https://{text_of(settings, 'storage_account_name')}.blob.{cloud.storage}"


# -- what Azure Resource Manager knows -----------------------------------------------------------


def _found_endpoint(settings: Settings, cloud: Cloud, identity: Identity) -> str:
    account = _manage("GET", "", settings, cloud, identity)
    try:
        return str(account["properties"]["primaryEndpoints"]["blob"]).rstrip("/")
    except (KeyError, TypeError):
        raise BackendError("Azure Resource Manager tells no blob endpoint of the storage account") from None


def _looked_up_key(settings: Settings, cloud: Cloud, identity: Identity) -> str:
    found = _manage("POST", "/listKeys", settings, cloud, identity)
    try:
        return str(found["keys"][0]["value"])
    except (KeyError, IndexError, TypeError):
        raise BackendError("Azure Resource Manager tells no key of the storage account") from None


def _manage(method: str, action: str, settings: Settings, cloud: Cloud, identity: Identity) -> Any:
    """The answer of Azure Resource Manager about the account."""
    for name in ("subscription_id", "resource_group_name"):
        if not text_of(settings, name):
            raise BackendError(
                f'"{name}" is not set. Without access_key, sas_token or use_azuread_auth, or with '
                "lookup_blob_endpoint, the storage account is looked up in its resource group"
            )
    address = (
        f"{cloud.manager}/subscriptions/{text_of(settings, 'subscription_id')}/resourceGroups/"
        f"{text_of(settings, 'resource_group_name')}/providers/Microsoft.Storage/storageAccounts/"
        f"{text_of(settings, 'storage_account_name')}{action}?api-version={_API}"
    )
    login = BearerTokenCredentialPolicy(identity.credential, f"{cloud.manager}/.default")
    client: PipelineClient[Any, Any] = PipelineClient(cloud.manager, policies=[RetryPolicy(), login])
    try:
        with client:
            response = client.send_request(HttpRequest(method, address))
            if response.status_code == 404:
                raise BackendError(_no_account(settings))
            response.raise_for_status()
            return response.json()
    except (AzureError, ValueError) as problem:
        raise refused_login(problem, identity.shown_as) from None


def _no_account(settings: Settings) -> str:
    account, group = text_of(settings, "storage_account_name"), text_of(settings, "resource_group_name")
    return f'there is no storage account "{account}" in the resource group "{group}" of the subscription'
