"""Microsoft.Storage/storageAccounts. Names are unique in all of Azure, because they are host names."""

import re

from mooring_emulator.arm.kinds import NameRule, ResourceKind, location_links
from mooring_emulator.arm.versions import STORAGE
from mooring_emulator.codec import JsonObject
from mooring_emulator.resources.replies import CREATED_LATER
from mooring_emulator.resources.simple import Filling, SimpleType, UniqueName, simple_kind

_SERVICES = ("blob", "dfs", "file", "queue", "table", "web")


def storage_account_kind() -> ResourceKind:
    """Describe the type."""
    return simple_kind(
        SimpleType(
            type="Microsoft.Storage/storageAccounts",
            api_versions=STORAGE,
            name_rule=NameRule(
                pattern=re.compile(r"[a-z0-9]{3,24}"),
                code="AccountNameInvalid",
                message="{name} is not a valid storage account name. Storage account name must be between 3 "
                "and 24 characters in length and use numbers and lower-case letters only.",
            ),
            replies=CREATED_LATER,
            links=location_links("asyncoperations", result={"monitor": "true"}),
            required=("sku.name", "kind"),
            defaults=_defaults,
            read_only=_read_only,
            top_level={"sku": None, "kind": None},
            unique_name=UniqueName(
                claim="storage-account",
                status=409,
                code="StorageAccountAlreadyTaken",
                message="The storage account named {name} is already taken.",
            ),
        )
    )


def _defaults(filling: Filling) -> JsonObject:
    return {
        "accessTier": "Hot",
        "allowBlobPublicAccess": False,
        "allowSharedKeyAccess": True,
        "minimumTlsVersion": "TLS1_2",
        "publicNetworkAccess": "Enabled",
        "supportsHttpsTrafficOnly": True,
        "networkAcls": {
            "bypass": "AzureServices",
            "defaultAction": "Allow",
            "ipRules": [],
            "virtualNetworkRules": [],
        },
        "encryption": _encryption(filling.call.timestamp),
    }


def _encryption(enabled_at: str) -> JsonObject:
    service = {"enabled": True, "keyType": "Account", "lastEnabledTime": enabled_at}
    return {"keySource": "Microsoft.Storage", "services": {"blob": service, "file": service}}


def _read_only(filling: Filling) -> JsonObject:
    name = filling.target.name
    hosts = {service: f"https://{name}.{service}.core.windows.net/" for service in _SERVICES}
    hosts["web"] = f"https://{name}.z13.web.core.windows.net/"
    return {
        "creationTime": filling.keep("creationTime", lambda: filling.call.timestamp),
        "primaryEndpoints": hosts,
        "primaryLocation": filling.body["location"],
        "statusOfPrimary": "available",
        "privateEndpointConnections": [],
    }
