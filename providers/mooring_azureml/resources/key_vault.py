"""`azureml_key_vault`: Microsoft.KeyVault/vaults, with access by role (no access policies).

Name rule and defaults: Microsoft.KeyVault 2023-07-01. Purge protection, once on, stays on.
"""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr
from mooring.core.types import BOOL, NUMBER, STRING
from mooring.core.values import Unknown
from mooring.sdk import CallContext
from mooring_azureml.arm.port import ArmError, Target
from mooring_azureml.common import (
    RESOURCE_GROUP_NAME,
    location,
    name_property,
    network_rules,
    public_network_access,
    tags,
)
from mooring_azureml.lifecycle.definition import Access, Definition
from mooring_azureml.lifecycle.placement import InGroup
from mooring_azureml.preflight.regions import known_region
from mooring_azureml.table.checks import between, matching, one_of
from mooring_azureml.table.model import Fields, Property, Route
from mooring_azureml.table.notation import CASELESS

_TYPE: Final = "Microsoft.KeyVault/vaults"
_SUBSCRIPTIONS_API: Final = "2022-12-01"


def _provider_tenant(access: Access, _prior: Fields | None, planned: Fields) -> Fields:
    """The tenant is the provider's, when it is known and the files name no other."""
    if access.tenant_id is None or not isinstance(planned["tenant_id"], Unknown):
        return planned
    return {**planned, "tenant_id": access.tenant_id}


def _tenant_of_subscription(access: Access, ctx: CallContext, fields: Fields) -> Fields | ArmError:
    """Without a tenant in the provider's settings (`az login`), it is that of the subscription."""
    if isinstance(fields["tenant_id"], str):
        return fields
    target = Target(id=f"/subscriptions/{access.subscription_id}", api_version=_SUBSCRIPTIONS_API)
    subscription = access.arm.get(ctx, target)
    if isinstance(subscription, ArmError):
        return subscription
    return {**fields, "tenant_id": str(subscription.get("tenantId"))}


def _stays_on(_access: Access, _ctx: CallContext, prior: Fields | None, planned: Fields) -> Diagnostics:
    """Purge protection cannot be switched off ("Key Vault soft-delete overview")."""
    name = "enable_purge_protection"
    if prior is None or prior.get(name) is not True or planned.get(name) is not False:
        return ()
    if prior.get("id") != planned.get("id"):
        return ()
    return (
        Diagnostic(
            summary="Purge protection stays on",
            detail="Azure does not switch the purge protection of a key vault off again. Leave the argument "
            "out, or make another key vault.",
            path=(Attr(name),),
            code="azureml.purge_protection",
        ),
    )


DEFINITION: Final = Definition(
    type_name="azureml_key_vault",
    noun="key vault",
    arm_type=_TYPE,
    api_version="2023-07-01",
    placement=InGroup(arm_type=_TYPE),
    description="A key vault, such as every workspace needs.",
    constants={"properties.sku.family": "A", "properties.accessPolicies": []},
    derive=_provider_tenant,
    prepare=_tenant_of_subscription,
    guards=(known_region(), _stays_on),
    table=(
        name_property(
            matching(
                r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]",
                "must have 3 to 24 letters, digits and single dashes, start with a letter, end with no dash",
            ),
            description="The name, unique in all of Azure.",
        ),
        RESOURCE_GROUP_NAME,
        location(),
        Property(
            name="tenant_id",
            type=STRING,
            arm="properties.tenantId",
            computed=True,
            route=Route.FIXED,
            notation=CASELESS,
            description="The Entra ID tenant; the provider's if it is left out.",
        ),
        Property(
            name="sku_name",
            type=STRING,
            arm="properties.sku.name",
            default="standard",
            route=Route.PATCH,
            notation=CASELESS,
            checks=(one_of("standard", "premium"),),
            description="The tier.",
        ),
        Property(
            name="enable_rbac_authorization",
            type=BOOL,
            arm="properties.enableRbacAuthorization",
            default=True,
            route=Route.PATCH,
            description="Whether roles decide about access.",
        ),
        Property(
            name="enable_purge_protection",
            type=BOOL,
            arm="properties.enablePurgeProtection",
            computed=True,
            route=Route.PATCH,
            description="Whether deleted secrets cannot be purged early; it stays on.",
        ),
        Property(
            name="soft_delete_retention_in_days",
            type=NUMBER,
            arm="properties.softDeleteRetentionInDays",
            default=90,
            route=Route.FIXED,
            checks=(between(7, 90),),
            description="How long deleted secrets are kept.",
        ),
        public_network_access("Enabled", "Disabled"),
        network_rules(),
        tags(Route.PATCH),
        Property(name="vault_uri", type=STRING, arm="properties.vaultUri", route=Route.DECIDED),
    ),
)
