"""The history of a state: what is kept of runs, what it says against a snapshot, what a journal tells."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.state.samples import FakeTime, address, intent, recorded

from mooring.core.records import replace
from mooring.state.events import Began, Event, fold
from mooring.state.history import (
    KEPT,
    Outcome,
    Run,
    RunChange,
    RunEnd,
    compressed,
    decode_run,
    decompressed,
    encode_run,
)
from mooring.state.local import LocalStore
from mooring.state.model import State
from mooring.state.snapshot import read_snapshot, write_snapshot

_TEXTS = st.text(max_size=12)
_COUNTS = st.dictionaries(st.sampled_from(["add", "change", "remove"]), st.integers(0, 10**6))
RUNS = st.builds(
    Run,
    number=st.integers(0, 10**6),
    began=st.builds(
        Began, run=_TEXTS, who=_TEXTS, at=_TEXTS, command=_TEXTS, workspace=_TEXTS, version=_TEXTS
    ),
    outcome=st.sampled_from(Outcome),
    serial_before=st.integers(0, 10**9),
    serial_after=st.integers(0, 10**9),
    seconds=st.none() | st.floats(0, 1e6),
    counts=_COUNTS,
    changes=st.lists(st.builds(RunChange, address=_TEXTS, action=_TEXTS), max_size=3).map(tuple),
)


def began(name: str) -> Began:
    return Began(
        run=name, who="ada@here", at="2027-01-15T08:00:00Z", command="moor apply", workspace="w", version="1"
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "terraform.tfstate"


def run(path: Path, name: str, *events: Event, end: RunEnd | None = None) -> State:
    """A whole run: these events, and the commit."""
    store = LocalStore(path, host=FakeTime().host())
    opened, diags = store.read()
    assert opened is not None, diags
    journal = store.begin(began(name))
    assert not isinstance(journal, tuple)
    journal.append_all(events)
    state, problems = store.commit(fold(opened.state, events), end)
    assert problems == ()
    return state


def crash(path: Path, name: str, *events: Event) -> None:
    """A run that is killed after these events."""
    store = LocalStore(path, host=FakeTime().host())
    store.read()
    journal = store.begin(began(name))
    assert not isinstance(journal, tuple)
    journal.append_all(events)


def runs(path: Path) -> list[tuple[int, str, Outcome]]:
    return [(each.number, each.began.run, each.outcome) for each in LocalStore(path).archive.runs()]


def refusal(path: Path) -> str:
    opened, (diag,) = LocalStore(path).read()
    assert opened is None
    return diag.summary


# -- bytes ---------------------------------------------------------------------------------------


@given(RUNS)
def test_a_run_reads_back_as_it_was_written(run: Run) -> None:
    assert run == decode_run(encode_run(run))


@given(st.binary(max_size=60))
def test_a_kept_state_is_whole_or_not_there(content: bytes) -> None:
    kept = compressed(content)
    assert content == decompressed(kept)
    assert {decompressed(kept[:end]) for end in range(len(kept))} <= {None}


# -- runs ----------------------------------------------------------------------------------------


def test_every_run_that_changes_something_is_remembered_with_its_end(path: Path) -> None:
    changes = (RunChange(address="terraform_data.a", action="create"),)
    end = RunEnd(outcome=Outcome.FAILED, seconds=1.5, counts={"add": 1}, changes=changes)
    run(path, "one", recorded("a"), end=end)
    run(path, "idle")
    run(path, "two", recorded("b"))
    first, second = LocalStore(path).archive.runs()
    assert (first.number, first.serial_before, first.serial_after) == (1, 0, 1)
    assert (first.outcome, first.seconds, first.counts, first.changes) == (
        Outcome.FAILED,
        1.5,
        {"add": 1},
        changes,
    )
    assert (second.number, second.began.run, second.outcome) == (2, "two", Outcome.OK)
    assert second.changes == (RunChange(address="terraform_data.b", action="recorded"),)


def test_a_run_that_never_ended_is_told_and_recorded_by_the_next(path: Path) -> None:
    crash(path, "lost", intent("a"), recorded("a"), intent("b"))
    for _ in range(2):
        opened, _ = LocalStore(path).read()
        assert opened is not None
        assert [each.run for each in opened.unended] == ["lost"]
    run(path, "next", recorded("c"))
    assert runs(path) == [(1, "lost", Outcome.INTERRUPTED), (2, "next", Outcome.OK)]
    lost = LocalStore(path).archive.runs()[0]
    assert lost.changes == (RunChange(address="terraform_data.a", action="create"),)


def test_an_end_is_not_taken_for_a_crash_because_an_operation_stays_open(path: Path) -> None:
    run(path, "one", recorded("a"), intent("b"))
    opened, _ = LocalStore(path).read()
    assert opened is not None
    assert opened.unended == ()
    assert len(opened.open_intents) == 1


def test_a_run_that_never_ended_is_recorded_once(path: Path) -> None:
    run(path, "one", recorded("a"))
    crash(path, "lost", recorded("b"))
    run(path, "two")
    run(path, "three", recorded("c"))
    assert runs(path) == [
        (1, "one", Outcome.OK),
        (2, "lost", Outcome.INTERRUPTED),
        (3, "two", Outcome.OK),
        (4, "three", Outcome.OK),
    ]


def test_a_line_that_a_crash_cut_off_hides_no_other_run(path: Path) -> None:
    run(path, "one", recorded("a"))
    log = Path(f"{path}.history/runs.jsonl")
    log.write_bytes(log.read_bytes() + b'{"number":2,"id":"tw\n')
    run(path, "three", recorded("b"))
    assert [name for _, name, _ in runs(path)] == ["one", "three"]


def test_numbers_go_on_where_the_list_of_runs_is_lost(path: Path) -> None:
    run(path, "one", recorded("terraform_data.a"))
    run(path, "two", recorded("terraform_data.b"))
    Path(f"{path}.history/runs.jsonl").unlink()
    run(path, "three", recorded("terraform_data.c"))
    assert [number for number, _, _ in runs(path)] == [3]


def test_states_of_old_runs_are_given_up(path: Path) -> None:
    for number in range(KEPT + 5):
        run(path, str(number), recorded(f"a{number}"))
    kept = LocalStore(path).archive.kept()
    assert len(kept) == KEPT + 1
    assert kept[-1].number == KEPT + 5
    assert len(runs(path)) == KEPT + 5


def test_the_state_that_a_run_left_can_be_read_again(path: Path) -> None:
    run(path, "one", recorded("a"))
    before = path.read_bytes()
    run(path, "two", recorded("b"))
    archive = LocalStore(path).archive
    kept = [each for each in archive.kept() if each.serial == 1]
    assert [archive.content(each) for each in kept] == [before]


def test_a_state_that_another_program_wrote_is_kept_before_it_is_replaced(path: Path) -> None:
    run(path, "one", recorded("a"))
    path.write_bytes(path.read_bytes().replace(b'"serial": 1', b'"serial": 7'))
    run(path, "two", recorded("b"))
    assert [each.serial for each in LocalStore(path).archive.kept()] == [1, 7, 8]


# -- a state that is copied ----------------------------------------------------------------------


def copy(source: Path, target: Path) -> None:
    """What `moor init` does when the backend changes."""
    opened, _ = LocalStore(source).read()
    assert opened is not None
    store = LocalStore(target, host=FakeTime().host())
    store.read()
    assert store.overwrite(opened.state, began("copy"), earlier=LocalStore(source).archive) == ()


def kept(path: Path) -> list[tuple[int, set[str]]]:
    """The states that are kept, by number, each with the names of its objects."""
    archive, found = LocalStore(path).archive, list[tuple[int, set[str]]]()
    for each in archive.kept():
        snapshot, _ = read_snapshot(archive.content(each) or b"", each.name)
        assert snapshot is not None
        found.append((each.number, {str(one.resource.name) for one in snapshot.instances}))
    return found


def forget(path: Path) -> None:
    """Leaves no history, as if another program had written the state."""
    medium = LocalStore(path).medium
    for name in medium.document_names():
        if name.startswith("history/"):
            medium.remove_document(name)


def test_a_history_goes_along_and_counts_on(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "target.tfstate"
    run(target, "foreign", recorded("f"))
    forget(target)
    run(path, "one", recorded("a"))
    run(path, "two", recorded("b"))
    copy(path, target)
    assert [name for _, name, _ in runs(target)] == ["one", "two", "copy"]
    assert kept(target) == [(1, {"a"}), (2, {"a", "b"}), (3, {"a", "b"})]


def test_a_history_of_its_own_goes_on_with_what_was_replaced(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "target.tfstate"
    run(target, "own", recorded("f"))
    store = LocalStore(target)
    opened, _ = store.read()
    assert opened is not None
    foreign = replace(fold(opened.state, [recorded("g")]), serial=5)
    target.write_bytes(write_snapshot(foreign))
    run(path, "one", recorded("a"))
    copy(path, target)
    assert [name for _, name, _ in runs(target)] == ["own", "copy"]
    assert kept(target)[1:] == [(1, {"f", "g"}), (2, {"a"})]


def test_what_a_copy_replaces_is_kept_where_there_is_no_history_at_all(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "target.tfstate"
    run(target, "foreign", recorded("f"))
    run(path, "one", recorded("a"))
    forget(target)
    forget(path)
    copy(path, target)
    assert kept(target) == [(0, {"f"}), (1, {"a"})]


# -- what the history says against a snapshot -------------------------------------------------------


def test_a_snapshot_with_other_bytes_and_the_same_serial_is_refused(path: Path) -> None:
    run(path, "one", recorded("a"))
    path.write_bytes(path.read_bytes().replace(b'"value": "v"', b'"value": "w"'))
    assert refusal(path) == "State was changed outside of Mooring"


def test_a_snapshot_that_another_version_of_terraform_wrote_anew_is_taken(path: Path) -> None:
    run(path, "one", recorded("a"))
    path.write_bytes(path.read_bytes().replace(b'"terraform_version": "1', b'"terraform_version":  "2'))
    opened, diags = LocalStore(path).read()
    assert diags == ()
    assert opened is not None


def test_an_older_snapshot_is_refused(path: Path) -> None:
    run(path, "one", recorded("a"))
    older = path.read_bytes()
    run(path, "two", recorded("b"))
    path.write_bytes(older)
    assert refusal(path) == "State is older than its history"


def test_a_missing_snapshot_is_refused_without_any_backup(path: Path) -> None:
    run(path, "one", recorded("a"))
    path.unlink()
    assert refusal(path) == "State is lost"


def test_a_snapshot_of_another_lineage_is_refused(path: Path) -> None:
    state = run(path, "one", recorded("a"))
    path.write_bytes(path.read_bytes().replace(state.lineage.encode(), b"f" + state.lineage.encode()[1:]))
    assert refusal(path) == "State has another lineage"


def test_a_newer_snapshot_of_another_program_is_taken(path: Path) -> None:
    run(path, "one", recorded("a"))
    path.write_bytes(path.read_bytes().replace(b'"serial": 1', b'"serial": 2'))
    opened, diags = LocalStore(path).read()
    assert diags == ()
    assert opened is not None
    assert opened.state.serial == 2


def test_a_state_that_was_pushed_with_a_lower_serial_is_taken(path: Path) -> None:
    older = run(path, "one", recorded("a"))
    run(path, "two", recorded("b"))
    store = LocalStore(path)
    store.read()
    assert store.overwrite(replace(older), began("push")) == ()
    opened, diags = LocalStore(path).read()
    assert diags == ()
    assert opened is not None
    assert opened.state.instances.keys() == {address("a")}
