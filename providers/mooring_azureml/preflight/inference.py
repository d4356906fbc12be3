"""An inference cluster needs enough virtual CPUs for its purpose.

Source: "Create and attach an AKS cluster" (facts.md section 3): nodes x cores of at least 12 for production,
2 for development and tests. The service finds out after the request.
"""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr
from mooring.sdk import CallContext
from mooring_azureml.arm.port import ArmError
from mooring_azureml.lifecycle.definition import Access
from mooring_azureml.regional import named, sizes
from mooring_azureml.table.model import Fields

_LEAST: Final = {"fastprod": 12, "denseprod": 12, "devtest": 2}


def enough_cores(access: Access, ctx: CallContext, _prior: Fields | None, planned: Fields) -> Diagnostics:
    """Nodes x cores must reach the purpose's least; without both figures there is nothing to judge."""
    size, count = planned.get("agent_vm_size"), planned.get("agent_count")
    least = _LEAST.get(str(planned.get("cluster_purpose")).lower(), 0)
    if not isinstance(size, str) or not isinstance(count, int):
        return ()
    cores = _cores(access, ctx, planned, size)
    if cores is None or cores * count >= least:
        return ()
    detail = (
        f"A cluster with purpose {planned.get('cluster_purpose')} needs {least} virtual CPUs; {count} x "
        f'{size} have {cores * count}. Raise "agent_count", choose a larger size, or set '
        'cluster_purpose = "DevTest".'
    )
    return (
        Diagnostic(
            summary="Cluster too small",
            detail=detail,
            path=(Attr("agent_count"),),
            code="azureml.inference_cores",
        ),
    )


def _cores(access: Access, ctx: CallContext, planned: Fields, size: str) -> int | None:
    """The virtual CPUs of a size, if the region's list can be read and has it."""
    location = planned.get("location")
    offered = sizes(access, ctx, location) if isinstance(location, str) else ()
    found = None if isinstance(offered, ArmError) else named(offered, size)
    return found.cores or None if found is not None else None
