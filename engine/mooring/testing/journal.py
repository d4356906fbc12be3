"""The journal of a test run: kept by nobody, because the state of a test lasts as long as its file."""

from __future__ import annotations

from collections.abc import Iterable

from mooring.state.events import Event


class NoJournal:
    """Forgets every event. Satisfies `state.store.Journal`; what is applied is in the state that returns."""

    def append(self, event: Event) -> None:
        """Nothing is kept."""

    def append_all(self, events: Iterable[Event]) -> None:
        """Nothing is kept."""

    def close(self) -> None:
        """Nothing was kept."""
