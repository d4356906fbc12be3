"""Blocks of a workspace: managed network, encryption, hub, feature store, serverless compute.

Sources: specs/workspace-schema-2026-05-01.json (managedNetwork, encryption, workspaceHubConfig ...); facts.md
section 2 for what PATCH may change.
"""

from __future__ import annotations

from typing import Final

from mooring.core.types import STRING, ListType, SetType
from mooring.sdk import Nesting
from mooring_azureml.table.checks import arm_id
from mooring_azureml.table.model import WHOLE, Block, Property, Route
from mooring_azureml.table.notation import CASELESS, EXACT, ID, ID_SET
from mooring_azureml.table.shorthand import choice, decided, flag, text

_PATCH: Final = Route.PATCH

_FQDN: Final = Block(
    name="fqdn",
    arm=WHOLE,
    implies={"type": "FQDN"},
    parts=(text("destination", "destination", "The host name.", route=_PATCH, required=True),),
    description="Lets a host name through.",
)
_PRIVATE_ENDPOINT: Final = Block(
    name="private_endpoint",
    arm="destination",
    implies={"type": "PrivateEndpoint"},
    parts=(
        text(
            "service_resource_id",
            "serviceResourceId",
            "The ARM id of the service.",
            route=_PATCH,
            notation=ID,
            required=True,
        ),
        text("subresource_target", "subresourceTarget", "Its part, such as `blob`.", route=_PATCH),
        flag("spark_enabled", "sparkEnabled", "Whether Spark jobs get it too.", default=False, route=_PATCH),
    ),
    description="Makes a private endpoint to a service.",
)
_SERVICE_TAG: Final = Block(
    name="service_tag",
    arm="destination",
    implies={"type": "ServiceTag"},
    parts=(
        text("service_tag", "serviceTag", "The service tag.", route=_PATCH, notation=CASELESS),
        text("protocol", "protocol", "`TCP`, `UDP`, `ICMP` or `*`.", route=_PATCH, notation=CASELESS),
        text("port_ranges", "portRanges", "Ports, such as `80,443`.", route=_PATCH),
        Property(
            name="address_prefixes",
            type=ListType(STRING),
            arm="addressPrefixes",
            route=_PATCH,
            notation=EXACT,
            description="Addresses in place of the tag's.",
        ),
        choice("action", "action", "What happens.", "Allow", "Deny", route=_PATCH, default="Allow"),
    ),
    description="Lets the addresses of a service tag through.",
)

OUTBOUND_RULE: Final = Block(
    name="outbound_rule",
    arm="outboundRules",
    nesting=Nesting.LIST,
    keyed_by="name",
    only={"category": "UserDefined"},
    parts=(
        text("name", "", "The name.", route=_PATCH, required=True),
        _FQDN,
        _PRIVATE_ENDPOINT,
        _SERVICE_TAG,
    ),
    description="What may be reached from the managed network; rules that the service adds do not show.",
)

MANAGED_NETWORK: Final = Block(
    name="managed_network",
    arm="properties.managedNetwork",
    parts=(
        choice(
            "isolation_mode",
            "isolationMode",
            "How far the managed network is closed.",
            *("Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"),
            route=_PATCH,
            default="Disabled",
        ),
        choice(
            "firewall_sku",
            "firewallSku",
            "The firewall for FQDN rules.",
            *("Standard", "Basic"),
            route=_PATCH,
            computed=True,
        ),
        OUTBOUND_RULE,
        flag(
            "provision",
            "",
            "Whether it is made at once, rather than with the first compute.",
            default=False,
            route=Route.LOCAL,
        ),
        decided("network_id", "networkId", "The network's id."),
        decided("status", "status.status", "`Active` once it is made."),
    ),
    description="The managed virtual network.",
)

ENCRYPTION: Final = Block(
    name="encryption",
    arm="properties.encryption",
    parts=(
        choice(
            "status",
            "status",
            "Whether it is on.",
            *("Enabled", "Disabled"),
            route=Route.FIXED,
            default="Enabled",
        ),
        text(
            "key_vault_id",
            "keyVaultProperties.keyVaultArmId",
            "The key vault with the key.",
            route=Route.FIXED,
            notation=ID,
            checks=(arm_id("Microsoft.KeyVault/vaults"),),
            required=True,
        ),
        text(
            "key_identifier",
            "keyVaultProperties.keyIdentifier",
            "The URI of the key, with its version.",
            route=_PATCH,
            required=True,
        ),
        text(
            "user_assigned_identity",
            "identity.userAssignedIdentity",
            "The identity that fetches the key.",
            route=Route.FIXED,
            notation=ID,
        ),
        *(
            text(name, member, description, route=Route.FIXED, notation=ID)
            for name, member, description in (
                ("cosmos_db_resource_id", "cosmosDbResourceId", "Your own Cosmos DB account."),
                ("search_account_resource_id", "searchAccountResourceId", "Your own search service."),
                ("storage_account_resource_id", "storageAccountResourceId", "Your own storage account."),
            )
        ),
    ),
    description="Encryption with a key of one's own.",
)

HUB_CONFIG: Final = Block(
    name="workspace_hub_config",
    arm="properties.workspaceHubConfig",
    parts=(
        text(
            "default_workspace_resource_group",
            "defaultWorkspaceResourceGroup",
            "The group in which projects are made.",
            route=Route.FIXED,
            notation=ID,
        ),
        Property(
            name="additional_workspace_storage_accounts",
            type=SetType(STRING),
            arm="additionalWorkspaceStorageAccounts",
            route=Route.FIXED,
            notation=ID_SET,
            description="Further storage accounts for projects.",
        ),
    ),
    description="What a hub gives its projects.",
)

FEATURE_STORE: Final = Block(
    name="feature_store_settings",
    arm="properties.featureStoreSettings",
    parts=(
        text(
            "spark_runtime_version",
            "computeRuntime.sparkRuntimeVersion",
            "The version of Spark.",
            route=_PATCH,
        ),
        text(
            "offline_store_connection_name",
            "offlineStoreConnectionName",
            "The connection of the offline store.",
            route=_PATCH,
        ),
        text(
            "online_store_connection_name",
            "onlineStoreConnectionName",
            "The connection of the online store.",
            route=_PATCH,
        ),
    ),
    description="For a workspace that is a feature store.",
)

SERVERLESS: Final = Block(
    name="serverless_compute_settings",
    arm="properties.serverlessComputeSettings",
    parts=(
        text(
            "custom_subnet",
            "serverlessComputeCustomSubnet",
            "The subnet of serverless compute.",
            route=_PATCH,
            notation=ID,
        ),
        flag(
            "no_public_ip",
            "serverlessComputeNoPublicIP",
            "Whether its nodes have no public addresses.",
            default=False,
            route=_PATCH,
        ),
    ),
    description="Compute that the service makes for a job.",
)
