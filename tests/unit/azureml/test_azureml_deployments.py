"""What is particular about environments, endpoints, deployments and services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from tests.unit.azureml.configurations import WORKSPACE
from tests.unit.azureml.deployments import (
    CONDA,
    DEPLOYMENT,
    ENDPOINT,
    ENVIRONMENT,
    SERVICE,
    TRAFFIC,
)
from tests.unit.azureml.lab import Lab, codes

from mooring.core.codec import Plain
from mooring.core.values import UNKNOWN

_ENVIRONMENTS: Final = f"{WORKSPACE}/environments/train/versions"


@pytest.fixture
def scoring(workspace: Lab) -> Lab:
    """A workspace with an endpoint that has a deployment."""
    workspace.create("azureml_online_endpoint", ENDPOINT)
    workspace.create("azureml_online_deployment", DEPLOYMENT)
    return workspace


# -- environments --------------------------------------------------------------------------------


def test_a_version_is_part_of_the_id(lab: Lab) -> None:
    plan = lab.plan("azureml_environment", ENVIRONMENT)

    assert plan.planned.attributes["id"].raw == f"{_ENVIRONMENTS}/3"


def test_the_layout_of_a_conda_specification_does_not_count(workspace: Lab) -> None:
    made = workspace.create("azureml_environment", ENVIRONMENT)
    same = {**ENVIRONMENT, "conda_file": f"# packages\n{CONDA}"}
    other = {**ENVIRONMENT, "conda_file": CONDA.replace("3.11", "3.12")}

    assert workspace.plan("azureml_environment", same, made).planned == made.value
    replaced = workspace.plan("azureml_environment", other, made).requires_replace
    assert [str(path[0].name) for path in replaced] == ["conda_file"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"image": None}, "none is given"),
        ({"build": {"context_uri": "https://a/b"}}, "more than one is given"),
        ({"image": None, "build": {"context_uri": "https://a/b"}}, "installs its own"),
        ({"conda_file": "a: [b"}, "not valid YAML (line 1)"),
        ({"conda_file": "- a"}, "must be a YAML mapping"),
        ({"version": "a b"}, "must have 1 to 255"),
    ],
)
def test_an_environment_is_made_in_one_way(lab: Lab, change: Mapping[str, Plain], words: str) -> None:
    found = lab.validate("azureml_environment", {**ENVIRONMENT, **change})

    assert words in " ".join(one.detail for one in found)


# -- endpoints and their traffic -----------------------------------------------------------------


def test_a_change_of_an_endpoint_leaves_its_traffic_alone(scoring: Lab) -> None:
    endpoint = scoring.create("azureml_online_endpoint", {**ENDPOINT, "name": "score-two"})
    traffic = {"endpoint_id": str(endpoint["id"]), "traffic": {"blue": 100}}
    divided = scoring.create("azureml_online_traffic", traffic)
    scoring.update("azureml_online_endpoint", {**ENDPOINT, "name": "score-two", "tags": {"a": "b"}}, endpoint)

    read = scoring.read("azureml_online_traffic", divided).current
    assert read is not None
    assert read.attributes["traffic"] == divided.value.attributes["traffic"]


def test_traffic_that_is_divided_already_is_not_taken_over(scoring: Lab) -> None:
    scoring.create("azureml_online_traffic", TRAFFIC)
    again = scoring.try_create("azureml_online_traffic", {**TRAFFIC, "traffic": {"blue": 100}})

    assert codes(again.diagnostics) == ["azureml.already_exists"]


def test_without_traffic_the_endpoint_stays(scoring: Lab) -> None:
    scoring.delete("azureml_online_traffic", scoring.create("azureml_online_traffic", TRAFFIC))

    assert scoring.edit("GET", f"{TRAFFIC['endpoint_id']}?api-version=2025-12-01") == 200


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"traffic": {"blue": 60, "green": 30}}, ["azureml.traffic_sum"]),
        ({"mirror_traffic": {"blue": 60}}, ["azureml.traffic_sum"]),
        ({"traffic": {"blue": UNKNOWN, "green": 30}}, []),
        ({"traffic": UNKNOWN}, []),
    ],
)
def test_shares_are_a_hundred_together(lab: Lab, change: Mapping[str, Plain], expected: list[str]) -> None:
    assert codes(lab.validate("azureml_online_traffic", {**TRAFFIC, **change})) == expected


def test_other_keys_make_another_endpoint(workspace: Lab) -> None:
    made = workspace.create("azureml_online_endpoint", ENDPOINT)
    plan = workspace.plan("azureml_online_endpoint", {**ENDPOINT, "keys": {"primary_key": "other"}}, made)

    assert [str(path[0].name) for path in plan.requires_replace] == ["keys_version"]


# -- deployments ---------------------------------------------------------------------------------


def test_scaling_by_load_can_be_given_up(scoring: Lab) -> None:
    config = {**DEPLOYMENT, "name": "green"}
    scaled = {**config, "scale_settings": {"min_instances": 1, "max_instances": 4}}
    made = scoring.create("azureml_online_deployment", scaled)
    result = scoring.update("azureml_online_deployment", config, made)

    assert codes(result.diagnostics) == []
    assert result.current is not None
    assert result.current.attributes["scale_settings"].is_null


def test_a_managed_deployment_has_no_container_resources(lab: Lab) -> None:
    config = {**DEPLOYMENT, "container_resources": {"requests": {"cpu": "1"}}}

    assert codes(lab.validate("azureml_online_deployment", config)) == ["azureml.deployment_members"]


# -- services ------------------------------------------------------------------------------------


def test_other_keys_of_a_service_are_sent_in_place(workspace: Lab) -> None:
    made = workspace.create("azureml_container_instance_service", SERVICE)
    other = {**SERVICE, "keys": {"primary_key": "other"}}
    plan = workspace.plan("azureml_container_instance_service", other, made)
    result = workspace.update("azureml_container_instance_service", other, made)

    assert plan.requires_replace == ()
    assert codes(result.diagnostics) == []
    assert result.current is not None
    assert result.current.attributes["secrets_version"].raw != made["secrets_version"]
