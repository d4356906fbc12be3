"""`azureml_application_insights`: Microsoft.Insights/components, 2020-02-02. What can change goes by PUT."""

from __future__ import annotations

from typing import Final

from mooring.core.types import BOOL, NUMBER, STRING
from mooring_azureml.common import RESOURCE_GROUP_NAME, location, name_property, tags
from mooring_azureml.lifecycle.definition import Definition
from mooring_azureml.lifecycle.placement import InGroup
from mooring_azureml.preflight.regions import known_region
from mooring_azureml.table.checks import arm_id, matching, one_of
from mooring_azureml.table.model import Property, Route
from mooring_azureml.table.notation import CASELESS, ID
from mooring_azureml.table.shorthand import choice, flag

_TYPE: Final = "Microsoft.Insights/components"

DEFINITION: Final = Definition(
    type_name="azureml_application_insights",
    noun="Application Insights component",
    arm_type=_TYPE,
    api_version="2020-02-02",
    placement=InGroup(arm_type=_TYPE),
    description="An Application Insights component, such as every workspace needs.",
    guards=(known_region(),),
    table=(
        name_property(
            matching(
                r"[^%&\\?/#]{0,259}[^%&\\?/#. ]",
                "must have 1 to 260 characters, none of % & \\ ? / #, and not end with a dot or space",
            ),
            description="The name.",
        ),
        RESOURCE_GROUP_NAME,
        location(),
        Property(
            name="kind",
            type=STRING,
            arm="kind",
            default="web",
            route=Route.FIXED,
            notation=CASELESS,
            description="The kind.",
        ),
        Property(
            name="application_type",
            type=STRING,
            arm="properties.Application_Type",
            default="web",
            route=Route.FIXED,
            notation=CASELESS,
            checks=(one_of("web", "other"),),
            description="What is monitored.",
        ),
        Property(
            name="workspace_resource_id",
            type=STRING,
            arm="properties.WorkspaceResourceId",
            computed=True,
            route=Route.PUT,
            notation=ID,
            checks=(arm_id("Microsoft.OperationalInsights/workspaces"),),
            description="The Log Analytics workspace; Azure makes one if it is left out.",
        ),
        Property(
            name="retention_in_days",
            type=NUMBER,
            arm="properties.RetentionInDays",
            default=90,
            route=Route.PUT,
            description="How long data is kept.",
        ),
        Property(
            name="disable_ip_masking",
            type=BOOL,
            arm="properties.DisableIpMasking",
            default=False,
            route=Route.PUT,
            description="Whether client addresses are kept.",
        ),
        *(
            choice(
                f"public_network_access_for_{purpose}",
                f"properties.publicNetworkAccessFor{purpose.capitalize()}",
                f"Whether {purpose} works from the public network.",
                *("Enabled", "Disabled"),
                route=Route.PUT,
                default="Enabled",
            )
            for purpose in ("ingestion", "query")
        ),
        flag(
            "disable_local_auth",
            "properties.DisableLocalAuth",
            "Whether telemetry is accepted with Entra ID only.",
            default=False,
            route=Route.PUT,
        ),
        tags(Route.PUT),
        Property(name="app_id", type=STRING, arm="properties.AppId", route=Route.DECIDED),
        Property(
            name="instrumentation_key",
            type=STRING,
            arm="properties.InstrumentationKey",
            route=Route.DECIDED,
            sensitive=True,
        ),
        Property(
            name="connection_string",
            type=STRING,
            arm="properties.ConnectionString",
            route=Route.DECIDED,
            sensitive=True,
        ),
    ),
)
