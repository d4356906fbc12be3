"""Two runs on one state are never in it together, be one of them Terraform."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.faults.folders import recorded_by
from tests.faults.sites import Site
from tests.faults.tally import Campaign
from tests.lifecycle.moor import Moor
from tests.scripts.runner import clean_environment
from tests.servers.proxy import Proxy

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


def at_once(folder: Path, programs: Sequence[str], *arguments: str, **more: str) -> list[tuple[int, str]]:
    """Starts the programs together; the status of each, and what it wrote."""
    environment = {**clean_environment(folder), **more}
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


def run_together(folder: Path, programs: Sequence[str], round_: int, **more: str) -> None:
    (folder / "log").write_text("")
    outcomes = at_once(folder, programs, *APPLY, f"-var=round={round_}", **more)
    check_apart(folder)
    assert any(status == 0 for status, _ in outcomes), outcomes
    for status, text in outcomes:
        assert status == 0 or "Error acquiring the state lock" in text or "try again" in text, text


def test_two_applies_at_once(tmp_path: Path, moor_program: str, campaign: Campaign) -> None:
    (tmp_path / "main.tf").write_text(_MARKED)

    def inject(round_: int) -> None:
        run_together(tmp_path, (moor_program, moor_program), round_)
        assert len(recorded_by(Moor(moor_program, tmp_path))) == 3

    campaign.inject_all("two applies at once", range(1, 21), inject)


@pytest.mark.parametrize("site", [pytest.param("local", marks=pytest.mark.faults), "azurerm"], indirect=True)
def test_an_apply_and_one_of_terraform_at_once(
    site: Site, request: pytest.FixtureRequest, tmp_path: Path, moor_program: str, campaign: Campaign
) -> None:
    terraform = shutil.which("terraform")
    if terraform is None:
        pytest.skip("there is no terraform")
    (tmp_path / "main.tf").write_text(site.configuration + _MARKED)
    environment = dict(site.environment("default", site.port))
    if site.type == "azurerm":
        wire: Proxy = request.getfixturevalue("azurite_proxy")
        environment |= wire.environment
    ((status, told),) = at_once(tmp_path, [terraform], "init", **environment)
    assert status == 0, told

    def inject(round_: int) -> None:
        pair = (moor_program, terraform) if round_ % 2 else (terraform, moor_program)
        run_together(tmp_path, pair, round_, **environment)
        assert len(recorded_by(Moor(moor_program, tmp_path, **environment))) == 3

    campaign.inject_all(f"{site}: an apply and one of terraform at once", range(1, 21), inject)
