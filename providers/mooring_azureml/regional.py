"""What a region offers: sizes of machines, quota and its use; and which regions there are.

Sources: specs/operations-2025-12-01.json (vmSizes, usages); Microsoft.Resources 2022-12-01 (locations). Read
once in a run: a hundred clusters of a plan ask the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mooring.core.codec import Plain
from mooring.sdk import CallContext
from mooring_azureml.arm.port import ArmError, Document, Target
from mooring_azureml.common import ML_API_VERSION
from mooring_azureml.lifecycle.definition import Access
from mooring_azureml.table.to_arm import get_at

_LOCATIONS_API: Final = "2022-12-01"
LOW_PRIORITY: Final = "lowPriorityCores"
"""The one pool of low-priority cores of a region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """A size of machine; memory in GiB."""

    name: str
    family: str
    cores: int
    memory: float
    gpus: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """The quota of a family of sizes and what is used of it, in cores."""

    name: str
    title: str
    used: int
    limit: int
    unit: str


def fold(location: str) -> str:
    """`East US` is `eastus`."""
    return location.replace(" ", "").lower()


def sizes(access: Access, ctx: CallContext, location: str) -> Sequence[Size] | ArmError:
    """The sizes that Azure Machine Learning offers in a region."""
    found = _read(access, ctx, f"{_region(access, location)}/vmSizes", ML_API_VERSION)
    return found if isinstance(found, ArmError) else [_size(one) for one in found]


def named(offered: Sequence[Size], name: str) -> Size | None:
    """The size of this name, however spelled."""
    return next((one for one in offered if one.name.lower() == name.lower()), None)


def usages(access: Access, ctx: CallContext, location: str) -> Sequence[Usage] | ArmError:
    """The quota of a region."""
    found = _read(access, ctx, f"{_region(access, location)}/usages", ML_API_VERSION)
    return found if isinstance(found, ArmError) else [_usage(one) for one in found]


def regions(access: Access, ctx: CallContext) -> Sequence[str] | ArmError:
    """The names of the regions of the subscription."""
    found = _read(access, ctx, f"/subscriptions/{access.subscription_id}/locations", _LOCATIONS_API)
    return found if isinstance(found, ArmError) else [str(one.get("name")) for one in found]


def location_of(access: Access, ctx: CallContext, workspace_id: str) -> str | None:
    """The region of a workspace that exists, or that the same plan makes; None if it cannot be told."""
    found = access.memo.get(
        f"LOCATION {workspace_id.lower()}", lambda: _workspace_location(access, ctx, workspace_id)
    )
    return None if isinstance(found, ArmError) else found


def _workspace_location(access: Access, ctx: CallContext, workspace_id: str) -> str | ArmError:
    found = access.arm.get(ctx, Target(id=workspace_id, api_version=ML_API_VERSION))
    if not isinstance(found, ArmError):
        return str(found.get("location"))
    coming = access.coming(workspace_id) if found.is_absent else None
    location = coming.get("location") if coming is not None else None
    return location if isinstance(location, str) else found


def _region(access: Access, location: str) -> str:
    provider = f"/subscriptions/{access.subscription_id}/providers/Microsoft.MachineLearningServices"
    return f"{provider}/locations/{fold(location)}"


def _read(access: Access, ctx: CallContext, path: str, version: str) -> Sequence[Document] | ArmError:
    target = Target(id=path, api_version=version)
    return access.memo.get(f"LIST {path.lower()}", lambda: access.arm.list_pages(ctx, target))


def _size(of: Mapping[str, Plain] | Document) -> Size:
    return Size(
        name=str(of.get("name")),
        family=str(of.get("family")),
        cores=_whole(of.get("vCPUs")),
        memory=_number(of.get("memoryGB")),
        gpus=_whole(of.get("gpus")),
    )


def _usage(of: Document) -> Usage:
    name = str(get_at(of, "name.value"))
    return Usage(
        name=name,
        title=str(get_at(of, "name.localizedValue") or name),
        used=_whole(of.get("currentValue")),
        limit=_whole(of.get("limit")),
        unit=str(of.get("unit") or "Count"),
    )


def _number(value: Plain) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _whole(value: Plain) -> int:
    return int(_number(value))
