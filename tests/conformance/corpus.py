"""The corpus of recorded answers of Terraform; README.md tells its formats."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.conformance.check import _jsonx

VISIBLE: Final = Path(__file__).with_name("visible")
CONTEXT: Final = VISIBLE / "expr" / "context"


class Step(NamedTuple):
    """The files of one step of a configuration case, and what Terraform said to them."""

    name: str
    files: Path
    expected: dict[str, Any]


def expressions() -> list[dict[str, Any]]:
    """The expression cases, with all digits of their numbers."""
    lines = (VISIBLE / "expr" / "cases.jsonl").read_bytes().splitlines()
    return [_jsonx.loads(line) for line in lines]


def steps() -> Iterator[Step]:
    """Every step of every configuration case."""
    for folder in sorted((VISIBLE / "config").iterdir()):
        recorded = json.loads((folder / "expected.json").read_text())["steps"]
        for step, expected in zip(
            json.loads((folder / "case.json").read_text())["steps"], recorded, strict=True
        ):
            yield Step(f"{folder.name}-{step['n']}", folder / str(step["n"]), expected)


def format_cases() -> list[Path]:
    """The files to format."""
    return sorted((VISIBLE / "fmt").glob("*.in.tf"))


def cases_of_tests() -> list[Path]:
    """The folders of cases with test files."""
    return sorted(path.parent for path in (VISIBLE / "tests").glob("*/case.json"))
