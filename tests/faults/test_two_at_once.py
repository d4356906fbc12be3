"""Two runs on one state are never in it together, be one of them Terraform."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.faults.tally import Campaign
from tests.lifecycle.witness import recorded_ids
from tests.scripts.runner import clean_environment

APPLY = ("apply", "-auto-approve", "-input=false", "-no-color")
_MARKED = """\
variable "round" {
  default = 0
}

resource "terraform_data" "marked" {
  count            = 3
  triggers_replace = var.round

  provisioner "local-exec" {
    command = "echo in $MOOR_RUN >> log; sleep 0.05; echo out $MOOR_RUN >> log"
  }
}
"""


def at_once(folder: Path, programs: Sequence[str], *arguments: str) -> list[tuple[int, str]]:
    """Starts the programs together; the status of each, and what it wrote."""
    environment = clean_environment(folder)
    children = [
        subprocess.Popen(  # noqa: S603 - the product under test
            [program, *arguments],
            cwd=folder,
            env={**environment, "MOOR_RUN": str(number)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for number, program in enumerate(programs)
    ]
    written = [child.communicate()[0] for child in children]
    return [(child.returncode, text) for child, text in zip(children, written, strict=True)]


def check_apart(folder: Path) -> None:
    """No run began its work between the first and the last mark of another."""
    runs = [line.split()[1] for line in (folder / "log").read_text().splitlines()]
    blocks = [run for at, run in enumerate(runs) if at == 0 or runs[at - 1] != run]
    assert len(blocks) == len(set(blocks)), f"both were in: {runs}"


def run_together(folder: Path, programs: Sequence[str], round_: int) -> None:
    (folder / "log").write_text("")
    outcomes = at_once(folder, programs, *APPLY, f"-var=round={round_}")
    check_apart(folder)
    assert len(recorded_ids(folder)) == 3
    assert any(status == 0 for status, _ in outcomes), outcomes
    for status, text in outcomes:
        assert status == 0 or "Error acquiring the state lock" in text or "try again" in text, text


def test_two_applies_at_once(tmp_path: Path, moor_program: str, campaign: Campaign) -> None:
    (tmp_path / "main.tf").write_text(_MARKED)

    def inject(round_: int) -> None:
        run_together(tmp_path, (moor_program, moor_program), round_)

    campaign.inject_all("two applies at once", range(1, 21), inject)


@pytest.mark.faults
def test_an_apply_and_one_of_terraform_at_once(tmp_path: Path, moor_program: str, campaign: Campaign) -> None:
    terraform = shutil.which("terraform")
    if terraform is None:
        pytest.skip("there is no terraform")
    (tmp_path / "main.tf").write_text(_MARKED)
    assert at_once(tmp_path, [terraform], "init")[0][0] == 0

    def inject(round_: int) -> None:
        pair = (moor_program, terraform) if round_ % 2 else (terraform, moor_program)
        run_together(tmp_path, pair, round_)

    campaign.inject_all("an apply and one of terraform at once", range(1, 21), inject)
