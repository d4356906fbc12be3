"""The credential for the settings of a provider block.

Explicit before guessed: what the settings name is built directly; azure-identity's default chain comes last,
without its environment part, because those variables are settings here (facts.md section 4).
"""
# ruff: noqa: TID253 - this package is the lazy import

from __future__ import annotations

from pathlib import Path

from azure.core.credentials import TokenCredential
from azure.identity import (
    AzureCliCredential,
    CertificateCredential,
    ClientAssertionCredential,
    ClientSecretCredential,
    DefaultAzureCredential,
    ManagedIdentityCredential,
)

from mooring_azureml.settings import CredentialKind, Settings


def credential_for(settings: Settings) -> TokenCredential:
    """The credential; none of them talks to anybody before the first token is needed."""
    authority = settings.cloud.authority
    tenant, client = settings.tenant_id or "", settings.client_id or ""
    match settings.credential_kind:
        case CredentialKind.SECRET:
            return ClientSecretCredential(tenant, client, settings.client_secret or "", authority=authority)
        case CredentialKind.CERTIFICATE:
            return CertificateCredential(
                tenant,
                client,
                settings.client_certificate_path,
                password=settings.client_certificate_password,
                authority=authority,
            )
        case CredentialKind.OIDC:
            return ClientAssertionCredential(
                tenant, client, lambda: _assertion(settings), authority=authority
            )
        case CredentialKind.MANAGED_IDENTITY:
            return ManagedIdentityCredential(client_id=settings.client_id)
        case CredentialKind.CLI:
            return AzureCliCredential(tenant_id=tenant)
        case CredentialKind.DEFAULT:
            return DefaultAzureCredential(authority=authority, exclude_environment_credential=True)


def _assertion(settings: Settings) -> str:
    """The federated token, read anew each time: its file is rotated under long runs."""
    if settings.oidc_token is not None:
        return settings.oidc_token
    return Path(settings.oidc_token_file_path or "").read_text(encoding="utf-8").strip()
