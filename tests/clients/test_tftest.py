"""tftest, unmodified, with `moor` as its binary: init, plan, plan as data, apply, output, state, destroy."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.lifecycle.moor import copy_lab
from tests.scripts.runner import clean_environment

PROGRAM = Path(__file__).with_name("tftest_program.py")
CONFIGURATION = {
    "main.tf": """
variable "size" {
  default = 2
}

resource "terraform_data" "item" {
  count = var.size
  input = "item ${count.index}"
}

module "inner" {
  source = "./inner"
  name   = terraform_data.item[0].output
}

output "names" {
  value = terraform_data.item[*].output
}

output "secret" {
  value     = "hunter2"
  sensitive = true
}
""",
    "inner/main.tf": """
variable "name" {
}

resource "terraform_data" "only" {
  input = var.name
}
""",
}


def drive(python: str, moor: str, folder: Path) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 - our own program
        [python, str(PROGRAM), moor, str(folder)],
        env=clean_environment(folder),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return seen


def test_tftest_drives_modules_and_outputs(tmp_path: Path, tftest_python: str, moor_program: str) -> None:
    folder = tmp_path / "work"
    for name, text in CONFIGURATION.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    items = ["terraform_data.item[0]", "terraform_data.item[1]"]
    inside = "module.inner.terraform_data.only"
    assert drive(tftest_python, moor_program, folder) == {
        "says": ["Plan: 3 to add, 0 to change, 0 to destroy."],
        "planned": [inside, *items],
        "root": items,
        "modules": ["module.inner"],
        "variables": {"size": 2},
        "applied": ["Apply complete! Resources: 3 added, 0 changed, 0 destroyed."],
        "outputs": {"names": ["item 0", "item 1"], "secret": "hunter2"},
        "sensitive": ["secret"],
        "recorded": [inside, "terraform_data.item"],
        "destroyed": ["Destroy complete! Resources: 3 destroyed."],
    }


def test_tftest_drives_the_lab(tmp_path: Path, tftest_python: str, moor_program: str) -> None:
    seen = drive(tftest_python, moor_program, copy_lab(tmp_path / "lab"))
    assert seen["says"] == [f"Plan: {len(seen['planned'])} to add, 0 to change, 0 to destroy."]
    assert "azureml_workspace.labs" in seen["planned"]
    assert seen["planned"] == seen["root"] == seen["recorded"]
    assert seen["destroyed"] == [f"Destroy complete! Resources: {len(seen['planned'])} destroyed."]
