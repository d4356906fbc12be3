"""What a short command imports: speed is designed in, and this keeps it there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "azure",
    "cryptography",
    "deepdiff",
    "hcl2",
    "jinja2",
    "networkx",
    "rich",
    "importlib.metadata",
    "argparse",
)
NOT_ASKED_FOR = {
    "mooring.cli.generation",
    "mooring.cli.saved_plans",
    "mooring.planning.explanation",
    "mooring.planning.guards",
    "mooring.planning.matching",
    "mooring.reporting.history_text",
    "mooring.reporting.stream_json",
    "mooring.state.encryption.configuration",
    "mooring.state.salvage",
    "mooring.syntax.format",
}
SCRIPT = """\
import sys
sys.argv = ["moor", *{words!r}]
from mooring.cli.main import entry_point
code = entry_point()
print(code, *sorted(sys.modules), file=sys.stderr)
"""


def modules_of(*words: str) -> set[str]:
    script = SCRIPT.format(words=list(words))
    result = subprocess.run(  # noqa: S603 - this Python
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    code, *modules = result.stderr.split()
    assert code == "0"
    return set(modules)


@pytest.mark.parametrize("words", [["version"], ["-help"], ["plan", "-help"], ["state", "-help"]])
def test_help_and_version_import_nothing_of_the_engine(words: list[str]) -> None:
    modules = modules_of(*words)
    engine = {name for name in modules if name.startswith("mooring.")}
    assert {name for name in engine if not name.startswith(("mooring.cli", "mooring.reporting"))} == set()
    assert not modules & {*HEAVY, "dataclasses", "inspect", "json", "msgspec", "pathlib", "asyncio"}


def test_a_plan_imports_nothing_heavy(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("plan")
    (folder / "main.tf").write_text('resource "terraform_data" "a" {}\n')
    assert not modules_of(f"-chdir={folder}", "plan") & {*HEAVY, "sqlite3", "concurrent.futures.thread"}


@pytest.mark.parametrize("words", [["plan"], ["apply", "-auto-approve"]])
def test_what_was_not_asked_for_is_not_imported(words: list[str], tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "terraform_data" "a" {}\n')
    assert not modules_of(f"-chdir={tmp_path}", *words) & NOT_ASKED_FOR
