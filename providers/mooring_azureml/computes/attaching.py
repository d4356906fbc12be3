"""What the attached computes share: the resource below, credentials, and how an attachment ends.

Sources: facts.md section 1 for the rules (one attachment per resource, re-attaching needs a detach) and
section 2 for DELETE and for the types whose resource it can delete.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mooring.core.types import STRING
from mooring.sdk import ATTACH_AND_DETACH
from mooring_azureml.common import (
    COMPUTES,
    ML_API_VERSION,
    WORKSPACES,
    compute_envelope,
    in_workspace_location,
)
from mooring_azureml.lifecycle.definition import Definition
from mooring_azureml.lifecycle.placement import InParent
from mooring_azureml.table.checks import attachable
from mooring_azureml.table.model import Fields, Property, Route
from mooring_azureml.table.notation import ID
from mooring_azureml.table.shorthand import choice, secret_version

SECRET_VERSION: Final = "credentials_version"  # noqa: S105  (the name of an attribute)

CREDENTIALS_VERSION: Final = secret_version(SECRET_VERSION)

ON_DESTROY: Final = choice(
    "on_destroy",
    "",
    "What destroying does: `detach` leaves the attached resource alone, `delete` ends it too.",
    "detach",
    "delete",
    route=Route.LOCAL,
    default="detach",
)


def detaches(_fields: Fields) -> Mapping[str, str]:
    """The resource below is never deleted."""
    return {"underlyingResourceAction": "Detach"}


def ends_as_told(fields: Fields) -> Mapping[str, str]:
    """What `on_destroy` says, for the types whose resource the service can delete (facts.md section 2)."""
    is_deleted = str(fields.get(ON_DESTROY.name)).lower() == "delete"
    return {"underlyingResourceAction": "Delete" if is_deleted else "Detach"}


def attached_id(
    name: str,
    *arm_types: str,
    description: str,
    required: bool = True,
    computed: bool = False,
) -> Property:
    """The ARM id of what is attached, a resource of one of these types."""
    return Property(
        name=name,
        type=STRING,
        arm="properties.resourceId",
        required=required,
        computed=computed,
        route=Route.FIXED,
        notation=ID,
        checks=(attachable(*arm_types),),
        description=description,
    )


ATTACHED: Final = Definition(
    type_name="",
    noun="attached compute",
    arm_type=COMPUTES,
    api_version=ML_API_VERSION,
    placement=InParent(attribute="workspace_id", parent_type=WORKSPACES, collection="computes"),
    description="",
    delete_parameters=detaches,
    verbs=ATTACH_AND_DETACH,
    listed=True,
    prepare=in_workspace_location,
    table=compute_envelope(Route.PUT),
)
"""What every attached compute starts from: `replace` gives it a name, what it attaches, and its own table."""
