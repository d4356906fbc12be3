"""Whether a run may begin anything more. Must not know what it does."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import Final

from mooring.applying.events import Observer, RunStopping, StopReason

LOOK_SECONDS: Final = 1.0
Ask = Callable[[], bool]


class Stopping:
    """What may stop a run. Mutable, owned by one executor; its thread tells the observer of what it finds."""

    def __init__(self, cancelled: Event, is_lock_lost: Ask, is_journal_lost: Ask, observe: Observer) -> None:
        self._cancelled: Final = cancelled
        self._is_lock_lost: Final = is_lock_lost
        self._is_journal_lost: Final = is_journal_lost
        self._observe: Final = observe
        self._looked = -LOOK_SECONDS
        self.reason: StopReason | None = None
        """Why nothing more may begin, as far as `look` has found."""

    def look(self) -> StopReason | None:
        """Why nothing more may begin, if so; told once, unless somebody wanted it."""
        if self.reason is None:
            self.reason = self._found()
            if self.reason not in {None, StopReason.CANCELLED}:
                self._observe(RunStopping(reason=self.reason))
        return self.reason

    def _found(self) -> StopReason | None:
        """The lock comes first: without it nothing can be written either. It is looked at now and then."""
        now, is_lost = monotonic(), self._is_journal_lost()
        if is_lost or now - self._looked >= LOOK_SECONDS:
            self._looked = now
            if self._is_lock_lost():
                return StopReason.LOCK_LOST
        if is_lost:
            return StopReason.JOURNAL_LOST
        return StopReason.CANCELLED if self._cancelled.is_set() else None
