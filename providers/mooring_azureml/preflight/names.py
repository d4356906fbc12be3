"""Names of computes are unique in a region of a subscription, across all workspaces.

Sources: the refusal "Compute with this name already exists. Compute name needs to be unique across all
existing computes within an Azure region." (facts.md section 3); checkComputeNameAvailability for what exists
(section 5).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mooring.core.diagnostics import Diagnostic, Diagnostics, Severity
from mooring.core.paths import Attr
from mooring.core.values import Value
from mooring.sdk import CallContext, Finding, ReviewedObject
from mooring_azureml.arm.ids import normal_id
from mooring_azureml.arm.port import ArmError, Target
from mooring_azureml.common import COMPUTES, ML_API_VERSION, WORKSPACES
from mooring_azureml.lifecycle.definition import Access, Definition
from mooring_azureml.regional import fold
from mooring_azureml.table.model import Fields

_CHECK = "checkComputeNameAvailability"


def name_is_free_in_region(
    access: Access, ctx: CallContext, prior: Fields | None, planned: Fields
) -> Diagnostics:
    """A warning for a new compute whose name is taken; where Azure does not say, nothing is said.

    A warning only: the same plan may free the name, and Azure does not tell who has it. Right before a create
    it is not asked for again: the create itself says it then.
    """
    if not ctx.read_only:
        return ()
    name, workspace = planned.get("name"), planned.get("workspace_id")
    if not isinstance(name, str) or not isinstance(workspace, str):
        return ()
    if access.is_coming(workspace) or (prior is not None and str(prior.get("name")).lower() == name.lower()):
        return ()
    answer = access.arm.post(ctx, _target(workspace), {"name": name})
    if isinstance(answer, ArmError) or answer.get("nameAvailable") is not False:
        return ()
    return (
        Diagnostic(
            severity=Severity.WARNING,
            summary="Name already taken",
            detail=f'A compute of this region is called "{name}" already, in this workspace or another. '
            "Unless this plan frees the name, Azure refuses it. Choose another one, or import the compute if "
            "it is yours.",
            path=(Attr("name"),),
            code="azureml.compute_name_taken",
        ),
    )


def named_together(
    definitions: Mapping[str, Definition], objects: Sequence[ReviewedObject]
) -> tuple[Finding, ...]:
    """Computes of one plan with the same name in one region: all but the first of them are wrong."""
    regions = _regions_of_workspaces(definitions, objects)
    holders: dict[tuple[str, str], list[int]] = {}
    for at, one in enumerate(objects):
        definition = definitions.get(one.type_name)
        if definition is None or definition.arm_type != COMPUTES or one.planned is None:
            continue
        name, place = _text(one.planned, "name"), _place(one.planned, regions)
        if name and place:
            holders.setdefault((place, name.lower()), []).append(at)
    return tuple(
        Finding(about=at, others=tuple(other for other in group if other != at), diagnostic=_NAMED_TWICE)
        for group in holders.values()
        for at in group[1:]
    )


_NAMED_TWICE = Diagnostic(
    summary="Name used twice",
    detail="Another compute of this plan has the same name in the same region. Azure wants the names of "
    "computes to be unique in a region, also across workspaces. Give one of them another name.",
    path=(Attr("name"),),
    code="azureml.compute_name_twice",
)


def _target(workspace: str) -> Target:
    return Target(id=f"{workspace}/{_CHECK}", api_version=ML_API_VERSION)


def _regions_of_workspaces(
    definitions: Mapping[str, Definition], objects: Sequence[ReviewedObject]
) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for one in objects:
        definition = definitions.get(one.type_name)
        if definition is None or definition.arm_type != WORKSPACES or one.planned is None:
            continue
        resource_id, location = _text(one.planned, "id"), _text(one.planned, "location")
        if resource_id and location:
            found[normal_id(resource_id)] = fold(location)
    return found


def _place(planned: Value, regions: Mapping[str, str]) -> str:
    """The region of a compute, or its workspace where that is all that is known; empty when nothing is."""
    location, workspace = _text(planned, "location"), _text(planned, "workspace_id")
    key = normal_id(workspace)
    return fold(location) if location else regions.get(key, key)


def _text(of: Value, name: str) -> str:
    raw = of.attributes[name].raw
    return raw if isinstance(raw, str) else ""
