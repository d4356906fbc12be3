"""A disk that is full, read-only or broken costs a run, never a resource: the next one goes on from there."""

from __future__ import annotations

from collections.abc import Iterator
from errno import EIO, ENOSPC
from itertools import count
from pathlib import Path

import pytest
from tests.faults.disks import Fault, Kind, build_library, fill, read_only, small_disk
from tests.faults.folders import DESTROY, check_applied, check_destroyed, copy_folder, write_groups
from tests.faults.tally import Campaign
from tests.lifecycle.moor import Moor

APPLY = ("apply", "-auto-approve", "-input=false", "-no-color")
GROUPS = 12
KINDS = (
    Kind("write", ENOSPC, lasts=True),
    Kind("sync", EIO, lasts=False),
    pytest.param(Kind("write", EIO, lasts=False), marks=pytest.mark.faults),
    pytest.param(Kind("sync", EIO, lasts=True), marks=pytest.mark.faults),
    pytest.param(Kind("rename", EIO, lasts=True), marks=pytest.mark.faults),
    pytest.param(Kind("rename", ENOSPC, lasts=False), marks=pytest.mark.faults),
)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_library(tmp_path_factory.mktemp("shim"))


def check_told(told: str) -> None:
    """What goes wrong with a disk is an error with words, not a bug."""
    assert "Traceback" not in told
    assert "because of a bug" not in told, told


def faults(kind: Kind, fired: Path) -> Iterator[Fault]:
    """Every such fault of a run; ends when the last one did not happen any more."""
    for number in count(1):
        fired.unlink(missing_ok=True)
        yield Fault(kind=kind, number=number)
        if not fired.exists():
            return


def early_faults(kind: Kind) -> list[Fault]:
    """Faults that surely happen, in a run as small as these."""
    return [Fault(kind=kind, number=number) for number in range(1, 7)]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_call_that_fails_while_applying(
    kind: Kind,
    tmp_path: Path,
    moor_program: str,
    library: Path,
    campaign: Campaign,
) -> None:
    bare, folder, fired = write_groups(tmp_path / "bare", GROUPS), tmp_path / "lab", tmp_path / "fired"

    def inject(fault: Fault) -> None:
        moor = Moor(moor_program, copy_folder(bare, folder))
        check_told(moor.try_with(fault.environment(library, fired), *APPLY))
        check_applied(moor, folder, GROUPS, apply=APPLY)

    injections = faults(kind, fired) if campaign.few is None else early_faults(kind)
    campaign.inject_all(f"{kind.call} fails while applying", injections, inject)


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_call_that_fails_while_destroying(
    kind: Kind,
    tmp_path: Path,
    moor_program: str,
    library: Path,
    campaign: Campaign,
) -> None:
    whole, folder, fired = write_groups(tmp_path / "whole", GROUPS), tmp_path / "lab", tmp_path / "fired"
    Moor(moor_program, whole).run(*APPLY)

    def inject(fault: Fault) -> None:
        moor = Moor(moor_program, copy_folder(whole, folder))
        check_told(moor.try_with(fault.environment(library, fired), *DESTROY))
        check_destroyed(moor, folder)

    injections = faults(kind, fired) if campaign.few is None else early_faults(kind)
    campaign.inject_all(f"{kind.call} fails while destroying", injections, inject)


def state_on(disk: Path, folder: Path) -> None:
    """Moves the state of a folder to another disk; the emulated cloud stays where it is."""
    text = (folder / "main.tf").read_text()
    backend = f'  backend "local" {{\n    path = "{disk}/terraform.tfstate"\n  }}\n'
    (folder / "main.tf").write_text(text.replace("terraform {\n", f"terraform {{\n{backend}", 1))


def test_a_disk_that_is_full_at_any_size(tmp_path: Path, moor_program: str, campaign: Campaign) -> None:
    folder = write_groups(tmp_path / "lab", GROUPS)
    with small_disk(tmp_path / "disk", 512) as disk:
        state_on(disk, folder)
        moor = Moor(moor_program, folder)
        moor.run("init")

        def inject(leaving: int) -> None:
            ballast = fill(disk, leaving=leaving)
            check_told(moor.try_with({}, *APPLY))
            ballast.unlink()
            moor.run(*APPLY)
            assert moor.run("state", "list").count("\n") == GROUPS
            ballast = fill(disk, leaving=leaving)
            check_told(moor.try_with({}, *DESTROY))
            ballast.unlink()
            moor.run(*DESTROY)
            assert moor.run("state", "list") == ""

        campaign.inject_all("disk full", range(0, 64 * 1024, 4096), inject)


def test_a_disk_that_is_read_only(tmp_path: Path, moor_program: str, campaign: Campaign) -> None:
    folder = write_groups(tmp_path / "lab", GROUPS)
    with small_disk(tmp_path / "disk", 512) as disk:
        state_on(disk, folder)
        moor = Moor(moor_program, folder)
        moor.run("init")

        def inject(command: tuple[str, ...]) -> None:
            with read_only(disk):
                told = moor.run(*command, status=1)
            check_told(told)
            assert "Read-only file system" in told
            moor.run(*command)

        campaign.inject_all("read-only disk", [APPLY, DESTROY], inject)
