"""`azureml_datastore`: Microsoft.MachineLearningServices/workspaces/datastores.

Sources: specs/types-2025-12-01.md (DatastoreProperties, DatastoreCredentials). Only description, tags and
credentials can change (`az ml datastore update`); what it points to cannot. The service never gives the
secrets of the credentials back but through listSecrets.
"""

from __future__ import annotations

from typing import Final

from mooring.core.types import BOOL, STRING, MapType
from mooring_azureml.combinations import Members, members_by
from mooring_azureml.common import ML_API_VERSION, WORKSPACE_ID, WORKSPACES, name_property
from mooring_azureml.lifecycle.definition import Definition
from mooring_azureml.lifecycle.placement import InParent
from mooring_azureml.table.checks import matching
from mooring_azureml.table.model import Block, Fields, Property, Route
from mooring_azureml.table.notation import CASELESS, EXACT
from mooring_azureml.table.shorthand import choice, decided, secret, secret_version, text
from mooring_azureml.table.to_arm import Body, get_at, set_at

_FIXED: Final = Route.FIXED
_PUT: Final = Route.PUT

_TYPES: Final = {
    "AzureBlob": Members(needed=("account_name", "container_name"), possible=("endpoint", "protocol")),
    "AzureFile": Members(needed=("account_name", "file_share_name"), possible=("endpoint", "protocol")),
    "AzureDataLakeGen1": Members(needed=("store_name",)),
    "AzureDataLakeGen2": Members(needed=("account_name", "filesystem"), possible=("endpoint", "protocol")),
    "OneLake": Members(needed=("one_lake_workspace_name", "artifact"), possible=("endpoint",)),
}
_PRINCIPAL: Final = ("tenant_id", "client_id")
_CREDENTIALS: Final = {
    "None": Members(),
    "AccountKey": Members(needed=("key",)),
    "Sas": Members(needed=("sas_token",)),
    "ServicePrincipal": Members(
        needed=(*_PRINCIPAL, "client_secret"), possible=("authority_url", "resource_url")
    ),
    "Certificate": Members(
        needed=(*_PRINCIPAL, "thumbprint", "certificate"), possible=("authority_url", "resource_url")
    ),
}


def _secrets_type(_fields: Fields, body: Body) -> Body:
    """The secrets repeat the kind of their credentials (`secretsType`)."""
    kind = get_at(body, "properties.credentials.credentialsType")
    if kind is not None and str(kind).lower() != "none":
        set_at(body, "properties.credentials.secrets.secretsType", str(kind))
    return body


def _place(name: str, member: str, description: str, *, computed: bool = False) -> Property:
    return text(name, f"properties.{member}", description, route=_FIXED, computed=computed)


def _map(name: str, description: str) -> Property:
    return Property(
        name=name,
        type=MapType(STRING),
        arm=f"properties.{name}",
        route=_PUT,
        notation=EXACT,
        description=description,
    )


_CREDENTIALS_BLOCK: Final = Block(
    name="credentials",
    arm="properties.credentials",
    parts=(
        choice(
            "credentials_type",
            "credentialsType",
            "The kind of credentials; `None` takes the identity of whoever reads.",
            *_CREDENTIALS,
            route=_PUT,
            default="None",
        ),
        text("tenant_id", "tenantId", "The tenant of the service principal.", route=_PUT, notation=CASELESS),
        text("client_id", "clientId", "The service principal.", route=_PUT, notation=CASELESS),
        text("authority_url", "authorityUrl", "Where it signs in.", route=_PUT, computed=True),
        text("resource_url", "resourceUrl", "What it asks access to.", route=_PUT, computed=True),
        text("thumbprint", "thumbprint", "That of the certificate.", route=_PUT, notation=CASELESS),
        secret("key", "secrets.key", "The key of the storage account.", route=_PUT),
        secret("sas_token", "secrets.sasToken", "A shared access signature.", route=_PUT),
        secret("client_secret", "secrets.clientSecret", "The secret of the service principal.", route=_PUT),
        secret("certificate", "secrets.certificate", "The certificate of the service principal.", route=_PUT),
    ),
    description="How the data is accessed.",
)

_ARTIFACT: Final = Block(
    name="artifact",
    arm="properties.artifact",
    parts=(
        choice("artifact_type", "artifactType", "The kind.", "LakeHouse", route=_FIXED, default="LakeHouse"),
        text("artifact_name", "artifactName", "The name.", route=_FIXED, required=True),
    ),
    description="The OneLake artifact.",
)

DEFINITION: Final = Definition(
    type_name="azureml_datastore",
    noun="datastore",
    arm_type=f"{WORKSPACES}/datastores",
    api_version=ML_API_VERSION,
    placement=InParent(attribute="workspace_id", parent_type=WORKSPACES, collection="datastores"),
    description="A name in a workspace for storage, with the credentials to read it.",
    constants={"properties.credentials.credentialsType": "None"},
    secret_version="credentials_version",  # noqa: S106  (the name of an attribute)
    listed=True,
    finish=_secrets_type,
    rules=(
        members_by("datastore_type", _TYPES, code="azureml.datastore_members"),
        members_by(
            "credentials_type",
            _CREDENTIALS,
            block="credentials",
            default="None",
            code="azureml.datastore_credentials",
        ),
    ),
    table=(
        name_property(
            matching(r"[a-zA-Z0-9_]{1,255}", "must have 1 to 255 letters, digits and underscores"),
            description="The name.",
        ),
        WORKSPACE_ID,
        choice(
            "datastore_type",
            "properties.datastoreType",
            "The kind of storage.",
            *_TYPES,
            route=_FIXED,
            required=True,
        ),
        _place("account_name", "accountName", "The storage account."),
        _place("container_name", "containerName", "The container (`AzureBlob`)."),
        _place("file_share_name", "fileShareName", "The share (`AzureFile`)."),
        _place("filesystem", "filesystem", "The file system (`AzureDataLakeGen2`)."),
        _place("store_name", "storeName", "The store (`AzureDataLakeGen1`)."),
        _place("one_lake_workspace_name", "oneLakeWorkspaceName", "The Fabric workspace (`OneLake`)."),
        _ARTIFACT,
        _place("endpoint", "endpoint", "The storage endpoint, such as `core.windows.net`.", computed=True),
        _place("protocol", "protocol", "`https` or `abfss`.", computed=True),
        _place("resource_group", "resourceGroup", "The storage's resource group.", computed=True),
        _place("subscription_id", "subscriptionId", "The storage's subscription.", computed=True),
        choice(
            "service_data_access_auth_identity",
            "properties.serviceDataAccessAuthIdentity",
            "The identity with which the service itself reads.",
            *("None", "WorkspaceSystemAssignedIdentity", "WorkspaceUserAssignedIdentity"),
            route=_PUT,
            default="None",
        ),
        text("description", "properties.description", "A description.", route=_PUT),
        _map("tags", "Tags."),
        _map("properties", "Properties of one's own."),
        _CREDENTIALS_BLOCK,
        secret_version("credentials_version"),
        decided("is_default", "properties.isDefault", "Whether it is the workspace's default.", kind=BOOL),
    ),
)
