"""The provider block and its environment variables: which cloud, which subscription, whose credentials.

An argument wins over `ARM_*` (Terraform's names), which win over `AZURE_*` (azure-identity's names). Nothing
is read from the process: the variables come with the request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final

from mooring.core.codec import Plain
from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr
from mooring.core.types import BOOL, STRING
from mooring.core.values import Unknown
from mooring.sdk import Attribute, BlockSchema


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """Where a cloud's Resource Manager and its Entra ID are."""

    endpoint: str
    authority: str


CLOUDS: Final[Mapping[str, Cloud]] = {
    "public": Cloud(endpoint="https://management.azure.com", authority="https://login.microsoftonline.com"),
    "usgovernment": Cloud(
        endpoint="https://management.usgovcloudapi.net", authority="https://login.microsoftonline.us"
    ),
    "china": Cloud(
        endpoint="https://management.chinacloudapi.cn", authority="https://login.chinacloudapi.cn"
    ),
    "emulator": Cloud(endpoint="https://management.azure.com", authority="https://login.microsoftonline.com"),
}
EMULATOR: Final = "emulator"
_EMULATOR_SUBSCRIPTION: Final = "00000000-0000-0000-0000-000000000000"
_EMULATOR_TENANT: Final = "11111111-1111-1111-1111-111111111111"


class CredentialKind(Enum):
    """Which credential is used."""

    SECRET = "client_secret"  # noqa: S105  (the name of an argument)
    CERTIFICATE = "client_certificate_path"
    OIDC = "use_oidc"
    MANAGED_IDENTITY = "use_msi"
    CLI = "use_cli"
    DEFAULT = "the default chain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Resolved settings; secrets do not show in its `repr`."""

    environment: str
    subscription_id: str
    tenant_id: str | None
    client_id: str | None
    client_secret: str | None = field(repr=False)
    client_certificate_path: str | None
    client_certificate_password: str | None = field(repr=False)
    oidc_token: str | None = field(repr=False)
    oidc_token_file_path: str | None
    credential_kind: CredentialKind
    emulator_store: str
    emulator_lro_seconds: float

    @property
    def cloud(self) -> Cloud:
        """The endpoints."""
        return CLOUDS[self.environment]

    @property
    def is_emulator(self) -> bool:
        """Whether the cloud runs in this process."""
        return self.environment == EMULATOR

    @property
    def poll_seconds(self) -> float:
        """The time between two looks at an operation whose service does not name one."""
        return 0.02 if self.is_emulator else 10.0


def _text(description: str, *, sensitive: bool = False) -> Attribute:
    return Attribute(type=STRING, optional=True, sensitive=sensitive, description=description)


def _flag(description: str) -> Attribute:
    return Attribute(type=BOOL, optional=True, description=description)


PROVIDER_BLOCK: Final = BlockSchema(
    attributes={
        "environment": _text("`public` (default), `usgovernment`, `china` or `emulator`."),
        "subscription_id": _text("The subscription to work in."),
        "tenant_id": _text("The Entra ID tenant."),
        "client_id": _text("The application, or the user-assigned identity."),
        "client_secret": _text("The application's secret.", sensitive=True),
        "client_certificate_path": _text("The application's certificate, PEM or PKCS12."),
        "client_certificate_password": _text("The certificate's password.", sensitive=True),
        "use_oidc": _flag("Use a federated token (workload identity in CI)."),
        "oidc_token": _text("The federated token.", sensitive=True),
        "oidc_token_file_path": _text("A file with the federated token."),
        "use_msi": _flag("Use the managed identity of this machine."),
        "use_cli": _flag("Use the account of `az login`."),
    },
    description="Azure Machine Learning on a real Azure cloud or on the embedded emulator.",
)

_VARIABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "environment": ("MOOR_AZURE_ENVIRONMENT", "ARM_ENVIRONMENT", "AZURE_ENVIRONMENT"),
    "subscription_id": ("ARM_SUBSCRIPTION_ID", "AZURE_SUBSCRIPTION_ID"),
    "tenant_id": ("ARM_TENANT_ID", "AZURE_TENANT_ID"),
    "client_id": ("ARM_CLIENT_ID", "AZURE_CLIENT_ID"),
    "client_secret": ("ARM_CLIENT_SECRET", "AZURE_CLIENT_SECRET"),
    "client_certificate_path": ("ARM_CLIENT_CERTIFICATE_PATH", "AZURE_CLIENT_CERTIFICATE_PATH"),
    "client_certificate_password": ("ARM_CLIENT_CERTIFICATE_PASSWORD", "AZURE_CLIENT_CERTIFICATE_PASSWORD"),
    "use_oidc": ("ARM_USE_OIDC",),
    "oidc_token": ("ARM_OIDC_TOKEN",),
    "oidc_token_file_path": ("ARM_OIDC_TOKEN_FILE_PATH", "AZURE_FEDERATED_TOKEN_FILE"),
    "use_msi": ("ARM_USE_MSI",),
    "use_cli": ("ARM_USE_CLI",),
}


