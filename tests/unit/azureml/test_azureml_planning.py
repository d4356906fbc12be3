"""Plans: what is known, what replaces."""

from collections.abc import Mapping
from typing import Final

import pytest
from tests.unit.azureml.configurations import (
    ATTACHMENT,
    CLUSTER,
    INSTANCE,
    KEY_VAULT,
    WORKSPACE,
    WORKSPACE_CONFIG,
)
from tests.unit.azureml.lab import Lab, Made

from mooring.core.codec import Plain, from_python
from mooring.core.records import replace
from mooring.core.values import UNKNOWN
from mooring.schema.changes import replacement_paths
from mooring.sdk import CallContext, Configure, Create, PlanRequest, Plans, object_type
from mooring_azureml.resource import ArmResource
from mooring_azureml.resources import key_vault
from mooring_emulator.seed import PRINCIPAL

_CLUSTER: Final = "azureml_compute_cluster"
_INSTANCE: Final = "azureml_compute_instance"
_ATTACHMENT: Final = "azureml_attached_virtual_machine"


def _replaced(lab: Lab, type_name: str, config: Mapping[str, Plain], prior: Made) -> list[str]:
    planned = lab.plan(type_name, config, prior)
    block = lab.kind(type_name).schema.block
    paths = replacement_paths(block, prior.value, planned.planned, planned.requires_replace)
    return [".".join(str(step[0]) for step in path) for path in paths]


def test_ids_are_known_when_the_plan_is_made(lab: Lab) -> None:
    workspace = lab.plan("azureml_workspace", WORKSPACE_CONFIG).planned.attributes
    cluster = lab.plan(_CLUSTER, CLUSTER).planned.attributes

    assert (workspace["id"].raw, cluster["id"].raw) == (WORKSPACE, f"{WORKSPACE}/computes/cpu-cluster")


def test_an_id_is_open_while_a_name_in_it_is(lab: Lab) -> None:
    planned = lab.plan(_CLUSTER, {**CLUSTER, "name": UNKNOWN}).planned

    assert not planned.attributes["id"].is_known


def test_a_key_vault_takes_the_tenant_of_the_provider(lab: Lab) -> None:
    config = {"name": "kv", "resource_group_name": "rg", "location": "eastus"}

    assert lab.plan("azureml_key_vault", config).planned.attributes["tenant_id"].is_known


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"vm_size": "Standard_DS11_v2"}, "vm_size"),
        ({"vm_priority": "LowPriority"}, "vm_priority"),
        ({"name": "other"}, "name"),
        ({"vm_size": "STANDARD_DS3_V2"}, ""),
        ({"location": "East US"}, ""),
        ({"scale_settings": {"max_node_count": 9}}, ""),
        ({"tags": {"a": "b"}}, ""),
    ],
)
def test_only_what_cannot_change_replaces_a_cluster(
    workspace: Lab, change: Mapping[str, Plain], path: str
) -> None:
    cluster = workspace.create(_CLUSTER, CLUSTER)

    assert _replaced(workspace, _CLUSTER, {**CLUSTER, **change}, cluster) == ([path] if path else [])


def test_other_schedules_replace_an_instance(workspace: Lab) -> None:
    instance = workspace.create(_INSTANCE, INSTANCE)
    later = {"action": "Stop", "cron": {"expression": "0 20 * * *"}}
    schedules = INSTANCE["schedule"]
    assert isinstance(schedules, list)

    changed = {**INSTANCE, "schedule": [later, *schedules[1:]]}
    assert _replaced(workspace, _INSTANCE, changed, instance) == ["schedule.0.cron.expression"]


def test_other_credentials_replace_an_attachment(workspace: Lab) -> None:
    attached = workspace.create(_ATTACHMENT, ATTACHMENT)

    assert _replaced(workspace, _ATTACHMENT, ATTACHMENT, attached) == []
    changed = {**ATTACHMENT, "password": "another one"}
    assert _replaced(workspace, _ATTACHMENT, changed, attached) == ["credentials_version"]


def test_credentials_that_are_not_known_yet_replace_nothing(workspace: Lab) -> None:
    attached = workspace.create(_ATTACHMENT, ATTACHMENT)

    assert _replaced(workspace, _ATTACHMENT, {**ATTACHMENT, "password": UNKNOWN}, attached) == []


def test_an_absent_block_is_the_same_as_one_of_defaults(workspace: Lab) -> None:
    plain = {name: value for name, value in INSTANCE.items() if name != "ssh_settings"}
    instance = workspace.create(_INSTANCE, plain)

    explicit = {**plain, "ssh_settings": {"ssh_public_access": "Disabled"}}
    assert _replaced(workspace, _INSTANCE, explicit, instance) == []
    opened = {**plain, "ssh_settings": {"ssh_public_access": "Enabled", "admin_public_key": "k"}}
    assert _replaced(workspace, _INSTANCE, opened, instance) == ["ssh_settings"]


def test_a_key_vault_without_a_known_tenant_takes_that_of_the_subscription(lab: Lab) -> None:
    lab.create("azureml_resource_group", {"name": "rg-lab", "location": "eastus"})
    kind = lab.kind("azureml_key_vault")
    assert isinstance(kind, ArmResource)
    access = replace(kind._access, tenant_id=None)  # noqa: SLF001  (the same cloud)
    unaware = ArmResource(key_vault.DEFINITION, access)
    config = lab.value("azureml_key_vault", KEY_VAULT)
    planned = unaware.plan(PlanRequest(config=config, prior=None, proposed=config)).planned
    assert not planned.attributes["tenant_id"].is_known
    created = unaware.create(CallContext(), Create(config=config, planned=planned)).current
    assert created is not None

    assert created.attributes["tenant_id"].raw == PRINCIPAL.tenant_id


def test_a_provider_that_is_not_decided_yet_can_plan(lab: Lab) -> None:
    block = lab.provider.schema().provider
    config = from_python({"environment": "emulator", "subscription_id": UNKNOWN}, object_type(block))
    request = Configure(config=config, working_folder=str(lab.folder), environment={})
    connection = lab.provider.configure(request).connection
    assert connection is not None
    kind = connection.resource("azureml_resource_group")
    given = lab.value("azureml_resource_group", {"name": "rg", "location": "eastus"})
    assert isinstance(kind, Plans)

    planned = kind.plan(PlanRequest(config=given, prior=None, proposed=given)).planned
    assert not planned.attributes["id"].is_known
