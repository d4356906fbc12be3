"""Two more types that a workspace may refer to: container registries and user-assigned identities."""

import re

from mooring_emulator.arm.kinds import AT_ONCE, NameRule, ResourceKind, location_links
from mooring_emulator.arm.shapes import closed
from mooring_emulator.arm.versions import CONTAINER_REGISTRY, MANAGED_IDENTITY
from mooring_emulator.codec import JsonObject
from mooring_emulator.resources.replies import CREATED_201
from mooring_emulator.resources.simple import Filling, SimpleType, UniqueName, simple_kind

_REGISTRY = closed(
    *(
        "adminUserEnabled",
        "anonymousPullEnabled",
        "dataEndpointEnabled",
        "encryption",
        "networkRuleBypassOptions",
    ),
    *("networkRuleSet", "policies", "publicNetworkAccess", "zoneRedundancy"),
)
"""The writable properties of Microsoft.ContainerRegistry/registries 2023-07-01."""


def container_registry_kind() -> ResourceKind:
    """Describe a container registry."""
    return simple_kind(
        SimpleType(
            type="Microsoft.ContainerRegistry/registries",
            api_versions=CONTAINER_REGISTRY,
            name_rule=NameRule(
                pattern=re.compile(r"[a-zA-Z0-9]{5,50}"),
                code="InvalidParameter",
                message="The registry name '{name}' is invalid. It may contain alphanumeric characters only "
                "and must be between 5 and 50 characters.",
            ),
            replies=CREATED_201,
            links=location_links("operationResults"),
            required=("sku.name",),
            shape=_REGISTRY,
            defaults=_registry_defaults,
            read_only=_registry_read_only,
            top_level={"sku": None},
            unique_name=UniqueName(
                claim="container-registry",
                status=409,
                code="AlreadyInUse",
                message="The registry DNS name {name}.azurecr.io is already in use.",
            ),
        )
    )


def user_assigned_identity_kind() -> ResourceKind:
    """Describe a user-assigned identity."""
    return simple_kind(
        SimpleType(
            type="Microsoft.ManagedIdentity/userAssignedIdentities",
            api_versions=MANAGED_IDENTITY,
            name_rule=NameRule(
                pattern=re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}"),
                code="InvalidResourceName",
                message="The identity name '{name}' is invalid. It must be between 3 and 128 letters, "
                "digits, '-' and '_'.",
            ),
            replies=AT_ONCE,
            shape=closed("isolationScope"),
            defaults=lambda _filling: {},
            read_only=_identity_read_only,
            top_level={},
        )
    )


def _registry_defaults(_filling: Filling) -> JsonObject:
    return {
        "adminUserEnabled": False,
        "anonymousPullEnabled": False,
        "dataEndpointEnabled": False,
        "networkRuleBypassOptions": "AzureServices",
        "publicNetworkAccess": "Enabled",
        "zoneRedundancy": "Disabled",
    }


def _registry_read_only(filling: Filling) -> JsonObject:
    return {
        "loginServer": f"{filling.target.name.lower()}.azurecr.io",
        "creationDate": filling.keep("creationDate", lambda: filling.call.timestamp),
    }


def _identity_read_only(filling: Filling) -> JsonObject:
    new_id = filling.call.world.new_id
    return {
        "tenantId": filling.call.world.principal.tenant_id,
        "principalId": filling.keep("principalId", new_id),
        "clientId": filling.keep("clientId", new_id),
    }
