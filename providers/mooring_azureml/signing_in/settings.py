"""The settings of a provider block: which cloud, which subscription, whose credentials.

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
from mooring.core.values import Unknown
from mooring_azureml.signing_in.arguments import given, how_to_set
from mooring_azureml.signing_in.clouds import CLOUDS, EMULATOR, PUBLIC, Cloud

_EMULATOR_SUBSCRIPTION: Final = "00000000-0000-0000-0000-000000000000"
_EMULATOR_TENANT: Final = "11111111-1111-1111-1111-111111111111"


class CredentialKind(Enum):
    """Which credential is used; the value is the argument that says so."""

    SECRET = "client_secret"  # noqa: S105  (the name of an argument)
    CERTIFICATE = "client_certificate_path"
    OIDC = "use_oidc"
    MANAGED_IDENTITY = "use_msi"
    CLI = "use_cli"
    DEFAULT = "the default chain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Federation:
    """Where a federated token comes from: given, in a file, or issued by a CI system."""

    token: str | None = field(repr=False)
    file_path: str | None
    request_url: str | None
    request_token: str | None = field(repr=False)
    service_connection_id: str | None

    @property
    def is_possible(self) -> bool:
        """Whether there is a way to a token."""
        return bool(self.token or self.file_path or (self.request_url and self.request_token))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Resolved settings; secrets do not show in its `repr`."""

    environment: str
    cloud: Cloud
    ca_file: str | None
    subscription_id: str
    tenant_id: str | None
    client_id: str | None
    client_secret: str | None = field(repr=False)
    client_certificate: str | None = field(repr=False)
    client_certificate_path: str | None
    client_certificate_password: str | None = field(repr=False)
    federation: Federation
    credential_kind: CredentialKind
    emulator_store: str
    emulator_lro_seconds: float

    @property
    def is_emulator(self) -> bool:
        """Whether the cloud runs in this process."""
        return self.environment == EMULATOR

    @property
    def poll_seconds(self) -> float:
        """The time between two looks at an operation whose service does not name one."""
        return 0.02 if self.is_emulator else 10.0

    @property
    def secrets(self) -> tuple[str, ...]:
        """What no message may show."""
        values = (
            self.client_secret,
            self.client_certificate,
            self.client_certificate_password,
            self.federation.token,
            self.federation.request_token,
        )
        return tuple(value for value in values if value)


def is_decided(config: Mapping[str, Plain]) -> bool:
    """Whether no argument of the block is still unknown."""
    return not any(isinstance(value, Unknown) for value in config.values())


def check(config: Mapping[str, Plain]) -> Diagnostics:
    """What is wrong with a provider block by itself."""
    environment = config.get("environment")
    unsupported = () if environment is None else _check_environment(environment)
    addresses = [name for name in ("endpoint", "authority") if not _is_address(config.get(name))]
    return (
        *unsupported,
        *(
            Diagnostic(
                summary="Invalid Azure address",
                detail=f'"{name}" must be an https:// address without a path, such as https://localhost:8443.',
                path=(Attr(name),),
            )
            for name in addresses
        ),
    )


def _check_environment(environment: Plain) -> Diagnostics:
    if not isinstance(environment, str) or environment in CLOUDS:
        return ()
    detail = f'"{environment}" is not one of {", ".join(CLOUDS)}.'
    return (Diagnostic(summary="Unsupported Azure environment", detail=detail, path=(Attr("environment"),)),)


def _is_address(value: Plain) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"https://[^/\s]+/?", value) is not None


def resolve(
    config: Mapping[str, Plain], environment: Mapping[str, str], working_folder: str
) -> tuple[Settings, Diagnostics]:
    """The settings of a wholly known block, and what is missing from them."""
    values, unreadable = _with_files(given(config, environment), Path(working_folder))
    cloud = values["environment"] or PUBLIC
    is_emulator = cloud == EMULATOR
    lro_seconds, problems = _lro_seconds(environment.get("MOOR_EMULATOR_LRO_SECONDS") or "0")
    federation = _federation(values)
    settings = Settings(
        environment=cloud if cloud in CLOUDS else PUBLIC,
        cloud=_cloud(values, CLOUDS.get(cloud, CLOUDS[PUBLIC])),
        ca_file=values["ca_file"],
        subscription_id=values["subscription_id"] or (_EMULATOR_SUBSCRIPTION if is_emulator else ""),
        tenant_id=values["tenant_id"] or (_EMULATOR_TENANT if is_emulator else None),
        client_id=values["client_id"],
        client_secret=values["client_secret"],
        client_certificate=values["client_certificate"],
        client_certificate_path=values["client_certificate_path"],
        client_certificate_password=values["client_certificate_password"],
        federation=federation,
        credential_kind=_credential_kind(values, federation),
        emulator_store=str(
            Path(working_folder, environment.get("TF_DATA_DIR") or ".terraform", "emulator.sqlite")
        ),
        emulator_lro_seconds=lro_seconds,
    )
    wrong = check({**values, "environment": cloud})
    return settings, (*wrong, *unreadable, *_missing(settings), *problems)


