"""Opening a client for the settings of a provider block: endpoint, credential, pipeline."""
# ruff: noqa: TID253 - this package is the lazy import

from __future__ import annotations

import time
from logging import getLogger
from pathlib import Path

from azure.core.credentials import AccessToken, TokenCredential
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.core.pipeline.transport import HttpTransport
from azure.core.rest import HttpRequest, HttpResponse
from azure.mgmt.resource.resources import ResourceManagementClient

from mooring_azureml.client.azure import AzureArm
from mooring_azureml.client.credentials import credential_for
from mooring_azureml.client.policies import ReadOnlyGate, RequestLog
from mooring_azureml.settings import Settings

_LONGEST_BACKOFF_SECONDS = 30


def open_arm(settings: Settings, *, read_only: bool) -> AzureArm:
    """The port for these settings. The first token is fetched by the first request."""
    if settings.is_emulator:
        return _open_emulator(settings, read_only=read_only)
    client = make_client(settings, credential_for(settings), None, read_only=read_only)
    return AzureArm(client, close=client.close, poll_seconds=settings.poll_seconds)


def _open_emulator(settings: Settings, *, read_only: bool) -> AzureArm:
    from mooring_emulator import open_emulator, transport

    store = Path(settings.emulator_store)
    store.parent.mkdir(parents=True, exist_ok=True)
    store.touch(mode=0o600)  # a cloud knows the credentials that it was given
    emulator = open_emulator(str(store), clock=time.time, lro_seconds=settings.emulator_lro_seconds)
    client = make_client(settings, StaticToken(), transport(emulator), read_only=read_only)

    def close() -> None:
        client.close()
        emulator.close()

    return AzureArm(client, close=close, poll_seconds=settings.poll_seconds)


def make_client(
    settings: Settings,
    credential: TokenCredential,
    transport: HttpTransport[HttpRequest, HttpResponse] | None,
    *,
    read_only: bool,
) -> ResourceManagementClient:
    """A client with our gate and our log in its pipeline; `transport` None is the network."""
    return ResourceManagementClient(
        credential,
        settings.subscription_id,
        base_url=settings.cloud.endpoint,
        credential_scopes=[f"{settings.cloud.endpoint}/.default"],
        http_logging_policy=RequestLog(getLogger("mooring.provider.azureml")),
        logging_policy=SansIOHTTPPolicy[HttpRequest, HttpResponse](),
        per_retry_policies=[ReadOnlyGate(read_only=read_only)],
        retry_backoff_max=_LONGEST_BACKOFF_SECONDS,
        cloud_setting=None,
        transport=transport,
    )


class StaticToken:
    """The emulator's credential: a token that nobody checks."""

    def get_token(self, *_scopes: str, **_options: object) -> AccessToken:
        """The token; it never expires within a run."""
        return AccessToken("emulator", int(time.time()) + 86_400)
