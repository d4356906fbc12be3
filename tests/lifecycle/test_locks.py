"""One state, one run at a time: against a second `moor` and against Terraform, which locks the same way."""

from __future__ import annotations

import fcntl
from pathlib import Path

from tests.lifecycle.moor import APPLY, PLAN, Moor

CONFIGURATION = 'resource "terraform_data" "only" {\n}\n'


def test_a_state_that_another_process_has_locked_is_not_touched(tmp_path: Path, moor_program: str) -> None:
    (tmp_path / "main.tf").write_text(CONFIGURATION)
    moor = Moor(moor_program, tmp_path)
    moor.run(*APPLY)
    state = tmp_path / "terraform.tfstate"
    before = state.read_bytes()
    (tmp_path / "main.tf").write_text("")
    with state.open("r+b") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        refusal = moor.run(*APPLY, status=1)
        moor.run(*APPLY, "-lock-timeout=1s", status=1)
        moor.run(*PLAN, "-lock=false", status=2)
    assert "Error acquiring the state lock" in refusal
    assert before == state.read_bytes()
    moor.run(*APPLY)
    assert before != state.read_bytes()
