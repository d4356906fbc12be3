"""Sizes of machines and their quota, for clusters and instances.

Sources: the supported-series table of "Create and attach compute" (facts.md section 1: D, Dv2, DSv2, FSv2, NC
and NV need nothing; M, NCsv2, NCsv3, NDs, NDv2 and NVv3 need approval, which shows as a quota of 0); "Manage
quotas": clusters and instances share the cores of a family per region, low-priority ones have a pool of their
own, and a stopped instance keeps its share. The service's messages: facts.md section 3.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from mooring.core.codec import Plain
from mooring.core.diagnostics import Diagnostic, Diagnostics, Severity
from mooring.core.paths import Attr
from mooring.sdk import CallContext
from mooring_azureml.arm.port import ArmError
from mooring_azureml.lifecycle.definition import Access
from mooring_azureml.regional import LOW_PRIORITY, Size, Usage, location_of, named, sizes, usages
from mooring_azureml.table.model import Fields
from mooring_azureml.table.notation import members

_NEEDS_APPROVAL: Final = re.compile(
    r"standard_(m\d+|nc\d+r?s_v[23]|nd\d+r?s(_v2)?|nv\d+s_v3)\w*", re.IGNORECASE
)
_PATH: Final = (Attr("vm_size"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Demand:
    """What a compute wants: machines of a size that are held, and those that it may grow to."""

    vm_size: str
    least: int
    most: int
    is_low_priority: bool


def size_and_quota(access: Access, ctx: CallContext, prior: Fields | None, planned: Fields) -> Diagnostics:
    """The size exists in the region, and the quota has room for what is held, and for what may be."""
    wanted = _demand(planned)
    held = _demand(prior) if prior is not None else None
    location = _location(access, ctx, planned)
    if wanted is None or location is None or wanted == held:
        return ()
    offered = sizes(access, ctx, location)
    if isinstance(offered, ArmError) or not offered:
        return ()
    size = named(offered, wanted.vm_size)
    if size is None:
        return (_unavailable(wanted.vm_size, location, offered),)
    if not ctx.read_only:
        return ()  # while applying, what was used when the plan was made is out of date: the service judges
    freed = held.least * size.cores if held is not None and _is_same_pool(held, wanted) else 0
    quota = usages(access, ctx, location)
    pool = LOW_PRIORITY if wanted.is_low_priority else size.family
    usage = None if isinstance(quota, ArmError) else _find(quota, pool)
    return () if usage is None else _judge(wanted, size, usage, freed, location)


def _find(quota: Sequence[Usage], pool: str) -> Usage | None:
    return next((one for one in quota if one.name.lower() == pool.lower()), None)


def _is_same_pool(held: _Demand, wanted: _Demand) -> bool:
    same_size = held.vm_size.lower() == wanted.vm_size.lower()
    return same_size and held.is_low_priority == wanted.is_low_priority


def _demand(fields: Fields) -> _Demand | None:
    vm_size = fields.get("vm_size")
    if not isinstance(vm_size, str):
        return None
    scale = members(fields.get("scale_settings"))
    is_cluster = "scale_settings" in fields
    return _Demand(
        vm_size=vm_size,
        least=_count(scale.get("min_node_count"), 0) if is_cluster else 1,
        most=_count(scale.get("max_node_count"), 0) if is_cluster else 1,
        is_low_priority=str(fields.get("vm_priority")).lower() == "lowpriority",
    )


def _count(value: Plain, otherwise: int) -> int:
    return value if isinstance(value, int) else otherwise


def _location(access: Access, ctx: CallContext, planned: Fields) -> str | None:
    """Where the machines are: the nodes' own region, or that of the workspace once it exists."""
    for name in ("compute_location", "location"):
        location = planned.get(name)
        if isinstance(location, str):
            return location
    workspace = planned.get("workspace_id")
    return location_of(access, ctx, workspace) if isinstance(workspace, str) else None


def _judge(wanted: _Demand, size: Size, usage: Usage, freed: int, location: str) -> Diagnostics:
    free = usage.limit - usage.used + freed
    if usage.limit == 0:
        return (_needs_approval(size, usage, location),)
    room = f'{max(0, free)} of {usage.limit} cores of "{usage.title}" are free in {location}'
    if wanted.least * size.cores > free:
        return (_exceeded(wanted.least, size, room, Severity.ERROR),)
    if wanted.most * size.cores > free:
        return (_exceeded(wanted.most, size, room, Severity.WARNING),)
    return ()


def _unavailable(vm_size: str, location: str, offered: Sequence[Size]) -> Diagnostic:
    names = {one.name.lower(): one.name for one in offered}
    close = [names[one] for one in get_close_matches(vm_size.lower(), list(names), n=3)]
    hint = f" Did you mean {' or '.join(close)}?" if close else ""
    return Diagnostic(
        summary="Unavailable VM size",
        detail=f'Azure Machine Learning offers no size "{vm_size}" in {location}.{hint} '
        "The data source azureml_vm_sizes lists what there is.",
        path=_PATH,
        code="azureml.vm_size_unavailable",
    )


def _needs_approval(size: Size, usage: Usage, location: str) -> Diagnostic:
    why = "Its series needs Azure's approval" if _NEEDS_APPROVAL.fullmatch(size.name) else "It has no quota"
    return Diagnostic(
        summary="VM size without quota",
        detail=f'{why}: the subscription has 0 cores of "{usage.title}" in {location}, and {size.name} takes '
        f"{size.cores}. Ask for quota in the studio (Quota) or in the portal, or choose another size.",
        path=_PATH,
        code="azureml.vm_size_needs_approval",
    )


def _exceeded(nodes: int, size: Size, room: str, severity: Severity) -> Diagnostic:
    is_error = severity is Severity.ERROR
    machines = f"{nodes} machines" if nodes != 1 else "One machine"
    then = "" if is_error else " The cluster can be made, but will not grow to its most nodes."
    return Diagnostic(
        severity=severity,
        summary="Quota exceeded" if is_error else "Quota smaller than the cluster",
        detail=f"{machines} of the size {size.name} take {nodes * size.cores} cores, and {room}. Clusters "
        f"and instances share them, and a stopped instance keeps its share.{then}",
        path=_PATH,
        code="azureml.quota" if is_error else "azureml.quota_small",
    )
