"""Properties that most resource types share, with the way each type changes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mooring.core.types import STRING, MapType, SetType
from mooring.sdk import CallContext
from mooring_azureml.arm.port import ArmError, Target
from mooring_azureml.lifecycle.definition import Access, Prepare
from mooring_azureml.table.checks import arm_id, length_of_time, matching, one_of
from mooring_azureml.table.model import Block, Check, Fields, Property, Route
from mooring_azureml.table.notation import CASELESS, EXACT, ID, ID_KEYS, IDENTITY_TYPE, LOCATION, held_in
from mooring_azureml.table.shorthand import choice

ML_API_VERSION: Final = "2025-12-01"
"""facts.md section 2: a safe default; azure-ai-ml's own."""
WORKSPACES: Final = "Microsoft.MachineLearningServices/workspaces"
COMPUTES: Final = f"{WORKSPACES}/computes"


def name_property(*checks: Check, description: str) -> Property:
    """`name`: the last part of the id."""
    return Property(
        name="name", type=STRING, required=True, route=Route.PLACE, checks=checks, description=description
    )


RESOURCE_GROUP_NAME: Final = Property(
    name="resource_group_name",
    type=STRING,
    required=True,
    route=Route.PLACE,
    description="The resource group it is in.",
)


def location(*, is_computed: bool = False) -> Property:
    """`location`: the region."""
    return Property(
        name="location",
        type=STRING,
        arm="location",
        required=not is_computed,
        computed=is_computed,
        route=Route.FIXED,
        notation=LOCATION,
        description="The region; that of the workspace if it is left out." if is_computed else "The region.",
    )


def tags(route: Route) -> Property:
    """`tags`: an empty map means the same as none."""
    return Property(
        name="tags", type=MapType(STRING), arm="tags", route=route, notation=EXACT, description="Tags."
    )


def public_network_access(*allowed: str) -> Property:
    """`public_network_access`: one of the states that the type knows."""
    return Property(
        name="public_network_access",
        type=STRING,
        arm="properties.publicNetworkAccess",
        default="Enabled",
        route=Route.PATCH,
        notation=CASELESS,
        checks=(one_of(*allowed),),
        description="Whether the public endpoint answers.",
    )


def network_rules() -> Block:
    """`network_rules`: who passes the firewall of a storage account or a key vault (ARM's networkAcls)."""
    return Block(
        name="network_rules",
        arm="properties.networkAcls",
        parts=(
            choice(
                "default_action",
                "defaultAction",
                "What happens to who is named by no rule.",
                *("Allow", "Deny"),
                route=Route.PATCH,
                default="Allow",
            ),
            Property(
                name="bypass",
                type=STRING,
                arm="bypass",
                default="AzureServices",
                route=Route.PATCH,
                notation=CASELESS,
                description="Who passes without a rule: `AzureServices`, `None`, or several with commas.",
            ),
            _rule_set("ip_rules", "ipRules", "value", "Addresses that may pass."),
            _rule_set("virtual_network_subnet_ids", "virtualNetworkRules", "id", "Subnets that may pass."),
        ),
        description="Who passes the firewall.",
    )


def _rule_set(name: str, arm: str, member: str, description: str) -> Property:
    return Property(
        name=name,
        type=SetType(STRING),
        arm=arm,
        route=Route.PATCH,
        notation=held_in(member),
        description=description,
    )


def identity(route: Route, *, required: bool = False) -> Block:
    """`identity`: the managed identity."""
    return Block(
        name="identity",
        arm="identity",
        required=required,
        parts=(
            Property(
                name="type",
                type=STRING,
                arm="type",
                required=True,
                default="None",
                route=route,
                notation=IDENTITY_TYPE,
                checks=(_identity_type,),
                description="`SystemAssigned`, `UserAssigned` or `SystemAssigned,UserAssigned`.",
            ),
            Property(
                name="user_assigned_identities",
                type=SetType(STRING),
                arm="userAssignedIdentities",
                route=route,
                notation=ID_KEYS,
                description="The ids of user-assigned identities.",
            ),
            Property(name="principal_id", type=STRING, arm="principalId", route=Route.DECIDED),
            Property(name="tenant_id", type=STRING, arm="tenantId", route=Route.DECIDED),
        ),
        description="The managed identity.",
    )


_one_identity_type = one_of("SystemAssigned", "UserAssigned", "SystemAssigned,UserAssigned")


def _identity_type(value: object) -> str | None:
    return _one_identity_type(str(value).replace(" ", ""))


TIMEOUTS: Final = Block(
    name="timeouts",
    arm="",
    parts=tuple(
        Property(
            name=operation,
            type=STRING,
            route=Route.LOCAL,
            echoed=False,
            checks=(length_of_time,),
            description=f"How long a {operation} may take: `30m`, `1h30m`.",
        )
        for operation in ("create", "read", "update", "delete")
    ),
    description="How long operations may take.",
)
"""The engine reads it (`mooring.schema.timeouts`); Azure never hears of it."""

_RESERVED_NAMES: Final = frozenset({"amlcompute", "containerinstance", "local"})


def _not_reserved(value: object) -> str | None:
    """Names that the service keeps for itself (facts.md section 2: refused by the first SDK)."""
    if str(value).lower() not in _RESERVED_NAMES:
        return None
    return f"must be a name of your own: {value!r} stands for a kind of compute in run configurations"


COMPUTE_NAME: Final = name_property(
    _not_reserved,
    matching(
        r"[a-zA-Z](?![a-zA-Z0-9-]*-\d+$)[a-zA-Z0-9-]{2,23}",
        "must have 3 to 24 letters, digits and dashes, start with a letter, and not end in a dash with only "
        "digits after it",
    ),
    description="The name: 3 to 24 letters, digits and dashes, unique in the region.",
)
"""Pattern of the stable specifications since 2025-12-01 (facts.md section 2)."""

WORKSPACE_ID: Final = Property(
    name="workspace_id",
    type=STRING,
    required=True,
    route=Route.PLACE,
    notation=ID,
    checks=(arm_id(WORKSPACES),),
    description="The ARM id of the workspace.",
)


def compute_envelope(changes: Route) -> tuple[Property | Block, ...]:
    """What every compute has around its own settings; `changes` is the way of what can change."""
    return (
        COMPUTE_NAME,
        WORKSPACE_ID,
        location(is_computed=True),
        Property(
            name="description",
            type=STRING,
            arm="properties.description",
            route=changes,
            description="A description.",
        ),
        tags(changes),
    )


def deletes_underlying(_fields: Fields) -> Mapping[str, str]:
    """A managed compute goes with what it runs on: DELETE wants to be told (facts.md section 2)."""
    return {"underlyingResourceAction": "Delete"}


def located_like(attribute: str) -> Prepare:
    """Looks up the `location` of the resource whose id an attribute holds, if none is given."""

    def prepare(access: Access, ctx: CallContext, fields: Fields) -> Fields | ArmError:
        if isinstance(fields.get("location"), str):
            return fields
        found = access.arm.get(ctx, Target(id=str(fields[attribute]), api_version=ML_API_VERSION))
        return found if isinstance(found, ArmError) else {**fields, "location": str(found.get("location"))}

    return prepare


in_workspace_location: Final = located_like("workspace_id")
"""A compute's `location` must be its workspace's (facts.md section 2)."""
