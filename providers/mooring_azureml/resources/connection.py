"""`azureml_connection`: Microsoft.MachineLearningServices/workspaces/connections.

Sources: specs/types-2025-12-01.md (WorkspaceConnectionPropertiesV2 and its twelve kinds of authentication). A
PUT replaces; a GET has no credentials, so what is not secret of them is not compared.
"""

from __future__ import annotations

from typing import Final

from mooring.core.types import BOOL, STRING, MapType, SetType
from mooring_azureml.combinations import Members, members_by
from mooring_azureml.common import ML_API_VERSION, WORKSPACE_ID, WORKSPACES, name_property
from mooring_azureml.lifecycle.definition import Definition
from mooring_azureml.lifecycle.placement import InParent
from mooring_azureml.table.checks import matching
from mooring_azureml.table.model import Block, Property, Route
from mooring_azureml.table.notation import CASELESS, CASELESS_SET, EXACT
from mooring_azureml.table.shorthand import choice, decided, flag, secret, secret_version, text

_PUT: Final = Route.PUT

_KINDS: Final = {
    "AAD": Members(),
    "AccessKey": Members(needed=("access_key_id", "secret_access_key")),
    "AccountKey": Members(needed=("key",)),
    "ApiKey": Members(needed=("key",)),
    "CustomKeys": Members(needed=("keys",)),
    "ManagedIdentity": Members(possible=("client_id", "resource_id")),
    "None": Members(),
    "OAuth2": Members(
        needed=("client_id", "client_secret"),
        possible=("auth_url", "tenant_id", "username", "password", "refresh_token", "developer_token"),
    ),
    "PAT": Members(needed=("pat",)),
    "SAS": Members(needed=("sas",)),
    "ServicePrincipal": Members(needed=("client_id", "client_secret", "tenant_id")),
    "UsernamePassword": Members(needed=("username",), possible=("password", "security_token")),
}


def _open(name: str, member: str, description: str) -> Property:
    return Property(name=name, type=STRING, arm=member, route=_PUT, echoed=False, description=description)


_CREDENTIALS: Final = Block(
    name="credentials",
    arm="properties.credentials",
    parts=(
        _open("access_key_id", "accessKeyId", "The id of an access key."),
        _open("auth_url", "authUrl", "Where OAuth2 begins."),
        _open("client_id", "clientId", "The application or identity."),
        _open("resource_id", "resourceId", "The identity's ARM id."),
        _open("tenant_id", "tenantId", "The tenant."),
        _open("username", "username", "The user."),
        secret("client_secret", "clientSecret", "The application's secret.", route=_PUT),
        secret("developer_token", "developerToken", "A developer token.", route=_PUT),
        secret("key", "key", "An account key or an API key.", route=_PUT),
        secret("keys", "keys", "Keys by name.", route=_PUT, kind=MapType(STRING)),
        secret("password", "password", "The user's password.", route=_PUT),
        secret("pat", "pat", "A personal access token.", route=_PUT),
        secret("refresh_token", "refreshToken", "A refresh token.", route=_PUT),
        secret("sas", "sas", "A shared access signature.", route=_PUT),
        secret("secret_access_key", "secretAccessKey", "An access key.", route=_PUT),
        secret("security_token", "securityToken", "A security token.", route=_PUT),
    ),
    description="What the kind of authentication needs.",
)

DEFINITION: Final = Definition(
    type_name="azureml_connection",
    noun="connection",
    arm_type=f"{WORKSPACES}/connections",
    api_version=ML_API_VERSION,
    placement=InParent(attribute="workspace_id", parent_type=WORKSPACES, collection="connections"),
    description="A way from a workspace to another service, with credentials.",
    secret_version="credentials_version",  # noqa: S106  (the name of an attribute)
    listed=True,
    rules=(members_by("auth_type", _KINDS, block="credentials", code="azureml.connection_credentials"),),
    table=(
        name_property(
            matching(
                r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}",
                "must have 3 to 33 letters, digits, dashes and underscores, and start with a letter or digit",
            ),
            description="The name.",
        ),
        WORKSPACE_ID,
        text(
            "category",
            "properties.category",
            "What it leads to: `AzureOpenAI`, `Git`, `ContainerRegistry`, `PythonFeed`, `S3` and many more.",
            route=Route.FIXED,
            notation=CASELESS,
            required=True,
        ),
        choice(
            "auth_type",
            "properties.authType",
            "The kind of authentication.",
            *_KINDS,
            route=_PUT,
            required=True,
        ),
        text("target", "properties.target", "The address or the ARM id of the other service.", route=_PUT),
        Property(
            name="metadata",
            type=MapType(STRING),
            arm="properties.metadata",
            route=_PUT,
            notation=EXACT,
            description="What the category wants to know besides, such as an API version.",
        ),
        flag(
            "is_shared_to_all",
            "properties.isSharedToAll",
            "Whether all projects of a hub see it.",
            default=False,
            route=_PUT,
        ),
        Property(
            name="shared_user_list",
            type=SetType(STRING),
            arm="properties.sharedUserList",
            route=_PUT,
            notation=CASELESS_SET,
            description="Who sees it, if not all.",
        ),
        text("expiry_time", "properties.expiryTime", "When the credentials expire.", route=_PUT),
        Property(
            name="use_workspace_managed_identity",
            type=BOOL,
            arm="properties.useWorkspaceManagedIdentity",
            computed=True,
            route=_PUT,
            description="Whether it is used with the workspace's identity.",
        ),
        _CREDENTIALS,
        secret_version("credentials_version"),
        decided("group", "properties.group", "The group of its category."),
    ),
)
