"""What holds of a state wherever it is kept: the same facts for every type of backend."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGKILL
from time import time

import pytest
from tests.backends.places import Somewhere, other_machine
from tests.backends.working import add, begun, locked, opened
from tests.unit.state.samples import address, intent, recorded

from mooring.core.diagnostics import Severity
from mooring.state.events import fold
from mooring.state.host import this_host
from mooring.state.lock_record import LockStatus
from mooring.state.model import State
from mooring.state.store import Opened

ROOT = Path(__file__).parents[2]


@contextmanager
def working(what: str, place: Somewhere, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that works on the state; it is killed in the end if it still runs."""
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "tests.backends.working", what, place.text, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        yield process
        process.kill()


def flying() -> float:
    """A clock on which a minute and a half pass between any two looks."""
    _LOOKS.append(None)
    return time() + 90.0 * len(_LOOKS)


_LOOKS: list[None] = []


def status(place: Somewhere) -> LockStatus | None:
    return place.store().lock_status()


# -- reading and writing -------------------------------------------------------------------------


def test_where_nothing_is_the_state_is_empty(place: Somewhere) -> None:
    store = place.store()
    assert opened(store) == Opened(state=State())
    assert store.lock_status() is None


def test_what_is_committed_is_read_by_others(place: Somewhere) -> None:
    store = place.store()
    lock = locked(store)
    assert add(store, "a") == 1
    lock.release()
    found = opened(place.store()).state
    assert (found.serial, list(found.instances)) == (1, [address("a")])
    second = place.store()
    lock = locked(second)
    assert lock.warnings == ()
    assert add(second, "b") == 2
    lock.release()
    assert list(opened(place.store()).state.instances) == [address("a"), address("b")]


def test_what_a_run_journals_is_seen_before_it_commits(place: Somewhere) -> None:
    store = place.store()
    lock = locked(store)
    opened(store)
    journal = begun(store)
    journal.append_all([recorded("a"), intent("b")])
    found = opened(place.store())
    assert list(found.state.instances) == [address("a")]
    assert [each.intent for each in found.open_intents] == [intent("b")]
    journal.close()
    lock.release()


def test_the_state_of_before_is_kept(place: Somewhere) -> None:
    for name in ("a", "b"):
        store = place.store()
        lock = locked(store)
        before = store.medium.read().snapshot
        add(store, name)
        lock.release()
    assert place.store().medium.read_document("backup") == before


def test_documents_are_kept_beside_the_state(place: Somewhere) -> None:
    store = place.store()
    lock = locked(store)
    add(store, "a")
    medium = store.medium
    before = medium.document_names()
    assert medium.read_document("notes") is None
    for content in (b"one\n", b"two\n"):
        medium.append_document("notes", content)
    medium.write_document("other", b"x")
    medium.write_document("other", b"\0y")
    assert (medium.read_document("notes"), medium.read_document("other")) == (b"one\ntwo\n", b"\0y")
    assert set(medium.document_names()) == {*before, "notes", "other"}
    medium.append_document("other", b"z")
    medium.append_document("other", b"!")
    medium.write_document("notes", b"new\n")
    medium.append_document("notes", b"more\n")
    assert (medium.read_document("notes"), medium.read_document("other")) == (b"new\nmore\n", b"\0yz!")
    medium.remove_document("other")
    medium.remove_document("other")
    assert set(medium.document_names()) == {*before, "notes"}
    lock.release()


# -- crashes -------------------------------------------------------------------------------------


def test_a_run_that_was_killed_is_continued_and_its_lock_taken_over(place: Somewhere) -> None:
    with working("run", place) as process:
        assert process.stdout is not None
        promised = max(int(process.stdout.readline()) for _ in range(20))
        process.kill()
        promised = max([promised, *map(int, process.stdout.read().split())])
    assert process.returncode == -SIGKILL
    store = place.store()
    lock = locked(store, timeout=10)
    assert [each.summary for each in lock.warnings] == ["Lock of a dead process taken over"]
    found = opened(store)
    assert {address(f"r{number}") for number in range(promised)} <= found.state.instances.keys()
    assert len(found.open_intents) == 1
    begun(store).append(recorded(f"r{len(found.state.instances)}"))
    state = fold(found.state, [recorded(f"r{len(found.state.instances)}")])
    state, diags = store.commit(state)
    assert (state.serial, diags) == (1, ())
    lock.release()
    assert opened(place.store()).open_intents == ()


