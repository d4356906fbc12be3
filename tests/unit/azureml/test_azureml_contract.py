"""The provider keeps the contract that every provider keeps."""

from pathlib import Path

from tests.unit.azureml.configurations import CASES
from tests.unit.azureml.contents import CONTENT_CASES
from tests.unit.azureml.deployments import DEPLOYMENT_CASES
from tests.unit.azureml.lab import Lab
from tests.unit.azureml.neighbours import ATTACHED_CASES
from tests.unit.azureml.runs import RUN_CASES

from mooring.sdk.testing import Kit, violations


def test_every_resource_type_keeps_the_contract(tmp_path: Path) -> None:
    lab = Lab(folder=tmp_path)
    lab.build_neighbours()
    kit = Kit(
        provider=lab.provider,
        connect=lambda read_only: lab.connect(read_only=read_only),
        cases=(*CASES, *CONTENT_CASES, *ATTACHED_CASES, *DEPLOYMENT_CASES, *RUN_CASES),
        count_writes=lab.count_writes,
    )

    assert [str(one) for one in violations(kit)] == []


def test_attaching_and_detaching_are_called_so() -> None:
    schema = Lab(folder=Path()).provider.schema().resources["azureml_attached_virtual_machine"]

    assert (schema.verbs.create, schema.verbs.delete) == ("attach", "detach")


def test_a_plan_of_new_resources_opens_no_cloud(lab: Lab) -> None:
    lab.plan("azureml_resource_group", {"name": "rg", "location": "eastus"})

    assert not (lab.folder / ".terraform").exists()
