"""`moor` does with whole configurations what Terraform was recorded to do, command by command."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest
from tests.conformance.check import _cli, _jsonx
from tests.conformance.check.check_config import CORE, compare
from tests.conformance.corpus import VISIBLE
from tests.unit.cli.consoles import moor

CORE_AGREEMENT: Final = 0.96
DELIBERATE: Final = {
    "mod-sensitive-output": "an output of a module that says it is sensitive is sensitive to its caller",
    "syntax-dup-arg-2": "a string that does not end costs its own line, not the rest of the file",
}
"""Where `moor` means to differ, and why."""


class Case(NamedTuple):
    """A case, and where it differs: step, component, what is recorded, what `moor` gave."""

    name: str
    found: list[tuple[int, str, Any, Any]]


class InProcess:
    """`moor` in a folder, with the interface of the checker's engines."""

    def __init__(self, _command: str, work: str, environment: Mapping[str, str] | None = None) -> None:
        self.times: list[tuple[str, float]] = []
        self._work = work
        self._environment = _cli.base_env(environment)

    def run(self, *words: str) -> tuple[int, str, str]:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self._work)
            said = moor(*words, environment=self._environment)
        return said.code, said.out, said.err


def is_text_of_error(answer: object) -> bool:
    return isinstance(answer, dict) and set(answer) == {"error"}


def run(folder: Path) -> Case:
    """Runs a case and compares what it gives with what is recorded."""
    expected = _jsonx.loads((folder / "expected.json").read_text("utf-8"))
    result, _ = _cli.run_case(str(folder), "moor")
    return Case(folder.name, compare(expected, _jsonx.loads(_jsonx.dumps(result))))


def differences(case: Case, *, error_texts_count: bool) -> set[str]:
    """The components of the core score in which a case differs."""
    return {
        component
        for _, component, theirs, ours in case.found
        if component in {*CORE, "missing", "malformed"}
        and (error_texts_count or not (is_text_of_error(theirs) and is_text_of_error(ours)))
    }


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """Every case, run."""
    folders = sorted(path.parent for path in (VISIBLE / "config").glob("*/case.json"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_cli, "Engine", InProcess)
        return [run(folder) for folder in folders]


def test_configurations_agree(cases: list[Case], capsys: pytest.CaptureFixture[str]) -> None:
    exactly = [case.name for case in cases if not differences(case, error_texts_count=True)]
    found = {case.name: differences(case, error_texts_count=False) for case in cases}
    disagreeing = {name: components for name, components in found.items() if components}
    agreement = 1 - len(disagreeing) / len(cases)
    told = f"{len(exactly)} of {len(cases)} configurations agree; {agreement:.1%} if texts may differ"
    with capsys.disabled():
        print(f"\n{told}")  # noqa: T201 - the score is worth knowing
    assert disagreeing.keys() == DELIBERATE.keys(), disagreeing
    assert agreement >= CORE_AGREEMENT


def test_no_operation_starts_before_what_must_be_done_first(cases: list[Case]) -> None:
    assert not [case.name for case in cases if "order" in differences(case, error_texts_count=False)]
