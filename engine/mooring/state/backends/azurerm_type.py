"""The backend `azurerm`: blobs of an Azure storage account. Arguments and variables of Terraform 1.11.4."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mooring.core.diagnostics import Diagnostics
from mooring.state.backends.extras import missing_extra
from mooring.state.backends.model import Argument, Around, BackendType, Kind, Settings, States


def _text(*environment: str, default: str | None = None) -> Argument:
    return Argument(environment=environment, default=default)


def _secret(*environment: str) -> Argument:
    return Argument(environment=environment, is_secret=True)


def _flag(*environment: str, default: bool = False) -> Argument:
    return Argument(kind=Kind.FLAG, environment=environment, default=default)


_REQUIRED: Final = Argument(is_required=True)
ARGUMENTS: Final[Mapping[str, Argument]] = {
    "access_key": _secret("ARM_ACCESS_KEY"),
    "ado_pipeline_service_connection_id": _text(
        "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID", "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID"
    ),
    "client_certificate": _secret("ARM_CLIENT_CERTIFICATE"),
    "client_certificate_password": _secret("ARM_CLIENT_CERTIFICATE_PASSWORD"),
    "client_certificate_path": _text("ARM_CLIENT_CERTIFICATE_PATH"),
    "client_id": _text("ARM_CLIENT_ID"),
    "client_id_file_path": _text("ARM_CLIENT_ID_FILE_PATH"),
    "client_secret": _secret("ARM_CLIENT_SECRET"),
    "client_secret_file_path": _text("ARM_CLIENT_SECRET_FILE_PATH"),
    "container_name": _REQUIRED,
    "endpoint": _text("ARM_MSI_ENDPOINT"),
    "environment": _text("ARM_ENVIRONMENT", default="public"),
    "key": _REQUIRED,
    "lookup_blob_endpoint": _flag("ARM_USE_DNS_ZONE_ENDPOINT"),
    "metadata_host": _text("ARM_METADATA_HOSTNAME", "ARM_METADATA_HOST"),
    "msi_endpoint": _text("ARM_MSI_ENDPOINT"),
    "oidc_request_token": _secret(
        "ARM_OIDC_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "SYSTEM_ACCESSTOKEN"
    ),
    "oidc_request_url": _text(
        "ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI"
    ),
    "oidc_token": _secret("ARM_OIDC_TOKEN"),
    "oidc_token_file_path": _text("ARM_OIDC_TOKEN_FILE_PATH"),
    "resource_group_name": _text(),
    "sas_token": _secret("ARM_SAS_TOKEN"),
    "snapshot": _flag("ARM_SNAPSHOT"),
    "storage_account_name": _REQUIRED,
    "subscription_id": _text("ARM_SUBSCRIPTION_ID"),
    "tenant_id": _text("ARM_TENANT_ID"),
    "use_aks_workload_identity": _flag("ARM_USE_AKS_WORKLOAD_IDENTITY"),
    "use_azuread_auth": _flag("ARM_USE_AZUREAD"),
    "use_cli": _flag("ARM_USE_CLI", default=True),
    "use_msi": _flag("ARM_USE_MSI"),
    "use_oidc": _flag("ARM_USE_OIDC"),
}


def _open(settings: Settings, around: Around) -> States | Diagnostics:
    absent = missing_extra("azurerm", "azure.storage.blob", "azure-storage-blob")
    if absent is not None:
        return (absent,)
    from mooring.state.backends.azurerm.states import open_states

    return open_states(settings, around)


TYPE: Final = BackendType(name="azurerm", arguments=ARGUMENTS, open=_open)
