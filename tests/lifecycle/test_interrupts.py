"""Ctrl-C: once lets what runs end, twice leaves it to the next run. Neither loses or replaces anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.lifecycle.moor import APPLY, PLAN, Moor, copy_lab
from tests.lifecycle.witness import creations, recorded_ids, resources

STARTED = "azureml_workspace.labs: Creating..."


@pytest.mark.parametrize("times", [1, 2])
def test_an_interrupted_apply_is_completed_by_the_next_without_replacing_anything(
    times: int, tmp_path: Path, moor_program: str
) -> None:
    lab = copy_lab(tmp_path / "lab")
    moor = Moor(moor_program, lab)

    told = moor.interrupted_after(STARTED, times, *APPLY, operations_take=1.5)

    assert "Interrupt received." in told
    assert ("azureml_workspace.labs: Creation complete" in told) == (times == 1)
    assert "0 to destroy" in moor.run("plan", "-no-color")
    moor.run(*APPLY)
    moor.run(*PLAN)
    recorded = {each.lower() for each in recorded_ids(lab).values()}
    assert recorded <= resources(lab)
    assert dict.fromkeys(recorded, 1) == creations(lab)


def test_a_second_interrupt_ends_a_run_whose_provider_never_answers(
    tmp_path: Path, moor_program: str
) -> None:
    lab = copy_lab(tmp_path / "lab")
    moor = Moor(moor_program, lab)

    told, status = moor.interrupted_while_hanging(STARTED, 2, *APPLY)

    assert status == 130
    assert "Interrupted." in told
    assert "0 to destroy" in moor.run("plan", "-no-color")
    moor.run(*APPLY)
    moor.run(*PLAN)
    assert dict.fromkeys({each.lower() for each in recorded_ids(lab).values()}, 1) == creations(lab)
