"""Where the services of an Azure cloud are: the three public ones, or what a metadata service says."""
# ruff: noqa: TID253 - this package is the lazy import

from __future__ import annotations

from typing import Any, Final

from azure.core import PipelineClient
from azure.core.exceptions import AzureError
from azure.core.pipeline.policies import RetryPolicy
from azure.core.rest import HttpRequest

from mooring.core.records import record
from mooring.state.backends.model import BackendError, Settings, text_of


@record(kw_only=True)
class Cloud:
    """Addresses without a slash at the end; `storage` is the suffix of accounts' host names."""

    authority: str
    manager: str
    storage: str


_PUBLIC: Final = Cloud(
    authority="https://login.microsoftonline.com",
    manager="https://management.azure.com",
    storage="core.windows.net",
)
_CLOUDS: Final = {
    "public": _PUBLIC,
    "global": _PUBLIC,
    "china": Cloud(
        authority="https://login.chinacloudapi.cn",
        manager="https://management.chinacloudapi.cn",
        storage="core.chinacloudapi.cn",
    ),
    "usgovernment": Cloud(
        authority="https://login.microsoftonline.us",
        manager="https://management.usgovcloudapi.net",
        storage="core.usgovcloudapi.net",
    ),
}
_API: Final = "2022-09-01"


def cloud_of(settings: Settings) -> Cloud:
    """The cloud that is meant. Raises `OSError` if nobody knows it."""
    name, host = text_of(settings, "environment"), text_of(settings, "metadata_host")
    if host:
        return _described(host, name)
    found = _CLOUDS.get(name.lower().removeprefix("azure").removesuffix("cloud") or "public")
    if found is None:
        raise BackendError(f'"environment" is "{name}", which is none of public, china and usgovernment')
    return found


def _described(host: str, name: str) -> Cloud:
    """What the metadata service of a cloud says of it."""
    address = f"https://{host}/metadata/endpoints?api-version={_API}"
    client: PipelineClient[Any, Any] = PipelineClient(address, policies=[RetryPolicy()])
    try:
        with client:
            response = client.send_request(HttpRequest("GET", address))
            response.raise_for_status()
            found = response.json()
    except (AzureError, ValueError) as problem:
        raise BackendError(
            f'"metadata_host" {host} does not describe its cloud ({type(problem).__name__})'
        ) from None
    clouds = found if isinstance(found, list) else [found]
    chosen = next((each for each in clouds if each.get("name", "").lower() == name.lower()), clouds[0])
    return Cloud(
        authority=chosen["authentication"]["loginEndpoint"].rstrip("/"),
        manager=chosen["resourceManager"].rstrip("/"),
        storage=chosen["suffixes"]["storage"],
    )
