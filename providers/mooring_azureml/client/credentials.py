"""The credential for the settings of a provider block.

Explicit before guessed: what the settings name is built directly; azure-identity's default chain comes last,
without its environment part, because those variables are settings here (facts.md section 4). An authority
that is not Microsoft's needs instance discovery switched off.
"""
# ruff: noqa: TID253 - this package is the lazy import

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from typing import TypedDict

from azure.core.credentials import TokenCredential
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    AzureCliCredential,
    CertificateCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    DefaultAzureCredential,
    ManagedIdentityCredential,
)

from mooring_azureml.client.federation import assertion
from mooring_azureml.signing_in.clouds import is_known_authority
from mooring_azureml.signing_in.settings import CredentialKind, Settings

_BACKOFF_SECONDS = 0.2
"""Before the second try; twice as long before each further one. A person waits for the first sign-in."""


class _Surroundings(TypedDict, total=False):
    authority: str
    disable_instance_discovery: bool
    connection_verify: str
    retry_backoff_factor: float


def credential_for(settings: Settings) -> TokenCredential:
    """The credential; none of them talks to anybody before the first token is needed.

    Raises `ClientAuthenticationError` or `ValueError` for a certificate that cannot be read.
    """
    around = _surroundings(settings)
    tenant, client = settings.tenant_id or "", settings.client_id or ""
    match settings.credential_kind:
        case CredentialKind.SECRET:
            return ClientSecretCredential(tenant, client, settings.client_secret or "", **around)
        case CredentialKind.CERTIFICATE:
            return _with_certificate(settings, around)
        case CredentialKind.OIDC:
            return ClientAssertionCredential(
                tenant, client, lambda: assertion(settings.federation, settings.ca_file), **around
            )
        case CredentialKind.MANAGED_IDENTITY:
            return ManagedIdentityCredential(client_id=settings.client_id, **_trust(settings))
        case CredentialKind.CLI:
            return AzureCliCredential(tenant_id=tenant)
        case CredentialKind.DEFAULT:
            return DefaultAzureCredential(exclude_environment_credential=True, **around)


def _surroundings(settings: Settings) -> _Surroundings:
    authority = settings.cloud.authority
    around: _Surroundings = {
        "authority": authority,
        "retry_backoff_factor": _BACKOFF_SECONDS,
        **_trust(settings),
    }
    if not is_known_authority(authority):
        around["disable_instance_discovery"] = True
    return around


def _trust(settings: Settings) -> _Surroundings:
    return {} if settings.ca_file is None else {"connection_verify": settings.ca_file}


def _with_certificate(settings: Settings, around: _Surroundings) -> TokenCredential:
    tenant, client = settings.tenant_id or "", settings.client_id or ""
    password = settings.client_certificate_password
    if settings.client_certificate is None:
        return CertificateCredential(
            tenant, client, settings.client_certificate_path, password=password, **around
        )
    try:
        content = b64decode(settings.client_certificate, validate=True)
    except Base64Error as problem:
        raise ClientAuthenticationError("client_certificate is not base64") from problem
    return CertificateCredential(tenant, client, certificate_data=content, password=password, **around)
