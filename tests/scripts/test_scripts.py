"""Every script of this folder comes true."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.scripts.runner import read_script, run_script

SCRIPTS = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_script_comes_true(path: Path, tmp_path: Path, moor_program: str) -> None:
    folder = tmp_path / "work"
    folder.mkdir()
    run_script(read_script(path.read_text()), folder, moor_program)
