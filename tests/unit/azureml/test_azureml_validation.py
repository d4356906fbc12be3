"""Rules that need no service."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from tests.unit.azureml.configurations import (
    ATTACHMENT,
    CASES,
    CLUSTER,
    INSTANCE,
    PASSWORD,
    WORKSPACE_CONFIG,
)
from tests.unit.azureml.lab import Lab
from tests.unit.azureml.neighbours import ATTACHED_CASES

from mooring.core.codec import Plain
from mooring.core.diagnostics import has_errors
from mooring.core.values import UNKNOWN
from mooring.sdk.testing import Case

_LAB: Final = Lab(folder=Path())


def _details(type_name: str, config: Mapping[str, Plain]) -> str:
    return " ".join(one.detail for one in _LAB.validate(type_name, config))


@pytest.mark.parametrize("case", [*CASES, *ATTACHED_CASES], ids=lambda case: case.type_name)
def test_a_good_configuration_has_nothing_against_it(case: Case) -> None:
    assert not has_errors(_LAB.validate(case.type_name, case.config))


@pytest.mark.parametrize("name", ["ab", "1abc", "a" * 25, "cpu-1", "cpu_cluster", "cpu-cluster-007"])
def test_a_compute_name_is_refused(name: str) -> None:
    assert "3 to 24 letters" in _details("azureml_compute_cluster", {**CLUSTER, "name": name})


@pytest.mark.parametrize("name", ["abc", "cpu-cluster", "a" * 24, "c1-2x"])
def test_a_compute_name_is_accepted(name: str) -> None:
    assert _details("azureml_compute_cluster", {**CLUSTER, "name": name}) == ""


@pytest.mark.parametrize("name", ["ab", "-abc", "a" * 34, "m l"])
def test_a_workspace_name_is_refused(name: str) -> None:
    assert "3 to 33 letters" in _details("azureml_workspace", {**WORKSPACE_CONFIG, "name": name})


def test_unknown_values_are_not_judged() -> None:
    assert _details("azureml_compute_cluster", {**CLUSTER, "name": UNKNOWN, "vm_size": UNKNOWN}) == ""


def test_an_id_of_another_type_is_refused() -> None:
    config = {**CLUSTER, "workspace_id": "/subscriptions/s/resourceGroups/g"}

    assert "must be the ARM id of a Microsoft.MachineLearningServices/workspaces" in _details(
        "azureml_compute_cluster", config
    )


def test_more_least_than_most_nodes_are_refused() -> None:
    config = {**CLUSTER, "scale_settings": {"min_node_count": 3, "max_node_count": 2}}

    assert "must not be greater" in _details("azureml_compute_cluster", config)


@pytest.mark.parametrize("idle", ["PT14M", "P4D", "15m later"])
def test_an_idle_time_out_of_bounds_is_refused(idle: str) -> None:
    config = {**INSTANCE, "idle_time_before_shutdown": idle}

    assert "from PT15M to P3D" in _details("azureml_compute_instance", config)


@pytest.mark.parametrize(
    "schedule",
    [
        {"action": "Stop"},
        {"action": "Stop", "cron": {"expression": "0 18 * * *"}, "recurrence": {"frequency": "Day"}},
    ],
)
def test_a_schedule_has_one_trigger(schedule: Mapping[str, Plain]) -> None:
    details = _details("azureml_compute_instance", {**INSTANCE, "schedule": [schedule]})

    assert 'either a "cron" or a "recurrence"' in details


def test_a_cron_expression_has_five_fields() -> None:
    config = {**INSTANCE, "schedule": [{"action": "Stop", "cron": {"expression": "18:00"}}]}

    assert "five fields" in _details("azureml_compute_instance", config)


@pytest.mark.parametrize(
    "secrets",
    [{"password": None}, {"password": PASSWORD, "private_key": "key"}],
)
def test_an_attachment_has_a_password_or_a_key(secrets: Mapping[str, Plain]) -> None:
    diags = _LAB.validate("azureml_attached_virtual_machine", {**ATTACHMENT, **secrets})

    assert "azureml.password_xor_key" in [one.code for one in diags]
    assert PASSWORD not in str(diags)


def test_a_passphrase_needs_a_key() -> None:
    diags = _LAB.validate("azureml_attached_virtual_machine", {**ATTACHMENT, "passphrase": "p"})

    assert "azureml.passphrase_without_key" in [one.code for one in diags]


def test_a_key_is_better_than_a_password() -> None:
    keyed = {**ATTACHMENT, "password": None, "private_key": "key", "passphrase": "p"}
    by_password = _LAB.validate("azureml_attached_virtual_machine", ATTACHMENT)

    assert [(one.code, one.is_error) for one in by_password] == [("azureml.password_instead_of_key", False)]
    assert _LAB.validate("azureml_attached_virtual_machine", keyed) == ()


def test_what_azure_decides_cannot_be_configured() -> None:
    diags = _LAB.validate("azureml_workspace", {**WORKSPACE_CONFIG, "workspace_guid": "x", "id": "y"})

    assert [one.summary for one in diags] == ["Invalid Configuration for Read-Only Attribute"] * 2
