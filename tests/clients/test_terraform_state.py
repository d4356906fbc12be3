"""Terraform itself, where it is installed: a folder goes back and forth between it and `moor`."""

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.scripts.runner import clean_environment

CONFIGURATION = {
    "main.tf": """
variable "size" {
  default = 2
}

variable "command" {
  default = "true"
}

variable "release" {
  default = "one"
}

resource "terraform_data" "counted" {
  count = var.size
  input = { index = count.index, secret = sensitive("hunter2") }
}

resource "terraform_data" "keyed" {
  for_each = toset(["a", "b c"])
  input    = [each.key, null, 1.5, true]
}

resource "terraform_data" "early" {
  input            = module.inner["x"].id
  triggers_replace = var.release

  provisioner "local-exec" {
    command = var.command
  }

  lifecycle {
    create_before_destroy = true

    postcondition {
      condition     = self.output != ""
      error_message = "It has an output."
    }
  }
}

module "inner" {
  source   = "./inner"
  for_each = toset(["x"])
  name     = terraform_data.keyed["a"].output
}

check "size" {
  assert {
    condition     = length(terraform_data.counted) < 5
    error_message = "Too many."
  }
}

output "ids" {
  value = terraform_data.counted[*].id
}

output "secret" {
  value     = terraform_data.counted[0].output
  sensitive = true
}
""",
    "inner/main.tf": """
variable "name" {
}

resource "terraform_data" "only" {
  input = var.name
}

output "id" {
  value = terraform_data.only.id
}
""",
}
TERRAFORM = shutil.which("terraform")
UNCHANGED = ("plan", "-input=false", "-no-color", "-detailed-exitcode")
APPLY = ("apply", "-input=false", "-no-color", "-auto-approve")
pytestmark = pytest.mark.skipif(TERRAFORM is None, reason="there is no terraform on this machine")


class Folder:
    """A folder in which two programs work by turns."""

    def __init__(self, path: Path, moor_program: str) -> None:
        self._path = path
        self._programs = {"moor": moor_program, "terraform": str(TERRAFORM)}
        for name, text in CONFIGURATION.items():
            file = path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        self.run("terraform", "init", "-input=false")

    def run(self, program: str, *arguments: str, status: int = 0) -> str:
        """What a program writes that ends with this status."""
        done = subprocess.run(  # noqa: S603 - the product and its model
            [self._programs[program], *arguments],
            cwd=self._path,
            env=clean_environment(self._path),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == status, done.stdout
        return done.stdout


@pytest.fixture
def folder(tmp_path: Path, moor_program: str) -> Folder:
    return Folder(tmp_path, moor_program)


@pytest.mark.parametrize(("first", "second"), [("terraform", "moor"), ("moor", "terraform")])
def test_what_one_has_applied_the_other_leaves_alone_and_goes_on_from(
    first: str, second: str, folder: Folder
) -> None:
    folder.run(first, *APPLY)
    assert "No changes." in folder.run(second, *UNCHANGED)
    assert "1 added, 0 changed, 0 destroyed" in folder.run(second, *APPLY, "-var=size=3")
    assert "No changes." in folder.run(first, *UNCHANGED, "-var=size=3")
    assert "7 destroyed" in folder.run(first, "destroy", "-no-color", "-auto-approve", "-var=size=3")
    assert "6 to add" in folder.run(second, "plan", "-no-color")


@pytest.mark.parametrize(("first", "second"), [("terraform", "moor"), ("moor", "terraform")])
def test_tainted_and_deposed_objects_that_one_leaves_the_other_puts_right(
    first: str, second: str, folder: Folder
) -> None:
    folder.run(first, *APPLY)
    folder.run(first, *APPLY, "-var=release=two", "-var=command=false", status=1)
    after = ("-var=release=two",)
    plans = [folder.run(each, *UNCHANGED, *after, status=2) for each in (first, second)]
    lines = [next(line for line in plan.splitlines() if line.startswith("Plan: ")) for plan in plans]
    assert lines == ["Plan: 1 to add, 0 to change, 2 to destroy."] * 2
    folder.run(second, *APPLY, *after)
    assert "No changes." in folder.run(first, *UNCHANGED, *after)
