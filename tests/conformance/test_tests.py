"""`moor test -json` says of every test file of the corpus what Terraform says."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.conformance.check import _cli
from tests.conformance.corpus import cases_of_tests
from tests.unit.cli.consoles import moor

COUNTS = ("status", "passed", "failed", "errored", "skipped")


def seen_diagnostic(diag: dict[str, Any]) -> list[Any]:
    """What is compared of a diagnostic: whose it is, severity, summary, file and line."""
    span = diag.get("range") or {"filename": None, "start": [0]}
    whose = diag.get("file"), diag.get("run")
    return [*whose, diag["severity"], diag["summary"], span["filename"], span["start"][0]]


def expected(case: Path) -> dict[str, Any]:
    """What Terraform said."""
    recorded = json.loads((case / "expected.json").read_text())
    summary = recorded["summary"] or {}
    return {
        "exit": recorded["exit"],
        "runs": recorded["runs"],
        "files": recorded["files"],
        "summary": [summary.get(name) for name in COUNTS],
        "cleanup": recorded["cleanup"],
        "diagnostics": sorted(map(seen_diagnostic, recorded["diagnostics"]), key=str),
    }


def told(case: Path, folder: Path) -> dict[str, Any]:
    """What moor says, in the same form."""
    shutil.copytree(case / "files", folder)
    arguments = json.loads((case / "case.json").read_text()).get("args", [])
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        said = moor("test", "-json", *arguments)
    messages = [_cli.plain(message) for message in _cli.json_lines(said.out)[0]]
    ended = {
        kind: [each[kind] for each in messages if each.get(kind, {}).get("progress") == "complete"]
        for kind in ("test_run", "test_file")
    }
    summary = next((each["test_summary"] for each in messages if "test_summary" in each), {})
    diagnostics = [
        {
            **_cli.diag(each["diagnostic"], str(folder)),
            "file": each.get("@testfile"),
            "run": each.get("@testrun"),
        }
        for each in messages
        if "diagnostic" in each
    ]
    return {
        "exit": said.code,
        "runs": [[each["path"], each["run"], each["status"]] for each in ended["test_run"]],
        "files": sorted([each["path"], each["status"]] for each in ended["test_file"]),
        "summary": [summary.get(name) for name in COUNTS],
        "cleanup": [
            {**each["test_cleanup"], "run": each["@testrun"]} for each in messages if "test_cleanup" in each
        ],
        "diagnostics": sorted(map(seen_diagnostic, diagnostics), key=str),
    }


@pytest.mark.parametrize("case", cases_of_tests(), ids=lambda case: case.name)
def test_tests_agree(case: Path, tmp_path: Path) -> None:
    assert told(case, tmp_path / "work") == expected(case)
