"""`azureml_workspace`: Microsoft.MachineLearningServices/workspaces.

Sources: specs/workspace-schema-2026-05-01.json; facts.md section 2 for what PATCH may change and what is
immutable, section 3 for what the service rewrites (casing of linked ids, empty texts).
"""

from __future__ import annotations

from typing import Final

from mooring.core.types import BOOL, STRING
from mooring_azureml.common import (
    ML_API_VERSION,
    RESOURCE_GROUP_NAME,
    WORKSPACES,
    identity,
    location,
    name_property,
    public_network_access,
    tags,
)
from mooring_azureml.lifecycle.definition import Definition
from mooring_azureml.lifecycle.placement import InGroup
from mooring_azureml.table.checks import arm_id, matching, one_of
from mooring_azureml.table.model import Block, Property, Route
from mooring_azureml.table.notation import CASELESS, ID

_LINKS: Final = (
    Property(
        name="storage_account_id",
        type=STRING,
        arm="properties.storageAccount",
        required=True,
        notation=ID,
        checks=(arm_id("Microsoft.Storage/storageAccounts"),),
        description="The storage account of the workspace.",
    ),
    Property(
        name="key_vault_id",
        type=STRING,
        arm="properties.keyVault",
        required=True,
        notation=ID,
        checks=(arm_id("Microsoft.KeyVault/vaults"),),
        description="The key vault of the workspace.",
    ),
    Property(
        name="application_insights_id",
        type=STRING,
        arm="properties.applicationInsights",
        required=True,
        route=Route.PATCH,
        notation=ID,
        checks=(arm_id("Microsoft.Insights/components"),),
        description="The Application Insights component of the workspace.",
    ),
    Property(
        name="container_registry_id",
        type=STRING,
        arm="properties.containerRegistry",
        route=Route.PATCH,
        notation=ID,
        checks=(arm_id("Microsoft.ContainerRegistry/registries"),),
        description="The container registry for images.",
    ),
)

_SETTINGS: Final = (
    Property(
        name="kind",
        type=STRING,
        arm="kind",
        default="Default",
        notation=CASELESS,
        description="`Default`, `FeatureStore`, `Hub` or `Project`.",
    ),
    Property(
        name="sku_name",
        type=STRING,
        arm="sku.name",
        default="Basic",
        route=Route.PATCH,
        notation=CASELESS,
        description="The tier.",
    ),
    Property(
        name="friendly_name",
        type=STRING,
        arm="properties.friendlyName",
        computed=True,
        route=Route.PATCH,
        description="The name that people see.",
    ),
    Property(
        name="description",
        type=STRING,
        arm="properties.description",
        route=Route.PATCH,
        description="A description.",
    ),
    Property(
        name="hbi_workspace",
        type=BOOL,
        arm="properties.hbiWorkspace",
        default=False,
        description="Whether it holds high-impact data: less telemetry, more encryption.",
    ),
    Property(
        name="image_build_compute",
        type=STRING,
        arm="properties.imageBuildCompute",
        route=Route.PATCH,
        description="The name of the cluster that builds images.",
    ),
    public_network_access("Enabled", "Disabled"),
    Property(
        name="v1_legacy_mode",
        type=BOOL,
        arm="properties.v1LegacyMode",
        default=False,
        route=Route.PATCH,
        description="Whether the v2 interfaces are switched off.",
    ),
    Property(
        name="system_datastores_auth_mode",
        type=STRING,
        arm="properties.systemDatastoresAuthMode",
        computed=True,
        route=Route.PATCH,
        notation=CASELESS,
        checks=(one_of("AccessKey", "Identity", "UserDelegationSAS"),),
        description="How the default datastores are accessed.",
    ),
    Property(
        name="primary_user_assigned_identity",
        type=STRING,
        arm="properties.primaryUserAssignedIdentity",
        route=Route.PATCH,
        notation=ID,
        description="The identity that speaks for the workspace, if it has several.",
    ),
)

_MANAGED_NETWORK: Final = Block(
    name="managed_network",
    arm="properties.managedNetwork",
    parts=(
        Property(
            name="isolation_mode",
            type=STRING,
            arm="isolationMode",
            default="Disabled",
            route=Route.PATCH,
            notation=CASELESS,
            checks=(one_of("Disabled", "AllowInternetOutbound", "AllowOnlyApprovedOutbound"),),
            description="How far the managed network is closed.",
        ),
    ),
    description="The managed virtual network.",
)

_DECIDED: Final = (
    Property(
        name="workspace_guid",
        type=STRING,
        arm="properties.workspaceId",
        route=Route.DECIDED,
        description="The immutable GUID that the data plane uses (ARM's workspaceId).",
    ),
    Property(name="discovery_url", type=STRING, arm="properties.discoveryUrl", route=Route.DECIDED),
    Property(
        name="mlflow_tracking_uri", type=STRING, arm="properties.mlFlowTrackingUri", route=Route.DECIDED
    ),
)

DEFINITION: Final = Definition(
    type_name="azureml_workspace",
    noun="workspace",
    arm_type=WORKSPACES,
    api_version=ML_API_VERSION,
    placement=InGroup(arm_type=WORKSPACES),
    description="A machine learning workspace.",
    table=(
        name_property(
            matching(
                r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}",
                "must have 3 to 33 letters, digits, dashes and underscores, and start with a letter or digit",
            ),
            description="The name.",
        ),
        RESOURCE_GROUP_NAME,
        location(),
        *_LINKS,
        *_SETTINGS,
        _MANAGED_NETWORK,
        identity(Route.PATCH, required=True),
        tags(Route.PATCH),
        *_DECIDED,
    ),
)
