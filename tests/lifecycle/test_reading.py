"""I1: what only looks changes nothing, neither in the cloud nor in the state."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.lifecycle.moor import APPLY, Moor, copy_lab
from tests.lifecycle.witness import writes

LOOKING = (
    ("validate",),
    ("plan", "-input=false"),
    ("plan", "-input=false", "-destroy"),
    ("plan", "-input=false", "-out=saved.tfplan"),
    ("drift",),
    ("show",),
    ("show", "-json", "saved.tfplan"),
    ("output", "-json"),
    ("state", "list"),
)


def look(moor: Moor) -> None:
    for arguments in LOOKING:
        moor.run(*arguments)


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    return copy_lab(tmp_path / "lab")


def test_looking_before_anything_exists_asks_for_no_change(lab: Path, moor_program: str) -> None:
    moor = Moor(moor_program, lab)
    moor.run("plan", "-input=false", "-out=saved.tfplan")
    assert writes(lab) == []
    assert not (lab / "terraform.tfstate").exists()


def test_looking_at_what_exists_asks_for_no_change(lab: Path, moor_program: str) -> None:
    moor = Moor(moor_program, lab)
    moor.run(*APPLY)
    sent, state = writes(lab), (lab / "terraform.tfstate").read_bytes()
    look(moor)
    assert sent == writes(lab)
    assert state == (lab / "terraform.tfstate").read_bytes()


def test_a_plan_for_people_and_one_for_programs_say_the_same_every_time(lab: Path, moor_program: str) -> None:
    moor = Moor(moor_program, lab)
    texts = {moor.run("plan", "-no-color", "-input=false", "-out=saved.tfplan") for _ in range(2)}
    documents = [json.loads(moor.run("show", "-json", "saved.tfplan")) for _ in range(2)]
    assert len(texts) == 1
    assert documents[0] == documents[1]
