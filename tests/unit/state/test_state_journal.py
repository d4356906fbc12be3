"""The journal: what is written is read back, a torn end is forgiven, anything else that changed is found."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.state.samples import PROVIDER, address, event_lists, intent, made, recorded

from mooring.core.addresses import InstanceAddress, ModuleStep, ResourceAddress
from mooring.core.codec import Json
from mooring.state.events import (
    Abandoned,
    Deposed,
    Event,
    Intent,
    Moved,
    Noted,
    OutputsSet,
    Recorded,
    Removed,
    fold,
)
from mooring.state.integrity import check_integrity
from mooring.state.intents import as_events, open_intents
from mooring.state.journal import JournalWriter
from mooring.state.journal_format import Base, Position, Replayed, first_lines, replay
from mooring.state.local import AppendedFile
from mooring.state.model import State

BASE = Base(lineage="l", serial=7, digest="d")
NAME = "terraform.tfstate.journal"


def written(events: Sequence[Event]) -> bytes:
    return first_lines(BASE, events)[0]


def replayed(content: bytes) -> Replayed:
    found, diags = replay(content, NAME)
    assert diags == ()
    assert found is not None
    return found


def is_refused(content: bytes) -> bool:
    found, diags = replay(content, NAME)
    assert not (found is not None and diags)
    return bool(diags)


def opened(path: Path) -> JournalWriter:
    content, position = first_lines(BASE)
    path.write_bytes(content)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND)
    return JournalWriter(AppendedFile(descriptor), position, len(content))


# -- the format ----------------------------------------------------------------------------------


def test_a_line_is_json_with_its_number_and_checksum() -> None:
    first, second, rest = written([recorded("a")]).split(b"\n")
    assert first == b'{"n":0,"journal":1,"lineage":"l","serial":7,"digest":"d","sum":"27b08e46"}'
    assert second.startswith(b'{"n":1,"event":"recorded","address":"terraform_data.a","provider":"provider[')
    assert rest == b""


@given(event_lists())
def test_every_event_is_read_back_as_it_was_written(events: Sequence[Event]) -> None:
    found = replayed(written(events))
    assert (found.base, found.events) == (BASE, tuple(events))


@given(event_lists(), st.data())
def test_any_beginning_of_a_journal_gives_the_state_after_some_of_its_events(
    events: Sequence[Event], data: st.DataObject
) -> None:
    content = written(events)
    cut = content[: data.draw(st.integers(0, len(content)))]
    found, diags = replay(cut, NAME)
    assert diags == ()
    survived = () if found is None else found.events
    assert survived == tuple(events[: len(survived)])
    assert len(survived) == max(0, cut.count(b"\n") - 1)
    state = fold(State(lineage="l"), survived)
    assert check_integrity(state) == ()


@given(event_lists(), st.data())
def test_any_changed_byte_is_found(events: Sequence[Event], data: st.DataObject) -> None:
    content = bytearray(written(events))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= data.draw(st.integers(1, 255))
    assert is_refused(bytes(content))


@given(event_lists(), st.data())
def test_a_changed_byte_in_a_cut_journal_is_found_or_lies_in_the_torn_line(
    events: Sequence[Event], data: st.DataObject
) -> None:
    whole = written(events)
    content = bytearray(whole[: data.draw(st.integers(1, len(whole)))])
    at = data.draw(st.integers(0, len(content) - 1))
    before = replay(bytes(content), NAME)
    content[at] ^= data.draw(st.integers(1, 255))
    if not is_refused(bytes(content)):
        assert replay(bytes(content), NAME) == before


@given(event_lists().filter(lambda events: len(events) > 1), st.data())
def test_a_line_that_is_missing_doubled_or_moved_is_found(
    events: Sequence[Event], data: st.DataObject
) -> None:
    lines = written(events).splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines) - 2))
    missing = [*lines[:at], *lines[at + 1 :]]
    doubled = [*lines[: at + 1], *lines[at:]]
    swapped = [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]
    for changed in (missing, doubled, swapped):
        assert is_refused(b"".join(changed))


def test_a_journal_without_a_whole_first_line_is_no_journal() -> None:
    assert replay(b"", NAME) == (None, ())
    assert replay(written([])[:-1], NAME) == (None, ())


def test_the_error_names_file_and_line() -> None:
    lines = written([recorded("a"), recorded("b")]).splitlines(keepends=True)
    _, (diag,) = replay(lines[0] + lines[1].replace(b"_data.a", b"_data.b") + lines[2], NAME)
    assert diag.summary == "State journal is corrupted"
    assert diag.detail == f"{NAME} cannot be read: the checksum of line 2 does not match."


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"event": "odd"}, 'there is an event "odd" that this version does not know'),
        ({"event": "removed", "address": "x"}, "'x' is not the address of a resource instance"),
        ({"event": "removed"}, "'' is not the address"),
        ({"event": "recorded", "address": "a.b", "provider": "x"}, "does not name a provider"),
        ({"event": "noted", "address": "a.b", "note": {"x": 1}}, 'the field "x" holds an unexpected int'),
    ],
)
def test_an_event_that_is_not_understood_is_refused(entry: dict[str, Json], said: str) -> None:
    content, position = first_lines(BASE)
    _, (diag,) = replay(content + position.line(entry)[0], NAME)
    assert said in diag.detail


def test_a_journal_of_another_format_is_refused() -> None:
    line, _ = Position().line({"journal": 2, "lineage": "l", "serial": 7, "digest": "d"})
    _, (diag,) = replay(line, NAME)
    assert "another version of Mooring" in diag.detail


def test_addresses_with_keys_and_providers_of_modules_survive() -> None:
    module = (ModuleStep("m", 'k"e${y}'), ModuleStep("n", 0))
    where = InstanceAddress(ResourceAddress(module, "data", "t_x", "a"), "ü.[]")
    events = (Removed(address=where, deposed="0a0b0c0d"), Moved(address=where, previous=address("b", 3)))
    assert replayed(written(events)).events == events


# -- writing -------------------------------------------------------------------------------------


def test_appended_events_are_in_the_file_before_the_journal_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = opened(path)
    journal.append(intent("a"))
    journal.append_all([recorded("a"), intent("b")])
    assert replayed(path.read_bytes()).events == (intent("a"), recorded("a"), intent("b"))
    assert [each.intent for each in journal.open_intents] == [intent("b")]
    journal.close()


def test_only_intents_and_notes_wait_for_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[int] = []
    monkeypatch.setattr(os, "fdatasync", flushed.append)
    journal = opened(tmp_path / "journal")
    for event, flushes in (
        (recorded("a"), 0),
        (Removed(address=address("a")), 0),
        (Abandoned(address=address("a")), 0),
        (intent("b"), 1),
        (Noted(address=address("b"), note={"url": "u"}), 2),
        (recorded("b"), 2),
    ):
        journal.append(event)
        assert len(flushed) == flushes
    journal.append_all([intent("c"), intent("d"), recorded("e")])
    assert len(flushed) == 3
    journal.append(recorded("c"))
    journal.close()
    journal.close()
    assert len(flushed) == 4


def test_one_flush_serves_all_who_append_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first_flush, go_on, flushes = threading.Event(), threading.Event(), []

    def slow_flush(descriptor: int) -> None:
        flushes.append(descriptor)
        first_flush.set()
        assert go_on.wait(10)

    monkeypatch.setattr(os, "fdatasync", slow_flush)
    path = tmp_path / "journal"
    journal = opened(path)
    threads = [threading.Thread(target=journal.append, args=(intent(f"a{n}"),)) for n in range(8)]
    threads[0].start()
    assert first_flush.wait(10)
    for thread in threads[1:]:
        thread.start()
    while path.read_bytes().count(b"\n") < 9:
        pass
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert len(flushes) == 2
    assert len(replayed(path.read_bytes()).events) == 8
    journal.close()


def test_a_line_that_could_not_be_written_whole_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal"
    journal = opened(path)
    journal.append(recorded("a"))
    write = os.write

    def write_a_little(descriptor: int, content: bytes) -> int:
        if len(content) < 20:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, content[:20])

    monkeypatch.setattr(os, "write", write_a_little)
    with pytest.raises(OSError, match="No space left"):
        journal.append(intent("b"))
    monkeypatch.undo()
    journal.append(recorded("c"))
    journal.close()
    assert replayed(path.read_bytes()).events == (recorded("a"), recorded("c"))


def test_after_a_failed_flush_nothing_is_promised_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    journal = opened(tmp_path / "journal")
    monkeypatch.setattr(os, "fdatasync", fail)
    with pytest.raises(OSError, match="Input/output error"):
        journal.append(intent("a"))
    monkeypatch.undo()
    with pytest.raises(OSError, match="in doubt"):
        journal.append(recorded("a"))
    journal.close()


def test_a_closed_journal_takes_nothing(tmp_path: Path) -> None:
    journal = opened(tmp_path / "journal")
    journal.close()
    with pytest.raises(OSError, match="closed"):
        journal.append(recorded("a"))


def test_a_seal_counts_only_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = opened(path)
    journal.append(recorded("a"))
    journal.seal(Base(lineage="l", serial=8, digest="e"))
    assert replayed(path.read_bytes()).seal == Base(lineage="l", serial=8, digest="e")
    journal.append(recorded("b"))
    journal.close()
    found = replayed(path.read_bytes())
    assert (found.seal, found.events) == (None, (recorded("a"), recorded("b")))


# -- open intents --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "end",
    [recorded("a"), Removed(address=address("a")), Abandoned(address=address("a"))],
)
def test_a_result_ends_an_intent(end: Event) -> None:
    assert open_intents([intent("a"), end]) == ()


def test_what_happens_to_another_object_leaves_an_intent_open() -> None:
    deleting = Intent(address=address("a"), provider=PROVIDER, action="delete", deposed="0a0b0c0d")
    events: list[Event] = [
        Deposed(address=address("a"), deposed="0a0b0c0d"),
        intent("a"),
        recorded("a"),
        deleting,
        recorded("b"),
        Removed(address=address("a")),
        OutputsSet(outputs={}),
    ]
    (found,) = open_intents(events)
    assert found.intent == deleting


def test_the_last_note_of_an_open_intent_is_kept() -> None:
    events: list[Event] = [intent("a"), *(Noted(address=address("a"), note={"url": each}) for each in "xy")]
    (found,) = open_intents(events)
    assert found.note == {"url": "y"}
    assert open_intents(as_events([found])) == (found,)


def test_a_note_without_an_intent_is_nothing() -> None:
    assert open_intents([Noted(address=address("a"), note={"url": "x"})]) == ()


def test_a_deposed_object_may_be_recorded_beside_a_new_one() -> None:
    where = address("a")
    events: list[Event] = [
        recorded("a"),
        Deposed(address=where, deposed="0a0b0c0d"),
        Recorded(address=where, provider=PROVIDER, object=made("new")),
        Recorded(address=where, provider=PROVIDER, deposed="0a0b0c0d", object=made("old")),
    ]
    instance = fold(State(lineage="l"), events).instances[where]
    assert (instance.current, instance.deposed) == (made("new"), {"0a0b0c0d": made("old")})
