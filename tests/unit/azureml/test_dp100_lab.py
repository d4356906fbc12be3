"""The example `examples/dp100-lab`, from nothing to nothing, with the command itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

_ROOT: Final = Path(__file__).parents[3]
_PASSWORD: Final = "Kx9-never-show-this-either"
_COMMAND: Final = "from mooring.cli.main import entry_point; raise SystemExit(entry_point())"


def _moor(folder: Path, *arguments: str, password: str = _PASSWORD) -> tuple[int, str]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(str(_ROOT / name) for name in ("engine", "providers")),
        "TF_VAR_virtual_machine_password": password,
    }
    ran = subprocess.run(  # noqa: S603  (our own command)
        [sys.executable, "-c", _COMMAND, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return ran.returncode, ran.stdout + ran.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(_ROOT / "examples" / "dp100-lab", tmp_path / "lab"))


def test_the_lab_lives_from_apply_to_destroy_and_tells_no_secret(folder: Path) -> None:
    applied, said = _moor(folder, "apply", "-auto-approve")
    assert (applied, "Resources: 8 added, 0 changed, 0 destroyed." in said) == (0, True), said
    assert "1 attached" in said
    settled, more = _moor(folder, "plan", "-detailed-exitcode")
    assert settled == 0, more
    rekeyed, detail = _moor(folder, "plan", "-detailed-exitcode", password="another one")
    assert (rekeyed, "must be re-attached" in detail) == (2, True), detail
    destroyed, last = _moor(folder, "destroy", "-auto-approve")
    assert (destroyed, "1 detached" in last) == (0, True), last

    written = [path for path in folder.rglob("*") if path.is_file() and path.name != "emulator.sqlite"]
    assert _PASSWORD not in said + more + detail + last
    assert [path for path in written if _PASSWORD.encode() in path.read_bytes()] == []


def test_the_emulated_cloud_is_nobody_elses_to_read(folder: Path) -> None:
    _moor(folder, "apply", "-auto-approve")

    assert (folder / ".terraform" / "emulator.sqlite").stat().st_mode & 0o077 == 0
