"""What happens while a plan is applied: told to an observer, one value at a time, on the engine's thread."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Literal

from mooring.core.addresses import InstanceAddress
from mooring.core.diagnostics import Diagnostics
from mooring.core.records import record
from mooring.planning.events import EphemeralEvent
from mooring.planning.model import OpKind
from mooring.schema.model import Verbs


@record(kw_only=True)
class OpStarted:
    """A provider is asked for an operation. `object_id` is the id of the object where it is known."""

    kind: OpKind
    address: InstanceAddress
    verbs: Verbs
    deposed: str | None = None
    object_id: str | None = None


@record(kw_only=True)
class OpProgress:
    """An operation still runs; `message` is the provider's, possibly empty."""

    kind: OpKind
    address: InstanceAddress
    verbs: Verbs
    elapsed: float
    message: str = ""
    deposed: str | None = None


@record(kw_only=True)
class OpCompleted:
    """An operation succeeded after `elapsed` seconds."""

    kind: OpKind
    address: InstanceAddress
    verbs: Verbs
    elapsed: float
    deposed: str | None = None
    object_id: str | None = None


@record(kw_only=True)
class OpFailed:
    """An operation failed after `elapsed` seconds."""

    kind: OpKind
    address: InstanceAddress
    verbs: Verbs
    elapsed: float
    diagnostics: Diagnostics
    deposed: str | None = None


class StopReason(Enum):
    """Why a run starts nothing more though not everything is done."""

    CANCELLED = "cancelled"
    LOCK_LOST = "lock_lost"
    JOURNAL_LOST = "journal_lost"


@record(kw_only=True)
class RunStopping:
    """What runs is brought to its end and nothing more is started, which nobody has asked for."""

    reason: StopReason


@record(kw_only=True)
class OpSkipped:
    """An operation was not started because `cause`, which it needs, failed or was skipped itself.

    `cause` is None when the run was stopped; `reason` says why.
    """

    kind: OpKind
    address: InstanceAddress
    verbs: Verbs
    cause: InstanceAddress | None = None
    reason: StopReason | None = None
    deposed: str | None = None


Phase = Literal["start", "progress", "complete", "errored"]


@record(kw_only=True)
class Provisioning:
    """A provisioner of an object starts, says a line (`output`), is done or has failed."""

    address: InstanceAddress
    provisioner: str
    phase: Phase
    output: str = ""


OpEvent = (
    OpStarted | OpProgress | OpCompleted | OpFailed | OpSkipped | RunStopping | Provisioning | EphemeralEvent
)
Observer = Callable[[OpEvent], None]
