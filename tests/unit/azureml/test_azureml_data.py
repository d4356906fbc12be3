"""Data sources that are no resource type."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from tests.unit.azureml.configurations import CLUSTER, INSTANCE, SUBSCRIPTION, WORKSPACE
from tests.unit.azureml.lab import Lab

from mooring.core.codec import Plain, from_python, to_python
from mooring.sdk import CallContext, ReadData, object_type
from mooring_azureml.arm.port import ArmError, Memo, Port
from mooring_azureml.client.claims import claims_of
from mooring_azureml.data import local_computer
from mooring_azureml.inquiry import InquirySource
from mooring_azureml.lifecycle.definition import Access
from mooring_azureml.local.machine import ThisMachine
from mooring_emulator.seed import PRINCIPAL


def _read(lab: Lab, type_name: str, config: Mapping[str, Plain]) -> Mapping[str, Plain]:
    source = lab.connection.data_source(type_name)
    value = from_python(config, object_type(source.schema.block))
    result = source.read(CallContext(read_only=True), ReadData(config=value))
    assert result.diagnostics == ()
    assert result.current is not None
    found = to_python(result.current)
    assert isinstance(found, Mapping)
    return found


@pytest.fixture
def computes(workspace: Lab) -> Lab:
    """A workspace with a cluster and an instance."""
    workspace.create("azureml_compute_cluster", CLUSTER)
    workspace.create("azureml_compute_instance", INSTANCE)
    return workspace


def test_the_client_is_who_the_token_says(lab: Lab) -> None:
    found = _read(lab, "azureml_client_config", {})

    assert found["subscription_id"] == SUBSCRIPTION
    assert (found["tenant_id"], found["object_id"]) == (PRINCIPAL.tenant_id, PRINCIPAL.object_id)


@pytest.mark.parametrize("token", ["", "a.b", "a.!.c", "a.W10.c"])
def test_what_is_no_token_claims_nothing(token: str) -> None:
    assert claims_of(token) == {}


def test_a_compute_of_any_type_is_found_by_its_name(computes: Lab) -> None:
    found = _read(computes, "azureml_compute", {"workspace_id": WORKSPACE, "name": "ci-dp100"})

    assert (found["compute_type"], found["vm_size"]) == ("ComputeInstance", "Standard_DS11_v2")
    assert (found["state"], found["id"]) == ("Running", f"{WORKSPACE}/computes/ci-dp100")


def test_a_compute_that_does_not_exist_is_an_error(workspace: Lab) -> None:
    source = workspace.connection.data_source("azureml_compute")
    config = from_python({"workspace_id": WORKSPACE, "name": "none"}, object_type(source.schema.block))
    result = source.read(CallContext(), ReadData(config=config))

    assert [one.code for one in result.diagnostics] == ["azureml.not_found"]


def test_the_computes_of_a_workspace_can_be_filtered(computes: Lab) -> None:
    everything = _read(computes, "azureml_computes", {"workspace_id": WORKSPACE})["computes"]
    clusters = _read(computes, "azureml_computes", {"workspace_id": WORKSPACE, "compute_type": "amlcompute"})[
        "computes"
    ]
    assert isinstance(everything, list)
    assert isinstance(clusters, list)

    assert [one["name"] for one in everything] == ["ci-dp100", "cpu-cluster"]
    assert [one["name"] for one in clusters] == ["cpu-cluster"]


def test_sizes_are_those_that_are_big_enough(lab: Lab) -> None:
    found = _read(lab, "azureml_vm_sizes", {"location": "East US", "min_gpus": 4, "min_cores": 64})
    assert isinstance(found["vm_sizes"], list)

    assert next(one["name"] for one in found["vm_sizes"]) == "Standard_NC64as_T4_v3"
    assert all(one["gpus"] >= 4 and one["cores"] >= 64 for one in found["vm_sizes"])


def test_the_quota_is_told_with_what_is_left(computes: Lab) -> None:
    found = _read(computes, "azureml_usages", {"location": "eastus"})["usages"]
    assert isinstance(found, list)
    (used,) = [one for one in found if one["name"] == "standardDSv2Family"]

    assert (used["current_value"], used["limit"], used["available"]) == (2, 100, 98)


def test_this_machine_is_a_target_too(lab: Lab) -> None:
    found = _read(lab, "azureml_local_computer", {})

    assert found["id"] == "local"
    assert isinstance(found["cores"], int)
    assert found["cores"] >= 1


class _Laptop:
    """A machine with Docker and without conda."""

    def cores(self) -> int:
        return 8

    def memory_bytes(self) -> int | None:
        return 16 * 2**30

    def system(self) -> str:
        return "Darwin"

    def has_program(self, name: str) -> bool:
        return name == "docker"


def _nowhere() -> ArmError:
    raise AssertionError("the machine at hand is not in Azure")


def test_what_is_known_of_a_machine_is_told() -> None:
    access = Access(
        port=Port(_nowhere),  # type: ignore[arg-type]  # never opened
        subscription_id=None,
        tenant_id=None,
        random_bytes=bytes,
        poll_seconds=0.0,
        machine=_Laptop(),
    )
    source = InquirySource(local_computer.DEFINITION, access)
    config = from_python({}, object_type(source.schema.block))
    current = source.read(CallContext(), ReadData(config=config)).current
    assert current is not None

    assert to_python(current) == {
        "id": "local",
        "operating_system": "Darwin",
        "cores": 8,
        "memory_gb": 16,
        "has_docker": True,
        "has_conda": False,
    }


def test_programs_are_looked_for_where_the_environment_says(tmp_path: Path) -> None:
    program = tmp_path / "docker"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    conda = tmp_path / "miniconda"
    conda.write_text("")
    machine = ThisMachine(environment={"PATH": str(tmp_path), "CONDA_EXE": str(conda)})

    assert (machine.has_program("docker"), machine.has_program("conda")) == (True, True)
    assert not ThisMachine(environment={"PATH": "/nowhere"}).has_program("docker")


_ERROR: Final = ArmError(status=500, code="Internal", message="no")


def test_an_answer_is_kept_and_an_error_is_asked_for_again() -> None:
    memo, asked = Memo(), []

    def look(answer: int | ArmError) -> int | ArmError:
        asked.append(answer)
        return answer

    results = [memo.get("key", lambda one=one: look(one)) for one in (_ERROR, 1, 2)]  # type: ignore[misc]

    assert (results, asked) == ([_ERROR, 1, 1], [_ERROR, 1])
