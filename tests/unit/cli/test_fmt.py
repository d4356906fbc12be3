"""`moor fmt`: which files, what is written, listed and shown, and the exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.cli.consoles import moor

FILES = ("a.tf", "b.tfvars", "t.tftest.hcl", "sub/s.tf", ".hidden.tf", "j.tf.json", "e.tf~", "z.txt")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    for name in FILES:
        (tmp_path / name).write_text("a=1\n")
    return tmp_path


def changed(folder: Path) -> list[str]:
    return [name for name in FILES if (folder / name).read_text() == "a = 1\n"]


def test_files_of_the_folder_are_rewritten_and_listed(folder: Path) -> None:
    said = moor("fmt")
    assert (said.code, said.out.split()) == (0, ["a.tf", "b.tfvars", "t.tftest.hcl"])
    assert changed(folder) == ["a.tf", "b.tfvars", "t.tftest.hcl"]


def test_folders_below_are_for_recursive(folder: Path) -> None:
    moor("fmt", "-recursive")
    assert "sub/s.tf" in changed(folder)


def test_check_writes_nothing_and_says_so_with_its_exit_code(folder: Path) -> None:
    assert moor("fmt", "-check").code == 3
    assert changed(folder) == []
    moor("fmt")
    assert moor("fmt", "-check").code == 0


def test_standard_input_goes_to_standard_output() -> None:
    assert moor("fmt", "-", answers="a=1").out == "a = 1\n"


def test_diff_shows_what_changes(folder: Path) -> None:
    said = moor("fmt", "-diff", "-write=false", "-list=false", "a.tf")
    assert said.out == "--- old/a.tf\n+++ new/a.tf\n@@ -1 +1 @@\n-a=1\n+a = 1\n"
    assert changed(folder) == []


@pytest.mark.parametrize("target", ["nope", "z.txt", "j.tf.json"])
def test_what_cannot_be_formatted_is_an_error(target: str) -> None:
    assert moor("fmt", target).code == 2


def test_a_file_that_is_not_valid_stays_as_it_is(folder: Path) -> None:
    (folder / "a.tf").write_text("a={\n")
    said = moor("fmt", "a.tf")
    assert (said.code, (folder / "a.tf").read_text()) == (2, "a={\n")
    assert "a.tf" in said.err
