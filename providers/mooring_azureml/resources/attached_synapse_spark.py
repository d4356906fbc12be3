"""`azureml_attached_synapse_spark`: computeType SynapseSpark. Somebody's Spark pool.

Sources: specs/compute-schema-2026-05-01.json; facts.md section 2: today the pool is attached directly by its
id. The old way goes through a linked service, which says in which Synapse workspace the pool is
(specs/linkedServices-schema-2020-09-01-preview.json).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr
from mooring.core.types import STRING
from mooring.sdk import CallContext
from mooring_azureml.arm.ids import child_id
from mooring_azureml.arm.port import ArmError, Target
from mooring_azureml.combinations import exactly_one
from mooring_azureml.common import WORKSPACES, identity, in_workspace_location
from mooring_azureml.computes.attaching import ATTACHED, attached_id
from mooring_azureml.lifecycle.definition import Access
from mooring_azureml.preflight.attachments import free_to_attach
from mooring_azureml.preflight.underlying import existing
from mooring_azureml.table.checks import arm_id
from mooring_azureml.table.model import Fields, Property, Route
from mooring_azureml.table.notation import ID
from mooring_azureml.table.to_arm import get_at

_SETTINGS: Final = "properties.properties"
_LINKED_SERVICES_API: Final = "2020-09-01-preview"


def _name_belongs_to_link(config: Fields) -> Diagnostics:
    """A linked service names a workspace, so the pool's name must be given beside it, and only then."""
    linked, name = config.get("linked_service_id"), config.get("spark_pool_name")
    if (linked is None) == (name is None):
        return ()
    given, missing = ("spark_pool_name", "linked_service_id")[:: 1 if linked is None else -1]
    return (
        Diagnostic(
            summary="Invalid combination of arguments",
            detail=f'"{given}" needs "{missing}" beside it: together they name the pool.',
            path=(Attr(given),),
            code="azureml.linked_pool",
        ),
    )


def _through_link(access: Access, ctx: CallContext, fields: Fields) -> Fields | ArmError:
    """The pool behind a linked service, then the workspace's location."""
    linked = fields.get("linked_service_id")
    if isinstance(linked, str) and not isinstance(fields.get("spark_pool_id"), str):
        found = access.arm.get(ctx, Target(id=linked, api_version=_LINKED_SERVICES_API))
        if isinstance(found, ArmError):
            return found
        synapse = str(get_at(found, "properties.linkedServiceResourceId"))
        pool = child_id(synapse, "bigDataPools", str(fields.get("spark_pool_name")))
        fields = {**fields, "spark_pool_id": pool}
    return in_workspace_location(access, ctx, fields)


def _decided(name: str, member: str, description: str) -> Property:
    return Property(
        name=name,
        type=STRING,
        arm=f"{_SETTINGS}.{member}",
        route=Route.DECIDED,
        description=description,
    )


DEFINITION: Final = replace(
    ATTACHED,
    type_name="azureml_attached_synapse_spark",
    noun="attached Synapse Spark pool",
    discriminator={"properties.computeType": "SynapseSpark"},
    attaches="spark_pool_id",
    description="An existing Synapse Spark pool, attached to a workspace. Detaching leaves it as it is.",
    rules=(
        exactly_one("azureml.pool_xor_link", "spark_pool_id", "linked_service_id"),
        _name_belongs_to_link,
    ),
    guards=(existing("spark_pool_id", "Spark pool", "2021-06-01"), free_to_attach("spark_pool_id")),
    prepare=_through_link,
    table=(
        *ATTACHED.table,
        attached_id(
            "spark_pool_id",
            "Microsoft.Synapse/workspaces/bigDataPools",
            description="The ARM id of the Spark pool; found out if a linked service is given.",
            required=False,
            computed=True,
        ),
        Property(
            name="linked_service_id",
            type=STRING,
            route=Route.FIXED,
            notation=ID,
            checks=(arm_id(f"{WORKSPACES}/linkedServices"),),
            description="The ARM id of the workspace's linked service for a Synapse workspace.",
        ),
        Property(
            name="spark_pool_name",
            type=STRING,
            route=Route.FIXED,
            description="The name of the pool in the Synapse workspace of the linked service.",
        ),
        identity(Route.PUT),
        _decided("spark_version", "sparkVersion", "The pool's version of Spark."),
        _decided("node_size", "nodeSize", "The size of the pool's nodes."),
        _decided("node_size_family", "nodeSizeFamily", "The family of that size."),
    ),
)
