"""Microsoft.KeyVault/vaults. Names are unique in all of Azure; soft delete belongs to a later issue."""

import re

from mooring_emulator.arm.kinds import NameRule, ResourceKind
from mooring_emulator.arm.shapes import closed
from mooring_emulator.arm.versions import KEY_VAULT
from mooring_emulator.codec import JsonObject
from mooring_emulator.resources.replies import CREATED_AT_ONCE
from mooring_emulator.resources.simple import Filling, SimpleType, UniqueName, simple_kind

_SHAPE = closed(
    *("accessPolicies", "createMode", "enabledForDeployment", "enabledForDiskEncryption"),
    *("enabledForTemplateDeployment", "enablePurgeProtection", "enableRbacAuthorization", "enableSoftDelete"),
    *("networkAcls", "publicNetworkAccess", "sku", "softDeleteRetentionInDays", "tenantId"),
)
"""The writable properties of Microsoft.KeyVault 2023-07-01."""


def key_vault_kind() -> ResourceKind:
    """Describe the type."""
    return simple_kind(
        SimpleType(
            type="Microsoft.KeyVault/vaults",
            api_versions=KEY_VAULT,
            name_rule=NameRule(
                pattern=re.compile(r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]"),
                code="VaultNameNotValid",
                message="The vault name '{name}' is invalid. A vault's name must be between 3-24 "
                "alphanumeric characters. The name must begin with a letter, end with a letter or digit, and "
                "not contain consecutive hyphens. Follow this link for more information: "
                "https://go.microsoft.com/fwlink/?linkid=2147742",
            ),
            replies=CREATED_AT_ONCE,
            required=("properties.tenantId", "properties.sku.name"),
            shape=_SHAPE,
            defaults=_defaults,
            read_only=_read_only,
            top_level={},
            unique_name=UniqueName(
                claim="key-vault",
                status=409,
                code="VaultAlreadyExists",
                message="The vault name '{name}' is already in use. Vault names are globally unique so it is "
                "possible that the name is already taken.",
            ),
        )
    )


def _defaults(_filling: Filling) -> JsonObject:
    return {
        "accessPolicies": [],
        "enabledForDeployment": False,
        "enableRbacAuthorization": False,
        "enableSoftDelete": True,
        "softDeleteRetentionInDays": 90,
        "publicNetworkAccess": "Enabled",
    }


def _read_only(filling: Filling) -> JsonObject:
    return {"vaultUri": f"https://{filling.target.name.lower()}.vault.azure.net/"}
