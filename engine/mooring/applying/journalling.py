"""The journal of a run, which may be lost on the way: a disk that is full, a server that is gone.

What has begun is then brought to its end and kept in memory; nothing more may begin, since nobody would know
of it after a crash.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mooring.core.diagnostics import Diagnostics, error
from mooring.state.events import Event
from mooring.state.store import Journal


class LosableJournal:
    """A journal that does not raise. Owned by one run; any thread may append."""

    def __init__(self, journal: Journal) -> None:
        self._journal: Final = journal
        self._problem: OSError | None = None

    @property
    def is_lost(self) -> bool:
        """Whether something could not be written."""
        return self._problem is not None

    @property
    def diagnostics(self) -> Diagnostics:
        """What is to be said of it at the end."""
        problem = self._problem
        if problem is None:
            return ()
        detail = (
            f"The journal of this run could not be written any more: {problem.strerror or problem}. What was "
            "under way was brought to its end, and nothing more was started."
        )
        return (error("Failed to write the state journal", detail),)

    def append_all(self, events: Iterable[Event]) -> bool:
        """Takes events in, as `store.Journal` promises; whether that was possible."""
        if self._problem is not None:
            return False
        try:
            self._journal.append_all(events)
        except OSError as problem:
            self._problem = problem
            return False
        return True
