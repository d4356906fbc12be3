"""Faults on demand."""

from typing import Any

import pytest
from tests.unit.emulator.clouds import GROUP, WORKSPACE, Cloud, FakeClock, error_of

from mooring_emulator import open_emulator
from mooring_emulator.emulator import Surroundings
from mooring_emulator.faults.rules import FAULTS, FaultSpecError, parse_rules

CLUSTER = f"{WORKSPACE}/computes/cpu-cluster"


def faulty(spec: str, **settings: Any) -> Cloud:
    clock = FakeClock()
    surroundings = Surroundings(faults=parse_rules(spec))
    cloud = Cloud(
        emulator=open_emulator(":memory:", clock=clock, surroundings=surroundings, **settings), clock=clock
    )
    cloud.build_workspace()
    cloud.get(WORKSPACE)
    return cloud


def test_throttling_says_when_to_come_back_and_that_nothing_is_left() -> None:
    cloud = faulty("PUT */computes/* 429 nth=2 times=1 retry-after=3")
    assert cloud.put_cluster().status == 201
    response = cloud.put_cluster("another")
    assert error_of(response) == (429, "TooManyRequests")
    assert response.headers["Retry-After"] == "3"
    assert response.headers["x-ms-ratelimit-remaining-subscription-writes"] == "0"
    assert cloud.put_cluster("another").status == 201


@pytest.mark.parametrize("status", [400, 408, 409, 500, 502, 503, 504])
def test_any_status_can_be_had(status: int) -> None:
    cloud = faulty(f"PUT */computes/* {status} code=MyCode message=My_words")
    response = cloud.put_cluster()
    assert error_of(response) == (status, "MyCode")
    assert response.json()["error"]["message"] == "My words"
    assert cloud.ask("GET", CLUSTER).status == 404


def test_chance_is_the_same_for_the_same_seed() -> None:
    def run() -> list[int]:
        cloud = faulty("GET */computes 503 probability=0.5 seed=3")
        return [cloud.ask("GET", f"{WORKSPACE}/computes").status for _ in range(40)]

    first = run()
    assert first == run()
    assert set(first) == {200, 503}


@pytest.mark.parametrize(("fault", "is_there"), [("reset", False), ("reset-after", True)])
def test_a_connection_is_reset_before_or_after_the_work(fault: str, is_there: bool) -> None:  # noqa: FBT001
    cloud = faulty(f"PUT */computes/* {fault}")
    wire = cloud.put_cluster().wire
    assert wire is not None
    assert wire.is_reset
    assert cloud.ask("GET", CLUSTER).status == (200 if is_there else 404)


@pytest.mark.parametrize(
    ("fault", "status", "state"),
    [("lro-failed", "Failed", "Failed"), ("lro-canceled", "Canceled", "Canceled")],
)
def test_an_operation_ends_as_the_rule_says(fault: str, status: str, state: str) -> None:
    cloud = faulty(f"PUT */computes/* {fault}")
    answer = cloud.poll(cloud.put_cluster()).json()
    assert answer["status"] == status
    assert answer["error"]["code"]
    assert cloud.get(CLUSTER)["properties"]["provisioningState"] == state


def test_a_delete_that_fails_leaves_what_was() -> None:
    cloud = faulty("DELETE */computes/* lro-failed code=Busy")
    cloud.put_cluster()
    before = cloud.get(CLUSTER)
    cloud.ask("DELETE", CLUSTER, query="underlyingResourceAction=Delete")
    assert cloud.get(CLUSTER) == before


def test_an_endless_operation_never_ends() -> None:
    cloud = faulty("PUT */computes/* lro-endless")
    response = cloud.put_cluster()
    cloud.wait(10**9)
    assert cloud.poll(response).json()["status"] == "InProgress"


def test_what_was_accepted_cannot_be_read_for_a_while() -> None:
    cloud = faulty("PUT */computes/* 404-after-202 seconds=5")
    cloud.put_cluster()
    assert error_of(cloud.ask("GET", CLUSTER)) == (404, "ResourceNotFound")
    cloud.wait(5)
    assert cloud.ask("GET", CLUSTER).status == 200


def test_a_stale_read_shows_what_was_before_the_write() -> None:
    cloud = faulty("PATCH * stale seconds=5")
    before = cloud.get(WORKSPACE)
    cloud.ask("PATCH", WORKSPACE, {"tags": {"a": "b"}})
    assert cloud.get(WORKSPACE)["tags"] == before["tags"]
    cloud.wait(5)
    assert cloud.get(WORKSPACE)["tags"] == {"a": "b"}


def test_a_token_expires_on_demand() -> None:
    response = faulty("GET */computes expired-token nth=1").ask("GET", f"{WORKSPACE}/computes")
    assert error_of(response) == (401, "ExpiredAuthenticationToken")
    assert "WWW-Authenticate" in response.headers


def test_rules_are_lines_or_json() -> None:
    text = "* * slow seconds=1\n# nothing\nPUT *x 503 nth=2"
    as_json = '[{"fault": "slow", "seconds": 1}, {"method": "PUT", "path": "*x", "fault": "503", "nth": 2}]'
    assert parse_rules(text) == parse_rules(as_json)
    assert [rule.times for rule in parse_rules(text)] == [0, 1]
    assert parse_rules(";".join(f"* * {fault}" for fault in FAULTS))


@pytest.mark.parametrize(
    "text", ["PUT *", "* * explode", "* * 503 nth=x", "* * 503 often=1", "[1]", "[", "* * 503 x"]
)
def test_a_rule_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(FaultSpecError):
        parse_rules(text)


def test_the_log_names_the_fault() -> None:
    seen: list[tuple[str, int, str]] = []
    surroundings = Surroundings(
        faults=parse_rules("GET * 503 nth=1"),
        on_request=lambda entry, fault: seen.append((entry.method, entry.status, fault)),
    )
    cloud = Cloud(emulator=open_emulator(":memory:", clock=FakeClock(), surroundings=surroundings))
    for _ in range(2):
        cloud.ask("GET", GROUP, version="2025-04-01")
    assert seen == [("GET", 503, "503"), ("GET", 404, "")]
