"""Encrypted runs: what they leave on the disk at any moment is sealed, and a killed one is picked up."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.lifecycle.moor import APPLY, PLAN, Moor

PASSPHRASE = "correct-horse-battery-staple"
VALUE = "attribute-in-clear"
FILES = """
variable "passphrase" { sensitive = true }
variable "value" { type = string }
terraform {
  encryption {
    key_provider "pbkdf2" "k" {
      passphrase    = var.passphrase
      iterations    = 200000
      hash_function = "sha256"
    }
    method "aes_gcm" "m" { keys = key_provider.pbkdf2.k }
    state { method = method.aes_gcm.m }
    plan { method = method.aes_gcm.m }
  }
}
resource "terraform_data" "a" {
  count = 3
  input = "${var.value} ${count.index}"
}
output "all" { value = terraform_data.a[*].output }
"""


@pytest.fixture
def moor(tmp_path: Path, moor_program: str) -> Moor:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "main.tf").write_text(FILES)
    return Moor(moor_program, tmp_path / "run", TF_VAR_passphrase=PASSPHRASE, TF_VAR_value=VALUE)


def in_clear(folder: Path) -> list[str]:
    """The files that hold the passphrase or a value."""
    secrets = (PASSPHRASE.encode(), VALUE.encode())
    return [
        path.name
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(secret in path.read_bytes() for secret in secrets)
    ]


@pytest.mark.parametrize("moment", [12, 16, 22, 28])
def test_a_killed_run_leaves_nothing_in_clear_and_the_next_one_completes_it(
    moment: int, tmp_path: Path, moor: Moor
) -> None:
    assert moor.is_killed_at(moment, *APPLY)
    assert in_clear(tmp_path) == []
    moor.run(*APPLY)
    moor.run(*PLAN)
    assert in_clear(tmp_path) == []


def test_a_journal_that_was_left_is_not_read_with_another_key(
    tmp_path: Path, moor_program: str, moor: Moor
) -> None:
    assert moor.is_killed_at(16, *APPLY)
    journal = (tmp_path / "run" / "terraform.tfstate.journal").read_bytes()
    other = Moor(moor_program, tmp_path / "run", TF_VAR_passphrase="another" * 3, TF_VAR_value=VALUE)
    assert "State cannot be decrypted" in other.run(*APPLY, status=1)
    assert (tmp_path / "run" / "terraform.tfstate.journal").read_bytes() == journal


def test_no_command_leaves_a_value_or_tells_the_passphrase(tmp_path: Path, moor: Moor) -> None:
    told = [
        moor.run("init", "-input=false"),
        moor.run("validate", "-json"),
        moor.run("plan", "-json", "-out=p.plan"),
        moor.run("apply", "-json", "p.plan"),
        moor.run("apply", "-auto-approve", "-json", f"-var=value={VALUE} changed"),
        moor.run("drift", f"-var=value={VALUE} changed"),
        moor.run("state", "list"),
        moor.run("state", "mv", "terraform_data.a[2]", "terraform_data.b"),
        moor.run("workspace", "new", "-state=terraform.tfstate", "other"),
        moor.run("show", "-json"),
        moor.run("history"),
    ]
    assert [each for each in told if PASSPHRASE in each] == []
    assert in_clear(tmp_path) == []
