"""Which intents are open after some events: what a crash now would leave undone. Pure but for its own log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mooring.core.addresses import InstanceAddress
from mooring.state.events import Abandoned, Event, Intent, Noted, Recorded, Removed
from mooring.state.store import OpenIntent


class IntentLog:
    """Takes events in, one by one, in O(1). Private to one journal."""

    __slots__ = ("_open",)

    def __init__(self, open_intents: Iterable[OpenIntent] = ()) -> None:
        self._open = {(each.intent.address, each.intent.deposed): each for each in open_intents}

    @property
    def open_intents(self) -> tuple[OpenIntent, ...]:
        """The intents that nothing has ended yet, in the order of their beginning."""
        return tuple(self._open.values())

    def take(self, event: Event) -> None:
        """Takes one event in: an intent opens, a note replaces the one before, a result ends."""
        match event:
            case Intent(address=address, deposed=deposed):
                self._open[address, deposed] = OpenIntent(intent=event)
            case Noted(address=address, deposed=deposed, note=note):
                self._note(address, deposed, note)
            case Recorded() | Removed() | Abandoned():
                self._open.pop((event.address, event.deposed), None)
            case _:
                pass

    def _note(self, address: InstanceAddress, deposed: str | None, note: Mapping[str, str]) -> None:
        found = self._open.get((address, deposed))
        if found is not None:
            self._open[address, deposed] = OpenIntent(intent=found.intent, note=note)


def open_intents(events: Iterable[Event]) -> tuple[OpenIntent, ...]:
    """The intents that these events leave open."""
    log = IntentLog()
    for event in events:
        log.take(event)
    return log.open_intents


def as_events(intents: Iterable[OpenIntent]) -> tuple[Event, ...]:
    """Events that open these intents once more, for the next journal."""
    events: list[Event] = []
    for each in intents:
        events.append(each.intent)
        if each.note:
            events.append(Noted(address=each.intent.address, deposed=each.intent.deposed, note=each.note))
    return tuple(events)
