"""What a step asks of a provider: ready to be called, in any thread, once its intent is durable."""

from __future__ import annotations

from collections.abc import Callable

from mooring.core.diagnostics import Diagnostics
from mooring.core.records import record
from mooring.core.values import Value
from mooring.planning.block import Block
from mooring.planning.model import OpKind, PlannedChange
from mooring.sdk.context import CallContext
from mooring.sdk.requests import ApplyResult
from mooring.state.events import Intent

Call = Callable[[CallContext], ApplyResult]


@record(kw_only=True)
class Request:
    """A step that is ready to be asked for.

    `deposed` is the key of the object it is about, None for the current one. `intent` is what the journal
    must hold before `call` is called (None for a read). `block` and `planned` are those of an up step.
    `conclude` takes the answer in, where that is not the business of `finish`.
    """

    kind: OpKind
    change: PlannedChange
    call: Call
    timeout: float
    is_blocking: bool
    intent: Intent | None = None
    deposed: str | None = None
    block: Block | None = None
    planned: Value | None = None
    conclude: Callable[[ApplyResult], Diagnostics] | None = None
