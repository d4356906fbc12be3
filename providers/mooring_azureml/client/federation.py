"""Federated tokens of CI systems, with which an application signs in without a secret.

Sources: "Configuring OpenID Connect in Azure" (GitHub Actions: GET, audience api://AzureADTokenExchange, the
token is `value`); "Azure DevOps REST API: Oidctoken - Create" (POST with the service connection, the token is
`oidcToken`). A token lives for minutes, so that every access token asks for a new one.
"""
# ruff: noqa: TID253 - this package is the lazy import

from __future__ import annotations

from pathlib import Path
from typing import Final

from azure.core import PipelineClient
from azure.core.exceptions import ClientAuthenticationError
from azure.core.rest import HttpRequest, HttpResponse

from mooring_azureml.signing_in.settings import Federation

_AUDIENCE: Final = "api://AzureADTokenExchange"
_AZURE_DEVOPS_API: Final = "7.1"


def assertion(federation: Federation, ca_file: str | None) -> str:
    """The federated token. Raises `ClientAuthenticationError` when there is none."""
    if federation.token is not None:
        return federation.token
    if federation.file_path is not None:
        return _from_file(federation.file_path)
    return _issued(federation, ca_file)


def _from_file(path: str) -> str:
    """Read anew each time: the file is rotated under long runs."""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        raise ClientAuthenticationError(f"The federated token cannot be read: {problem}") from problem


def _issued(federation: Federation, ca_file: str | None) -> str:
    verify: bool | str = True if ca_file is None else ca_file
    client: PipelineClient[HttpRequest, HttpResponse] = PipelineClient("", connection_verify=verify)
    with client:
        response = client.send_request(_request(federation), stream=False)
    try:
        content = response.json() if response.status_code < 400 else {}
    except ValueError:
        content = {}
    token = content.get("oidcToken") or content.get("value") if isinstance(content, dict) else None
    if not isinstance(token, str):
        where = federation.request_url
        raise ClientAuthenticationError(
            f"{where} answered {response.status_code} and gave no federated token"
        )
    return token


def _request(federation: Federation) -> HttpRequest:
    headers = {"Authorization": f"Bearer {federation.request_token}", "Accept": "application/json"}
    url = federation.request_url or ""
    if federation.service_connection_id is not None:
        parameters = {
            "api-version": _AZURE_DEVOPS_API,
            "serviceConnectionId": federation.service_connection_id,
        }
        return HttpRequest("POST", url, params=parameters, headers=headers, json={})
    return HttpRequest("GET", url, params={"audience": _AUDIENCE}, headers=headers)
