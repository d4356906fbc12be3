"""`azureml_container_registry`: Microsoft.ContainerRegistry/registries, 2023-07-01.

Name rule: "Naming rules and restrictions for Azure resources". PATCH changes everything but location and zone
redundancy.
"""

from __future__ import annotations

from typing import Final

from mooring.core.types import NUMBER
from mooring_azureml.common import (
    RESOURCE_GROUP_NAME,
    identity,
    location,
    name_property,
    public_network_access,
    tags,
)
from mooring_azureml.lifecycle.definition import Definition
from mooring_azureml.lifecycle.placement import InGroup
from mooring_azureml.preflight.regions import known_region
from mooring_azureml.table.checks import between, matching
from mooring_azureml.table.model import Block, Property, Route
from mooring_azureml.table.shorthand import choice, decided, flag

_TYPE: Final = "Microsoft.ContainerRegistry/registries"
_PATCH: Final = Route.PATCH

_RETENTION: Final = Block(
    name="retention_policy",
    arm="properties.policies.retentionPolicy",
    parts=(
        choice(
            "status", "status", "Whether it applies.", "enabled", "disabled", route=_PATCH, default="disabled"
        ),
        Property(
            name="days",
            type=NUMBER,
            arm="days",
            default=7,
            route=_PATCH,
            checks=(between(0, 365),),
            description="After how many days an untagged manifest goes.",
        ),
    ),
    description="How long untagged manifests are kept (Premium only).",
)

DEFINITION: Final = Definition(
    type_name="azureml_container_registry",
    noun="container registry",
    arm_type=_TYPE,
    api_version="2023-07-01",
    placement=InGroup(arm_type=_TYPE),
    description="A container registry for the images of a workspace.",
    guards=(known_region(),),
    table=(
        name_property(
            matching(r"[a-zA-Z0-9]{5,50}", "must have 5 to 50 letters and digits"),
            description="The name, unique in all of Azure.",
        ),
        RESOURCE_GROUP_NAME,
        location(),
        choice(
            "sku_name",
            "sku.name",
            "The tier.",
            *("Basic", "Standard", "Premium"),
            route=_PATCH,
            default="Standard",
        ),
        flag(
            "admin_user_enabled",
            "properties.adminUserEnabled",
            "Whether an administrator can sign in with a password.",
            default=False,
            route=_PATCH,
        ),
        flag(
            "anonymous_pull_enabled",
            "properties.anonymousPullEnabled",
            "Whether anybody may pull.",
            default=False,
            route=_PATCH,
        ),
        flag(
            "data_endpoint_enabled",
            "properties.dataEndpointEnabled",
            "Whether there is one data endpoint per region (Premium only).",
            default=False,
            route=_PATCH,
        ),
        public_network_access("Enabled", "Disabled"),
        choice(
            "network_rule_bypass_options",
            "properties.networkRuleBypassOptions",
            "Whether trusted Azure services pass the network rules.",
            *("AzureServices", "None"),
            route=_PATCH,
            default="AzureServices",
        ),
        choice(
            "zone_redundancy",
            "properties.zoneRedundancy",
            "Whether it is spread over zones (Premium only).",
            *("Enabled", "Disabled"),
            route=Route.FIXED,
            default="Disabled",
        ),
        _RETENTION,
        identity(_PATCH),
        tags(_PATCH),
        decided("login_server", "properties.loginServer", "The host name."),
    ),
)
