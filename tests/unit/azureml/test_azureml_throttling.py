"""Keeping to the rate that Azure allows, on a clock that only moves when somebody waits."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Final

import pytest
from tests.unit.azureml.configurations import GROUP, RESOURCE_GROUP, SUBSCRIPTION, WORKSPACE

from mooring.core.codec import from_python
from mooring.sdk import CallContext, Read, ReadMany
from mooring_azureml.arm.port import CANCELLED, ArmError, Port, Target
from mooring_azureml.catalog import resource_types
from mooring_azureml.client.azure import AzureArm
from mooring_azureml.client.opening import StaticToken, make_client
from mooring_azureml.client.renewal import RenewableCredential
from mooring_azureml.client.throttling import Bucket, Rhythm
from mooring_azureml.lifecycle.definition import Access
from mooring_azureml.resource import ListedArmResource, type_of
from mooring_azureml.signing_in.settings import resolve
from mooring_emulator import MEMORY, Emulator, open_emulator, send, transport
from mooring_emulator.emulator import Surroundings
from mooring_emulator.faults.rules import parse_rules

_GROUP: Final = Target(id=GROUP, api_version="2025-04-01")


@dataclass(slots=True, kw_only=True)
class Time:
    """A clock, the waits that moved it, and chance that is always in the middle."""

    now: float = 1000.0
    waits: list[float] = field(default_factory=list)

    def wait(self, cancelled: Event | None, seconds: float) -> bool:
        if cancelled is not None and cancelled.is_set():
            return True
        self.now += seconds
        self.waits.append(round(seconds, 2))
        return False

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(clock=lambda: self.now, wait=self.wait, random=lambda: 0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """An emulated cloud with faults, and the port to it."""

    time: Time
    emulator: Emulator
    arm: AzureArm


@pytest.fixture
def cloud() -> Callable[[str], Cloud]:
    """Opens a cloud with these faults."""

    def open_cloud(faults: str = "") -> Cloud:
        moving = Time()
        around = Surroundings(faults=parse_rules(faults))
        emulator = open_emulator(MEMORY, clock=lambda: moving.now, surroundings=around)
        settings, _ = resolve({"subscription_id": SUBSCRIPTION}, {}, ".")
        credential = RenewableCredential(StaticToken)
        client = make_client(settings, credential, transport(emulator), read_only=False, rhythm=moving.rhythm)
        send(emulator, "PUT", GROUP, RESOURCE_GROUP | {"location": "eastus"})
        return Cloud(
            time=moving,
            emulator=emulator,
            arm=AzureArm(client, token=str, close=client.close, poll_seconds=0),
        )

    return open_cloud


def test_a_throttled_read_waits_as_long_as_it_is_told(cloud: Callable[[str], Cloud]) -> None:
    throttled = cloud("GET */rg-lab 429 nth=1 retry-after=7")

    assert not isinstance(throttled.arm.get(CallContext(), _GROUP), ArmError)
    assert throttled.time.waits == [7.35]


def test_a_service_that_says_nothing_is_asked_again_later_and_later(cloud: Callable[[str], Cloud]) -> None:
    failing = cloud("GET */rg-lab 503 nth=1 times=3")

    assert not isinstance(failing.arm.get(CallContext(), _GROUP), ArmError)
    assert failing.time.waits == sorted(failing.time.waits)
    assert len(failing.time.waits) >= 2


def test_a_service_that_stays_closed_is_given_up(cloud: Callable[[str], Cloud]) -> None:
    closed = cloud("GET */rg-lab 429 retry-after=1")
    answer = closed.arm.get(CallContext(), _GROUP)

    assert isinstance(answer, ArmError)
    assert answer.status == 429


def test_an_aborted_run_waits_no_longer(cloud: Callable[[str], Cloud]) -> None:
    closed = cloud("GET */rg-lab 429 retry-after=3600")
    cancelled = Event()
    cancelled.set()
    answer = closed.arm.get(CallContext(cancelled=cancelled), _GROUP)

    assert isinstance(answer, ArmError)
    assert (answer.code, closed.time.waits) == (CANCELLED, [])


def test_what_one_call_is_told_holds_for_all() -> None:
    bucket = Bucket(200.0, 10.0, 0.0)
    assert bucket.take(0.0) == 0.0
    bucket.learn(1.0, remaining=None, closed_for=5.0)

    assert bucket.take(2.0) == 4.0
    assert bucket.take(6.0) == 0.0


def test_a_bucket_follows_the_service_and_fills_up_again() -> None:
    bucket = Bucket(200.0, 10.0, 0.0)
    bucket.learn(0.0, remaining=1.0, closed_for=0.0)

    assert [bucket.take(0.0) for _ in range(3)] == [0.0, 0.1, 0.2]
    assert bucket.take(60.0) == 0.0


def test_more_requests_than_the_bucket_holds_are_spread(cloud: Callable[[str], Cloud]) -> None:
    """The headers of the emulated cloud name 249 reads that are left; its bucket never runs dry."""
    quiet = cloud("")
    for _ in range(300):
        quiet.arm.get(CallContext(), _GROUP)

    assert quiet.time.waits == [0.04] * 50


_MANY: Final = 1000


def _fill(emulator: Emulator) -> None:
    """A workspace with a thousand clusters, made by somebody else."""
    provider = f"{GROUP}/providers"
    place = {"location": "eastus"}
    needs = {
        "storageAccount": f"{provider}/Microsoft.Storage/storageAccounts/stmany",
        "keyVault": f"{provider}/Microsoft.KeyVault/vaults/kv-many",
        "applicationInsights": f"{provider}/Microsoft.Insights/components/appi-many",
    }
    bodies = (
        {**place, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}},
        {**place, "properties": {"tenantId": "t", "sku": {"name": "standard", "family": "A"}}},
        {**place, "kind": "web"},
    )
    for path, body in zip(needs.values(), bodies, strict=True):
        send(emulator, "PUT", path, body)
    send(emulator, "PUT", WORKSPACE, {**place, "properties": needs})
    send(emulator, "GET", WORKSPACE)
    settings = {"vmSize": "Standard_DS3_v2", "scaleSettings": {"minNodeCount": 0, "maxNodeCount": 1}}
    cluster = {**place, "properties": {"computeType": "AmlCompute", "properties": settings}}
    for number in range(_MANY):
        answer = send(emulator, "PUT", f"{WORKSPACE}/computes/c{number}x", cluster)
        assert answer.status == 201, answer.body


def test_a_thousand_computes_are_refreshed_with_few_reads(cloud: Callable[[str], Cloud]) -> None:
    full = cloud("")
    _fill(full.emulator)
    access = Access(
        port=Port(lambda: full.arm),
        subscription_id="s",
        tenant_id=None,
        random_bytes=bytes,
        poll_seconds=0.0,
    )
    definition = resource_types()["azureml_compute_cluster"]
    kind = ListedArmResource(definition, access)
    fields = {"workspace_id": WORKSPACE, "vm_size": "Standard_DS3_v2"}
    objects = tuple(
        Read(
            current=from_python(
                {**fields, "name": f"c{number}x", "id": f"{WORKSPACE}/computes/c{number}x"},
                type_of(definition),
            )
        )
        for number in range(_MANY)
    )
    before = len(full.emulator.requests())
    found = kind.read_many(CallContext(read_only=True), ReadMany(objects=objects)).results
    reads = len(full.emulator.requests()) - before

    assert all(one.current is not None for one in found)
    assert reads <= 40
    assert json.dumps([one.diagnostics for one in found]) == json.dumps([[]] * _MANY)
