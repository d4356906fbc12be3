"""A run that is killed loses nothing and makes nothing twice: the next one goes on from there.

Killed at numbered moments (either side of every flush, rename, removal and request that changes something)
and from outside at random times. The emulated cloud's log of requests is the witness.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import monotonic

import pytest
from tests.faults.folders import DESTROY, check_applied, check_destroyed, copy_folder, write_groups
from tests.faults.tally import Campaign
from tests.lifecycle.moor import Moor

MANY = 300
FEW = 30
PARTS = 10
PARTS_OF_ALL = (0, *(pytest.param(part, marks=pytest.mark.faults) for part in range(1, PARTS)))
APPLY = ("apply", "-auto-approve", "-input=false", "-no-color")
Templates = tuple[Path, Path]


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory, moor_program: str) -> dict[int, Templates]:
    """For each size a folder where nothing was applied yet, and one where everything is."""
    found: dict[int, Templates] = {}
    for count in (FEW, MANY):
        top = tmp_path_factory.mktemp(f"groups-{count}")
        bare = write_groups(top / "bare", count)
        whole = copy_folder(bare, top / "whole")
        Moor(moor_program, whole).run(*APPLY)
        found[count] = bare, whole
    return found


def moments(part: int, last: int) -> Iterator[int]:
    """Every moment of a part of the whole."""
    return iter(range(part + 1, last + 1, PARTS))


def times(seed: str, longest: float) -> Iterator[float]:
    """Twenty moments within a run, in seconds."""
    random = Random(seed)  # noqa: S311 - nothing is secret here
    return (random.uniform(0.1, longest) for _ in range(20))


def count_moments(moor: Moor, folder: Path, *arguments: str) -> int:
    assert not moor.is_killed_at(10**9, *arguments)
    return int((folder.parent / "moments").read_text())


def seconds_of(moor: Moor, *arguments: str) -> float:
    started = monotonic()
    moor.run(*arguments)
    return monotonic() - started


@pytest.mark.parametrize("part", PARTS_OF_ALL)
def test_an_apply_killed_at_any_moment(
    part: int, tmp_path: Path, moor_program: str, templates: dict[int, Templates], campaign: Campaign
) -> None:
    bare, _ = templates[FEW]
    folder = copy_folder(bare, tmp_path / "lab")
    last = count_moments(Moor(moor_program, folder), folder, *APPLY)

    def inject(moment: int) -> None:
        moor = Moor(moor_program, copy_folder(bare, folder))
        moor.is_killed_at(moment, *APPLY)
        check_applied(moor, folder, FEW, apply=APPLY)

    campaign.inject_all(f"kill -9 at every moment of an apply of {FEW}", moments(part, last), inject)


@pytest.mark.parametrize("part", PARTS_OF_ALL)
def test_a_destroy_killed_at_any_moment(
    part: int, tmp_path: Path, moor_program: str, templates: dict[int, Templates], campaign: Campaign
) -> None:
    _, whole = templates[FEW]
    folder = copy_folder(whole, tmp_path / "lab")
    last = count_moments(Moor(moor_program, folder), folder, *DESTROY)

    def inject(moment: int) -> None:
        moor = Moor(moor_program, copy_folder(whole, folder))
        moor.is_killed_at(moment, *DESTROY)
        check_destroyed(moor, folder)

    campaign.inject_all(f"kill -9 at every moment of a destroy of {FEW}", moments(part, last), inject)


@pytest.mark.parametrize("part", PARTS_OF_ALL)
def test_an_apply_killed_at_a_random_time(
    part: int, tmp_path: Path, moor_program: str, templates: dict[int, Templates], campaign: Campaign
) -> None:
    bare, _ = templates[MANY]
    folder = copy_folder(bare, tmp_path / "lab")
    longest = seconds_of(Moor(moor_program, folder), *APPLY)

    def inject(seconds: float) -> None:
        moor = Moor(moor_program, copy_folder(bare, folder))
        moor.killed_after(seconds, *APPLY)
        check_applied(moor, folder, MANY, apply=APPLY)

    kind = f"kill -9 at random in an apply of {MANY}"
    campaign.inject_all(kind, times(f"apply {part}", longest), inject)


@pytest.mark.parametrize("part", PARTS_OF_ALL)
def test_a_destroy_killed_at_a_random_time(
    part: int, tmp_path: Path, moor_program: str, templates: dict[int, Templates], campaign: Campaign
) -> None:
    _, whole = templates[MANY]
    folder = copy_folder(whole, tmp_path / "lab")
    longest = seconds_of(Moor(moor_program, folder), *DESTROY)

    def inject(seconds: float) -> None:
        moor = Moor(moor_program, copy_folder(whole, folder))
        moor.killed_after(seconds, *DESTROY)
        check_destroyed(moor, folder)

    kind = f"kill -9 at random in a destroy of {MANY}"
    campaign.inject_all(kind, times(f"destroy {part}", longest), inject)
