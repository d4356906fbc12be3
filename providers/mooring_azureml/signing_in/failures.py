"""What a failed sign-in means: what was tried, why it failed, which setting to correct.

Source of the codes: "Microsoft Entra authentication and authorization error codes" (AADSTS).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mooring.core.diagnostics import Diagnostic
from mooring.core.paths import Attr, Path
from mooring_azureml.arm.port import UNREACHABLE, ArmError
from mooring_azureml.arm.problems import redact
from mooring_azureml.signing_in.arguments import VARIABLES, how_to_set
from mooring_azureml.signing_in.settings import CredentialKind, Settings

_NO_AUTHORITY: Final = "Unable to get authority configuration"
"""What msal says of a tenant that it cannot find; it leaves Entra ID's code out."""
_CODE: Final = re.compile(r"AADSTS(?P<number>\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cause:
    """Why Entra ID refused; `setting` is what to correct, empty when no setting helps."""

    why: str
    setting: str = ""
    advice: str = ""


_CAUSES: Final[Mapping[int, _Cause]] = {
    7000215: _Cause(
        why="the secret is not one of the application's",
        setting="client_secret",
        advice="It must be the secret's value, not the id that is shown beside it.",
    ),
    7000222: _Cause(
        why="the application's secret has expired",
        setting="client_secret",
        advice="Make a new secret for the application (`az ad app credential reset`) and use that.",
    ),
    700016: _Cause(
        why="the tenant has no application with this client id",
        setting="client_id",
        advice="It must be the application (client) id, not the object id; the application may also be in "
        "another tenant.",
    ),
    90002: _Cause(
        why="there is no tenant with this name",
        setting="tenant_id",
        advice="It must be the tenant's GUID or one of its domain names, in the right cloud.",
    ),
    900023: _Cause(why="the tenant's name has a wrong form", setting="tenant_id"),
    7000229: _Cause(
        why="the application has no service principal in this tenant",
        setting="tenant_id",
        advice="Make one with `az ad sp create`, or name the tenant that has one.",
    ),
    700027: _Cause(
        why="the certificate is not one of the application's",
        setting="client_certificate_path",
        advice="Its thumbprint must be among the application's certificates.",
    ),
    700024: _Cause(
        why="the federated token has expired",
        setting="oidc_token",
        advice="A long run needs a way to new ones: oidc_token_file_path, or the address of the CI system.",
    ),
    70021: _Cause(
        why="no federated credential of the application fits the token",
        setting="client_id",
        advice="Compare its issuer, subject and audience with the federated credentials of the application.",
    ),
    700213: _Cause(
        why="no federated credential of the application fits the token's subject",
        setting="client_id",
        advice="Add a federated credential for this repository, branch or service connection.",
    ),
    50027: _Cause(why="the federated token is no JSON Web Token", setting="oidc_token"),
    53003: _Cause(why="a conditional access policy of the tenant forbids it"),
    50034: _Cause(why="the account does not exist in this tenant", setting="tenant_id"),
}
_CAUSES_BY_OTHER: Final = {700212: 70021, 700211: 70021, 90013: 90002}

_TRIED: Final[Mapping[CredentialKind, str]] = {
    CredentialKind.SECRET: "the secret of an application (client_secret)",
    CredentialKind.CERTIFICATE: "the certificate of an application",
    CredentialKind.OIDC: "a federated token (use_oidc)",
    CredentialKind.MANAGED_IDENTITY: "the managed identity of this machine (use_msi)",
    CredentialKind.CLI: "the account of the Azure CLI (use_cli)",
    CredentialKind.DEFAULT: "whatever there is: workload identity, managed identity, Azure CLI, Azure "
    "PowerShell, Azure Developer CLI",
}
_ADVICE: Final[Mapping[CredentialKind, str]] = {
    CredentialKind.SECRET: "",
    CredentialKind.CERTIFICATE: "The file must hold a certificate with its private key, PEM or PKCS12, and "
    "client_certificate_password must open it.",
    CredentialKind.OIDC: "See where the federated token comes from.",
    CredentialKind.MANAGED_IDENTITY: "Is this a machine in Azure with an identity? client_id chooses among "
    "several of the user-assigned ones.",
    CredentialKind.CLI: "Log in with `az login`, to the right tenant.",
    CredentialKind.DEFAULT: "Log in with `az login`, or give the provider credentials: client_secret, "
    "client_certificate_path, use_oidc, use_msi or use_cli.",
}


def explain_sign_in(error: ArmError, settings: Settings) -> Diagnostic:
    """The one diagnostic for a sign-in that failed, with what Entra ID said and no secret."""
    cause = _cause(error)
    name = cause.setting if cause is not None else ""
    happened = f"Signing in with {_tried(settings)} failed{_why(error, cause)}."
    detail = f"{happened} {_what_to_do(settings, cause, error)}"
    said = redact(_shortened(error.message), settings.secrets)
    path: Path = (Attr(name),) if name in VARIABLES else ()
    return Diagnostic(
        summary="Azure sign-in failed",
        detail=f"{detail.rstrip()}\n{said}".rstrip(),
        path=path,
        code="azureml.credentials",
    )


def _cause(error: ArmError) -> _Cause | None:
    if _NO_AUTHORITY in error.message:
        return _CAUSES[90002]
    found = _CODE.search(error.message)
    number = int(found["number"]) if found is not None else 0
    return _CAUSES.get(_CAUSES_BY_OTHER.get(number, number))


def _tried(settings: Settings) -> str:
    tried = _TRIED[settings.credential_kind]
    named = {"client id": settings.client_id, "tenant": settings.tenant_id}
    shown = [f"{word} {value}" for word, value in named.items() if value]
    return f"{tried} [{', '.join((*shown, settings.cloud.authority))}]"


def _why(error: ArmError, cause: _Cause | None) -> str:
    if cause is not None:
        return f": {cause.why}"
    return ": the address cannot be reached" if error.code == UNREACHABLE else ""


def _what_to_do(settings: Settings, cause: _Cause | None, error: ArmError) -> str:
    if cause is not None:
        correct = f"Correct {how_to_set(cause.setting)}. " if cause.setting else ""
        return f"{correct}{cause.advice}"
    if "certificate verify failed" in error.message.lower():
        return "Its certificate is not trusted: name the certificates to trust with ca_file."
    if error.code == UNREACHABLE:
        return "Check the network and the proxy."
    return _ADVICE[settings.credential_kind]


def _shortened(message: str) -> str:
    """The first lines of what was said: the default chain tells a page."""
    text = re.sub(r"\s*Trace ID: .*", "", message.strip(), flags=re.DOTALL)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "\n".join(line[:300] for line in lines[:8])
