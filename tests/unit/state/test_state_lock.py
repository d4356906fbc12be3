"""The lock: against other runs, against Terraform (a process that locks as it does), against the dead."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.unit.state.samples import FakeTime, recorded

from mooring.core.diagnostics import Severity
from mooring.state.events import fold
from mooring.state.local import LocalStore
from mooring.state.lock import TOMBSTONE, LocalLock, LockFiles, beat
from mooring.state.lock_record import EXPIRY
from mooring.state.store import Lock

_LOCK_AS_TERRAFORM_DOES = """
import fcntl, os, sys
descriptor = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
print("opened", flush=True)
sys.stdin.readline()
try:
    fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    print("locked:" + os.pread(descriptor, 1000, 0).decode(), flush=True)
except OSError:
    print("refused", flush=True)
sys.stdin.readline()
"""


class Terraform:
    """A process that opens the state file, and takes a POSIX record lock on it when told to."""

    def __init__(self, path: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603  (our own Python)
            [sys.executable, "-c", _LOCK_AS_TERRAFORM_DOES, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._said() == "opened"

    def _said(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def lock(self) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        return self._said()

    def close(self) -> None:
        self._process.communicate("\n", timeout=20)


@contextmanager
def terraform(path: Path) -> Iterator[Terraform]:
    process = Terraform(path)
    yield process
    process.close()


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "terraform.tfstate"


def locked(store: LocalStore) -> Lock:
    lock = store.lock("OperationTypeApply")
    assert isinstance(lock, LocalLock), lock
    return lock


def save_something(store: LocalStore, name: str = "a") -> None:
    opened, diags = store.read()
    assert opened is not None, diags
    assert store.commit(fold(opened.state, [recorded(name)]))[1] == ()


# -- the record ----------------------------------------------------------------------------------


def test_the_record_has_the_form_of_terraform(path: Path, time: FakeTime) -> None:
    lock = locked(LocalStore(path, host=time.host()))
    assert json.loads((path.parent / ".terraform.tfstate.lock.info").read_bytes()) == {
        "ID": "00000000-0000-0000-0000-000000000001",
        "Operation": "OperationTypeApply",
        "Info": "",
        "Who": "ada@here",
        "Version": "Mooring 0.1.0",
        "Created": "2027-01-15T08:00:00.000000Z",
        "Path": str(path),
    }
    lock.release()


def test_releasing_leaves_nothing_behind(path: Path, time: FakeTime) -> None:
    lock = locked(LocalStore(path, host=time.host()))
    lock.release()
    lock.release()
    assert list(path.parent.iterdir()) == []


def test_a_state_that_was_there_stays_when_the_lock_is_released(path: Path, time: FakeTime) -> None:
    path.touch()
    locked(LocalStore(path, host=time.host())).release()
    assert path.exists()


# -- other runs ----------------------------------------------------------------------------------


def test_a_second_run_is_told_who_holds_the_lock_since_when(path: Path, time: FakeTime) -> None:
    lock = locked(LocalStore(path, host=time.host()))
    refused = LocalStore(path, host=time.host(pid=101)).lock("OperationTypePlan")
    assert isinstance(refused, tuple)
    assert refused[0].summary == "Error acquiring the state lock"
    assert refused[0].detail.startswith(
        "ada@here holds the lock since 2027-01-15T08:00:00.000000Z, for OperationTypeApply."
    )
    assert "  Operation: OperationTypeApply\n  Who:       ada@here\n" in refused[0].detail
    lock.release()
    locked(LocalStore(path, host=time.host(pid=101))).release()


def test_waiting_for_the_lock_ends_at_the_timeout(path: Path, time: FakeTime) -> None:
    lock = locked(LocalStore(path, host=time.host()))
    start = time.now
    assert isinstance(LocalStore(path, host=time.host()).lock("x", timeout=5.0), tuple)
    assert 5.0 <= time.now - start < 6.0
    lock.release()


def test_the_lock_survives_other_code_that_opens_and_closes_the_state(path: Path, time: FakeTime) -> None:
    lock = locked(LocalStore(path, host=time.host()))
    path.read_bytes()
    with terraform(path) as other:
        assert other.lock() == "refused"
    lock.release()


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path, time: FakeTime) -> None:
    (tmp_path / "file").touch()
    refused = LocalStore(tmp_path / "file" / "terraform.tfstate", host=time.host()).lock("x")
    assert isinstance(refused, tuple)
    assert "cannot be locked" in refused[0].detail


# -- terraform -----------------------------------------------------------------------------------


def test_terraform_is_kept_out(path: Path, time: FakeTime) -> None:
    lock = locked(LocalStore(path, host=time.host()))
    with terraform(path) as other:
        assert other.lock() == "refused"
    lock.release()


def test_terraform_keeps_us_out(path: Path, time: FakeTime) -> None:
    with terraform(path) as other:
        assert other.lock() == "locked:"
        refused = LocalStore(path, host=time.host()).lock("x")
    assert isinstance(refused, tuple)
    assert "it has left no record of itself" in refused[0].detail


def test_the_new_state_file_is_locked_as_the_old_one_was(path: Path, time: FakeTime) -> None:
    store = LocalStore(path, host=time.host())
    lock = locked(store)
    with terraform(path) as early:
        save_something(store)
        with terraform(path) as late:
            assert (early.lock(), late.lock()) == ("refused", "refused")
    lock.release()


def test_terraform_that_waited_on_the_replaced_file_finds_a_tombstone(path: Path, time: FakeTime) -> None:
    store = LocalStore(path, host=time.host())
    lock = locked(store)
    with terraform(path) as waiting:
        save_something(store)
        lock.release()
        assert waiting.lock() == "locked:" + TOMBSTONE.decode().strip()


def test_terraform_that_waited_on_a_file_that_only_the_lock_had_made_finds_a_tombstone(
    path: Path, time: FakeTime
) -> None:
    lock = locked(LocalStore(path, host=time.host()))
    with terraform(path) as waiting:
        lock.release()
        assert waiting.lock() == "locked:" + TOMBSTONE.decode().strip()


def test_a_hard_link_to_the_old_state_is_left_as_it_is(path: Path, time: FakeTime) -> None:
    store = LocalStore(path, host=time.host())
    lock = locked(store)
    save_something(store)
    lock.release()
    before = path.read_bytes()
    os.link(path, path.with_name("kept"))
    lock = locked(store)
    save_something(store, "b")
    lock.release()
    assert path.with_name("kept").read_bytes() == before


# -- the dead ------------------------------------------------------------------------------------


def leave_behind(path: Path, time: FakeTime, **host: object) -> None:
    """What a process leaves that is killed while it has the lock: its files; the system drops its lock."""
    lock = locked(LocalStore(path, host=time.host(**host)))  # type: ignore[arg-type]
    assert isinstance(lock, LocalLock)
    files = LockFiles.beside(path)
    kept = [(each, each.read_bytes()) for each in (files.info, files.heartbeat)]
    lock.release()
    for file, content in kept:
        file.write_bytes(content)
    beat(files.heartbeat, time.host())


def test_the_lock_of_a_dead_process_is_taken_over_with_a_warning(path: Path, time: FakeTime) -> None:
    leave_behind(path, time, pid=666)
    lock = locked(LocalStore(path, host=time.host()))
    (warning,) = lock.warnings
    assert (warning.severity, warning.summary) == (Severity.WARNING, "Lock of a dead process taken over")
    lock.release()


def test_the_lock_of_a_process_before_the_machine_started_is_taken_over(path: Path, time: FakeTime) -> None:
    leave_behind(path, time, boot_id="boot-0")
    lock = locked(LocalStore(path, host=time.host()))
    assert lock.warnings
    lock.release()


def test_a_record_of_terraform_without_its_lock_is_a_leftover(path: Path, time: FakeTime) -> None:
    path.with_name(".terraform.tfstate.lock.info").write_text('{"ID":"x","Who":"bob@there"}')
    lock = locked(LocalStore(path, host=time.host()))
    assert "bob@there had locked" in lock.warnings[0].detail
    lock.release()


def test_the_lock_of_another_machine_holds_until_its_heartbeat_is_too_old(path: Path, time: FakeTime) -> None:
    leave_behind(path, time, name="there", pid=1, boot_id="other")
    store = LocalStore(path, host=time.host())
    time.now += EXPIRY - 1
    assert isinstance(store.lock("x"), tuple)
    time.now += 2
    lock = locked(store)
    assert lock.warnings
    lock.release()


def test_the_heartbeat_of_a_living_holder_is_renewed(path: Path, time: FakeTime) -> None:
    lock = locked(LocalStore(path, host=time.host()))
    heartbeat = LockFiles.beside(path).heartbeat
    time.now += 30
    beat(heartbeat, time.host())
    assert heartbeat.stat().st_mtime == time.now
    lock.release()
    beat(heartbeat, time.host())
    assert not heartbeat.exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"ID":1}'])
def test_a_damaged_record_does_not_stand_in_the_way(path: Path, time: FakeTime, content: str) -> None:
    path.with_name(".terraform.tfstate.lock.info").write_text(content)
    path.with_name(".terraform.tfstate.lock.heartbeat").write_text(content)
    locked(LocalStore(path, host=time.host())).release()


def test_a_forced_unlock_needs_the_right_id(path: Path, time: FakeTime) -> None:
    leave_behind(path, time, name="there")
    store = LocalStore(path, host=time.host())
    holder = store.holder()
    assert holder is not None
    assert store.force_unlock("odd")[0].detail == f"The lock has another ID: {holder.id}."
    assert store.force_unlock(holder.id) == ()
    assert store.force_unlock(holder.id)[0].detail == "LocalState not locked"
    locked(store).release()


_HOLD = """
import sys
from pathlib import Path
from mooring.state.local import LocalStore
assert not isinstance(LocalStore(Path(sys.argv[1])).lock("apply"), tuple)
print("locked", flush=True)
sys.stdin.readline()
"""


def test_the_lock_of_a_process_that_was_just_killed_is_taken_over(path: Path) -> None:
    """Nobody has waited for the process yet, and it may not even have ended: both count as dead."""
    child = subprocess.Popen(  # noqa: S603  (our own Python)
        [sys.executable, "-c", _HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "locked\n"
    child.kill()
    lock = LocalStore(path).lock("apply")
    child.communicate()
    assert not isinstance(lock, tuple), lock
    assert [each.summary for each in lock.warnings] == ["Lock of a dead process taken over"]
    lock.release()


def test_a_lock_whose_process_lives_here_is_not_given_away_by_hand(path: Path) -> None:
    store = LocalStore(path)
    lock = locked(store)
    problems = store.force_unlock(lock.info.id)
    alive = "The process that holds it lives on this machine. Wait for it, or end it."
    assert [each.detail for each in problems] == [alive]
    status = store.lock_status()
    assert status is not None
    assert (lock.info, True) == (status.info, status.is_live)
    lock.release()
    assert store.lock_status() is None
