"""Microsoft.Insights/components and Microsoft.OperationalInsights/workspaces."""

import re

from mooring_emulator.arm.kinds import NameRule, ResourceKind
from mooring_emulator.arm.shapes import closed
from mooring_emulator.arm.versions import INSIGHTS, OPERATIONAL_INSIGHTS
from mooring_emulator.codec import JsonObject
from mooring_emulator.resources.replies import CREATED_201, CREATED_AT_ONCE
from mooring_emulator.resources.simple import Filling, SimpleType, simple_kind

_COMPONENT = closed(
    *(
        "Application_Type",
        "DisableIpMasking",
        "DisableLocalAuth",
        "Flow_Type",
        "ForceCustomerStorageForProfiler",
    ),
    *("HockeyAppId", "ImmediatePurgeDataOn30Days", "IngestionMode", "publicNetworkAccessForIngestion"),
    *("publicNetworkAccessForQuery", "Request_Source", "RetentionInDays", "SamplingPercentage"),
    "WorkspaceResourceId",
)
"""The writable properties of Microsoft.Insights/components 2020-02-02."""
_LOGS = closed(
    *(
        "defaultDataCollectionRuleResourceId",
        "features",
        "forceCmkForQuery",
        "publicNetworkAccessForIngestion",
    ),
    *("publicNetworkAccessForQuery", "replication", "retentionInDays", "sku", "workspaceCapping"),
)
"""The writable properties of Microsoft.OperationalInsights/workspaces 2023-09-01."""


def insights_component_kind() -> ResourceKind:
    """Describe Application Insights."""
    return simple_kind(
        SimpleType(
            type="Microsoft.Insights/components",
            api_versions=INSIGHTS,
            name_rule=NameRule(
                pattern=re.compile(r"[^%&\\?/#]{1,259}[^%&\\?/#. ]"),
                code="InvalidResourceName",
                message="The resource name '{name}' is invalid.",
            ),
            replies=CREATED_AT_ONCE,
            required=("kind",),
            shape=_COMPONENT,
            defaults=_component_defaults,
            read_only=_component_read_only,
            top_level={"kind": None, "etag": None},
        )
    )


def log_workspace_kind() -> ResourceKind:
    """Describe a Log Analytics workspace."""
    return simple_kind(
        SimpleType(
            type="Microsoft.OperationalInsights/workspaces",
            api_versions=OPERATIONAL_INSIGHTS,
            name_rule=NameRule(
                pattern=re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]"),
                code="InvalidParameter",
                message="The workspace name '{name}' is invalid. It must be between 4 and 63 letters, digits "
                "and '-', and '-' may not be its first or last symbol.",
            ),
            replies=CREATED_201,
            shape=_LOGS,
            defaults=_log_defaults,
            read_only=_log_read_only,
            top_level={},
        )
    )


def _component_defaults(_filling: Filling) -> JsonObject:
    return {
        "Application_Type": "web",
        "Flow_Type": "Bluefield",
        "Request_Source": "rest",
        "RetentionInDays": 90,
        "SamplingPercentage": None,
        "DisableIpMasking": False,
        "publicNetworkAccessForIngestion": "Enabled",
        "publicNetworkAccessForQuery": "Enabled",
    }


def _component_read_only(filling: Filling) -> JsonObject:
    key = filling.keep("InstrumentationKey", filling.call.world.new_id)
    app_id = filling.keep("AppId", filling.call.world.new_id)
    location = filling.body["location"]
    ingestion = f"https://{location}-8.in.applicationinsights.azure.com/"
    is_workspace_based = bool(filling.properties.get("WorkspaceResourceId"))
    return {
        "ApplicationId": filling.target.name,
        "AppId": app_id,
        "InstrumentationKey": key,
        "ConnectionString": f"InstrumentationKey={key};IngestionEndpoint={ingestion};ApplicationId={app_id}",
        "CreationDate": filling.keep("CreationDate", lambda: filling.call.timestamp),
        "IngestionMode": "LogAnalytics" if is_workspace_based else "ApplicationInsights",
        "Name": filling.target.name,
        "TenantId": filling.target.subscription,
    }


def _log_defaults(_filling: Filling) -> JsonObject:
    return {
        "sku": {"name": "PerGB2018"},
        "retentionInDays": 30,
        "features": {"enableLogAccessUsingOnlyResourcePermissions": True},
        "workspaceCapping": {"dailyQuotaGb": -1.0},
        "publicNetworkAccessForIngestion": "Enabled",
        "publicNetworkAccessForQuery": "Enabled",
    }


def _log_read_only(filling: Filling) -> JsonObject:
    return {
        "customerId": filling.keep("customerId", filling.call.world.new_id),
        "createdDate": filling.keep("createdDate", lambda: filling.call.timestamp),
        "modifiedDate": filling.call.timestamp,
    }
