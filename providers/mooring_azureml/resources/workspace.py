"""`azureml_workspace`: Microsoft.MachineLearningServices/workspaces, hubs and projects among them.

Sources: specs/workspace-schema-2026-05-01.json; facts.md section 2 for what PATCH may change and what is
immutable, section 3 for what the service rewrites (casing of linked ids, empty texts). A project has the
storage account, the key vault and the rest of its hub.
"""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics
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
from mooring_azureml.preflight.managed_network import stays_closed
from mooring_azureml.preflight.regions import known_region
from mooring_azureml.preflight.soft_deleted import name_is_free
from mooring_azureml.table.checks import arm_id, matching
from mooring_azureml.table.model import Fields, Property, Route
from mooring_azureml.table.notation import ID
from mooring_azureml.table.shorthand import choice, decided, flag, text
from mooring_azureml.workspaces.parts import (
    ENCRYPTION,
    FEATURE_STORE,
    HUB_CONFIG,
    MANAGED_NETWORK,
    SERVERLESS,
)
from mooring_azureml.workspaces.steps import PURGE, RECOVER, accompany, purged, recovers, with_recovery

_PATCH: Final = Route.PATCH


def _link(name: str, member: str, type_name: str, what: str, *, route: Route = Route.FIXED) -> Property:
    return text(
        name,
        f"properties.{member}",
        f"The {what} of the workspace; a project has its hub's.",
        route=route,
        notation=ID,
        checks=(arm_id(type_name),),
        computed=True,
    )


_LINKS: Final = (
    _link("storage_account_id", "storageAccount", "Microsoft.Storage/storageAccounts", "storage account"),
    _link("key_vault_id", "keyVault", "Microsoft.KeyVault/vaults", "key vault"),
    _link(
        "application_insights_id",
        "applicationInsights",
        "Microsoft.Insights/components",
        "Application Insights component",
        route=_PATCH,
    ),
    _link(
        "container_registry_id",
        "containerRegistry",
        "Microsoft.ContainerRegistry/registries",
        "container registry",
        route=_PATCH,
    ),
    text(
        "hub_id",
        "properties.hubResourceId",
        "The hub of a project.",
        route=Route.FIXED,
        notation=ID,
        checks=(arm_id(WORKSPACES),),
    ),
)

_SETTINGS: Final = (
    choice(
        "kind",
        "kind",
        "The kind of workspace.",
        *("Default", "FeatureStore", "Hub", "Project"),
        route=Route.FIXED,
        default="Default",
    ),
    choice("sku_name", "sku.name", "The tier.", "Basic", "Free", "Standard", route=_PATCH, default="Basic"),
    text(
        "friendly_name", "properties.friendlyName", "The name that people see.", route=_PATCH, computed=True
    ),
    text("description", "properties.description", "A description.", route=_PATCH),
    flag(
        "hbi_workspace",
        "properties.hbiWorkspace",
        "Whether it holds high-impact data: less telemetry, more encryption.",
        default=False,
        route=Route.FIXED,
    ),
    flag(
        "enable_data_isolation",
        "properties.enableDataIsolation",
        "Whether the projects of a hub do not see each other's data.",
        default=False,
        route=_PATCH,
    ),
    text(
        "image_build_compute",
        "properties.imageBuildCompute",
        "The name of the cluster that builds images.",
        route=_PATCH,
    ),
    public_network_access("Enabled", "Disabled"),
    flag(
        "v1_legacy_mode",
        "properties.v1LegacyMode",
        "Whether the v2 interfaces are switched off.",
        default=False,
        route=_PATCH,
    ),
    choice(
        "system_datastores_auth_mode",
        "properties.systemDatastoresAuthMode",
        "How the default datastores are accessed.",
        *("AccessKey", "Identity", "UserDelegationSAS"),
        route=_PATCH,
        computed=True,
    ),
    text(
        "primary_user_assigned_identity",
        "properties.primaryUserAssignedIdentity",
        "The identity that speaks for the workspace, if it has several.",
        route=_PATCH,
        notation=ID,
        computed=True,
    ),
    flag(
        "enable_service_side_cmk_encryption",
        "properties.enableServiceSideCMKEncryption",
        "Whether data under your own key stays in the service's subscription.",
        default=False,
        route=Route.FIXED,
    ),
)

_ENDING: Final = (
    flag(
        RECOVER,
        "",
        "Whether creating it brings back a soft-deleted workspace that holds the name.",
        default=False,
        route=Route.LOCAL,
    ),
    flag(
        PURGE,
        "",
        "Whether destroying it deletes it for good, without the days in which it can be recovered.",
        default=False,
        route=Route.LOCAL,
    ),
)


def _links_by_kind(config: Fields) -> Diagnostics:
    """A project needs a hub and nothing else; the others need their own (the service's ValidationError)."""
    kind = config.get("kind")
    if kind is not None and not isinstance(kind, str):
        return ()
    lowered = (kind or "Default").lower()
    needed = ["storage_account_id", "key_vault_id"]
    if lowered == "project":
        needed = ["hub_id"]
    elif lowered != "hub":
        needed.append("application_insights_id")
    return tuple(
        Diagnostic(
            summary="Missing required argument",
            detail=f'"{name}" is required for a workspace of the kind "{kind or "Default"}".',
            code="azureml.workspace_links",
        )
        for name in needed
        if config.get(name) is None
    )


_DECIDED: Final = (
    decided(
        "workspace_guid",
        "properties.workspaceId",
        "The immutable GUID that the data plane uses (ARM's workspaceId).",
    ),
    decided("discovery_url", "properties.discoveryUrl"),
    decided("mlflow_tracking_uri", "properties.mlFlowTrackingUri"),
)

DEFINITION: Final = Definition(
    type_name="azureml_workspace",
    noun="workspace",
    arm_type=WORKSPACES,
    api_version=ML_API_VERSION,
    placement=InGroup(arm_type=WORKSPACES),
    description="A machine learning workspace.",
    delete_parameters=purged,
    finish=with_recovery,
    accompany=accompany,
    brings_back=recovers,
    rules=(_links_by_kind,),
    guards=(known_region(), name_is_free, stays_closed),
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
        MANAGED_NETWORK,
        ENCRYPTION,
        HUB_CONFIG,
        FEATURE_STORE,
        SERVERLESS,
        *_ENDING,
        identity(Route.PATCH, required=True),
        tags(Route.PATCH),
        *_DECIDED,
    ),
)
