"""What is particular about compute instances: whether one runs, and where its scripts are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from tests.unit.azureml.configurations import INSTANCE, WORKSPACE
from tests.unit.azureml.lab import Lab, codes

from mooring.core.codec import Plain

_TYPE: Final = "azureml_compute_instance"
_PATH: Final = f"{WORKSPACE}/computes/ci-dp100"


def _actions(lab: Lab) -> list[str]:
    posts = [one.path for one in lab.requests() if one.method == "POST"]
    return [path.partition("?")[0].rpartition("/")[2] for path in posts]


def test_an_instance_can_be_made_stopped_and_started_later(workspace: Lab) -> None:
    stopped = workspace.create(_TYPE, {**INSTANCE, "state": "stopped"})
    started = workspace.update(_TYPE, {**INSTANCE, "state": "running"}, stopped)

    assert stopped["state"] == "stopped"
    assert started.current is not None
    assert started.current.attributes["state"].raw == "running"
    assert _actions(workspace) == ["stop", "start"]


def test_one_that_somebody_stopped_is_drift_where_it_should_run(workspace: Lab) -> None:
    made = workspace.create(_TYPE, {**INSTANCE, "state": "running"})
    workspace.edit("POST", f"{_PATH}/stop?api-version=2025-12-01")
    read = workspace.read(_TYPE, made).current

    assert read is not None
    assert read.attributes["state"].raw == "stopped"


def test_one_that_somebody_stopped_is_no_drift_where_nothing_is_said(workspace: Lab) -> None:
    made = workspace.create(_TYPE, INSTANCE)
    workspace.edit("POST", f"{_PATH}/stop?api-version=2025-12-01")

    assert workspace.read(_TYPE, made).current == made.value


def test_a_script_can_be_on_the_file_share(workspace: Lab) -> None:
    scripts = {"creation_script": {"storage_path": "Users/ann/setup.sh", "timeout": "20m"}}
    made = workspace.create(_TYPE, {**INSTANCE, "setup_scripts": scripts})

    assert workspace.plan(_TYPE, {**INSTANCE, "setup_scripts": scripts}, made).planned == made.value


@pytest.mark.parametrize("script", [{"timeout": "20m"}, {"script": "a", "storage_path": "b"}])
def test_a_script_is_in_one_place(lab: Lab, script: Mapping[str, Plain]) -> None:
    found = lab.validate(_TYPE, {**INSTANCE, "setup_scripts": {"creation_script": script}})

    assert codes(found) == ["azureml.script_source"]
