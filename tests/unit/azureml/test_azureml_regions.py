"""Plan-time rules about regions, sizes, quota and names that the deleted hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from tests.unit.azureml.configurations import (
    CLUSTER,
    GROUP,
    INSTANCE,
    PLACE,
    RESOURCE_GROUP,
    WORKSPACE,
    WORKSPACE_CONFIG,
)
from tests.unit.azureml.lab import Lab, codes

from mooring.core.codec import Plain
from mooring.core.diagnostics import Severity
from mooring.sdk import CallContext, Preflight, Preflights, ReviewedObject

_CLUSTER: Final = "azureml_compute_cluster"
_INSTANCE: Final = "azureml_compute_instance"
_WORKSPACE: Final = "azureml_workspace"


def test_a_region_that_does_not_exist_is_told_with_the_nearest(lab: Lab) -> None:
    (problem,) = lab.preflight("azureml_resource_group", {**RESOURCE_GROUP, "location": "westeuropa"})

    assert (problem.code, problem.path[0][0]) == ("azureml.unknown_region", "location")
    assert 'Did you mean "westeurope"?' in problem.detail


def test_a_region_may_be_spelled_as_people_do(lab: Lab) -> None:
    assert lab.preflight("azureml_resource_group", {**RESOURCE_GROUP, "location": "West Europe"}) == ()


def test_the_nodes_of_a_cluster_need_a_region_that_exists(workspace: Lab) -> None:
    config = {**CLUSTER, "compute_location": "mars"}

    assert codes(workspace.preflight(_CLUSTER, config)) == ["azureml.unknown_region"]


def test_a_compute_is_where_its_workspace_is(workspace: Lab) -> None:
    (problem,) = workspace.preflight(_CLUSTER, {**CLUSTER, "location": "westeurope"})

    assert problem.code == "azureml.compute_region"
    assert 'The workspace is in "eastus"' in problem.detail


@pytest.mark.parametrize(
    ("vm_size", "code", "words"),
    [
        ("Standard_DS3_v3", "azureml.vm_size_unavailable", "Did you mean"),
        ("Standard_NC6s_v3", "azureml.vm_size_needs_approval", "needs Azure's approval"),
        ("Standard_M64s", "azureml.vm_size_needs_approval", "takes 64"),
    ],
)
def test_a_size_that_cannot_be_had_is_told(workspace: Lab, vm_size: str, code: str, words: str) -> None:
    for type_name, config in ((_CLUSTER, CLUSTER), (_INSTANCE, INSTANCE)):
        (problem,) = workspace.preflight(type_name, {**config, "vm_size": vm_size})

        assert (problem.code, problem.severity) == (code, Severity.ERROR)
        assert words in problem.detail


def _scaled(least: int, most: int) -> Mapping[str, Plain]:
    return {**CLUSTER, "scale_settings": {"min_node_count": least, "max_node_count": most}}


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [
        (0, 25, []),
        (0, 26, [("azureml.quota_small", Severity.WARNING)]),
        (25, 25, []),
        (26, 26, [("azureml.quota", Severity.ERROR)]),
    ],
)
def test_the_quota_of_the_family_is_what_a_cluster_can_have(
    workspace: Lab, least: int, most: int, expected: list[tuple[str, Severity]]
) -> None:
    found = workspace.preflight(_CLUSTER, _scaled(least, most))

    assert [(one.code, one.severity) for one in found] == expected


def test_a_stopped_instance_keeps_its_share_of_the_quota(workspace: Lab) -> None:
    config = {**INSTANCE, "name": "ci-big", "vm_size": "Standard_DS14_v2"}
    workspace.create(_INSTANCE, config)
    assert workspace.edit("POST", f"{WORKSPACE}/computes/ci-big/stop") == 202
    (problem,) = workspace.preflight(_CLUSTER, _scaled(22, 22))

    assert problem.code == "azureml.quota"
    assert "84 of 100 cores" in problem.detail
    assert "a stopped instance keeps its share" in problem.detail


def test_what_a_cluster_holds_already_is_its_own(workspace: Lab) -> None:
    cluster = workspace.create(_CLUSTER, _scaled(20, 20))

    assert workspace.preflight(_CLUSTER, _scaled(25, 25), cluster) == ()
    assert codes(workspace.preflight(_CLUSTER, _scaled(26, 26), cluster)) == ["azureml.quota"]


def test_low_priority_cores_are_a_pool_of_their_own(workspace: Lab) -> None:
    workspace.create(_CLUSTER, _scaled(20, 20))
    config = {**_scaled(25, 25), "name": "cheap", "vm_priority": "LowPriority"}

    assert workspace.preflight(_CLUSTER, config) == ()


def test_an_object_that_does_not_change_asks_nothing(workspace: Lab) -> None:
    cluster = workspace.create(_CLUSTER, CLUSTER)
    before = len(workspace.requests())

    assert workspace.preflight(_CLUSTER, CLUSTER, cluster) == ()
    assert len(workspace.requests()) == before


def test_sizes_are_checked_for_a_workspace_that_the_same_plan_makes(lab: Lab) -> None:
    config = {**CLUSTER, "vm_size": "Standard_NC6s_v3"}
    planned = lab.plan(_CLUSTER, config).planned
    coming = ReviewedObject(
        type_name=_WORKSPACE, prior=None, planned=lab.plan(_WORKSPACE, WORKSPACE_CONFIG).planned
    )
    kind = lab.kind(_CLUSTER)
    assert isinstance(kind, Preflights)
    request = Preflight(config=lab.value(_CLUSTER, config), prior=None, planned=planned, beside=(coming,))

    assert codes(kind.preflight(CallContext(read_only=True), request)) == ["azureml.vm_size_needs_approval"]


def test_a_hundred_clusters_ask_for_the_quota_once(workspace: Lab) -> None:
    for number in range(20):
        workspace.preflight(_CLUSTER, {**CLUSTER, "name": f"c{number}x"})
    asked = [one.path.rpartition("/")[2] for one in workspace.requests()]

    assert (asked.count("usages"), asked.count("vmSizes")) == (1, 1)


def _soft_delete(lab: Lab) -> None:
    """A workspace that somebody made so that its deletion is a soft one, and deleted."""
    properties = {
        "storageAccount": WORKSPACE_CONFIG["storage_account_id"],
        "keyVault": WORKSPACE_CONFIG["key_vault_id"],
        "applicationInsights": WORKSPACE_CONFIG["application_insights_id"],
        "description": "from before",
        "softDeleteEnabled": True,
    }
    body = {"location": PLACE["location"], "properties": properties}
    assert lab.edit("PUT", WORKSPACE, body) == 202
    assert lab.edit("GET", WORKSPACE) == 200
    assert lab.edit("DELETE", WORKSPACE) == 202
    assert lab.edit("GET", WORKSPACE) == 404


@pytest.fixture
def grave(workspace: Lab) -> Lab:
    """A lab whose workspace is soft-deleted."""
    assert workspace.edit("DELETE", f"{WORKSPACE}?forceToPurge=true&api-version=2025-12-01") == 202
    assert workspace.edit("GET", WORKSPACE) == 404
    _soft_delete(workspace)
    return workspace


def test_a_name_that_a_deleted_workspace_holds_is_told_with_both_ways_out(grave: Lab) -> None:
    (problem,) = grave.preflight(_WORKSPACE, WORKSPACE_CONFIG)

    assert (problem.code, problem.path[0][0]) == ("azureml.soft_deleted", "name")
    assert "recover_soft_deleted = true" in problem.detail
    assert "az ml workspace delete --permanently-delete" in problem.detail


def test_a_deleted_workspace_comes_back_with_the_settings_that_are_wanted(grave: Lab) -> None:
    config = {**WORKSPACE_CONFIG, "recover_soft_deleted": True, "description": "back again"}
    assert grave.preflight(_WORKSPACE, config) == ()
    recovered = grave.create(_WORKSPACE, config)

    assert recovered["description"] == "back again"
    assert grave.plan(_WORKSPACE, config, recovered).planned == recovered.value


def test_a_workspace_can_be_deleted_for_good(grave: Lab) -> None:
    config = {**WORKSPACE_CONFIG, "recover_soft_deleted": True, "purge_on_destroy": True}
    recovered = grave.create(_WORKSPACE, config)
    assert grave.delete(_WORKSPACE, recovered).diagnostics == ()

    assert grave.preflight(_WORKSPACE, WORKSPACE_CONFIG) == ()
    assert grave.edit("GET", GROUP) == 200
