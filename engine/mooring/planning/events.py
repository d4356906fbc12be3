"""What happens while a plan is made: told to an observer, one value at a time, on the engine's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from mooring.core.addresses import InstanceAddress
from mooring.core.records import record


@record(kw_only=True)
class RefreshStarted:
    """An object is being read; `object_id` is its id where it has one.

    `is_brief`: the provider answers at once, so only a full record of the run has a use for it.
    """

    address: InstanceAddress
    object_id: str | None = None
    is_brief: bool = False


@record(kw_only=True)
class RefreshCompleted:
    """An object has been read."""

    address: InstanceAddress
    object_id: str | None = None
    is_brief: bool = False


EphemeralWork = Literal["open", "close"]


@record(kw_only=True)
class EphemeralEvent:
    """An ephemeral object is being opened or closed, or has been; while planning or applying."""

    address: InstanceAddress
    work: EphemeralWork
    is_done: bool


PlanEvent = RefreshStarted | RefreshCompleted | EphemeralEvent
PlanObserver = Callable[[PlanEvent], None]


def is_brief(event: PlanEvent) -> bool:
    """Whether it is over as soon as it is told."""
    return not isinstance(event, EphemeralEvent) and event.is_brief
