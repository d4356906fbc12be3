"""Going back and forth with real Terraform on the same state: the same records, layouts and locks."""

from __future__ import annotations

import subprocess
from pathlib import Path
from signal import SIGKILL

import pytest
from tests.backends.moor import TERRAFORM, Folder
from tests.backends.places import Somewhere
from tests.backends.working import locked
from tests.servers.proxy import Proxy

pytestmark = pytest.mark.skipif(TERRAFORM is None, reason="terraform is not on this machine")

RESOURCE = 'resource "terraform_data" "a" {{\n  input = "{}"\n}}\n'
PLAN = ("plan", "-detailed-exitcode", "-input=false")
APPLY = ("apply", "-auto-approve", "-input=false")


@pytest.fixture
def folder(place: Somewhere, request: pytest.FixtureRequest, tmp_path: Path, moor_program: str) -> Folder:
    """A folder whose state is at a place of each type, and in which both programs find it."""
    environment = dict(place.environment)
    if place.type == "azurerm":
        wire: Proxy = request.getfixturevalue("azurite_proxy")
        environment |= wire.environment
    folder = Folder(tmp_path / "here", moor_program, environment)
    folder.write(place.block() + RESOURCE.format("one"))
    return folder


def change(place: Somewhere, folder: Folder, value: str) -> None:
    folder.write(place.block() + RESOURCE.format(value))


@pytest.mark.slow
def test_what_one_has_written_is_no_change_for_the_other(place: Somewhere, folder: Folder) -> None:
    folder.moor("init", "-input=false")
    folder.moor(*APPLY)
    folder.terraform(*PLAN)
    change(place, folder, "two")
    folder.terraform(*APPLY)
    folder.moor(*PLAN)
    (folder.path / ".terraform" / "terraform.tfstate").unlink()
    folder.terraform("init", "-input=false")
    folder.moor(*PLAN)
    change(place, folder, "three")
    folder.moor(*APPLY)
    folder.terraform(*PLAN)
    folder.terraform("destroy", "-auto-approve")
    assert folder.moor("state", "list") == ""


def test_terraform_does_not_get_in_while_mooring_holds_the_lock(place: Somewhere, folder: Folder) -> None:
    folder.moor("init", "-input=false")
    folder.moor(*APPLY)
    lock = locked(place.store())
    refused = folder.terraform(*PLAN, status=1)
    assert "Error acquiring the state lock" in refused
    if place.type != "pg":  # Terraform knows no record of its locks there
        assert lock.info.id in refused
        assert lock.info.who in refused
    lock.release()
    folder.terraform(*PLAN)


@pytest.mark.slow
def test_mooring_does_not_get_in_while_terraform_holds_the_lock(place: Somewhere, folder: Folder) -> None:
    folder.moor("init", "-input=false")
    folder.moor(*APPLY)
    change(place, folder, "two")
    held = _holding(folder)
    refused = folder.moor(*PLAN, status=1)
    assert "Error acquiring the state lock" in refused
    if place.type != "pg":
        assert "OperationTypeApply" in refused
        assert "1.11" in refused
    held.communicate("no\n", timeout=60)
    folder.moor(*PLAN, status=2)


@pytest.mark.slow
def test_the_lock_of_a_terraform_that_was_killed_is_never_taken_over_unasked(
    azurerm_place: Somewhere, azurite_proxy: Proxy, tmp_path: Path, moor_program: str
) -> None:
    environment = {**azurerm_place.environment, **azurite_proxy.environment}
    folder = Folder(tmp_path / "here", moor_program, environment)
    folder.write(azurerm_place.block() + RESOURCE.format("one"))
    folder.moor("init", "-input=false")
    held = _holding(folder)
    held.kill()
    held.communicate(timeout=60)
    assert held.returncode == -SIGKILL
    folder.moor(*PLAN, status=1)
    locks = folder.moor("state", "locks")
    assert "default: held by" in locks
    lock_id = locks.partition("ID: ")[2].strip()
    folder.moor("force-unlock", "-force", lock_id)
    folder.moor(*PLAN, status=2)
    azurerm_place.close()


@pytest.mark.slow
def test_workspaces_are_the_same_for_both(place: Somewhere, folder: Folder) -> None:
    if place.type == "http":
        pytest.skip("this type of backend has one state")
    folder.moor("init", "-input=false")
    folder.moor("workspace", "new", "ours")
    folder.terraform("workspace", "new", "theirs")
    for list_ in (folder.moor("workspace", "list"), folder.terraform("workspace", "list")):
        assert [line.strip("* ") for line in list_.split()] == [*"*", "ours"] or "ours" in list_
        assert "theirs" in list_
    folder.terraform("workspace", "select", "ours")
    folder.terraform("workspace", "delete", "theirs")
    assert "theirs" not in folder.moor("workspace", "list")
    folder.moor("workspace", "select", "default")
    folder.moor("workspace", "delete", "ours")
    assert "ours" not in folder.terraform("workspace", "list")


def _holding(folder: Folder) -> subprocess.Popen[str]:
    """A Terraform that has locked the state and asks whether to go on."""
    assert TERRAFORM is not None
    process = folder.start(TERRAFORM, "apply", "-no-color")
    assert process.stdout is not None
    seen = ""
    while "Only 'yes' will be accepted" not in seen:
        line = process.stdout.readline()
        assert line, seen
        seen += line
    return process
