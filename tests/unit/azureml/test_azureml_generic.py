"""Resources of any ARM type: bodies compared by what they say, exports, places, replacement, import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest
from tests.unit.azureml.configurations import GROUP, RESOURCE_GROUP
from tests.unit.azureml.contents import ADMIN_PASSWORD, NETWORK
from tests.unit.azureml.lab import Lab, Made, made

from mooring.core.codec import Plain, to_python
from mooring.core.types import STRING, ListType
from mooring.core.values import list_value, object_value, string
from mooring.schema.changes import replacement_paths
from mooring.sdk import CallContext, Create, Import, Imports, PlanRequest, Plans
from mooring_azureml.generic import Anywhere, exported, is_type, spoken_of, value_at

_TYPE: Final = "azureml_arm_resource"
_DOCUMENT: Final = {
    "id": "/x",
    "properties": {
        "subnets": [{"name": "B", "size": 2}, {"name": "a", "size": 1, "etag": "e"}],
        "mode": "DYNAMIC",
        "state": "Succeeded",
    },
}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"properties": {"mode": "dynamic"}}, {"properties": {"mode": "dynamic"}}),
        ({"properties": {"Mode": "Static"}}, {"properties": {"Mode": "DYNAMIC"}}),
        ({"properties": {"secret": "x"}}, {"properties": {"secret": "x"}}),
        ({"properties": {"state": None}}, {"properties": {"state": None}}),
        (
            {"properties": {"subnets": [{"name": "a", "size": 1}, {"name": "b", "size": 2}]}},
            {"properties": {"subnets": [{"name": "a", "size": 1}, {"name": "b", "size": 2}]}},
        ),
        (
            {"properties": {"subnets": [{"name": "a", "size": 9}]}},
            {"properties": {"subnets": [{"name": "B", "size": 2}, {"name": "a", "size": 1}]}},
        ),
    ],
)
def test_a_body_is_compared_by_what_it_says(said: Plain, found: Plain) -> None:
    assert spoken_of(_DOCUMENT, said) == found


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (None, None),
        ([], None),
        (["properties.mode"], {"properties": {"mode": "DYNAMIC"}}),
        (["id", "properties.none"], {"id": "/x", "properties": {"none": None}}),
        ({"first": "properties.subnets[0].name", "all": "*"}, {"first": "B", "all": _DOCUMENT}),
        (["*"], _DOCUMENT),
    ],
)
def test_what_is_exported_is_what_was_asked_for(wanted: Plain, expected: Plain) -> None:
    assert exported(_DOCUMENT, wanted) == expected


def test_a_path_that_leads_nowhere_has_no_value() -> None:
    assert value_at(_DOCUMENT, "properties.subnets[7].name") is None


@pytest.mark.parametrize("text", ["Microsoft.Network/virtualNetworks", "vnet@2024-05-01", "A.B/c@latest"])
def test_a_type_needs_its_version(text: str) -> None:
    assert "with its API version" in (is_type(text) or "")


@pytest.mark.parametrize(
    ("kind", "parent", "expected"),
    [
        (
            "Microsoft.Network/virtualNetworks",
            GROUP,
            f"{GROUP}/providers/Microsoft.Network/virtualNetworks/n",
        ),
        (
            "Microsoft.Network/virtualNetworks/subnets",
            f"{GROUP}/providers/Microsoft.Network/virtualNetworks/v",
            f"{GROUP}/providers/Microsoft.Network/virtualNetworks/v/subnets/n",
        ),
        (
            "Microsoft.Authorization/locks",
            f"{GROUP}/providers/Microsoft.Network/virtualNetworks/v",
            f"{GROUP}/providers/Microsoft.Network/virtualNetworks/v/providers/Microsoft.Authorization/locks/n",
        ),
        ("Microsoft.Resources/resourceGroups", "/subscriptions/s", "/subscriptions/s/resourceGroups/n"),
    ],
)
def test_an_id_is_made_of_parent_type_and_name_and_back(kind: str, parent: str, expected: str) -> None:
    fields = {"type": f"{kind}@2024-05-01", "parent_id": parent, "name": "n"}

    assert Anywhere().id_of(None, fields) == expected
    assert Anywhere().locate(f"{expected}?api-version=2024-05-01") == {"id": expected, **fields}
    assert Anywhere().locate(expected) is None


@pytest.fixture
def network(lab: Lab) -> tuple[Lab, Made]:
    """A virtual network, made by the generic type."""
    lab.create("azureml_resource_group", RESOURCE_GROUP)
    return lab, lab.create(_TYPE, NETWORK)


def _with_body(properties: Mapping[str, Plain]) -> Mapping[str, Plain]:
    return {**NETWORK, "body": {"properties": properties}}


def test_what_the_body_does_not_say_is_nobodys_drift(network: tuple[Lab, Made]) -> None:
    lab, vnet = network
    others = {
        "properties": {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}, "enableVmProtection": True}
    }
    assert lab.edit("PUT", str(vnet["id"]), {"location": "eastus", **others}) == 200
    lab.edit("GET", str(vnet["id"]))

    assert lab.read(_TYPE, vnet).current == vnet.value


def test_what_the_body_says_is_drift_when_it_differs(network: tuple[Lab, Made]) -> None:
    lab, vnet = network
    other = {"properties": {"addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}}}
    assert lab.edit("PUT", str(vnet["id"]), {"location": "eastus", **other}) == 200
    lab.edit("GET", str(vnet["id"]))
    current = lab.read(_TYPE, vnet).current
    assert current is not None

    assert to_python(current.attributes["body"]) == other


def test_an_update_keeps_what_others_have_set(network: tuple[Lab, Made]) -> None:
    lab, vnet = network
    own = {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}}
    theirs = {"location": "eastus", "properties": {**own, "flowTimeoutInMinutes": 7}}
    assert lab.edit("PUT", str(vnet["id"]), theirs) == 200
    lab.edit("GET", str(vnet["id"]))
    config = {**_with_body({**own, "enableVmProtection": True}), "response_export_values": ["*"]}
    changed = made(lab.update(_TYPE, config, vnet))
    document = to_python(changed.value.attributes["output"])

    assert value_at(document, "properties.flowTimeoutInMinutes") == 7
    assert value_at(document, "properties.enableVmProtection") is True


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"body": {"properties": {"addressSpace": {"addressPrefixes": ["10.2.0.0/16"]}}}}, "body"),
        ({"type": "Microsoft.Network/virtualNetworks@2025-01-01"}, ""),
        ({"type": "Microsoft.Network/publicIPAddresses@2024-05-01"}, "type"),
        ({"body": {"properties": {"ADDRESSSPACE": {"addressPrefixes": ["10.1.0.0/16"]}}}}, ""),
    ],
)
def test_triggers_and_another_type_replace(
    network: tuple[Lab, Made], change: Mapping[str, Plain], path: str
) -> None:
    lab, vnet = network
    planned = lab.plan(_TYPE, {**NETWORK, **change}, vnet)
    block = lab.kind(_TYPE).schema.block
    paths = replacement_paths(block, vnet.value, planned.planned, planned.requires_replace)

    assert path in {"", *(str(one[0][0]) for one in paths)}
    assert bool(paths) == bool(path)


def test_the_envelope_has_no_place_in_the_body(lab: Lab) -> None:
    problems = lab.validate(_TYPE, {**NETWORK, "body": {"tags": {"a": "b"}, "ID": "x"}})

    assert [one.code for one in problems] == ["azureml.body_envelope"] * 2


def test_the_files_types_are_kept(lab: Lab) -> None:
    """A list of the files stays a list, although plain content does not tell it from a tuple."""
    lab.create("azureml_resource_group", RESOURCE_GROUP)
    config = lab.value(_TYPE, {**NETWORK, "response_export_values": None})
    prefixes = list_value(STRING, [string("10.1.0.0/16")])
    body = object_value(
        {"properties": object_value({"addressSpace": object_value({"addressPrefixes": prefixes})})}
    )
    config = type(config)(config.type, {**config.attributes, "body": body})
    kind = lab.kind(_TYPE)
    assert isinstance(kind, Plans)
    planned = kind.plan(PlanRequest(config=config, prior=None, proposed=config)).planned
    current = kind.create(CallContext(), Create(config=config, planned=planned)).current
    assert current is not None
    held = current.attributes["body"].attributes["properties"].attributes["addressSpace"]

    assert held.attributes["addressPrefixes"].type == ListType(STRING)


def test_an_imported_resource_needs_its_version(network: tuple[Lab, Made]) -> None:
    lab, vnet = network
    kind = lab.kind(_TYPE)
    assert isinstance(kind, Imports)
    without = kind.import_object(CallContext(), Import(id=str(vnet["id"])))
    found = kind.import_object(CallContext(), Import(id=f"{vnet['id']}?api-version=2024-05-01")).objects

    assert "?api-version=VERSION" in without.diagnostics[0].detail
    assert [one.current.attributes["type"].raw for one in found] == [NETWORK["type"]]


def test_a_sensitive_body_reaches_the_service_and_no_state(lab: Lab) -> None:
    lab.create("azureml_resource_group", RESOURCE_GROUP)
    properties = {
        "hardwareProfile": {"vmSize": "Standard_DS3_v2"},
        "storageProfile": {"imageReference": {"sku": "x"}},
    }
    machine = {
        "type": "Microsoft.Compute/virtualMachines@2024-07-01",
        "parent_id": GROUP,
        "name": "vm",
        "location": "eastus",
        "body": {"properties": {**properties, "networkProfile": {"networkInterfaces": [{"id": "/nic"}]}}},
        "sensitive_body": {"properties": {"osProfile": {"adminPassword": ADMIN_PASSWORD}}},
    }
    created = lab.create(_TYPE, machine)
    same = lab.plan(_TYPE, machine, created)
    other = {**machine, "sensitive_body": {"properties": {"osProfile": {"adminPassword": "another"}}}}
    changed = lab.plan(_TYPE, other, created)

    assert ADMIN_PASSWORD not in f"{created.value!r} {created.private!r} {to_python(created.value)}"
    assert same.planned == created.value
    assert not changed.planned.attributes["sensitive_body_version"].is_known
    assert changed.requires_replace == ()


def test_a_refusal_is_told_without_the_sensitive_body(lab: Lab) -> None:
    """The service may quote what it refuses."""
    config = {
        **NETWORK,
        "body": {"properties": {"addressSpace": {"addressPrefixes": []}}},
        "sensitive_body": {"properties": {"addressSpace": {"addressPrefixes": [], "key": ADMIN_PASSWORD}}},
    }
    lab.create("azureml_resource_group", RESOURCE_GROUP)
    result = lab.try_create(_TYPE, config)

    assert [one.code for one in result.diagnostics] == ["azureml.refused"]
    assert ADMIN_PASSWORD not in str(result.diagnostics)
