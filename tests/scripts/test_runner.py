"""The script runner notices what does not come true."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.scripts.runner import ScriptError, read_script, run_script

PROGRAM = """#!/bin/sh
echo "arguments: $*"
echo "complaint" >&2
exit "${STATUS:-0}"
"""

TRUE_LINES = """
# a comment
moor plan -var 'it''s=a b'   # another
stdout '^arguments: plan -var it''s=a b$'
! stdout complaint
stderr complaint
times 1 complaint
env STATUS=1
! moor apply
env STATUS=2
exit 2 moor plan
keep answer.txt
cmp stdout answer.txt
exists answer.txt folder/inner.tf
! exists other
edit folder/inner.tf 'b' 'c'
grep folder/inner.tf '^a = c$'
json document.json
-- folder/inner.tf --
a = b
-- document.json --
{"a": 1}
"""

FALSE_LINES = (
    "! moor plan",
    "exit 2 moor plan",
    "moor plan\nstdout nothing",
    "moor plan\n! stdout arguments",
    "moor plan\ntimes 2 complaint",
    "exists nothing",
    "grep nothing nothing",
    "cmp one.txt two.txt",
    "edit one.txt nothing something",
    "json one.txt",
    "jsonl one.txt",
    "unknown",
)


@pytest.fixture
def program(tmp_path: Path) -> str:
    path = tmp_path / "program"
    path.write_text(PROGRAM)
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "work"
    path.mkdir()
    return path


def test_a_true_script_passes(program: str, folder: Path) -> None:
    run_script(read_script(TRUE_LINES), folder, program)


@pytest.mark.parametrize("lines", FALSE_LINES)
def test_a_false_line_fails_with_its_number(lines: str, program: str, folder: Path) -> None:
    script = read_script(f"{lines}\n-- one.txt --\none\n-- two.txt --\ntwo\n")
    number = lines.count("\n") + 1
    with pytest.raises(ScriptError, match=f"^line {number}: "):
        run_script(script, folder, program)


def test_a_failure_shows_what_the_last_command_wrote(program: str, folder: Path) -> None:
    with pytest.raises(ScriptError, match="exit 0\narguments: plan\ncomplaint"):
        run_script(read_script("moor plan\nstdout nothing"), folder, program)
