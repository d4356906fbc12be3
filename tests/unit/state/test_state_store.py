"""The local store: what a run writes, what a crash leaves, what is refused and how to get out of it."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.state.samples import RECORDED, FakeTime, address, intent, recorded

from mooring.state.backends.model import Around
from mooring.state.backends.types import backend_type
from mooring.state.events import Began, Deposed, Event, Moved, Noted, Removed, fold
from mooring.state.journal_format import Base, first_lines
from mooring.state.local import LocalStore
from mooring.state.lock import LocalLock
from mooring.state.model import ObjectState, State
from mooring.state.salvage import Salvage
from mooring.state.snapshot import read_snapshot
from mooring.state.store import Journal, Opened

RECOVER = "See what can be brought back, and choose, with: moor state recover"
ANEW = "If it was removed on purpose, start anew: moor state recover -from=nothing"
BEGAN = Began(run="r", who="ada@here", at="2027-01-15T08:00:00Z", command="moor", workspace="w", version="1")
ROOT = Path(__file__).parents[3]
JOURNAL = "terraform.tfstate.journal"
BACKUP = "terraform.tfstate.backup"


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "terraform.tfstate"


def opened(store: LocalStore) -> Opened:
    found, diags = store.read()
    assert diags == ()
    assert found is not None
    return found


def begun(store: LocalStore) -> Journal:
    journal = store.begin()
    assert not isinstance(journal, tuple)
    return journal


def run(path: Path, time: FakeTime, *events: Event) -> State:
    """A whole run: these events, and the commit."""
    store = LocalStore(path, host=time.host())
    lock = store.lock("OperationTypeApply")
    assert isinstance(lock, LocalLock)
    found = opened(store)
    begun(store).append_all(events)
    state, diags = store.commit(fold(found.state, events))
    assert diags == ()
    lock.release()
    return state


def crash(path: Path, time: FakeTime, *events: Event) -> None:
    """A run that is killed after these events."""
    store = LocalStore(path, host=time.host())
    opened(store)
    begun(store).append_all(events)


def names(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def refusal(path: Path) -> tuple[str, str]:
    found, (diag,) = LocalStore(path).read()
    assert found is None
    return diag.summary, diag.detail


# -- runs ----------------------------------------------------------------------------------------


def test_a_state_that_does_not_exist_is_empty(path: Path) -> None:
    assert opened(LocalStore(path)) == Opened(state=State())


def test_a_run_leaves_a_snapshot_and_nothing_else(path: Path, time: FakeTime) -> None:
    state = run(path, time, intent("a"), recorded("a"))
    assert state.serial == 1
    assert state.instances.keys() == {address("a")}
    assert opened(LocalStore(path)).state == state
    assert names(path) == ["terraform.tfstate"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_each_run_that_changes_something_counts_the_serial_up_and_keeps_a_backup(
    path: Path, time: FakeTime
) -> None:
    first = run(path, time, recorded("a"))
    before = path.read_bytes()
    second = run(path, time, recorded("b"))
    assert (second.lineage, second.serial) == (first.lineage, 2)
    assert path.with_name(BACKUP).read_bytes() == before


def test_a_run_that_changes_nothing_writes_nothing(path: Path, time: FakeTime) -> None:
    run(path, time, recorded("a"))
    before = path.stat()
    state = run(path, time, intent("a", "update"), recorded("a"))
    after = path.stat()
    assert state.serial == 1
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert names(path) == ["terraform.tfstate"]


def test_a_state_that_never_held_anything_is_not_made(path: Path, time: FakeTime) -> None:
    run(path, time, recorded("a"), Removed(address=address("a")))
    assert names(path) == []


def test_a_state_of_terraform_goes_on_with_its_lineage(path: Path, time: FakeTime) -> None:
    shutil.copy(RECORDED / "everything.tfstate", path)
    before, _ = read_snapshot(path.read_bytes(), "x")
    assert before is not None
    after = run(path, time, recorded("a"))
    assert (after.lineage, after.serial) == (before.lineage, before.serial + 1)
    assert after.check_results == before.check_results


def test_two_commits_in_one_run_keep_the_backup_of_before_the_run(path: Path, time: FakeTime) -> None:
    run(path, time, recorded("a"))
    before = path.read_bytes()
    store = LocalStore(path, host=time.host())
    state = opened(store).state
    for name in "bc":
        state, diags = store.commit(fold(state, [recorded(name)]))
        assert diags == ()
    assert state.serial == 3
    assert path.with_name(BACKUP).read_bytes() == before


def test_the_backup_can_go_elsewhere_or_nowhere(path: Path, time: FakeTime) -> None:
    run(path, time, recorded("a"))
    for number, arguments in enumerate(({"keep_backup": False}, {"backup": path.with_name("other")})):
        store = LocalStore(path, host=time.host(), **arguments)  # type: ignore[arg-type]
        store.commit(fold(opened(store).state, [recorded(f"b{number}")]))
    assert names(path) == ["other", "terraform.tfstate"]


def test_a_symbolic_link_is_followed(path: Path, time: FakeTime, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    path.symlink_to(tmp_path / "real" / "state")
    run(path, time, recorded("a"))
    assert path.is_symlink()
    assert opened(LocalStore(path)).state.instances.keys() == {address("a")}


def test_the_folder_of_a_workspace_is_made(tmp_path: Path, time: FakeTime) -> None:
    states = backend_type("local").open({}, Around(host=time.host(), environment={}, data_folder=""))
    path = states.state("west")
    assert path == Path("terraform.tfstate.d", "west", "terraform.tfstate")
    run(tmp_path / path, time, recorded("a"))
    assert (tmp_path / path).exists()


def test_an_inconsistent_state_is_not_written(path: Path, time: FakeTime) -> None:
    state = run(path, time, recorded("a"))
    before = path.read_bytes()
    store = LocalStore(path, host=time.host())
    opened(store)
    loop = ObjectState(attributes={}, dependencies=(address("a").resource.in_config,))
    instance = state.instances[address("a")]
    broken = State(instances={address("a"): type(instance)(provider=instance.provider, current=loop)})
    _, (diag,) = store.commit(broken)
    assert diag.summary == "State is inconsistent"
    assert path.read_bytes() == before


# -- crashes -------------------------------------------------------------------------------------


def test_what_a_killed_run_did_is_in_the_state(path: Path, time: FakeTime) -> None:
    run(path, time, recorded("a"))
    note = Noted(address=address("c"), note={"operation": "url"})
    crash(path, time, intent("b"), recorded("b"), intent("c"), note)
    found = opened(LocalStore(path))
    assert found.state.instances.keys() == {address("a"), address("b")}
    assert [(each.intent, each.note) for each in found.open_intents] == [(intent("c"), {"operation": "url"})]


def test_the_first_run_may_be_killed_too(path: Path, time: FakeTime) -> None:
    crash(path, time, intent("a"), recorded("a"))
    assert opened(LocalStore(path)).state.instances.keys() == {address("a")}
    state = run(path, time, recorded("b"))
    assert state.serial == 1
    assert state.instances.keys() == {address("a"), address("b")}


def test_an_empty_file_that_a_lock_has_left_is_no_state(path: Path, time: FakeTime) -> None:
    path.touch()
    assert opened(LocalStore(path)) == Opened(state=State())
    crash(path, time, recorded("a"))
    assert opened(LocalStore(path)).state.instances.keys() == {address("a")}


def test_a_run_after_a_crash_goes_on_in_the_same_journal(path: Path, time: FakeTime) -> None:
    crash(path, time, intent("a"))
    with path.with_name(JOURNAL).open("ab") as journal:
        journal.write(b'{"n":2,"event":"reco')
    crash(path, time, recorded("a"), intent("b"))
    found = opened(LocalStore(path))
    assert found.state.instances.keys() == {address("a")}
    assert [each.intent for each in found.open_intents] == [intent("b")]
    run(path, time, recorded("b"))
    assert names(path) == ["terraform.tfstate"]


def test_intents_that_stay_open_survive_the_commit(path: Path, time: FakeTime) -> None:
    run(path, time, intent("a"), recorded("a"), intent("b"))
    assert names(path) == ["terraform.tfstate", JOURNAL]
    assert [each.intent for each in opened(LocalStore(path)).open_intents] == [intent("b")]
    crash(path, time, intent("c"))
    assert [each.intent for each in opened(LocalStore(path)).open_intents] == [intent("b"), intent("c")]
    run(path, time, recorded("b"), recorded("c"))
    assert names(path) == ["terraform.tfstate", BACKUP]


@pytest.mark.parametrize("fails", ["replace", "fsync"])
def test_a_commit_that_fails_loses_nothing_and_can_be_repeated(
    path: Path, time: FakeTime, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    run(path, time, recorded("a"))
    store = LocalStore(path, host=time.host())
    lock = store.lock("x")
    assert isinstance(lock, LocalLock)
    found = opened(store)
    begun(store).append(recorded("b"))
    state = fold(found.state, [recorded("b")])

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, fails, fail) if fails == "replace" else monkeypatch.setattr(os, fails, fail)
    _, (diag,) = store.commit(state)
    assert diag.summary == "Failed to save state"
    assert "No space left on device" in diag.detail
    monkeypatch.undo()
    assert [name for name in names(path) if name.endswith(".new")] == []
    assert opened(LocalStore(path)).state.instances.keys() == {address("a"), address("b")}
    begun(store).append(recorded("c"))
    saved, diags = store.commit(fold(state, [recorded("c")]))
    assert (saved.serial, diags) == (2, ())
    lock.release()
    assert opened(LocalStore(path)).state == saved


def copies(path: Path, into: Path) -> Callable[[], Path]:
    """Copies the folder of a state to see it as a crash at this moment would leave it."""
    made = iter(range(1000))

    def copy() -> Path:
        folder = into / f"crash-{next(made)}"
        shutil.copytree(path.parent, folder)
        return folder / path.name

    return copy


def test_a_crash_at_any_step_of_a_commit_leaves_the_same_state(
    path: Path, time: FakeTime, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(path, time, recorded("a"))
    store = LocalStore(path, host=time.host())
    found = opened(store)
    begun(store).append_all([recorded("b"), intent("c")])
    copy = copies(path, tmp_path_factory.mktemp("crashes"))
    seen: list[Path] = []
    for module, name in ((os, "fsync"), (os, "fdatasync"), (Path, "replace"), (Path, "unlink")):
        real = getattr(module, name)

        def spied(*arguments: object, real: Callable[..., object] = real, **named: object) -> object:
            seen.append(copy())
            result = real(*arguments, **named)
            seen.append(copy())
            return result

        monkeypatch.setattr(module, name, spied)
    saved, diags = store.commit(fold(found.state, [recorded("b")]))
    assert diags == ()
    monkeypatch.undo()
    assert len(seen) >= 10
    for crashed in seen:
        again = opened(LocalStore(crashed))
        assert again.state.instances == saved.instances
        assert [each.intent for each in again.open_intents] == [intent("c")]


def test_a_run_that_ends_while_the_state_is_read_without_a_lock_is_seen_whole(
    path: Path, time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(path, time, recorded("a"))
    other = LocalStore(path, host=time.host())
    state = opened(other).state
    begun(other).append(recorded("b"))
    ends = iter([lambda: other.commit(fold(state, [recorded("b")]))])
    real = Path.read_bytes

    def read(each: Path) -> bytes:
        if each.name == JOURNAL:
            next(ends, lambda: None)()
        return real(each)

    monkeypatch.setattr(Path, "read_bytes", read)
    assert opened(LocalStore(path)).state.instances.keys() == {address("a"), address("b")}


# -- what is refused -----------------------------------------------------------------------------


def test_a_missing_snapshot_beside_a_backup_is_an_error(path: Path, time: FakeTime) -> None:
    run(path, time, recorded("a"))
    run(path, time, recorded("b"))
    path.unlink()
    summary, detail = refusal(path)
    assert summary == "State is lost"
    backup = f"{path}.backup"
    assert detail == (
        f"{path} does not exist, but {backup} beside it says that there was a state. Going on would plan to "
        f"create everything again.\n\n{RECOVER}\n{ANEW}"
    )


def test_an_empty_snapshot_beside_a_backup_is_an_error(path: Path, time: FakeTime) -> None:
    run(path, time, recorded("a"))
    run(path, time, recorded("b"))
    path.write_bytes(b"")
    summary, detail = refusal(path)
    assert (summary, "is empty, but" in detail) == ("State is lost", True)


@pytest.mark.parametrize("content", [None, b"", b'{"version": 4, "seri', b"odd"])
def test_a_lost_snapshot_beside_a_journal_can_be_brought_back_without_losing_anything(
    path: Path, time: FakeTime, content: bytes | None
) -> None:
    run(path, time, recorded("a"))
    crash(path, time, recorded("b"))
    shutil.copy(path, path.with_name(BACKUP))
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    _, detail = refusal(path)
    assert RECOVER in detail
    store = LocalStore(path)
    salvage = Salvage(store.medium, store.archive, store.sealing)
    best = salvage.candidates()[0]
    assert best.source == "journal"
    salvage.put_back(best, BEGAN)
    assert opened(LocalStore(path)).state.instances.keys() == {address("a"), address("b")}


def test_a_cut_snapshot_without_anything_beside_it_is_an_error(path: Path, time: FakeTime) -> None:
    run(path, time, recorded("a"))
    content = path.read_bytes()
    for end in range(1, len(content.rstrip()), 7):
        path.write_bytes(content[:end])
        assert refusal(path)[0] == "Unsupported state file format"


def test_a_snapshot_that_something_else_has_written_is_not_mixed_with_the_journal(
    path: Path, time: FakeTime
) -> None:
    run(path, time, recorded("a"))
    crash(path, time, recorded("b"))
    path.write_bytes(path.read_bytes().replace(b'"serial": 1', b'"serial": 9'))
    summary, detail = refusal(path)
    assert summary == "State journal does not fit the state"
    assert detail.endswith(RECOVER)


def test_a_corrupted_journal_is_an_error(path: Path, time: FakeTime) -> None:
    crash(path, time, recorded("a"), recorded("b"))
    journal = path.with_name(JOURNAL)
    journal.write_bytes(journal.read_bytes().replace(b"_data.a", b"_data.x"))
    summary, detail = refusal(path)
    assert summary == "State journal is corrupted"
    assert detail.endswith(RECOVER)


@pytest.mark.parametrize(
    "event",
    [
        Deposed(address=address("gone"), deposed="0a0b0c0d"),
        Moved(address=address("new"), previous=address("gone")),
    ],
)
def test_a_journal_that_does_not_fit_its_snapshot_is_an_error(path: Path, event: Event) -> None:
    content, _ = first_lines(Base(lineage="l", serial=0, digest=""), [event])
    path.with_name(JOURNAL).write_bytes(content)
    summary, detail = refusal(path)
    assert summary == "State journal does not fit the state"
    assert "terraform_data.gone" in detail


def test_a_state_that_cannot_be_read_is_an_error(path: Path) -> None:
    path.mkdir()
    assert refusal(path)[0] == "Failed to load state"


def test_a_journal_that_cannot_be_made_is_an_error(
    path: Path, time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    store = LocalStore(path, host=time.host())
    opened(store)
    monkeypatch.setattr(os, "fsync", fail)
    refused = store.begin()
    assert isinstance(refused, tuple)
    assert refused[0].summary == "Failed to begin the state journal"
    assert names(path) == []


def test_no_secret_is_in_the_journal_that_the_state_would_not_hold(path: Path, time: FakeTime) -> None:
    crash(path, time, intent("a"), recorded("a"))
    text = path.with_name(JOURNAL).read_text()
    assert '"attributes":{"id":"a",' in text
    assert path.with_name(JOURNAL).stat().st_mode & 0o777 == 0o600


_RUN = """
import sys
from pathlib import Path
from tests.unit.state.samples import intent, recorded
from mooring.state.local import LocalStore

store = LocalStore(Path(sys.argv[1]))
store.lock("OperationTypeApply")
store.read()
journal = store.begin()
for number in range(1_000_000):
    journal.append_all([recorded(f"r{number - 1}"), intent(f"r{number}")] if number else [intent("r0")])
    print(number, flush=True)
"""


def test_kill_minus_nine_loses_nothing_that_was_promised(path: Path) -> None:
    process = subprocess.Popen(  # noqa: S603  (our own Python)
        [sys.executable, "-c", _RUN, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout is not None
    promised = max(int(process.stdout.readline()) for _ in range(100))
    process.kill()
    promised = max([promised, *map(int, process.communicate()[0].split())])
    store = LocalStore(path)
    lock = store.lock("OperationTypeApply")
    assert isinstance(lock, LocalLock)
    assert lock.warnings[0].summary == "Lock of a dead process taken over"
    found = opened(store)
    assert {address(f"r{number}") for number in range(promised)} <= found.state.instances.keys()
    assert promised <= len(found.state.instances) <= promised + 1
    assert len(found.open_intents) == 1
    lock.release()
