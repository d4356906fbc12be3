"""What the engine hands to every provider call that may take time or do I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from logging import Logger, getLogger
from threading import Event
from time import monotonic

from mooring.core.records import field, record

Checkpoint = Mapping[str, str]


def _ignore_progress(_message: str) -> None:
    return


def _ignore_checkpoint(_note: Checkpoint) -> None:
    return


@record(kw_only=True)
class CallContext:
    """Cancellation, deadline, progress and crash notes of one call.

    `cancelled` is set when the run is aborted: whoever waits must come back at once, with `unfinished`. A run
    that is only asked to end lets its calls end by themselves.

    `deadline` is a `time.monotonic()` moment. `checkpoint(note)` returns once `note` is durable: a provider
    calls it as soon as the service has accepted a request (with the operation URL, the id), so that `Resumes`
    can find out what became of it after a crash; a note must hold no secret. `read_only` contexts must send
    nothing but reads. Both callbacks may be called from any thread.
    """

    deadline: float = float("inf")
    cancelled: Event = field(default_factory=Event)
    progress: Callable[[str], None] = _ignore_progress
    checkpoint: Callable[[Checkpoint], None] = _ignore_checkpoint
    logger: Logger = field(default_factory=lambda: getLogger("mooring.provider"))
    read_only: bool = False

    @property
    def seconds_left(self) -> float:
        """Time until the deadline, never negative."""
        return max(0.0, self.deadline - monotonic())
