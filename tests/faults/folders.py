"""The folders that faults are injected into, and what must be true of them afterwards."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.lifecycle.moor import APPLY, PLAN, Moor
from tests.lifecycle.witness import creations, deletions, ids_of, resources

_GROUPS = """\
terraform {
  required_providers {
    azureml = { source = "mooring/azureml" }
  }
}

provider "azureml" {
  environment = "emulator"
}

resource "azureml_resource_group" "many" {
  count    = COUNT
  name     = "group-${count.index}"
  location = "westeurope"
}
"""
DESTROY = ("destroy", "-auto-approve", "-input=false", "-no-color")


def write_groups(folder: Path, count: int) -> Path:
    """A configuration of so many resource groups in a folder, on an emulated cloud that is new."""
    folder.mkdir(parents=True)
    (folder / "main.tf").write_text(_GROUPS.replace("COUNT", str(count)))
    return folder


def copy_folder(template: Path, folder: Path) -> Path:
    """The folder as the template is, in place of what was there."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    return folder


def recorded_by(moor: Moor) -> dict[str, str]:
    """The ids of the objects in the state, by address, wherever the state is."""
    content = moor.run("state", "pull")
    return ids_of(content) if content.strip() else {}


def check_applied(moor: Moor, folder: Path, count: int, *, apply: tuple[str, ...] = APPLY) -> None:
    """After another apply all is there and recorded, each thing was made once, nothing is left to do."""
    moor.run(*apply)
    recorded = {each.lower() for each in recorded_by(moor).values()}
    made = creations(folder)
    assert len(recorded) == count, f"{len(recorded)} objects are recorded"
    assert recorded <= resources(folder), "an object is recorded that does not exist"
    assert dict.fromkeys(recorded, 1) == made, "an object was lost, or made twice"
    moor.run(*PLAN)


def check_destroyed(moor: Moor, folder: Path, *, destroy: tuple[str, ...] = DESTROY) -> None:
    """After another destroy all is gone that was made, and nothing was deleted twice."""
    moor.run(*destroy)
    assert recorded_by(moor) == {}, "objects are still recorded"
    made = set(creations(folder))
    assert not made & resources(folder), "an object was lost: it exists and nothing is recorded of it"
    assert set(deletions(folder).values()) == {1}, "an object was deleted twice"
