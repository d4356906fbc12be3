"""I5: killed at any moment, a run that is repeated converges: nothing is lost, nothing is made twice."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from tests.lifecycle.moor import APPLY, DESTROY, PLAN, Moor, copy_lab
from tests.lifecycle.witness import creations, deletions, recorded_ids, resources

CREATED = re.compile(r"^(?P<address>\S+): Creation complete .*\[id=(?P<id>[^]]+)\]", re.MULTILINE)


def check_applied(moor: Moor, lab: Path) -> None:
    """After another apply all is there, each thing made once, and there is nothing left to do."""
    moor.run(*APPLY)
    moor.run(*PLAN)
    recorded = {each.lower() for each in recorded_ids(lab).values()}
    assert recorded <= resources(lab)
    assert dict.fromkeys(recorded, 1) == creations(lab)


def check_destroyed(moor: Moor, lab: Path, before: frozenset[str]) -> None:
    """After another destroy all is gone that was made, and nothing else; nothing was deleted twice."""
    moor.run(*DESTROY)
    assert recorded_ids(lab) == {}
    assert before == resources(lab)
    assert set(deletions(lab).values()) == {1}


def apply_killed_at(moment: int, moor: Moor, lab: Path, operations_take: float = 0.0) -> bool:
    is_killed = moor.is_killed_at(moment, *APPLY, operations_take=operations_take)
    check_applied(moor, lab)
    return is_killed


def destroy_killed_at(moment: int, moor: Moor, lab: Path, operations_take: float = 0.0) -> bool:
    moor.run(*APPLY)
    made = tuple(creations(lab))
    children = tuple(f"{each}/" for each in made)  # what the service makes inside goes with them
    before = frozenset(each for each in resources(lab) if each not in made and not each.startswith(children))
    is_killed = moor.is_killed_at(moment, *DESTROY, operations_take=operations_take)
    check_destroyed(moor, lab, before)
    return is_killed


@pytest.mark.parametrize("moment", [3, 20, 22, 40, 46, 66, 70])
def test_an_apply_killed_at_a_moment_is_completed_by_the_next(
    moment: int, tmp_path: Path, moor_program: str
) -> None:
    lab = copy_lab(tmp_path / "lab")
    assert apply_killed_at(moment, Moor(moor_program, lab), lab)


@pytest.mark.parametrize("moment", [40, 53])
def test_a_creation_that_still_runs_in_the_cloud_is_waited_for_by_the_next_run(
    moment: int, tmp_path: Path, moor_program: str
) -> None:
    lab = copy_lab(tmp_path / "lab")
    assert apply_killed_at(moment, Moor(moor_program, lab), lab, operations_take=2.0)


@pytest.mark.parametrize("moment", [5, 42, 77])
def test_a_destroy_killed_at_a_moment_is_completed_by_the_next(
    moment: int, tmp_path: Path, moor_program: str
) -> None:
    lab = copy_lab(tmp_path / "lab")
    assert destroy_killed_at(moment, Moor(moor_program, lab), lab)


@pytest.mark.parametrize("moment", [28, 42])
def test_a_deletion_that_still_runs_in_the_cloud_is_waited_for_by_the_next_run(
    moment: int, tmp_path: Path, moor_program: str
) -> None:
    lab = copy_lab(tmp_path / "lab")
    assert destroy_killed_at(moment, Moor(moor_program, lab), lab, operations_take=2.0)


@pytest.mark.parametrize("lines", [120, 300])
def test_what_an_apply_said_it_created_is_kept_when_it_is_killed(
    lines: int, tmp_path: Path, moor_program: str
) -> None:
    (tmp_path / "main.tf").write_text('resource "terraform_data" "item" {\n  count = 400\n}\n')
    moor = Moor(moor_program, tmp_path)
    arguments = ("apply", "-auto-approve", "-input=false", "-no-color")
    plan_length = len(moor.run("plan", "-no-color").splitlines())
    said = moor.lines_until_killed(plan_length + lines, *arguments)
    created = {match["address"]: match["id"] for match in CREATED.finditer(said)}
    moor.run(*arguments)
    kept = recorded_ids(tmp_path)
    assert len(kept) == 400
    assert created
    assert created == {address: kept[address] for address in created}


def labs(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A fresh lab for every moment from the first."""
    for moment in count(1):
        lab = copy_lab(tmp_path / str(moment) / "lab")
        yield moment, lab
        shutil.rmtree(lab.parent)


@pytest.mark.slow
def test_an_apply_may_be_killed_at_every_single_moment(tmp_path: Path, moor_program: str) -> None:
    for moment, lab in labs(tmp_path):
        if not apply_killed_at(moment, Moor(moor_program, lab), lab):
            break


@pytest.mark.slow
def test_a_destroy_may_be_killed_at_every_single_moment(tmp_path: Path, moor_program: str) -> None:
    for moment, lab in labs(tmp_path):
        if not destroy_killed_at(moment, Moor(moor_program, lab), lab):
            break
