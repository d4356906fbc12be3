"""checkov, unmodified, reads `moor show -json` of a plan. It passes what it does not see: so count."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.clients.planned_lab import plan_of_lab
from tests.scripts.runner import clean_environment

POLICY = """
metadata:
  id: CKV2_LAB_1
  name: It has a location
  category: CONVENTION
definition:
  cond_type: attribute
  resource_types: all
  attribute: location
  operator: exists
"""


def names(found: list[dict[str, Any]]) -> set[str]:
    return {each["resource"] for each in found}


@pytest.mark.slow
def test_checkov_sees_every_resource_of_a_plan(tmp_path: Path, checkov: Path, moor_program: str) -> None:
    plan, addresses = plan_of_lab(tmp_path, moor_program)
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "location.yaml").write_text(POLICY)
    arguments = ("--skip-download", "--framework=terraform_plan", "--output=json", "--compact")
    done = subprocess.run(  # noqa: S603 - the client
        [checkov, *arguments, "--external-checks-dir=policies", f"--file={plan}"],
        cwd=tmp_path,
        env=clean_environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    report = json.loads(done.stdout)
    summary, results = report["summary"], report["results"]
    assert done.returncode == 1, done.stderr[-2000:]
    assert (summary["resource_count"], summary["parsing_errors"]) == (len(addresses), 0)
    assert (summary["skipped"], results["skipped_checks"]) == (0, [])
    assert "azureml_workspace.labs" in names(results["passed_checks"])
    assert "azureml_compute_cluster.cpu" in names(results["failed_checks"])
    judged = [*results["passed_checks"], *results["failed_checks"]]
    assert len(judged) >= len(addresses)