def _with_files(
    values: Mapping[str, str | None], folder: Path
) -> tuple[Mapping[str, str | None], Diagnostics]:
    """The values, with those that stand in files read from there."""
    read, problems = dict(values), []
    for name in ("client_id", "client_secret"):
        path = values[f"{name}_file_path"]
        if read[name] is None and path is not None:
            try:
                read[name] = (folder / path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as problem:
                problems.append(_unreadable(f"{name}_file_path", path, problem))
    return read, tuple(problems)


def _unreadable(name: str, path: str, problem: Exception) -> Diagnostic:
    detail = f'The file "{path}" of "{name}" cannot be read: {problem}.'
    return Diagnostic(summary="Unreadable Azure setting", detail=detail, path=(Attr(name),))


def _cloud(values: Mapping[str, str | None], cloud: Cloud) -> Cloud:
    endpoint, authority = (values[name] or getattr(cloud, name) for name in ("endpoint", "authority"))
    return Cloud(endpoint=endpoint.rstrip("/"), authority=_with_scheme(authority.rstrip("/")))


def _with_scheme(address: str) -> str:
    """AZURE_AUTHORITY_HOST may be a mere host name."""
    return address if "://" in address else f"https://{address}"


def _federation(values: Mapping[str, str | None]) -> Federation:
    return Federation(
        token=values["oidc_token"],
        file_path=values["oidc_token_file_path"],
        request_url=values["oidc_request_url"],
        request_token=values["oidc_request_token"],
        service_connection_id=values["ado_pipeline_service_connection_id"],
    )


def _lro_seconds(text: str) -> tuple[float, Diagnostics]:
    """How long the emulator's long-running operations take."""
    if re.fullmatch(r"\d+(\.\d*)?|\.\d+", text):
        return float(text), ()
    detail = (
        f'MOOR_EMULATOR_LRO_SECONDS must be a number of seconds such as 5 or 0.5, not "{text}". '
        "That is how long the emulator's operations take."
    )
    return 0.0, (Diagnostic(summary="Invalid emulator setting", detail=detail),)


def _credential_kind(values: Mapping[str, str | None], federation: Federation) -> CredentialKind:
    """The first of the kinds, in the order of the enumeration, that the settings name.

    An application without a secret and with a way to a federated token uses that.
    """
    if values["client_certificate"]:
        return CredentialKind.SECRET if values["client_secret"] else CredentialKind.CERTIFICATE
    kinds = [kind for kind in CredentialKind if kind is not CredentialKind.DEFAULT]
    named = next((kind for kind in kinds if values[kind.value]), CredentialKind.DEFAULT)
    if named is CredentialKind.DEFAULT and values["use_aks_workload_identity"]:
        return CredentialKind.OIDC
    is_federated = bool(values["client_id"]) and bool(federation.token or federation.file_path)
    return CredentialKind.OIDC if named is CredentialKind.DEFAULT and is_federated else named


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
    if settings.credential_kind is CredentialKind.OIDC and not settings.federation.is_possible:
        missing.append("oidc_token")
    return tuple(_missing_setting(name, settings.credential_kind) for name in missing)


def _missing_setting(name: str, kind: CredentialKind) -> Diagnostic:
    why = "" if name == "subscription_id" else f", which {kind.value} needs"
    return Diagnostic(
        summary="Missing Azure setting",
        detail=f'The provider has no "{name}"{why}. Set {how_to_set(name)}. '
        'To try things without an Azure account set environment = "emulator".',
        path=(Attr(name),),
    )
