"""Every byte of what is sealed counts: flipped or cut, it is noticed. A cut journal is one of before."""

from __future__ import annotations

import pytest
from tests.unit.state.encryption.blocks import CLEAR, SNAPSHOT, aes, sealing
from tests.unit.state.samples import intent, recorded

from mooring.state.encryption.sealing import EncryptedSealing
from mooring.state.events import Event
from mooring.state.journal_format import Base, first_lines, replay
from mooring.state.snapshot import read_snapshot

BASE = Base(lineage="3f1c", serial=7, digest="d")
EVENTS: tuple[Event, ...] = (intent("a"), recorded("a"), intent("b"))
METHODS = pytest.mark.parametrize("methods", [(aes(),), (aes(), CLEAR)], ids=["strict", "migrating"])


def flipped(content: bytes) -> list[bytes]:
    """The content with each of its bits changed, one at a time."""
    return [
        content[:at] + bytes([content[at] ^ (1 << bit)]) + content[at + 1 :]
        for at in range(len(content))
        for bit in range(8)
    ]


def state_in(seal: EncryptedSealing, content: bytes) -> object:
    opened = seal.open(content)
    return read_snapshot(opened, "terraform.tfstate")[0] if isinstance(opened, bytes) else None


@METHODS
def test_no_bit_of_a_snapshot_can_be_flipped(methods: tuple[object, ...]) -> None:
    seal = sealing(*methods)  # type: ignore[arg-type]  # methods
    sealed = seal.seal(SNAPSHOT)
    assert state_in(seal, sealed) is not None
    assert [each for each in flipped(sealed) if state_in(seal, each) is not None] == []


@METHODS
def test_no_snapshot_can_be_cut(methods: tuple[object, ...]) -> None:
    seal = sealing(*methods)  # type: ignore[arg-type]  # methods
    sealed = seal.seal(SNAPSHOT)
    assert [end for end in range(1, len(sealed)) if state_in(seal, sealed[:end]) is not None] == []


def test_no_bit_of_a_saved_plan_can_be_flipped_and_none_can_be_cut() -> None:
    seal = sealing(aes())
    sealed = seal.seal(b"mooring-plan-1 of any content")
    changed = [*flipped(sealed), *(sealed[:end] for end in range(1, len(sealed)))]
    assert [each for each in changed if isinstance(seal.open(each), bytes)] == []


def test_no_bit_of_a_journal_can_be_flipped() -> None:
    seal = sealing(aes())
    journal, _ = first_lines(BASE, EVENTS, seal)
    whole, _ = replay(journal, "journal", seal)
    assert whole is not None
    assert whole.events == EVENTS
    assert [each for each in flipped(journal) if replay(each, "journal", seal)[0] is not None] == []


def test_a_cut_journal_is_that_of_an_earlier_moment() -> None:
    seal = sealing(aes())
    journal, _ = first_lines(BASE, EVENTS, seal)
    for end in range(len(journal)):
        found, diags = replay(journal[:end], "journal", seal)
        assert diags == ()
        assert found is None or found.events == EVENTS[: len(found.events)]


def test_lines_of_a_journal_cannot_change_places() -> None:
    seal = sealing(aes())
    first, second, *rest = first_lines(BASE, EVENTS, seal)[0].splitlines(keepends=True)
    found, diags = replay(b"".join((first, rest[0], second, *rest[1:])), "journal", seal)
    assert found is None
    assert diags
