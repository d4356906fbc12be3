"""Names: of computes, unique in their region; of types that people look for."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from tests.unit.azureml.configurations import CLUSTER, INSTANCE, WORKSPACE, WORKSPACE_CONFIG
from tests.unit.azureml.lab import Lab

from mooring.core.codec import Plain
from mooring.sdk import Finding, Review, ReviewedObject, Reviews
from mooring_azureml.hints import HINTS

_CLUSTER: Final = "azureml_compute_cluster"
_OTHER: Final = WORKSPACE.replace("mlw-lab", "mlw-other")


def _review(lab: Lab, *objects: tuple[str, dict[str, Plain]]) -> tuple[Finding, ...]:
    planned = [(name, lab.plan(name, config).planned) for name, config in objects]
    assert isinstance(lab.connection, Reviews)
    reviewed = tuple(ReviewedObject(type_name=name, prior=None, planned=value) for name, value in planned)
    return lab.connection.review(Review(objects=reviewed))


def test_a_name_that_a_compute_of_the_region_has_is_warned_of(workspace: Lab) -> None:
    workspace.create(_CLUSTER, CLUSTER)
    found = workspace.preflight("azureml_compute_instance", {**INSTANCE, "name": "CPU-cluster"})

    assert [(one.code, one.is_error) for one in found] == [("azureml.compute_name_taken", False)]


def test_a_free_name_and_the_objects_own_one_are_not_warned_of(workspace: Lab) -> None:
    made = workspace.create(_CLUSTER, CLUSTER)

    assert workspace.preflight(_CLUSTER, {**CLUSTER, "name": "another"}) == ()
    assert workspace.preflight(_CLUSTER, {**CLUSTER, "vm_size": "Standard_DS2_v2"}, made) == ()


def test_two_computes_of_one_plan_may_not_share_a_name_in_a_region(lab: Lab) -> None:
    other = {**WORKSPACE_CONFIG, "name": "mlw-other"}
    found = _review(
        lab,
        ("azureml_workspace", WORKSPACE_CONFIG),
        ("azureml_workspace", other),
        (_CLUSTER, CLUSTER),
        ("azureml_compute_instance", {**INSTANCE, "name": "CPU-Cluster", "workspace_id": _OTHER}),
    )

    assert [(one.about, one.others, one.diagnostic.code) for one in found] == [
        (3, (2,), "azureml.compute_name_twice")
    ]


def test_in_two_regions_they_may(lab: Lab) -> None:
    other = {**WORKSPACE_CONFIG, "name": "mlw-other", "location": "westeurope"}
    found = _review(
        lab,
        ("azureml_workspace", WORKSPACE_CONFIG),
        ("azureml_workspace", other),
        (_CLUSTER, CLUSTER),
        (_CLUSTER, {**CLUSTER, "workspace_id": _OTHER}),
    )

    assert found == ()


@pytest.mark.parametrize("name", ["amlcompute", "Local", "containerinstance"])
def test_names_that_stand_for_kinds_of_computes_are_refused(lab: Lab, name: str) -> None:
    (problem,) = lab.validate(_CLUSTER, {**CLUSTER, "name": name})

    assert "must be a name of your own" in problem.detail


def test_hints_are_for_names_that_there_are_not_and_name_types_that_there_are() -> None:
    schema = Lab(folder=Path()).provider.schema()
    named = [word.strip('".,;') for text in HINTS.values() for word in text.split() if "azureml_" in word]

    assert HINTS.keys() & schema.resources.keys() == set()
    assert {word.removeprefix("data.").strip('()"') for word in named} <= {
        *schema.resources,
        *schema.data_sources,
    }
