"""Shapes and durations, and the promise that no body makes the emulator stumble."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.emulator.clouds import (
    CLUSTER_SETTINGS,
    DSVM,
    INSIGHTS,
    PROVIDERS,
    STORAGE,
    VAULT,
    VM_SETTINGS,
    WORKSPACE,
    Cloud,
    open_cloud,
)

from mooring_emulator.arm.shapes import conform, redact, with_nulls
from mooring_emulator.arm.specs import load_spec
from mooring_emulator.machinelearning.durations import format_duration, parse_duration
from mooring_emulator.machinelearning.linked_ids import respell

SPEC = load_spec("compute-2026-05-01.json")
VARIANTS = sorted(SPEC.variants)

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
CLUSTER: dict[str, Any] = {
    "location": "eastus",
    "tags": {"a": "b"},
    "identity": {"type": "SystemAssigned"},
    "properties": {"computeType": "AmlCompute", "properties": CLUSTER_SETTINGS},
}
STOP = {"action": "Stop", "triggerType": "Cron", "status": "Enabled", "cron": {"expression": "0 18 * * *"}}
INSTANCE: dict[str, Any] = {
    "properties": {
        "computeType": "ComputeInstance",
        "computeLocation": "eastus",
        "properties": {
            "vmSize": "Standard_DS3_v2",
            "schedules": {"computeStartStop": [STOP]},
            "sshSettings": {"sshPublicAccess": "Disabled"},
            "idleTimeBeforeShutdown": "PT1H",
        },
    }
}
MACHINE: dict[str, Any] = {
    "properties": {"computeType": "VirtualMachine", "resourceId": DSVM, "properties": VM_SETTINGS}
}
VM: dict[str, Any] = {
    "location": "eastus",
    "properties": {
        "hardwareProfile": {"vmSize": "Standard_DS3_v2"},
        "osProfile": {"adminPassword": "p"},
        "storageProfile": {"imageReference": {"publisher": "Canonical"}},
        "networkProfile": {"networkInterfaces": [{"id": DSVM}]},
    },
}
NIC: dict[str, Any] = {
    "location": "eastus",
    "properties": {"ipConfigurations": [{"name": "a", "properties": {"publicIPAddress": {"id": DSVM}}}]},
}
LINKS = {"storageAccount": STORAGE, "keyVault": VAULT, "applicationInsights": INSIGHTS}
BODIES: list[tuple[str, str, dict[str, Any]]] = [
    (f"{WORKSPACE}/computes/fuzzed", "2025-12-01", CLUSTER),
    (f"{WORKSPACE}/computes/fuzzed", "2025-12-01", INSTANCE),
    (f"{WORKSPACE}/computes/fuzzed", "2025-12-01", MACHINE),
    (WORKSPACE, "2025-12-01", {"location": "eastus", "sku": {"name": "Basic"}, "properties": LINKS}),
    (f"{PROVIDERS}/Microsoft.Compute/virtualMachines/fuzzed", "2024-07-01", VM),
    (f"{PROVIDERS}/Microsoft.Network/networkInterfaces/fuzzed", "2024-05-01", NIC),
    (STORAGE, "2023-05-01", {"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}),
    (PROVIDERS.removesuffix("/providers"), "2025-04-01", {"location": "eastus", "tags": {"a": "b"}}),
]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    if isinstance(value, list):
        inner = list(enumerate(value))
    return [path, *(place for key, member in inner for place in places(member, (*path, key)))]


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


@pytest.fixture(scope="module")
def fuzzed() -> Cloud:
    cloud = open_cloud(":memory:")
    cloud.build_workspace()
    return cloud


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.sampled_from(BODIES), method=st.sampled_from(["PUT", "PATCH"]), data=st.data(), new=JSON)
def test_any_body_is_accepted_or_refused_and_never_breaks_the_emulator(
    fuzzed: Cloud, body: tuple[str, str, dict[str, Any]], method: str, data: st.DataObject, new: Any
) -> None:
    path, version, valid = body
    mutated = replaced(valid, data.draw(st.sampled_from(places(valid))), new)
    if method == "PATCH":
        assert fuzzed.ask("PUT", path, valid, version=version).status in {200, 201, 202}
    assert fuzzed.ask(method, path, mutated, version=version).status in {200, 201, 202, 400, 404, 409}
    for action in ("Delete", "Detach"):
        fuzzed.ask("DELETE", f"{WORKSPACE}/computes/fuzzed", query=f"underlyingResourceAction={action}")


def sample(shape: Any) -> Any:
    """Give a value of a shape with every member present."""
    name = type(shape).__name__
    if name == "Record":
        return {field.name: sample(field.shape) for field in shape.fields.values()}
    if name == "ListOf":
        return [sample(shape.item)]
    if name == "Text":
        return next(iter(shape.choices.values()), "10.0.0.1")
    return {"Whole": 1, "Flag": True, "Anything": {}}[name]


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_complete_value_of_every_compute_type_conforms_and_loses_only_what_is_read_only(
    variant: str,
) -> None:
    value, problems = conform(SPEC.variants[variant], sample(SPEC.variants[variant]), "properties")
    assert problems == ()
    assert "provisioningState" not in value
    assert value["computeType"] == variant


@pytest.mark.parametrize("variant", VARIANTS)
def test_conforming_twice_changes_nothing(variant: str) -> None:
    once, _ = conform(SPEC.variants[variant], sample(SPEC.variants[variant]), "p")
    assert conform(SPEC.variants[variant], once, "p") == (once, ())


def test_redaction_knows_flagged_and_unflagged_secrets() -> None:
    for variant, path in (
        ("AKS", ("sslConfiguration", "key")),
        ("Databricks", ("databricksAccessToken",)),
        ("VirtualMachine", ("administratorAccount", "password")),
        ("HDInsight", ("administratorAccount", "privateKeyData")),
        ("Kubernetes", ("relayConnectionString",)),
    ):
        value = redact(SPEC.variants[variant], sample(SPEC.variants[variant]))["properties"]
        for name in path:
            value = value[name]
        assert value is None, variant


def test_absent_members_become_explicit_nulls_at_every_level_that_is_present() -> None:
    shape = SPEC.variants["AmlCompute"].fields["properties"].shape
    value = with_nulls(shape, {"scaleSettings": {"maxNodeCount": 1}})
    assert value["subnet"] is None
    assert value["scaleSettings"] == {
        "maxNodeCount": 1,
        "minNodeCount": None,
        "nodeIdleTimeBeforeScaleDown": None,
    }


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("PT2M", 120), ("PT120S", 120), ("P1DT2H", 93600), ("PT0S", 0), ("P3D", 259200), ("PT1.5S", 1)],
)
def test_durations_are_read(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "P", "PT", "2M", "PT2", "P1M", "pt2m", "P1DT"])
def test_what_is_no_duration_is_none(text: str) -> None:
    assert parse_duration(text) is None


@given(st.integers(0, 10**7))
def test_a_written_duration_is_read_back(seconds: int) -> None:
    assert parse_duration(format_duration(seconds)) == seconds


def test_text_that_is_no_resource_id_is_not_respelled() -> None:
    for text in ("", "nonsense", "/subscriptions/s/resourcegroups/g"):
        assert respell(text) == text
