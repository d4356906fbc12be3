"""terraform-compliance, unmodified, reads `moor show -json` of a plan; it skips what it does not find."""

import subprocess
from pathlib import Path

import pytest
from tests.clients.planned_lab import plan_of_lab
from tests.scripts.runner import clean_environment

HOLDS = """
Feature: places
  Scenario: every workspace has a location
    Given I have azureml_workspace defined
    Then it must contain location
    And its value must match the "eastus" regex
"""
FAILS = """
Feature: tags
  Scenario: every workspace is in another place
    Given I have azureml_workspace defined
    Then it must contain location
    And its value must match the "westeurope" regex
"""


@pytest.mark.slow
@pytest.mark.parametrize(("feature", "status"), [(HOLDS, 0), (FAILS, 1)])
def test_a_feature_is_judged_by_what_the_plan_says(
    feature: str, status: int, tmp_path: Path, terraform_compliance: Path, moor_program: str
) -> None:
    plan, _ = plan_of_lab(tmp_path, moor_program)
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "one.feature").write_text(feature)
    done = subprocess.run(  # noqa: S603 - the client
        [terraform_compliance, "-p", str(plan), "-f", str(tmp_path / "features"), "--no-ansi"],
        env=clean_environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == status, done.stdout + done.stderr
    assert f"1 scenarios ({'0 passed, 1 failed' if status else '1 passed'})" in done.stdout
    assert "SKIPPING" not in done.stdout.upper()
