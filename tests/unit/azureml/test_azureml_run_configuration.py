"""Run configurations are files, in the form of Azure ML's first SDK."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest
from tests.unit.azureml.deployments import CONDA, RUN_CONFIGURATION
from tests.unit.azureml.lab import Lab, codes

_TYPE: Final = "azureml_run_configuration"


def _parsed(path: Path) -> dict[str, Any]:
    import yaml

    document: dict[str, Any] = yaml.safe_load(path.read_text())
    return document


def _file(lab: Lab, name: str = "train.runconfig") -> Path:
    return lab.folder / ".azureml" / name


def test_both_files_are_written(lab: Lab) -> None:
    made = lab.create(_TYPE, RUN_CONFIGURATION)
    written = _parsed(_file(lab))

    assert made["id"] == ".azureml/train.runconfig"
    assert (written["target"], written["script"]) == ("cpu-cluster", "train.py")
    assert written["environment"]["python"] == {
        "userManagedDependencies": False,
        "interpreterPath": "python",
        "condaDependenciesFile": ".azureml/train.conda.yml",
    }
    assert _file(lab, "train.conda.yml").read_text() == CONDA


def test_an_edited_file_is_drift(lab: Lab) -> None:
    made = lab.create(_TYPE, RUN_CONFIGURATION)
    _file(lab).write_text(_file(lab).read_text().replace("cpu-cluster", "gpu-cluster"))
    read = lab.read(_TYPE, made).current

    assert read is not None
    assert read.attributes["target"].raw == "gpu-cluster"


def test_what_others_wrote_into_the_file_stays(lab: Lab) -> None:
    made = lab.create(_TYPE, RUN_CONFIGURATION)
    _file(lab).write_text(_file(lab).read_text() + "history:\n  outputCollection: true\n")
    lab.update(_TYPE, {**RUN_CONFIGURATION, "target": "local"}, made)

    assert _parsed(_file(lab))["history"] == {"outputCollection": True}


def test_a_file_that_is_there_is_not_overwritten(lab: Lab) -> None:
    _file(lab).parent.mkdir()
    _file(lab).write_text("target: mine\n")
    result = lab.try_create(_TYPE, RUN_CONFIGURATION)

    assert codes(result.diagnostics) == ["azureml.already_exists"]
    assert _file(lab).read_text() == "target: mine\n"


def test_a_file_that_cannot_be_read_is_an_error(lab: Lab) -> None:
    made = lab.create(_TYPE, RUN_CONFIGURATION)
    _file(lab).write_text("target: [")
    read = lab.read(_TYPE, made)

    assert "is not a run configuration in YAML" in read.diagnostics[0].detail


def test_nothing_is_left_behind(lab: Lab) -> None:
    lab.delete(_TYPE, lab.create(_TYPE, RUN_CONFIGURATION))

    assert not _file(lab).parent.exists()


def test_a_missing_file_is_gone(lab: Lab) -> None:
    made = lab.create(_TYPE, RUN_CONFIGURATION)
    _file(lab).unlink()

    assert lab.read(_TYPE, made).current is None


@pytest.mark.parametrize("name", ["../up", "a/b", ""])
def test_a_name_cannot_leave_the_folder(lab: Lab, name: str) -> None:
    assert lab.validate(_TYPE, {**RUN_CONFIGURATION, "name": name})


def test_the_user_manages_the_environment_or_the_system_does(lab: Lab) -> None:
    found = lab.validate(_TYPE, {**RUN_CONFIGURATION, "user_managed": True})

    assert codes(found) == ["azureml.user_managed_conda"]
