"""`azureml_storage_account`: Microsoft.Storage/storageAccounts.

Name rule and defaults: Microsoft.Storage 2023-05-01. PATCH changes everything but location, kind and the
hierarchical namespace.
"""

from __future__ import annotations

from typing import Final

from mooring.core.types import BOOL, STRING
from mooring_azureml.common import (
    RESOURCE_GROUP_NAME,
    identity,
    location,
    name_property,
    network_rules,
    public_network_access,
    tags,
)
from mooring_azureml.lifecycle.definition import Definition
from mooring_azureml.lifecycle.placement import InGroup
from mooring_azureml.preflight.regions import known_region
from mooring_azureml.table.checks import matching, one_of
from mooring_azureml.table.model import Property, Route
from mooring_azureml.table.notation import CASELESS
from mooring_azureml.table.shorthand import flag

_TYPE: Final = "Microsoft.Storage/storageAccounts"

DEFINITION: Final = Definition(
    type_name="azureml_storage_account",
    noun="storage account",
    arm_type=_TYPE,
    api_version="2023-05-01",
    placement=InGroup(arm_type=_TYPE),
    description="A storage account, such as every workspace needs.",
    guards=(known_region(),),
    table=(
        name_property(
            matching(r"[a-z0-9]{3,24}", "must have 3 to 24 lower-case letters and digits"),
            description="The name, unique in all of Azure.",
        ),
        RESOURCE_GROUP_NAME,
        location(),
        Property(
            name="sku_name",
            type=STRING,
            arm="sku.name",
            default="Standard_LRS",
            route=Route.PATCH,
            notation=CASELESS,
            description="The performance tier and the replication.",
        ),
        Property(
            name="kind",
            type=STRING,
            arm="kind",
            default="StorageV2",
            route=Route.FIXED,
            notation=CASELESS,
            checks=(one_of("StorageV2", "BlobStorage", "BlockBlobStorage", "FileStorage", "Storage"),),
            description="The kind of account.",
        ),
        Property(
            name="access_tier",
            type=STRING,
            arm="properties.accessTier",
            default="Hot",
            route=Route.PATCH,
            notation=CASELESS,
            checks=(one_of("Hot", "Cool", "Cold"),),
            description="The default access tier of blobs.",
        ),
        Property(
            name="allow_blob_public_access",
            type=BOOL,
            arm="properties.allowBlobPublicAccess",
            default=False,
            route=Route.PATCH,
            description="Whether containers may be made public.",
        ),
        Property(
            name="allow_shared_key_access",
            type=BOOL,
            arm="properties.allowSharedKeyAccess",
            default=True,
            route=Route.PATCH,
            description="Whether account keys are accepted.",
        ),
        *(
            flag(name, f"properties.{member}", description, default=default, route=Route.PATCH)
            for name, member, description, default in (
                (
                    "default_to_oauth_authentication",
                    "defaultToOAuthAuthentication",
                    "Whether the portal asks for Entra ID first.",
                    False,
                ),
                (
                    "allow_cross_tenant_replication",
                    "allowCrossTenantReplication",
                    "Whether blobs may be replicated to another tenant.",
                    False,
                ),
            )
        ),
        Property(
            name="is_hns_enabled",
            type=BOOL,
            arm="properties.isHnsEnabled",
            default=False,
            route=Route.FIXED,
            description="Hierarchical namespace (Data Lake Storage); not for a workspace's own account.",
        ),
        Property(
            name="minimum_tls_version",
            type=STRING,
            arm="properties.minimumTlsVersion",
            default="TLS1_2",
            route=Route.PATCH,
            notation=CASELESS,
            checks=(one_of("TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"),),
            description="The oldest TLS version accepted.",
        ),
        public_network_access("Enabled", "Disabled", "SecuredByPerimeter"),
        network_rules(),
        Property(
            name="supports_https_traffic_only",
            type=BOOL,
            arm="properties.supportsHttpsTrafficOnly",
            default=True,
            route=Route.PATCH,
            description="Whether HTTP is refused.",
        ),
        identity(Route.PATCH),
        tags(Route.PATCH),
        Property(
            name="primary_blob_endpoint",
            type=STRING,
            arm="properties.primaryEndpoints.blob",
            route=Route.DECIDED,
        ),
        Property(
            name="primary_file_endpoint",
            type=STRING,
            arm="properties.primaryEndpoints.file",
            route=Route.DECIDED,
        ),
    ),
)
