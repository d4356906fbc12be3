"""What is particular about each kind of attached compute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from tests.unit.azureml.configurations import ATTACHMENT, SUBSCRIPTION, VM, WORKSPACE
from tests.unit.azureml.lab import Lab, codes
from tests.unit.azureml.neighbours import (
    AKS,
    ANALYTICS,
    ANALYTICS_CONFIG,
    ATTACHED_CASES,
    DATABRICKS,
    DATABRICKS_CONFIG,
    FACTORY_CONFIG,
    HDINSIGHT,
    HDINSIGHT_CONFIG,
    INFERENCE_CONFIG,
    KUBERNETES_CONFIG,
    NEIGHBOURS,
    OTHER_AKS,
    OWNERS,
    POOL,
    SYNAPSE,
)

from mooring.core.codec import Json, Plain
from mooring.core.values import UNKNOWN
from mooring.sdk import Preflight, Preflights, Review, ReviewedObject, Reviews
from mooring.sdk.context import CallContext
from mooring.sdk.testing import Case

_LINKS: Final = f"{WORKSPACE}/linkedServices/team"


@pytest.fixture
def owned(workspace: Lab) -> Lab:
    """A workspace, and what somebody else has to attach."""
    workspace.build_neighbours()
    return workspace


def _exists(lab: Lab, resource_id: str) -> bool:
    return lab.edit("GET", f"{resource_id}?api-version={NEIGHBOURS[resource_id][0]}") == 200


@pytest.mark.parametrize("case", ATTACHED_CASES, ids=lambda case: case.type_name)
def test_nothing_stands_against_attaching_what_exists(owned: Lab, case: Case) -> None:
    assert codes(owned.preflight(case.type_name, case.config)) == []


@pytest.mark.parametrize("case", ATTACHED_CASES, ids=lambda case: case.type_name)
def test_what_does_not_exist_cannot_be_attached(workspace: Lab, case: Case) -> None:
    assert codes(workspace.preflight(case.type_name, case.config)) == ["azureml.underlying_missing"]


def test_what_the_same_plan_creates_is_not_missing(workspace: Lab) -> None:
    kind = workspace.kind("azureml_attached_databricks")
    planned = workspace.plan("azureml_attached_databricks", DATABRICKS_CONFIG).planned
    maker = workspace.value("azureml_attached_batch", {"id": DATABRICKS.upper()})
    beside = (ReviewedObject(type_name="azureml_arm_resource", prior=None, planned=maker),)
    assert isinstance(kind, Preflights)

    request = Preflight(config=None, prior=None, planned=planned, beside=beside)
    assert kind.preflight(CallContext(read_only=True), request) == ()


def test_a_cluster_behind_a_private_link_cannot_be_attached(owned: Lab) -> None:
    private: Mapping[str, Json] = {"kind": "Spark"}
    properties = {"clusterDefinition": private, "networkProperties": {"privateLink": "Enabled"}}
    path = HDINSIGHT.replace("hdi-team", "hdi-private")
    owned.edit("PUT", f"{path}?api-version=2021-06-01", {"location": "eastus", "properties": properties})

    found = owned.preflight("azureml_attached_hdinsight", {**HDINSIGHT_CONFIG, "hdinsight_cluster_id": path})
    assert codes(found) == ["azureml.hdinsight_without_public_ip"]


@pytest.mark.parametrize("type_name", ["azureml_attached_hdinsight", "azureml_attached_virtual_machine"])
def test_a_machine_can_be_attached_by_its_address(workspace: Lab, type_name: str) -> None:
    config = {
        "name": "by-address",
        "workspace_id": WORKSPACE,
        "address": "20.1.2.3",
        "username": "azureuser",
        "password": "x",
    }
    made = workspace.create(type_name, config)

    assert made["address"] == "20.1.2.3"
    assert workspace.plan(type_name, config, made).planned == made.value


@pytest.mark.parametrize(
    ("config", "code"),
    [
        ({**ATTACHMENT, "address": "20.1.2.3"}, "azureml.id_xor_address"),
        ({**ATTACHMENT, "virtual_machine_id": None}, "azureml.id_xor_address"),
    ],
)
def test_a_machine_is_named_in_one_way(lab: Lab, config: Mapping[str, Plain], code: str) -> None:
    assert code in codes(lab.validate("azureml_attached_virtual_machine", config))


def test_a_container_instance_is_never_attached(lab: Lab) -> None:
    group = VM.replace("Microsoft.Compute/virtualMachines", "Microsoft.ContainerInstance/containerGroups")
    found = lab.validate("azureml_attached_virtual_machine", {**ATTACHMENT, "virtual_machine_id": group})

    assert "azureml_container_instance_service" in found[0].detail


def test_a_workspace_in_another_subscription_needs_contributor(lab: Lab) -> None:
    elsewhere = DATABRICKS.replace(SUBSCRIPTION, "99999999-0000-0000-0000-000000000000")
    config = {**DATABRICKS_CONFIG, "databricks_workspace_id": elsewhere}

    assert "azureml.other_subscription" in codes(lab.preflight("azureml_attached_databricks", config))


def test_another_token_detaches_and_attaches_again(owned: Lab) -> None:
    made = owned.create("azureml_attached_databricks", DATABRICKS_CONFIG)
    plan = owned.plan("azureml_attached_databricks", {**DATABRICKS_CONFIG, "access_token": "new"}, made)

    assert [str(path[0].name) for path in plan.requires_replace] == ["credentials_version"]


# -- Kubernetes ----------------------------------------------------------------------------------


def test_each_namespace_of_a_cluster_can_be_attached_once(owned: Lab) -> None:
    owned.create("azureml_attached_kubernetes", KUBERNETES_CONFIG)
    second = {**KUBERNETES_CONFIG, "name": "k8s-two"}

    assert codes(owned.preflight("azureml_attached_kubernetes", second)) == ["azureml.attached_already"]
    assert owned.preflight("azureml_attached_kubernetes", {**second, "namespace": "other"}) == ()


def test_namespaces_are_told_apart_within_a_plan(lab: Lab) -> None:
    configs = [
        KUBERNETES_CONFIG,
        {**KUBERNETES_CONFIG, "name": "two", "namespace": "other"},
        {**KUBERNETES_CONFIG, "name": "three"},
    ]
    objects = tuple(
        ReviewedObject(
            type_name="azureml_attached_kubernetes",
            prior=None,
            planned=lab.plan("azureml_attached_kubernetes", config).planned,
        )
        for config in configs
    )
    assert isinstance(lab.connection, Reviews)
    found = lab.connection.review(Review(objects=objects))

    assert [(one.about, one.others) for one in found] == [(2, (0,))]


def test_the_instance_type_that_the_service_adds_is_no_drift(owned: Lab) -> None:
    plain = {**KUBERNETES_CONFIG, "instance_type": []}
    made = owned.create("azureml_attached_kubernetes", plain)

    assert owned.plan("azureml_attached_kubernetes", plain, made).planned == made.value
    assert made["default_instance_type"] == "defaultinstancetype"


def test_an_arc_cluster_is_a_cluster_too(owned: Lab) -> None:
    arc = f"{OWNERS}/Microsoft.Kubernetes/connectedClusters/arc-team"
    made = owned.create("azureml_attached_kubernetes", {**KUBERNETES_CONFIG, "kubernetes_cluster_id": arc})

    assert made["kubernetes_cluster_id"] == arc


# -- Synapse -------------------------------------------------------------------------------------


def test_a_pool_behind_a_linked_service_is_found(owned: Lab) -> None:
    body = {"location": "eastus", "properties": {"linkedServiceResourceId": SYNAPSE, "linkType": "Synapse"}}
    assert owned.edit("PUT", f"{_LINKS}?api-version=2020-09-01-preview", body) == 200
    config = {
        "name": "synapse",
        "workspace_id": WORKSPACE,
        "linked_service_id": _LINKS,
        "spark_pool_name": "sparkpool",
    }
    made = owned.create("azureml_attached_synapse_spark", config)

    assert made["spark_pool_id"] == POOL
    assert owned.plan("azureml_attached_synapse_spark", config, made).planned == made.value


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (
            {"linked_service_id": _LINKS, "spark_pool_name": "p", "spark_pool_id": POOL},
            "azureml.pool_xor_link",
        ),
        ({}, "azureml.pool_xor_link"),
        ({"linked_service_id": _LINKS}, "azureml.linked_pool"),
        ({"spark_pool_id": POOL, "spark_pool_name": "p"}, "azureml.linked_pool"),
    ],
)
def test_a_pool_is_named_in_one_way(lab: Lab, more: Mapping[str, Plain], code: str) -> None:
    config = {"name": "synapse", "workspace_id": WORKSPACE, **more}

    assert codes(lab.validate("azureml_attached_synapse_spark", config)) == [code]


# -- ends ----------------------------------------------------------------------------------------


def test_detaching_leaves_the_account_unless_told_otherwise(owned: Lab) -> None:
    kind = "azureml_attached_data_lake_analytics"
    owned.delete(kind, owned.create(kind, ANALYTICS_CONFIG))
    assert _exists(owned, ANALYTICS)

    owned.delete(kind, owned.create(kind, {**ANALYTICS_CONFIG, "on_destroy": "delete"}))
    assert not _exists(owned, ANALYTICS)


def test_how_something_ends_is_changed_without_a_request(owned: Lab) -> None:
    kind = "azureml_attached_data_lake_analytics"
    made = owned.create(kind, ANALYTICS_CONFIG)
    before = owned.count_writes()
    result = owned.update(kind, {**ANALYTICS_CONFIG, "on_destroy": "delete"}, made)

    assert result.current is not None
    assert result.current.attributes["on_destroy"].raw == "delete"
    assert owned.count_writes() == before


def test_a_factory_can_be_made_by_the_service(owned: Lab) -> None:
    config = {name: value for name, value in FACTORY_CONFIG.items() if name != "data_factory_id"}
    made = owned.create("azureml_attached_data_factory", config)

    assert str(made["data_factory_id"]).endswith("/Microsoft.DataFactory/factories/factory")
    assert owned.plan("azureml_attached_data_factory", config, made).planned == made.value


# -- inference clusters --------------------------------------------------------------------------

_NEW_CLUSTER: Final = {
    "name": "inference",
    "workspace_id": WORKSPACE,
    "location": "eastus",
    "agent_vm_size": "Standard_DS3_v2",
}


def test_a_cluster_for_production_needs_twelve_cores(workspace: Lab) -> None:
    small, large = {**_NEW_CLUSTER, "agent_count": 2}, {**_NEW_CLUSTER, "agent_count": 3}

    assert codes(workspace.preflight("azureml_inference_cluster", small)) == ["azureml.inference_cores"]
    assert workspace.preflight("azureml_inference_cluster", large) == ()


def test_a_cluster_is_made_and_kept_unless_told_otherwise(workspace: Lab) -> None:
    made = workspace.create("azureml_inference_cluster", {**_NEW_CLUSTER, "agent_count": 3})
    cluster = str(made["kubernetes_cluster_id"])
    workspace.delete("azureml_inference_cluster", made)

    assert workspace.edit("GET", f"{cluster}?api-version=2025-01-01") == 200


@pytest.mark.parametrize(
    ("tls", "code"),
    [
        ({"status": "Enabled", "cname": "a.b"}, "azureml.tls_incomplete"),
        ({"status": "Auto"}, "azureml.tls_incomplete"),
        ({"status": "Auto", "leaf_domain_label": "x", "key": "k"}, "azureml.tls_label_xor_certificate"),
    ],
)
def test_tls_is_given_in_one_way(lab: Lab, tls: Mapping[str, Plain], code: str) -> None:
    config = {**INFERENCE_CONFIG, "ssl_configuration": tls}

    assert codes(lab.validate("azureml_inference_cluster", config)) == [code]


def test_a_balancer_in_a_subnet_is_an_internal_one(lab: Lab) -> None:
    config = {**_NEW_CLUSTER, "load_balancer_subnet": "inner"}

    assert codes(lab.validate("azureml_inference_cluster", config)) == ["azureml.balancer_subnet"]
    internal = {**config, "load_balancer_type": "InternalLoadBalancer"}
    assert lab.validate("azureml_inference_cluster", internal) == ()
    assert lab.validate("azureml_inference_cluster", {**config, "load_balancer_type": UNKNOWN}) == ()


def test_a_change_of_tls_detaches_and_attaches_again(owned: Lab) -> None:
    made = owned.create("azureml_inference_cluster", INFERENCE_CONFIG)
    other = {**INFERENCE_CONFIG, "ssl_configuration": {"status": "Auto", "leaf_domain_label": "other"}}
    plan = owned.plan("azureml_inference_cluster", other, made)

    assert [[part.name for part in path] for path in plan.requires_replace] == [
        ["ssl_configuration", "leaf_domain_label"]
    ]
    assert made["kubernetes_cluster_id"] == OTHER_AKS != AKS
