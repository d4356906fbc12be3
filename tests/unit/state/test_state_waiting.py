"""Waiting for a server: a few seconds for a new one, more for one that has answered, and then no more."""

from __future__ import annotations

from tests.unit.state.samples import FakeTime

from mooring.state.backends.waiting import Waiting


def test_a_server_that_has_never_answered_gets_a_few_seconds() -> None:
    assert sum(Waiting(FakeTime().host()).pauses()) == 5


def test_a_server_that_has_answered_is_waited_for_longer_in_growing_steps() -> None:
    waiting = Waiting(FakeTime().host())
    waiting.answered()
    assert list(waiting.pauses()) == [0.5, 1, 2, 4, 4, 3.5]


def test_the_time_that_tries_take_counts() -> None:
    world = FakeTime()
    waiting = Waiting(world.host())
    waiting.answered()
    pauses = waiting.pauses()
    assert next(pauses) == 0.5
    world.now += 14
    assert next(pauses) == 1
    world.now += 1
    assert list(pauses) == []


def test_a_server_that_has_answered_others_meanwhile_is_not_gone() -> None:
    waiting = Waiting(FakeTime().host())
    waiting.answered()
    pauses = waiting.pauses()
    next(pauses)
    waiting.answered()
    assert 0.5 + sum(pauses) == 15
    assert not waiting.is_over


def test_after_all_that_time_every_question_is_asked_once_until_there_is_an_answer() -> None:
    waiting = Waiting(FakeTime().host())
    waiting.answered()
    under_way = waiting.pauses()
    next(under_way)
    assert not waiting.is_over
    assert sum(waiting.pauses()) == 15
    assert waiting.is_over
    assert list(waiting.pauses()) == list(under_way) == []
    waiting.answered()
    assert not waiting.is_over
    assert sum(waiting.pauses()) == 15
