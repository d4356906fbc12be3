"""What happens while a plan is made: told to an observer, one value at a time, on the engine's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mooring.core.addresses import InstanceAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshStarted:
    """An object is being read; `object_id` is its id where it has one."""

    address: InstanceAddress
    object_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshCompleted:
    """An object has been read."""

    address: InstanceAddress
    object_id: str | None = None


PlanEvent = RefreshStarted | RefreshCompleted
PlanObserver = Callable[[PlanEvent], None]
