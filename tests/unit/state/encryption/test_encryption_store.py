"""A store with encryption: everything it keeps is sealed, whatever it was before."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.state.encryption.blocks import CLEAR, aes, sealing
from tests.unit.state.samples import FakeTime, recorded

from mooring.state.encryption.envelope import looks_encrypted
from mooring.state.events import Began, Recorded, fold
from mooring.state.local import LocalStore
from mooring.state.sealing import PLAIN, Sealing

BEGAN = Began(run="r", who="ada@here", at="2027-01-15T08:00:00Z", command="moor", workspace="w", version="1")
OTHER = aes(bytes(32), "other")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "terraform.tfstate"


def run(path: Path, seal: Sealing, *events: Recorded) -> int:
    """A whole run; the serial of the state that it leaves."""
    store = LocalStore(path, host=FakeTime().host(), sealing=seal)
    opened, diags = store.read()
    assert opened is not None, diags
    journal = store.begin(BEGAN)
    assert not isinstance(journal, tuple)
    journal.append_all(events)
    saved, diags = store.commit(fold(opened.state, events))
    assert diags == ()
    return saved.serial


def kept(folder: Path) -> dict[str, bool]:
    """The files that a run leaves, line by line where they have lines, and whether they are all encrypted."""
    return {
        path.name: all(map(looks_encrypted, path.read_bytes().splitlines() or [b""]))
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_all_that_was_in_clear_is_sealed_by_a_run_that_changes_nothing(tmp_path: Path, path: Path) -> None:
    run(path, PLAIN, recorded("a"))
    assert run(path, PLAIN, recorded("b")) == 2
    assert not any(kept(tmp_path).values())
    assert run(path, sealing(aes(), CLEAR)) == 3
    after = kept(tmp_path)
    assert {"terraform.tfstate", "terraform.tfstate.backup", "runs.jsonl"} < after.keys()
    assert all(after.values())
    assert run(path, sealing(aes())) == 3


def test_a_key_is_changed_by_a_run_that_changes_nothing(path: Path) -> None:
    run(path, sealing(aes()), recorded("a"))
    assert run(path, sealing(OTHER, aes())) == 2
    assert run(path, sealing(OTHER)) == 2
    store = LocalStore(path, host=FakeTime().host(), sealing=sealing(OTHER))
    assert [each.number for each in store.archive.runs()] == [1, 2]
    assert all(store.archive.content(each) is not None for each in store.archive.kept())


def test_a_state_goes_back_to_clear(tmp_path: Path, path: Path) -> None:
    run(path, sealing(aes()), recorded("a"))
    run(path, sealing(CLEAR, aes()))
    assert not any(kept(tmp_path).values())
    assert run(path, PLAIN) == 2


def test_a_state_that_cannot_be_opened_is_left_alone(path: Path) -> None:
    run(path, sealing(aes()), recorded("a"))
    before = path.read_bytes()
    for seal in (sealing(OTHER), sealing(CLEAR)):
        assert LocalStore(path, host=FakeTime().host(), sealing=seal).read()[0] is None
    assert path.read_bytes() == before
