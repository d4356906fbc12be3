"""What reality says against an attachment, before anything is changed."""

from __future__ import annotations

from typing import Final

from tests.unit.azureml.configurations import (
    ATTACHMENT,
    CLUSTER,
    SUBSCRIPTION,
    VM,
    WORKSPACE,
    WORKSPACE_CONFIG,
)
from tests.unit.azureml.lab import Lab, codes

from mooring.core.codec import Plain
from mooring.core.values import UNKNOWN
from mooring.sdk import Review, ReviewedObject, Reviews

_TYPE: Final = "azureml_attached_virtual_machine"
_GROUP: Final = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-datascience-vms"


def _make_machine(lab: Lab, *, publisher: str, interface: str) -> str:
    machine = f"{_GROUP}/providers/Microsoft.Compute/virtualMachines/vm-other"
    body = {
        "location": "eastus",
        "properties": {
            "hardwareProfile": {"vmSize": "Standard_DS3_v2"},
            "storageProfile": {"imageReference": {"publisher": publisher, "offer": "x", "sku": "y"}},
            "networkProfile": {"networkInterfaces": [{"id": interface}]},
        },
    }
    assert lab.edit("PUT", machine, body) == 201
    return machine


def _make_private_interface(lab: Lab) -> str:
    network = f"{_GROUP}/providers/Microsoft.Network"
    subnet = f"{network}/virtualNetworks/vnet-datascience/subnets/default"
    interface = f"{network}/networkInterfaces/nic-private"
    configuration = {"name": "one", "properties": {"subnet": {"id": subnet}}}
    body = {"location": "eastus", "properties": {"ipConfigurations": [configuration]}}
    assert lab.edit("PUT", interface, body) == 201
    return interface


_PUBLIC_INTERFACE: Final = f"{_GROUP}/providers/Microsoft.Network/networkInterfaces/nic-dsvm-ubuntu"


def test_the_seeded_machine_can_be_attached(workspace: Lab) -> None:
    assert workspace.preflight(_TYPE, ATTACHMENT) == ()


def test_a_machine_that_is_not_known_yet_is_not_looked_at(lab: Lab) -> None:
    assert lab.preflight(_TYPE, {**ATTACHMENT, "virtual_machine_id": UNKNOWN}) == ()


def test_a_workspace_that_does_not_exist_yet_is_no_obstacle(lab: Lab) -> None:
    assert lab.preflight(_TYPE, ATTACHMENT) == ()


def test_a_missing_machine_is_found_out(lab: Lab) -> None:
    config = {**ATTACHMENT, "virtual_machine_id": VM.replace("vm-dsvm-ubuntu", "vm-gone")}

    assert codes(lab.preflight(_TYPE, config)) == ["azureml.vm_missing"]


def test_a_machine_without_ubuntu_is_found_out(lab: Lab) -> None:
    machine = _make_machine(lab, publisher="RedHat", interface=_PUBLIC_INTERFACE)

    found = lab.preflight(_TYPE, {**ATTACHMENT, "virtual_machine_id": machine})
    assert codes(found) == ["azureml.vm_not_ubuntu"]


def test_a_machine_without_a_public_address_is_found_out(lab: Lab) -> None:
    machine = _make_machine(lab, publisher="Canonical", interface=_make_private_interface(lab))

    found = lab.preflight(_TYPE, {**ATTACHMENT, "virtual_machine_id": machine})
    assert codes(found) == ["azureml.vm_without_public_ip"]


def test_what_is_attached_in_reality_is_found_out(workspace: Lab) -> None:
    workspace.create(_TYPE, ATTACHMENT)
    found = workspace.preflight(_TYPE, {**ATTACHMENT, "name": "second", "virtual_machine_id": VM.upper()})

    assert codes(found) == ["azureml.attached_already"]
    assert f"attached already, as {WORKSPACE}/computes/dsvm" in found[0].detail


def test_what_is_attached_to_another_workspace_is_found_out(workspace: Lab) -> None:
    workspace.create(_TYPE, ATTACHMENT)
    workspace.create("azureml_workspace", {**WORKSPACE_CONFIG, "name": "mlw-two"})
    second = {**ATTACHMENT, "name": "second", "workspace_id": WORKSPACE.replace("mlw-lab", "mlw-two")}

    assert codes(workspace.preflight(_TYPE, second)) == ["azureml.attached_already"]


def test_an_attachment_is_no_obstacle_to_itself(workspace: Lab) -> None:
    attached = workspace.create(_TYPE, ATTACHMENT)

    assert workspace.preflight(_TYPE, {**ATTACHMENT, "description": "x"}, attached) == ()
    assert workspace.preflight(_TYPE, {**ATTACHMENT, "name": "renamed"}, attached) == ()


def _review(lab: Lab, *configs: dict[str, Plain]) -> list[tuple[int, tuple[int, ...], str | None]]:
    objects = tuple(
        ReviewedObject(type_name=_TYPE, prior=None, planned=lab.plan(_TYPE, config).planned)
        for config in configs
    )
    connection = lab.connection
    assert isinstance(connection, Reviews)
    found = connection.review(Review(objects=objects))
    return [(one.about, one.others, one.diagnostic.code) for one in found]


def test_two_attachments_in_one_plan_are_found_out(lab: Lab) -> None:
    second = {**ATTACHMENT, "name": "second", "virtual_machine_id": VM.upper()}

    assert _review(lab, ATTACHMENT, second) == [(1, (0,), "azureml.attached_twice")]


def test_attachments_of_other_or_unknown_machines_are_no_rivals(lab: Lab) -> None:
    other = {**ATTACHMENT, "name": "second", "virtual_machine_id": VM + "-2"}
    unknown = {**ATTACHMENT, "name": "third", "virtual_machine_id": UNKNOWN}

    assert _review(lab, ATTACHMENT, other, unknown, {**unknown, "name": "fourth"}) == []


def test_a_second_attachment_is_refused_even_without_a_preflight(workspace: Lab) -> None:
    workspace.create(_TYPE, ATTACHMENT)
    result = workspace.try_create(_TYPE, {**ATTACHMENT, "name": "second"})

    assert (result.current, codes(result.diagnostics)) == (None, ["azureml.attached_already"])


def test_preflights_only_read(workspace: Lab) -> None:
    workspace.create("azureml_compute_cluster", CLUSTER)
    before = workspace.count_writes()
    workspace.preflight(_TYPE, ATTACHMENT)

    assert workspace.count_writes() == before
