"""Configurations of runs: in the workspace of the lab, and on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.unit.azureml.configurations import WORKSPACE

from mooring.core.codec import Plain
from mooring.sdk.testing import Case

JOB: Final = "azureml_command_job"
RUN: Final[Mapping[str, Plain]] = {
    "workspace_id": WORKSPACE,
    "experiment_name": "iris",
    "environment_id": "azureml:sklearn:1",
    "command": "python train.py --rate ${{inputs.rate}}",
    "compute_id": f"{WORKSPACE}/computes/cpu-cluster",
    "input": [
        {"name": "rate", "value": "0.1"},
        {"name": "data", "type": "uri_folder", "uri": "azureml:iris:1"},
    ],
    "output": [{"name": "model"}],
    "limits": {"timeout": "PT1H"},
    "distribution": {"type": "Mpi", "process_count_per_instance": 2},
    "identity": {"type": "UserIdentity"},
    "resources": {"instance_count": 2, "shm_size": "2g"},
    "environment_variables": {"LEVEL": "debug"},
}
SERVERLESS: Final[Mapping[str, Plain]] = {**RUN, "compute_id": None}
LOCAL: Final[Mapping[str, Plain]] = {
    "compute": "local",
    "experiment_name": "iris",
    "command": "echo ${{inputs.rate}}",
    "input": [{"name": "rate", "value": "0.1"}],
}
_SAID: Final[Mapping[str, Plain]] = {"description": "The first", "tags": {"a": "b"}, "properties": {"x": "y"}}

RUN_CASES: Final = (
    Case(
        type_name=JOB,
        config=RUN,
        changes=(
            {**RUN, "display_name": "first", **_SAID},
            {**RUN, "display_name": "second", **_SAID, "wait": False},
            {**RUN, **_SAID, "on_destroy": "delete"},
        ),
        is_named=False,
        imports_exactly=False,
    ),
    Case(
        type_name=JOB,
        config=SERVERLESS,
        changes=({**SERVERLESS, "display_name": "first", **_SAID}, {**SERVERLESS, **_SAID, "wait": False}),
        is_named=False,
        imports_exactly=False,
    ),
    Case(
        type_name=JOB,
        config=LOCAL,
        changes=({**LOCAL, "display_name": "first", **_SAID}, {**LOCAL, **_SAID, "on_destroy": "delete"}),
        is_named=False,
        import_attribute=None,
    ),
)
