"""The identity that a storage account is asked with, and what to call it in an error.

Explicit before guessed, in Terraform's order: certificate, secret, federated token, managed identity, Azure
CLI. None of them talks to anybody before the first token is needed.
"""
# ruff: noqa: TID253 - this package is the lazy import

from __future__ import annotations

import base64
import logging
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from azure.core import PipelineClient
from azure.core.credentials import AccessToken, TokenCredential
from azure.core.pipeline.policies import RetryPolicy
from azure.core.rest import HttpRequest
from azure.identity import (
    AzureCliCredential,
    CertificateCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    ManagedIdentityCredential,
)

from mooring.core.records import record
from mooring.state.backends.model import BackendError, Settings, is_on, text_of

_AUDIENCE: Final = "api://AzureADTokenExchange"


@record(kw_only=True)
class Identity:
    """A credential, and the words for it."""

    credential: TokenCredential
    shown_as: str


def identity_of(settings: Settings, authority: str) -> Identity:
    """The identity that the settings name. Raises `OSError` when they name none, or a file cannot be read."""
    _quieten()
    options = _options(settings, authority)
    tenant = text_of(settings, "tenant_id")
    client = _or_file(settings, "client_id", "client_id_file_path")
    secret = _or_file(settings, "client_secret", "client_secret_file_path")
    certificate = _certificate(settings)
    if certificate:
        return _identity(_with_certificate(settings, tenant, client, certificate, options), "certificate")
    if secret:
        of_secret = ClientSecretCredential(
            _needed("tenant_id", tenant), _needed("client_id", client), secret, **options
        )
        return _identity(of_secret, "client_secret")
    if is_on(settings, "use_oidc") or is_on(settings, "use_aks_workload_identity"):
        of_token = ClientAssertionCredential(
            _needed("tenant_id", tenant),
            _needed("client_id", client),
            lambda: _federated_token(settings),
            **options,
        )
        return _identity(of_token, "use_oidc")
    if is_on(settings, "use_msi"):
        return _identity(_managed(settings, client), "use_msi")
    if is_on(settings, "use_cli"):
        return _identity(AzureCliCredential(tenant_id=tenant), "use_cli (az login)")
    raise BackendError(
        "no way to log in is set: neither client_certificate_path, client_secret, use_oidc, use_msi nor "
        "use_cli"
    )


def _options(settings: Settings, authority: str) -> Mapping[str, Any]:
    """Where to log in; a cloud of its own is not known to the public ones, so they are not asked about it."""
    return {
        "authority": authority,
        "disable_instance_discovery": bool(text_of(settings, "metadata_host")),
    }


def _quieten() -> None:
    """Keeps the library from writing to standard error beside the error that we tell."""
    logger = logging.getLogger("azure.identity")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def _identity(credential: TokenCredential, setting: str) -> Identity:
    return Identity(credential=credential, shown_as=f"Entra ID with {setting}")


def _needed(name: str, value: str) -> str:
    if not value:
        raise BackendError(f'"{name}" is not set, and logging in to Entra ID needs it')
    return value


def _or_file(settings: Settings, name: str, file: str) -> str:
    """A setting, or the content of the file that another one names."""
    path = text_of(settings, file)
    return text_of(settings, name) or (_content(file, path).decode().strip() if path else "")


def _content(name: str, path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as problem:
        raise BackendError(f'"{name}" is {path}, which cannot be read: {problem.strerror}') from None


def _certificate(settings: Settings) -> bytes:
    text, path = text_of(settings, "client_certificate"), text_of(settings, "client_certificate_path")
    if text:
        try:
            return base64.b64decode(text, validate=True)
        except ValueError:
            raise BackendError('"client_certificate" is not base64') from None
    return _content("client_certificate_path", path) if path else b""


def _with_certificate(
    settings: Settings, tenant: str, client: str, content: bytes, options: Mapping[str, Any]
) -> TokenCredential:
    try:
        return CertificateCredential(
            _needed("tenant_id", tenant),
            _needed("client_id", client),
            certificate_data=content,
            password=text_of(settings, "client_certificate_password") or None,
            **options,
        )
    except ValueError:
        raise BackendError("the client certificate cannot be read, or its password is another one") from None


# -- federated tokens ----------------------------------------------------------------------------


def _federated_token(settings: Settings) -> str:
    """The token of the platform that the run is on, fetched anew each time: it lives for minutes."""
    if text_of(settings, "oidc_token"):
        return text_of(settings, "oidc_token")
    path, url = text_of(settings, "oidc_token_file_path"), text_of(settings, "oidc_request_url")
    if path:
        return _content("oidc_token_file_path", path).decode().strip()
    if not url:
        raise BackendError(
            '"use_oidc" is set, but none of oidc_token, oidc_token_file_path and oidc_request_url'
        )
    connection = text_of(settings, "ado_pipeline_service_connection_id")
    bearer = {"Authorization": f"Bearer {text_of(settings, 'oidc_request_token')}"}
    if connection:
        query = {"api-version": "7.1", "serviceConnectionId": connection}
        request = HttpRequest("POST", url, params=query, headers=bearer, json={})
        return str(_answer(request).get("oidcToken", ""))
    return str(
        _answer(HttpRequest("GET", url, params={"audience": _AUDIENCE}, headers=bearer)).get("value", "")
    )


def _answer(request: HttpRequest) -> dict[str, Any]:
    client: PipelineClient[Any, Any] = PipelineClient("", policies=[RetryPolicy()])
    with client:
        response = client.send_request(request)
        response.raise_for_status()
        found = response.json()
    return found if isinstance(found, dict) else {}


# -- managed identities --------------------------------------------------------------------------


def _managed(settings: Settings, client: str) -> TokenCredential:
    endpoint = text_of(settings, "msi_endpoint") or text_of(settings, "endpoint")
    if endpoint:
        return _EndpointCredential(endpoint, client)
    return ManagedIdentityCredential(client_id=client or None)


class _EndpointCredential:
    """A managed identity whose tokens come from an address of its own."""

    def __init__(self, endpoint: str, client: str) -> None:
        self._endpoint: Final = endpoint
        self._client: Final = client

    def get_token(self, *scopes: str, **_: object) -> AccessToken:
        """A token for the first scope."""
        query = {"api-version": "2018-02-01", "resource": scopes[0].removesuffix("/.default")}
        if self._client:
            query["client_id"] = self._client
        answer = _answer(HttpRequest("GET", self._endpoint, params=query, headers={"Metadata": "true"}))
        return AccessToken(answer["access_token"], int(answer.get("expires_on") or time.time() + 300))
