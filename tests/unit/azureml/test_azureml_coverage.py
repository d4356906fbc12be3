"""The table of targets in the provider's README: every test that it names exists, and no cell is bare."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from tests.unit.azureml.everything import ALL_CASES

_ROOT: Final = Path(__file__).parents[3]
_README: Final = _ROOT / "providers" / "mooring_azureml" / "README.md"
_COLUMNS: Final = ("target", "type", "create", "attach", "update", "detach", "delete", "import", "drift")
_TARGETS: Final = (
    "local computer",
    "remote VM, DSVM",
    "Synapse Spark pool",
    "HDInsight",
    "Azure Batch",
    "Databricks",
    "Data Lake Analytics",
    "Data Factory",
    "Azure Container Instances",
    "AKS for inference",
    "Kubernetes: AKS, Arc",
    "compute instance",
    "compute cluster",
    "serverless compute",
    "run-based compute",
    "workspace",
    "model deployment",
    "endpoint and its traffic",
    "environment",
    "run configuration",
    "datastore",
    "connection",
)


def _section() -> str:
    return _README.read_text().partition("## What can be done with each target")[2].partition("\n## ")[0]


def _rows() -> list[dict[str, str]]:
    lines = [line for line in _section().splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert tuple(cells[0]) == _COLUMNS
    return [dict(zip(_COLUMNS, row, strict=True)) for row in cells[2:]]


def _defined() -> set[str]:
    """The tests of all files, and the scripts, by the names that the table uses."""
    functions = {
        name
        for path in (_ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
    }
    scripts = {path.name for path in (_ROOT / "tests" / "scripts").glob("*.txt")}
    return functions | scripts


_ROWS: Final = _rows()


def test_every_target_of_the_documents_has_a_row() -> None:
    assert tuple(row["target"] for row in _ROWS) == _TARGETS


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`(test_\w+|[\w-]+\.txt)`", _section()))

    assert named != set()
    assert named - _defined() == set()


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: str(row["target"]))
def test_every_cell_names_its_tests_or_a_reason(row: dict[str, str]) -> None:
    letters = re.findall(r"(?:^\* |; )([a-z]): `", _section(), re.MULTILINE)
    known = {*letters, *(f"— {number}" for number in re.findall(r"^(\d)\. ", _section(), re.MULTILINE))}

    assert {mark for column in _COLUMNS[2:] for mark in row[column].split(", ")} - known == set()


@pytest.mark.parametrize("row", _ROWS, ids=lambda row: str(row["target"]))
def test_the_type_of_a_target_has_a_case_that_those_tests_run(row: dict[str, str]) -> None:
    named = set(re.findall(r"`(azureml_\w+)`", row["type"]))

    assert named != set()
    assert named <= {case.type_name for case in ALL_CASES}


def test_every_code_of_a_problem_is_explained() -> None:
    provider = _README.parent
    used = {
        code
        for path in provider.rglob("*.py")
        for code in re.findall(r'"(azureml\.[a-z_]+)"', path.read_text())
    }
    explained = set(re.findall(r"`(azureml\.[a-z_]+)`", _README.read_text()))

    assert used - explained == set()
