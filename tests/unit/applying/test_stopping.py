"""What stops a run: it is told once, by the thread that runs it, with the reason that explains the most."""

from __future__ import annotations

from threading import Event

import pytest

from mooring.applying.events import OpEvent, RunStopping, StopReason
from mooring.applying.stopping import Stopping


def stopping(
    told: list[OpEvent], *, cancelled: bool = False, lock: bool = False, journal: bool = False
) -> Stopping:
    event = Event()
    if cancelled:
        event.set()
    return Stopping(event, lambda: lock, lambda: journal, told.append)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ({"lock": True}, StopReason.LOCK_LOST),
        ({"journal": True}, StopReason.JOURNAL_LOST),
        ({"lock": True, "journal": True, "cancelled": True}, StopReason.LOCK_LOST),
        ({"journal": True, "cancelled": True}, StopReason.JOURNAL_LOST),
    ],
)
def test_what_nobody_asked_for_is_told_once(found: dict[str, bool], reason: StopReason) -> None:
    told: list[OpEvent] = []
    stop = stopping(told, **found)
    assert [stop.look(), stop.look(), stop.reason] == [reason] * 3
    assert told == [RunStopping(reason=reason)]


def test_a_cancellation_is_not_told_to_who_asked_for_it() -> None:
    told: list[OpEvent] = []
    assert stopping(told, cancelled=True).look() is StopReason.CANCELLED
    assert told == []


def test_a_run_that_nothing_stops_goes_on() -> None:
    told: list[OpEvent] = []
    assert stopping(told).look() is None
    assert told == []


def test_the_lock_is_not_asked_for_with_every_step() -> None:
    asked: list[bool] = []

    def is_lost() -> bool:
        asked.append(True)
        return False

    stop = Stopping(Event(), is_lost, lambda: False, lambda _event: None)
    for _ in range(100):
        stop.look()
    assert len(asked) < 100
