"""Faults as a client meets them on the wire: each kind once, over TLS. In process they are in tests/unit."""

import http.client
import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.clients.conftest import Served

from mooring_emulator import SUBSCRIPTION_ID, TENANT_ID

GROUP = f"/subscriptions/{SUBSCRIPTION_ID}/resourceGroups/rg"
NETWORK = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet"
BODY = {"location": "eastus", "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}}
FORM = "grant_type=client_credentials&client_id=a&client_secret=s&scope=https://management.azure.com/.default"


class Wire:
    """One connection with a token."""

    def __init__(self, connection: http.client.HTTPSConnection) -> None:
        self._connection = connection
        self._token = ""
        self._token = self.ask("POST", f"/{TENANT_ID}/oauth2/v2.0/token", FORM)[2]["access_token"]

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, dict[str, str], Any]:
        text = body if isinstance(body, str) or body is None else json.dumps(body)
        self._connection.request(method, path, body=text, headers={"Authorization": f"Bearer {self._token}"})
        response = self._connection.getresponse()
        content = response.read()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return response.status, headers, json.loads(content) if content else None

    def group(self, method: str, body: Any = None) -> tuple[int, dict[str, str], Any]:
        return self.ask(method, f"{GROUP}?api-version=2025-04-01", body)

    def network(self, method: str, body: Any = None) -> tuple[int, dict[str, str], Any]:
        return self.ask(method, f"{NETWORK}?api-version=2024-05-01", body)


@contextmanager
def wired(server: Served) -> Iterator[Wire]:
    endpoint = urlsplit(server.endpoint)
    context = ssl.create_default_context(cafile=server.ca)
    connection = http.client.HTTPSConnection("localhost", endpoint.port or 443, context=context, timeout=20)
    with closing(connection):
        yield Wire(connection)


@pytest.fixture
def faulty(serve: Callable[..., Served]) -> Iterator[Callable[[str], Wire]]:
    """Connections to emulators with faults, in which there is a resource group."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def open_it(faults: str) -> Wire:
            wire = stack.enter_context(wired(serve(f"-faults={faults}")))
            assert wire.group("PUT", {"location": "eastus"})[0] == 201
            return wire

        yield open_it


def test_statuses_come_with_their_headers_for_as_long_as_the_rules_say(faulty: Callable[[str], Wire]) -> None:
    wire = faulty(
        "GET */resourceGroups/rg 429 nth=1 retry-after=3; GET */resourceGroups/rg 503 nth=3; HEAD * 502; "
        "PATCH * 408; DELETE * 500 probability=0.5 seed=1"
    )
    status, headers, body = wire.group("GET")
    assert (status, headers["retry-after"], body["error"]["code"]) == (429, "3", "TooManyRequests")
    assert headers["x-ms-ratelimit-remaining-subscription-reads"] == "0"
    assert [wire.group("GET")[0] for _ in range(3)] == [200, 503, 200]
    assert [wire.group("HEAD")[0], wire.group("PATCH", {})[0]] == [502, 408]
    assert {wire.network("DELETE")[0] for _ in range(30)} == {204, 500}


@pytest.mark.parametrize(("fault", "is_there"), [("reset", False), ("reset-after", True)])
def test_a_connection_is_reset_before_or_after_the_work(
    serve: Callable[..., Served],
    fault: str,
    is_there: bool,  # noqa: FBT001
) -> None:
    server = serve(f"-faults=PUT */resourceGroups/rg {fault} nth=1")
    with wired(server) as wire, pytest.raises(ConnectionError):
        wire.group("PUT", {"location": "eastus"})
    with wired(server) as wire:
        assert (wire.group("GET")[0] == 200) is is_there


def test_a_slow_body_takes_its_time_and_arrives_whole(faulty: Callable[[str], Wire]) -> None:
    wire = faulty("GET */resourceGroups/rg slow seconds=0.5")
    started = monotonic()
    status, _headers, body = wire.group("GET")
    assert (status, body["name"]) == (200, "rg")
    assert monotonic() - started >= 0.5


@pytest.mark.parametrize(
    ("fault", "status"),
    [("lro-failed", "Failed"), ("lro-canceled", "Canceled"), ("lro-endless", "InProgress")],
)
def test_an_operation_ends_as_the_rule_says(faulty: Callable[[str], Wire], fault: str, status: str) -> None:
    wire = faulty(f"PUT */virtualNetworks/* {fault}")
    accepted, headers, _body = wire.network("PUT", BODY)
    address = urlsplit(headers["azure-asyncoperation"])
    assert accepted == 201
    assert wire.ask("GET", f"{address.path}?{address.query}")[2]["status"] == status


def test_reads_are_late_after_an_accepted_write(faulty: Callable[[str], Wire]) -> None:
    wire = faulty(
        "PUT */virtualNetworks/* 404-after-202 seconds=1000; PATCH */resourceGroups/rg stale seconds=1000"
    )
    assert wire.network("PUT", BODY)[0] == 201
    assert wire.network("GET")[0] == 404
    assert wire.group("PATCH", {"tags": {"a": "b"}})[0] == 200
    assert wire.group("GET")[2]["tags"] == {}


def test_a_token_expires_by_rule_and_by_time(serve: Callable[..., Served]) -> None:
    with wired(serve("-faults=GET */resourceGroups/rg expired-token nth=1")) as wire:
        status, headers, body = wire.group("GET")
        assert (status, body["error"]["code"]) == (401, "ExpiredAuthenticationToken")
        assert "www-authenticate" in headers
        assert wire.group("GET")[0] == 404
    with wired(serve("-token-lifetime=0")) as wire:
        assert wire.group("GET")[2]["error"]["code"] == "ExpiredAuthenticationToken"
