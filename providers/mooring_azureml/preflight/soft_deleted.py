"""A name that a soft-deleted workspace holds.

Source: "Recover workspace data while soft deleted" (facts.md section 2): for 14 days the name cannot be used
again. The list of deleted workspaces is in no published specification, although people use it; where the
service does not answer it, the refusal of the create says the same later.
"""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr
from mooring.sdk import CallContext
from mooring_azureml.arm.ids import parse_id, same_id
from mooring_azureml.arm.port import ArmError, Target
from mooring_azureml.arm.problems import SOFT_DELETED_ADVICE
from mooring_azureml.common import ML_API_VERSION
from mooring_azureml.lifecycle.definition import Access
from mooring_azureml.table.model import Fields
from mooring_azureml.workspaces.steps import recovers

_LIST: Final = "providers/Microsoft.MachineLearningServices/deletedWorkspaces"


def name_is_free(access: Access, ctx: CallContext, prior: Fields | None, planned: Fields) -> Diagnostics:
    """Look for the name among the deleted, unless the workspace exists or is to be recovered."""
    own = planned.get("id")
    parsed = parse_id(own) if isinstance(own, str) else None
    if parsed is None or recovers(planned) or (prior is not None and prior.get("id") == own):
        return ()
    path = f"/subscriptions/{parsed.subscription}/{_LIST}"
    deleted = access.arm.list_pages(ctx, Target(id=path, api_version=ML_API_VERSION))
    if isinstance(deleted, ArmError):
        return ()
    held = [str(one.get("id")).replace("/deletedWorkspaces/", "/workspaces/") for one in deleted]
    if not any(same_id(one, str(parsed)) for one in held):
        return ()
    return (
        Diagnostic(
            summary="A soft-deleted workspace holds this name",
            detail=f'A workspace "{parsed.name}" was deleted from "{parsed.group}" not long ago and keeps '
            f"its name until it is purged. {SOFT_DELETED_ADVICE}",
            path=(Attr("name"),),
            code="azureml.soft_deleted",
        ),
    )
