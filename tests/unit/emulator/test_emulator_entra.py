"""Entra in the core: grants, refusals, managed identities, and who a token stands for."""

from typing import Any
from urllib.parse import urlencode

import pytest
from tests.unit.emulator.clouds import GROUP, WORKSPACE, Cloud, FakeClock, error_of

from mooring_emulator import TENANT_ID, Request, Response, open_emulator
from mooring_emulator.emulator import Surroundings
from mooring_emulator.entra.tokens import Identity, issue_token

ARM = "https://management.azure.com/.default"
GRANT = {"grant_type": "client_credentials", "client_id": "app", "client_secret": "x", "scope": ARM}


def sign_in(cloud: Cloud, tenant: str = TENANT_ID, **form: Any) -> Response:
    body = urlencode({name: value for name, value in {**GRANT, **form}.items() if value is not None}).encode()
    return cloud.emulator.handle(Request(method="POST", url=f"/{tenant}/oauth2/v2.0/token", body=body))


@pytest.mark.parametrize(
    ("form", "status", "number"),
    [
        ({"client_secret": "invalid"}, 401, 7000215),
        ({"client_secret": "expired"}, 401, 7000222),
        ({"client_secret": None}, 401, 7000218),
        ({"client_secret": None, "client_assertion": "x"}, 401, 50027),
        ({"client_id": None}, 400, 900144),
        ({"scope": None}, 400, 90014),
        ({"grant_type": "magic"}, 400, 70003),
        ({"tenant": "nope"}, 400, 90002),
    ],
)
def test_a_sign_in_fails_with_entras_number(
    cloud: Cloud, form: dict[str, Any], status: int, number: int
) -> None:
    response = sign_in(cloud, **form)
    body = response.json()
    assert (response.status, body["error_codes"]) == (status, [number])
    assert body["error_description"].startswith(f"AADSTS{number}: ")


def test_an_assertion_that_has_expired_is_refused(cloud: Cloud) -> None:
    identity = Identity(tenant_id=TENANT_ID, object_id="o", app_id="a")
    old = issue_token(identity, "x", cloud.clock.now - 7200)
    response = sign_in(cloud, client_secret=None, client_assertion=old)
    assert response.json()["error_codes"] == [700024]


def test_a_managed_identity_needs_the_metadata_header(cloud: Cloud) -> None:
    url = "/metadata/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com/"
    assert cloud.emulator.handle(Request(method="GET", url=url)).status == 400
    answer = cloud.emulator.handle(Request(method="GET", url=url, headers={"Metadata": "true"}))
    assert answer.json()["token_type"] == "Bearer"


@pytest.fixture
def guarded() -> Cloud:
    clock = FakeClock()
    emulator = open_emulator(":memory:", clock=clock, surroundings=Surroundings(needs_token=True))
    return Cloud(emulator=emulator, clock=clock)


def ask_with(cloud: Cloud, token: str, method: str = "GET", body: bytes = b"") -> Response:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return cloud.emulator.handle(
        Request(method=method, url=f"{GROUP}?api-version=2025-04-01", headers=headers, body=body)
    )


def test_arm_wants_a_token_that_is_one_and_has_not_expired(guarded: Cloud) -> None:
    token = sign_in(guarded).json()["access_token"]
    assert error_of(ask_with(guarded, "")) == (401, "AuthenticationFailed")
    assert error_of(ask_with(guarded, "x")) == (401, "InvalidAuthenticationToken")
    assert error_of(ask_with(guarded, token)) == (404, "ResourceGroupNotFound")
    guarded.wait(3600)
    assert error_of(ask_with(guarded, token)) == (401, "ExpiredAuthenticationToken")


def test_what_a_token_says_is_who_created(cloud: Cloud) -> None:
    token = sign_in(cloud, grant_type="password", username="ada@example.com").json()["access_token"]
    url = f"{WORKSPACE}?api-version=2025-12-01"
    headers = {"Authorization": f"Bearer {token}"}
    cloud.emulator.handle(Request(method="PATCH", url=url, headers=headers, body=b'{"tags": {}}'))
    assert cloud.get(WORKSPACE)["systemData"]["lastModifiedBy"] == "ada@example.com"
