"""Regions: one that exists, and that of the workspace.

Sources: Microsoft.Resources 2022-12-01 (locations of a subscription); facts.md section 2: a compute's
location must be its workspace's, and only the nodes of a cluster may be elsewhere (`compute_location`).
"""

from __future__ import annotations

from difflib import get_close_matches

from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr
from mooring.sdk import CallContext
from mooring_azureml.arm.port import ArmError
from mooring_azureml.lifecycle.definition import Access, Guard
from mooring_azureml.regional import fold, location_of, regions
from mooring_azureml.table.model import Fields


def known_region(attribute: str = "location") -> Guard:
    """The attribute names a region of the subscription; where the list cannot be read, nothing is said."""

    def guard(access: Access, ctx: CallContext, prior: Fields | None, planned: Fields) -> Diagnostics:
        location = planned.get(attribute)
        if not isinstance(location, str) or (prior is not None and prior.get(attribute) == location):
            return ()
        known = regions(access, ctx)
        if isinstance(known, ArmError) or not known or fold(location) in {fold(one) for one in known}:
            return ()
        close = get_close_matches(fold(location), known, n=1)
        hint = f' Did you mean "{close[0]}"?' if close else ""
        return (
            Diagnostic(
                summary="Unknown region",
                detail=f'There is no region "{location}" in this cloud for this subscription.{hint}',
                path=(Attr(attribute),),
                code="azureml.unknown_region",
            ),
        )

    return guard


def region_of_workspace(
    access: Access, ctx: CallContext, prior: Fields | None, planned: Fields
) -> Diagnostics:
    """A compute whose location is given has its workspace's, as far as that exists already."""
    location, workspace = planned.get("location"), planned.get("workspace_id")
    if not isinstance(location, str) or not isinstance(workspace, str):
        return ()
    if prior is not None and prior.get("location") == location:
        return ()
    expected = location_of(access, ctx, workspace)
    if expected is None or fold(expected) == fold(location):
        return ()
    return (
        Diagnostic(
            summary="Region of another place",
            detail=f'The workspace is in "{expected}", and its computes are there too, not in "{location}". '
            "Leave the argument out; the nodes of a cluster can be elsewhere with compute_location.",
            path=(Attr("location"),),
            code="azureml.compute_region",
        ),
    )