def is_decided(config: Mapping[str, Plain]) -> bool:
    """Whether no argument of the block is still unknown."""
    return not any(isinstance(value, Unknown) for value in config.values())


def check(config: Mapping[str, Plain]) -> Diagnostics:
    """What is wrong with a provider block by itself."""
    environment = config.get("environment")
    if not isinstance(environment, str) or environment in CLOUDS:
        return ()
    return (
        Diagnostic(
            summary="Unsupported Azure environment",
            detail=f'"{environment}" is not one of {", ".join(CLOUDS)}.',
            path=(Attr("environment"),),
        ),
    )


def resolve(
    config: Mapping[str, Plain], environment: Mapping[str, str], working_folder: str
) -> tuple[Settings, Diagnostics]:
    """The settings of a wholly known block, and what is missing from them."""
    given = {name: _resolve(name, config, environment) for name in PROVIDER_BLOCK.attributes}
    cloud = given["environment"] or "public"
    is_emulator = cloud == EMULATOR
    lro_seconds, problems = _lro_seconds(environment.get("MOOR_EMULATOR_LRO_SECONDS") or "0")
    settings = Settings(
        environment=cloud if cloud in CLOUDS else "public",
        subscription_id=given["subscription_id"] or (_EMULATOR_SUBSCRIPTION if is_emulator else ""),
        tenant_id=given["tenant_id"] or (_EMULATOR_TENANT if is_emulator else None),
        client_id=given["client_id"],
        client_secret=given["client_secret"],
        client_certificate_path=given["client_certificate_path"],
        client_certificate_password=given["client_certificate_password"],
        oidc_token=given["oidc_token"],
        oidc_token_file_path=given["oidc_token_file_path"],
        credential_kind=_credential_kind(given),
        emulator_store=str(
            Path(working_folder, environment.get("TF_DATA_DIR") or ".terraform", "emulator.sqlite")
        ),
        emulator_lro_seconds=lro_seconds,
    )
    return settings, (*check({"environment": cloud}), *_missing(settings), *problems)


def _lro_seconds(text: str) -> tuple[float, Diagnostics]:
    """How long the emulator's long-running operations take."""
    if re.fullmatch(r"\d+(\.\d*)?|\.\d+", text):
        return float(text), ()
    detail = (
        f'MOOR_EMULATOR_LRO_SECONDS must be a number of seconds such as 5 or 0.5, not "{text}". '
        "That is how long the emulator's operations take."
    )
    return 0.0, (Diagnostic(summary="Invalid emulator setting", detail=detail),)


def _resolve(name: str, config: Mapping[str, Plain], environment: Mapping[str, str]) -> str | None:
    value = config.get(name)
    if isinstance(value, bool):
        return "true" if value else None
    if value is not None:
        return str(value)
    found = next((environment[key] for key in _VARIABLES[name] if environment.get(key)), None)
    is_flag = PROVIDER_BLOCK.attributes[name].type is BOOL
    return None if is_flag and (found or "").lower() not in {"1", "true"} else found


def _credential_kind(given: Mapping[str, str | None]) -> CredentialKind:
    """The first of the kinds, in the order of the enumeration, that the settings name."""
    kinds = [kind for kind in CredentialKind if kind is not CredentialKind.DEFAULT]
    named = next((kind for kind in kinds if given[kind.value]), CredentialKind.DEFAULT)
    return CredentialKind.OIDC if named is CredentialKind.DEFAULT and _has_federation(given) else named


def _has_federation(given: Mapping[str, str | None]) -> bool:
    return bool(given["client_id"] and (given["oidc_token"] or given["oidc_token_file_path"]))


_NEEDS: Final[Mapping[CredentialKind, tuple[str, ...]]] = {
    CredentialKind.SECRET: ("tenant_id", "client_id"),
    CredentialKind.CERTIFICATE: ("tenant_id", "client_id"),
    CredentialKind.OIDC: ("tenant_id", "client_id"),
}


def _missing(settings: Settings) -> Diagnostics:
    if settings.is_emulator:
        return ()
    values = {
        "subscription_id": settings.subscription_id,
        "tenant_id": settings.tenant_id,
        "client_id": settings.client_id,
    }
    needed = ("subscription_id", *_NEEDS.get(settings.credential_kind, ()))
    missing = [name for name in needed if not values[name]]
    if settings.credential_kind is CredentialKind.OIDC and not (
        settings.oidc_token or settings.oidc_token_file_path
    ):
        missing.append("oidc_token")
    return tuple(_missing_setting(name, settings.credential_kind) for name in missing)


def _missing_setting(name: str, kind: CredentialKind) -> Diagnostic:
    variables = " or ".join(_VARIABLES[name])
    why = "" if name == "subscription_id" else f", which {kind.value} needs"
    return Diagnostic(
        summary="Missing Azure setting",
        detail=f'The provider has no "{name}"{why}. Set the argument, or the variable {variables}. '
        'To try things without an Azure account set environment = "emulator".',
        path=(Attr(name),),
    )
