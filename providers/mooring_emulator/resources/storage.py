"""Microsoft.Storage/storageAccounts. Names are unique in all of Azure, because they are host names."""

import re
from dataclasses import replace

from mooring_emulator.arm.call import Call, Outcome, read_object
from mooring_emulator.arm.errors import invalid_content
from mooring_emulator.arm.keys import KEY_NUMBERS, derive_key, next_numbers
from mooring_emulator.arm.kinds import NameRule, ResourceKind, Target, location_links
from mooring_emulator.arm.shapes import closed
from mooring_emulator.arm.versions import STORAGE
from mooring_emulator.codec import JsonObject
from mooring_emulator.messages import json_response
from mooring_emulator.resources.replies import CREATED_LATER
from mooring_emulator.resources.simple import Filling, SimpleType, UniqueName, simple_kind
from mooring_emulator.store.model import Document, Put

_KEYS = ("key1", "key2")
_SERVICES = ("blob", "dfs", "file", "queue", "table", "web")
_SHAPE = closed(
    *("accessTier", "allowBlobPublicAccess", "allowCrossTenantReplication", "allowSharedKeyAccess"),
    *(
        "allowedCopyScope",
        "azureFilesIdentityBasedAuthentication",
        "customDomain",
        "defaultToOAuthAuthentication",
    ),
    *(
        "dnsEndpointType",
        "enableExtendedGroups",
        "encryption",
        "immutableStorageWithVersioning",
        "isHnsEnabled",
    ),
    *("isLocalUserEnabled", "isNfsV3Enabled", "isSftpEnabled", "keyPolicy", "largeFileSharesState"),
    *("minimumTlsVersion", "networkAcls", "publicNetworkAccess", "routingPreference", "sasPolicy"),
    "supportsHttpsTrafficOnly",
)
"""The writable properties of Microsoft.Storage 2023-05-01."""


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
            shape=_SHAPE,
            defaults=_defaults,
            read_only=_read_only,
            top_level={"sku": None, "kind": None},
            unique_name=UniqueName(
                claim="storage-account",
                status=409,
                code="StorageAccountAlreadyTaken",
                message="The storage account named {name} is already taken.",
            ),
            actions={"listkeys": _list_keys, "regeneratekey": _regenerate},
        )
    )


def _list_keys(_call: Call, _target: Target, prior: Document) -> Outcome:
    """POST .../listKeys: derived from the account's id, so that no key is stored."""
    return Outcome(response=json_response(200, {"keys": [_key(prior, name) for name in _KEYS]}))


def _regenerate(call: Call, _target: Target, prior: Document) -> Outcome:
    """POST .../regenerateKey."""
    name = str(read_object(call).get("keyName")).lower()
    if name not in _KEYS:
        raise invalid_content("keyName must be key1 or key2")
    changed = replace(prior, private={**prior.private, KEY_NUMBERS: next_numbers(prior, name)})
    body = {"keys": [_key(changed, each) for each in _KEYS]}
    return Outcome(response=json_response(200, body), writes=(Put(document=changed),))


def _key(account: Document, name: str) -> JsonObject:
    created = account.properties.get("creationTime")
    return {
        "keyName": name,
        "value": derive_key(account, name),
        "permissions": "FULL",
        "creationTime": created,
    }


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
