"""A file of a state that was damaged is refused, or says what it said before: never anything else."""

from __future__ import annotations

import shutil
from bisect import bisect_left
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.faults.folders import write_groups
from tests.faults.tally import Campaign
from tests.lifecycle.moor import Moor
from tests.lifecycle.witness import creations, recorded_ids

from mooring.core.records import replace
from mooring.planning.plan_file import load_plan
from mooring.state.local import LocalStore

APPLY = ("apply", "-auto-approve", "-input=false", "-no-color")
FLIPS = tuple(1 << bit for bit in range(8))
Damage = tuple[str, bytes]


def damages(content: bytes) -> Iterator[Damage]:
    """The content with each byte flipped in several ways, and cut at each byte."""
    for at, byte in enumerate(content):
        for flip in FLIPS:
            yield f"byte {at} ^ {flip:#x}", content[:at] + bytes([byte ^ flip]) + content[at + 1 :]
    for end in range(len(content)):
        yield f"cut to {end} bytes", content[:end]


@pytest.fixture(scope="session")
def applied(tmp_path_factory: pytest.TempPathFactory, moor_program: str) -> Path:
    """A folder with a state of a few objects."""
    folder = write_groups(tmp_path_factory.mktemp("damage") / "lab", 2)
    Moor(moor_program, folder).run(*APPLY)
    return folder


@pytest.fixture(scope="session")
def interrupted(tmp_path_factory: pytest.TempPathFactory, moor_program: str) -> Path:
    """A folder with the journal of a run that was killed after it had made everything."""
    folder = write_groups(tmp_path_factory.mktemp("journal") / "lab", 2)
    moor = Moor(moor_program, folder)
    moments = range(1, 200)
    first = bisect_left(moments, 1, key=lambda moment: int(has_made_all(moor, folder, moment)))
    assert has_made_all(moor, folder, moments[first])
    return folder


def has_made_all(moor: Moor, folder: Path, moment: int) -> bool:
    """Whether all is recorded when a run is killed at that moment, in the journal or already beyond."""
    for left in folder.glob("*terraform.tfstate*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    shutil.rmtree(folder / ".terraform", ignore_errors=True)
    if not moor.is_killed_at(moment, *APPLY):
        return True
    journal, state = folder / "terraform.tfstate.journal", folder / "terraform.tfstate"
    content = journal.read_bytes() if journal.exists() else b""
    return content.count(b'"recorded"') == 2 or (state.exists() and state.stat().st_size > 0)


def says(path: Path) -> Callable[[], object]:
    """What a store makes of its files now, but for the serial; None if it refuses them.

    A serial that is too high does no harm, and cannot be told from one that another program has written.
    """

    def read() -> object:
        opened, _ = LocalStore(path).read()
        return None if opened is None else replace(opened, state=replace(opened.state, serial=0))

    return read


def test_a_damaged_snapshot(applied: Path, tmp_path: Path, fast_campaign: Campaign) -> None:
    folder = Path(shutil.copytree(applied, tmp_path / "lab"))
    path = folder / "terraform.tfstate"
    whole, read = path.read_bytes(), says(path)
    before = read()

    def inject(damage: Damage) -> None:
        path.write_bytes(damage[1])
        assert read() in (None, before), "it says something else"

    fast_campaign.inject_all("snapshot damaged", damages(whole), inject)


def test_a_damaged_journal(interrupted: Path, tmp_path: Path, fast_campaign: Campaign) -> None:
    folder = Path(shutil.copytree(interrupted, tmp_path / "lab"))
    path = folder / "terraform.tfstate"
    journal = folder / "terraform.tfstate.journal"
    whole, read = journal.read_bytes(), says(path)
    prefixes = []
    lines = whole.splitlines(keepends=True)
    for count in range(len(lines) + 1):
        journal.write_bytes(b"".join(lines[:count]))
        prefixes.append(read())

    def inject(damage: Damage) -> None:
        journal.write_bytes(damage[1])
        is_cut = whole.startswith(damage[1])
        assert read() in (prefixes if is_cut else (None, prefixes[-1])), "it says something else"

    fast_campaign.inject_all("journal damaged", damages(whole), inject)


def test_a_journal_that_lost_its_end_makes_nothing_twice(
    interrupted: Path, tmp_path: Path, moor_program: str, campaign: Campaign
) -> None:
    lines = (interrupted / "terraform.tfstate.journal").read_bytes().splitlines(keepends=True)

    def inject(count: int) -> None:
        shutil.rmtree(tmp_path / "lab", ignore_errors=True)
        folder = Path(shutil.copytree(interrupted, tmp_path / "lab"))
        (folder / "terraform.tfstate.journal").write_bytes(b"".join(lines[:count]))
        told = Moor(moor_program, folder).try_with({}, *APPLY)
        assert set(creations(folder).values()) == {1}, "something was made twice"
        assert "already exists" in told or len(recorded_ids(folder)) == 2, told

    campaign.inject_all("journal without its end", range(len(lines)), inject)


def test_a_damaged_plan_file(
    applied: Path, tmp_path: Path, moor_program: str, fast_campaign: Campaign
) -> None:
    folder = Path(shutil.copytree(applied, tmp_path / "lab"))
    Moor(moor_program, folder).run("plan", "-destroy", "-out=saved.tfplan")
    whole = (folder / "saved.tfplan").read_bytes()
    before, _ = load_plan(whole, "saved.tfplan")

    def inject(damage: Damage) -> None:
        plan, _ = load_plan(damage[1], "saved.tfplan")
        assert plan is None or plan == before, "it says something else"

    fast_campaign.inject_all("plan file damaged", damages(whole), inject)
