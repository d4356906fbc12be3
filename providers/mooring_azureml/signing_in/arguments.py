"""The arguments of the provider block and the variables that stand in for them.

Names are Terraform's for the azurerm provider. An argument wins over the variables; they are asked in the
order in which they stand here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mooring.core.codec import Plain
from mooring.core.types import BOOL, STRING
from mooring.sdk import Attribute, BlockSchema


def _text(description: str, *, sensitive: bool = False) -> Attribute:
    return Attribute(type=STRING, optional=True, sensitive=sensitive, description=description)


def _flag(description: str) -> Attribute:
    return Attribute(type=BOOL, optional=True, description=description)


PROVIDER_BLOCK: Final = BlockSchema(
    attributes={
        "environment": _text("`public` (default), `usgovernment`, `china` or `emulator`."),
        "endpoint": _text("Resource Manager's address, for a cloud of one's own."),
        "authority": _text("Entra ID's address, for a cloud of one's own."),
        "ca_file": _text("A PEM file with the certificates to trust."),
        "subscription_id": _text("The subscription to work in."),
        "tenant_id": _text("The Entra ID tenant."),
        "client_id": _text("The application, or the user-assigned identity."),
        "client_id_file_path": _text("A file with the client id."),
        "client_secret": _text("The application's secret.", sensitive=True),
        "client_secret_file_path": _text("A file with the application's secret."),
        "client_certificate": _text("The application's certificate, PKCS12 in base64.", sensitive=True),
        "client_certificate_path": _text("A file with the application's certificate, PEM or PKCS12."),
        "client_certificate_password": _text("The certificate's password.", sensitive=True),
        "use_oidc": _flag("Use a federated token (workload identity in CI)."),
        "oidc_token": _text("The federated token.", sensitive=True),
        "oidc_token_file_path": _text("A file with the federated token."),
        "oidc_request_url": _text("Where GitHub Actions or Azure DevOps issues a federated token."),
        "oidc_request_token": _text("The token for that address.", sensitive=True),
        "ado_pipeline_service_connection_id": _text("The service connection of an Azure DevOps pipeline."),
        "use_aks_workload_identity": _flag("Use the federated token of a pod in AKS."),
        "use_msi": _flag("Use the managed identity of this machine."),
        "use_cli": _flag("Use the account of `az login`."),
    },
    description="Azure Machine Learning on a real Azure cloud or on the embedded emulator.",
)

VARIABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "environment": ("MOOR_AZURE_ENVIRONMENT", "ARM_ENVIRONMENT", "AZURE_ENVIRONMENT"),
    "endpoint": ("MOOR_AZURE_ENDPOINT",),
    "authority": ("MOOR_AZURE_AUTHORITY", "AZURE_AUTHORITY_HOST"),
    "ca_file": ("MOOR_AZURE_CA_FILE",),
    "subscription_id": ("ARM_SUBSCRIPTION_ID", "AZURE_SUBSCRIPTION_ID"),
    "tenant_id": ("ARM_TENANT_ID", "AZURE_TENANT_ID"),
    "client_id": ("ARM_CLIENT_ID", "AZURE_CLIENT_ID"),
    "client_id_file_path": ("ARM_CLIENT_ID_FILE_PATH",),
    "client_secret": ("ARM_CLIENT_SECRET", "AZURE_CLIENT_SECRET"),
    "client_secret_file_path": ("ARM_CLIENT_SECRET_FILE_PATH",),
    "client_certificate": ("ARM_CLIENT_CERTIFICATE",),
    "client_certificate_path": ("ARM_CLIENT_CERTIFICATE_PATH", "AZURE_CLIENT_CERTIFICATE_PATH"),
    "client_certificate_password": ("ARM_CLIENT_CERTIFICATE_PASSWORD", "AZURE_CLIENT_CERTIFICATE_PASSWORD"),
    "use_oidc": ("ARM_USE_OIDC",),
    "oidc_token": ("ARM_OIDC_TOKEN",),
    "oidc_token_file_path": ("ARM_OIDC_TOKEN_FILE_PATH", "AZURE_FEDERATED_TOKEN_FILE"),
    "oidc_request_url": ("ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI"),
    "oidc_request_token": ("ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN"),
    "ado_pipeline_service_connection_id": (
        "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
        "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID",
        "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID",
    ),
    "use_aks_workload_identity": ("ARM_USE_AKS_WORKLOAD_IDENTITY",),
    "use_msi": ("ARM_USE_MSI",),
    "use_cli": ("ARM_USE_CLI",),
}


def given(config: Mapping[str, Plain], environment: Mapping[str, str]) -> Mapping[str, str | None]:
    """Every argument's value; flags are "true" or None, and an argument that is false beats its variable."""
    return {name: _given(name, config, environment) for name in PROVIDER_BLOCK.attributes}


def _given(name: str, config: Mapping[str, Plain], environment: Mapping[str, str]) -> str | None:
    value = config.get(name)
    if isinstance(value, bool):
        return "true" if value else None
    if value is not None:
        return str(value)
    found = next((environment[key] for key in VARIABLES[name] if environment.get(key)), None)
    is_flag = PROVIDER_BLOCK.attributes[name].type is BOOL
    return None if is_flag and (found or "").lower() not in {"1", "true"} else found


def how_to_set(name: str) -> str:
    """The argument and its variables, for messages."""
    return f'the argument "{name}" or the variable {" or ".join(VARIABLES[name])}'
