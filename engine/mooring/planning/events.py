"""What happens while a plan is made: told to an observer, one value at a time, on the engine's thread."""

from __future__ import annotations

from collections.abc import Callable

from mooring.core.addresses import InstanceAddress
from mooring.core.records import record


@record(kw_only=True)
class RefreshStarted:
    """An object is being read; `object_id` is its id where it has one."""

    address: InstanceAddress
    object_id: str | None = None


@record(kw_only=True)
class RefreshCompleted:
    """An object has been read."""

    address: InstanceAddress
    object_id: str | None = None


PlanEvent = RefreshStarted | RefreshCompleted
PlanObserver = Callable[[PlanEvent], None]