# -- exclusion -----------------------------------------------------------------------------------


def test_who_comes_second_is_told_who_holds_the_lock_since_when_and_what_for(place: Somewhere) -> None:
    lock = locked(place.store())
    refused = place.store(other_machine()).lock("OperationTypePlan")
    assert isinstance(refused, tuple)
    (diag,) = refused
    assert (diag.severity, diag.summary) == (Severity.ERROR, "Error acquiring the state lock")
    for said in (lock.info.id, lock.info.created, this_host().who, "OperationTypeApply"):
        assert said in diag.detail
    lock.release()
    locked(place.store()).release()


def test_two_processes_take_turns(place: Somewhere) -> None:
    with working("count", place, "a", "3") as first, working("count", place, "b", "3") as second:
        assert (first.wait(60), second.wait(60)) == (0, 0)
    found = opened(place.store())
    assert found.state.serial == 6
    assert len(found.state.instances) == 6
    assert status(place) is None


def test_a_holder_that_lives_is_never_taken_for_dead(place: Somewhere) -> None:
    with working("hold", place) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        from mooring.core.records import replace

        assert isinstance(place.store(replace(this_host(), now=flying)).lock("x"), tuple)
        found = status(place)
        assert found is not None
        assert found.is_live
        assert place.store().force_unlock(found.info.id) != ()
        assert place.store().force_unlock("another") != ()


def test_a_machine_that_was_silent_for_long_loses_its_lock(shared_place: Somewhere) -> None:
    held = locked(shared_place.store(other_machine()))
    assert isinstance(shared_place.store().lock("x"), tuple)
    from mooring.core.records import replace

    store = shared_place.store(replace(this_host(), now=flying))
    lock = locked(store)
    assert "alice@elsewhere" in lock.warnings[0].detail
    assert status(shared_place).info.id == lock.info.id  # type: ignore[union-attr]
    lock.release()
    held.release()


def test_a_run_whose_lock_was_taken_away_cannot_write_any_more(shared_place: Somewhere) -> None:
    store = shared_place.store(other_machine())
    locked(store)
    state = opened(store).state
    found = status(shared_place)
    assert found is not None
    assert shared_place.store().force_unlock(found.info.id) == ()
    other = shared_place.store()
    lock = locked(other)
    add(other, "theirs")
    _, diags = store.commit(fold(state, [recorded("ours")]))
    assert [each.summary for each in diags] == ["Failed to save state"]
    lock.release()
    assert list(opened(shared_place.store()).state.instances) == [address("theirs")]


def test_a_lock_can_be_taken_away_by_its_id_alone(place: Somewhere) -> None:
    if place.type == "local":
        pytest.skip("the locks of local files end with their process; see the tests of local locks")
    lock = locked(place.store(other_machine()))
    assert "another ID" in place.store().force_unlock("another")[0].detail or place.type == "http"
    assert place.store().force_unlock(lock.info.id) == ()
    locked(place.store()).release()


# -- workspaces ----------------------------------------------------------------------------------


def test_each_workspace_has_a_state_of_its_own(place: Somewhere) -> None:
    states = place.states()
    assert states.workspaces() == ()
    if not states.has_workspaces:
        with pytest.raises(OSError, match="no workspaces"):
            states.create("dev")
        return
    for name in ("dev", "test"):
        states.create(name)
    states.create("dev")
    assert place.states().workspaces() == ("dev", "test")
    store = place.store(workspace="dev")
    lock = locked(store)
    add(store, "a")
    add(store, "b")
    lock.release()
    assert opened(place.store()).state == State()
    states.delete("dev")
    states.close()
    assert place.states().workspaces() == ("test",)
    assert opened(place.store(workspace="dev")).state == State()


def test_workspaces_are_locked_apart(place: Somewhere) -> None:
    states = place.states()
    if not states.has_workspaces:
        pytest.skip("this type of backend has one state")
    states.create("dev")
    lock = locked(place.store(workspace="dev"))
    other = locked(place.store())
    for each in (lock, other):
        each.release()
