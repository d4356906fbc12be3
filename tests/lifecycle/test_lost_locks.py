"""A lock that is taken away while it is held: nothing more is started, and what was done is not lost."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.lifecycle.moor import APPLY, Moor
from tests.scripts.runner import clean_environment

CONFIGURATION = """\
resource "terraform_data" "first" {
  provisioner "local-exec" {
    command = "rm .terraform.tfstate.lock.info; sleep 2.5"
  }
}

resource "terraform_data" "second" {
  input = terraform_data.first.output
}
"""
WAITING = """\
resource "terraform_data" "only" {
  provisioner "local-exec" {
    command = "echo in; sleep 3"
  }
}
"""


def test_a_run_whose_lock_is_taken_away_starts_nothing_more_and_saves_what_it_did(
    tmp_path: Path, moor_program: str
) -> None:
    (tmp_path / "main.tf").write_text(CONFIGURATION)
    moor = Moor(moor_program, tmp_path)

    told = moor.run(*APPLY, status=1)

    assert "The lock on the state is lost" in told
    assert "terraform_data.second: Not started: the lock on the state is lost" in told
    assert "Error: State lock lost" in told
    saved = json.loads((tmp_path / "errored.tfstate").read_bytes())
    assert [each["name"] for each in saved["resources"]] == ["first"]
    assert "Plan: 1 to add, 0 to change, 0 to destroy." in moor.run("plan", "-no-color")
    moor.run("state", "push", "errored.tfstate")
    assert moor.run("state", "list") == "terraform_data.first\n"


def test_a_run_that_stopped_because_its_lock_was_in_doubt_says_so_though_it_has_it_still(
    tmp_path: Path, moor_program: str
) -> None:
    back = "mv .terraform.tfstate.lock.info kept; sleep 2.5; mv kept .terraform.tfstate.lock.info"
    taken = "rm .terraform.tfstate.lock.info; sleep 2.5"
    (tmp_path / "main.tf").write_text(CONFIGURATION.replace(taken, back))
    moor = Moor(moor_program, tmp_path)

    told = moor.run(*APPLY, status=1)

    assert "terraform_data.second: Not started: the lock on the state is lost" in told
    assert "Error: State lock lost" in told
    assert "Apply complete!" not in told
    assert moor.run("state", "list") == "terraform_data.first\n"
    assert not (tmp_path / "errored.tfstate").exists()


def test_a_run_whose_lock_is_taken_away_before_it_is_approved_begins_nothing(
    tmp_path: Path, moor_program: str
) -> None:
    (tmp_path / "main.tf").write_text(CONFIGURATION)
    with subprocess.Popen(  # noqa: S603 - the product under test
        [moor_program, "apply", "-no-color"],
        cwd=tmp_path,
        env=clean_environment(tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as run:
        assert run.stdout is not None
        assert any("Plan: 2 to add" in line for line in run.stdout)
        (tmp_path / ".terraform.tfstate.lock.info").unlink()
        told, _ = run.communicate("yes\n", timeout=60)
    assert run.returncode == 1
    assert "Error: State lock lost" in told
    assert "Creating..." not in told
    assert [each.name for each in tmp_path.iterdir() if "journal" in each.name] == []


def test_who_waits_for_a_lock_is_told_for_whom(tmp_path: Path, moor_program: str) -> None:
    (tmp_path / "main.tf").write_text(WAITING)
    moor = Moor(moor_program, tmp_path)
    with subprocess.Popen(  # noqa: S603 - the product under test
        [moor_program, *APPLY],
        cwd=tmp_path,
        env=clean_environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert any("(local-exec): in" in line for line in holder.stdout)
        told = moor.run("plan", "-no-color", "-lock-timeout=60s")
        holder.stdout.read()
    assert holder.returncode == 0
    assert "Waiting for the lock held by " in told
    assert "No changes." in told
