"""Who may do what: a directory of principals, roles at scopes, and ARM's own words for a refusal."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.unit.emulator.clouds import (
    GROUP,
    ML_VERSION,
    PROVIDERS,
    WORKSPACE,
    Cloud,
    FakeClock,
    error_of,
)

from mooring_emulator import SUBSCRIPTION_ID, TENANT_ID, Request, Response, open_emulator
from mooring_emulator.arm.principals import Member
from mooring_emulator.arm.roles import BUILT_IN, find_role
from mooring_emulator.codec import encode
from mooring_emulator.emulator import Surroundings
from mooring_emulator.entra.directory import DirectoryError, parse_directory
from mooring_emulator.entra.tokens import Identity, issue_token

ROOT = f"/subscriptions/{SUBSCRIPTION_ID}"
PEOPLE: dict[str, Any] = {
    "principals": [
        {"name": "boss", "secret": "boss-secret"},
        {"name": "builder", "client_id": "builder-app"},
        {"name": "viewer", "object_id": "0b9ec7a5-0000-4000-8000-000000000001"},
        {"name": "scientist"},
        {"name": "nobody"},
    ],
    "roles": [
        {"principal": "boss", "role": "Owner", "scope": "/"},
        {"principal": "builder", "role": "Contributor", "scope": GROUP},
        {"principal": "viewer", "role": "Reader", "scope": ROOT},
        {"principal": "scientist", "role": "AzureML Data Scientist", "scope": WORKSPACE},
    ],
}


@pytest.fixture
def office() -> Cloud:
    """A cloud with a workspace, in which people have roles."""
    directory = parse_directory(json.dumps(PEOPLE), TENANT_ID)
    clock = FakeClock()
    emulator = open_emulator(":memory:", clock=clock, surroundings=Surroundings(directory=directory))
    cloud = Cloud(emulator=emulator, clock=clock, token=token_of(emulator.handle, "boss"))
    cloud.build_workspace()
    cloud.get(WORKSPACE)
    return cloud


def member(name: str) -> Member:
    found = parse_directory(json.dumps(PEOPLE), TENANT_ID).member(name)
    assert found is not None
    return found


def sign_in(handle: Any, client_id: str, **form: str) -> Response:
    sent = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": f"{client_id}-secret",
    }
    body = urlencode({**sent, "scope": "https://management.azure.com/.default", **form}).encode()
    response: Response = handle(Request(method="POST", url=f"/{TENANT_ID}/oauth2/v2.0/token", body=body))
    return response


def token_of(handle: Any, client_id: str, **form: str) -> str:
    return str(sign_in(handle, client_id, **form).json()["access_token"])


def ask_as(
    cloud: Cloud, who: str, method: str, path: str, body: object = None, *, version: str = ML_VERSION
) -> Response:
    token = token_of(cloud.emulator.handle, who)
    return Cloud(emulator=cloud.emulator, clock=cloud.clock, token=token).ask(
        method, path, body, version=version
    )


@pytest.mark.parametrize(
    ("who", "method", "path", "status"),
    [
        ("builder", "GET", WORKSPACE, 200),
        ("builder", "DELETE", WORKSPACE, 202),
        ("builder", "GET", ROOT, 200),
        ("builder", "GET", f"{ROOT}/resourceGroups", 403),
        ("viewer", "GET", f"{WORKSPACE}/computes", 200),
        ("viewer", "POST", f"{WORKSPACE}/listKeys", 403),
        ("viewer", "DELETE", WORKSPACE, 403),
        ("scientist", "GET", f"{WORKSPACE}/computes", 200),
        ("scientist", "DELETE", f"{WORKSPACE}/computes/cpu", 403),
        ("scientist", "DELETE", f"{WORKSPACE}/jobs/a-job", 204),
        ("scientist", "POST", f"{WORKSPACE}/listKeys", 403),
        ("scientist", "DELETE", WORKSPACE, 403),
        ("scientist", "GET", f"{PROVIDERS}/Microsoft.Storage/storageAccounts", 403),
        ("nobody", "GET", WORKSPACE, 403),
        ("nobody", "GET", ROOT, 403),
    ],
)
def test_a_role_allows_what_it_says_at_its_scope_and_below(
    office: Cloud, who: str, method: str, path: str, status: int
) -> None:
    version = ML_VERSION if "MachineLearning" in path else "2023-01-01" if "Storage" in path else "2022-12-01"
    assert ask_as(office, who, method, path, version=version).status == status


def test_a_refusal_names_client_action_and_scope(office: Cloud) -> None:
    response = ask_as(office, "builder-app", "PUT", f"{ROOT}/resourceGroups/other", {}, version="2025-04-01")
    error = response.json()["error"]
    builder = member("builder")
    assert (response.status, error["code"]) == (403, "AuthorizationFailed")
    assert error["message"] == (
        f"The client 'builder-app' with object id '{builder.object_id}' does not have authorization to "
        "perform action 'Microsoft.Resources/subscriptions/resourceGroups/write' over scope "
        f"'{ROOT}/resourceGroups/other' or the scope is invalid. If access was recently granted, please "
        "refresh your credentials."
    )


@pytest.mark.parametrize(
    ("method", "path", "action", "scope"),
    [
        ("PUT", f"{WORKSPACE}/computes/cpu", "workspaces/computes/write", f"{WORKSPACE}/computes/cpu"),
        ("GET", f"{WORKSPACE}/computes", "workspaces/computes/read", WORKSPACE),
        (
            "POST",
            f"{WORKSPACE}/computes/ci/stop",
            "workspaces/computes/stop/action",
            f"{WORKSPACE}/computes/ci",
        ),
        ("POST", f"{ROOT}/providers/Microsoft.MachineLearningServices/register", "register/action", ROOT),
        ("GET", f"{PROVIDERS}/Microsoft.MachineLearningServices/workspaces", "workspaces/read", GROUP),
        ("GET", f"/rp/workspaces{WORKSPACE}/computes", "workspaces/computes/read", WORKSPACE),
    ],
)
def test_actions_are_named_as_roles_name_them(
    office: Cloud, method: str, path: str, action: str, scope: str
) -> None:
    message = ask_as(office, "nobody", method, path).json()["error"]["message"]
    assert f"action 'Microsoft.MachineLearningServices/{action}' over scope '{scope}'" in message


def test_a_role_assignment_made_through_arm_counts_at_once_and_until_it_is_deleted(office: Cloud) -> None:
    nobody = member("nobody")
    reader = find_role("Reader")
    assert reader is not None
    assignment = f"{WORKSPACE}/providers/Microsoft.Authorization/roleAssignments/{nobody.object_id}"
    definition = f"{ROOT}/providers/Microsoft.Authorization/roleDefinitions/{reader.id}"
    body = {"properties": {"roleDefinitionId": definition, "principalId": nobody.object_id}}
    assert ask_as(office, "builder-app", "PUT", assignment, body, version="2022-04-01").status == 403
    assert ask_as(office, "boss", "PUT", assignment, body, version="2022-04-01").status == 201
    assert ask_as(office, "nobody", "GET", WORKSPACE).status == 200
    assert ask_as(office, "nobody", "GET", ROOT, version="2022-12-01").status == 200
    assert ask_as(office, "nobody", "GET", GROUP, version="2025-04-01").status == 403
    office.ask("DELETE", assignment, version="2022-04-01")
    assert ask_as(office, "nobody", "GET", WORKSPACE).status == 403


def test_subscriptions_are_listed_to_whoever_has_a_role_in_them(office: Cloud) -> None:
    def listed(who: str) -> int:
        return len(ask_as(office, who, "GET", "/subscriptions", version="2022-12-01").json()["value"])

    assert [listed(who) for who in ("boss", "scientist", "nobody")] == [1, 1, 0]


def test_an_operation_can_be_polled_by_whoever_started_it(office: Cloud) -> None:
    body = {"tags": {"a": "b"}}
    started = ask_as(office, "builder-app", "PATCH", WORKSPACE, body)
    headers = {"Authorization": f"Bearer {token_of(office.emulator.handle, 'builder-app')}"}
    url = started.headers["Azure-AsyncOperation"]
    assert office.emulator.handle(Request(method="GET", url=url, headers=headers)).status == 200


@pytest.mark.parametrize(
    ("client_id", "form", "number"),
    [
        ("boss", {"client_secret": "wrong"}, 7000215),
        ("stranger", {}, 700016),
        ("az", {"grant_type": "password", "username": "stranger", "password": "x"}, 50034),
        ("az", {"grant_type": "password", "username": "boss", "password": "x"}, 50126),
    ],
)
def test_only_the_directory_signs_in(
    office: Cloud, client_id: str, form: dict[str, str], number: int
) -> None:
    assert sign_in(office.emulator.handle, client_id, **form).json()["error_codes"] == [number]


def test_a_user_assigned_identity_of_this_cloud_signs_in_as_itself(office: Cloud) -> None:
    path = f"{PROVIDERS}/Microsoft.ManagedIdentity/userAssignedIdentities/uai"
    made = office.ask("PUT", path, {"location": "eastus"}, version="2023-01-31").json()["properties"]
    url = f"/metadata/identity/oauth2/token?api-version=2018-02-01&resource=x&client_id={made['clientId']}"
    known = office.emulator.handle(Request(method="GET", url=url, headers={"Metadata": "true"}))
    assert known.json()["client_id"] == made["clientId"]
    stranger = Request(method="GET", url=url[:-3] + "000", headers={"Metadata": "true"})
    assert office.emulator.handle(stranger).status == 400


def test_tokens_of_others_and_of_other_tenants_are_refused(office: Cloud) -> None:
    identity = Identity(tenant_id="33333333-3333-3333-3333-333333333333", object_id="o", app_id="a")
    foreign = issue_token(identity, "x", office.clock.now)
    forged = foreign.rpartition(".")[0] + ".c2lnbmVkIGJ5IHNvbWVib2R5IGVsc2U"
    for token, code in (
        (foreign, "InvalidAuthenticationTokenTenant"),
        (forged, "InvalidAuthenticationToken"),
    ):
        stranger = Cloud(emulator=office.emulator, clock=office.clock, token=token)
        assert error_of(stranger.ask("GET", WORKSPACE)) == (401, code)


def test_roles_can_be_looked_up(office: Cloud) -> None:
    path = f"{ROOT}/providers/Microsoft.Authorization/roleDefinitions"
    listed = office.ask("GET", path, version="2022-04-01").json()["value"]
    assert {each["properties"]["roleName"] for each in listed} == {role.name for role in BUILT_IN}
    query = "$filter=roleName%20eq%20%27Reader%27"
    (reader,) = office.ask("GET", path, version="2022-04-01", query=query).json()["value"]
    assert office.ask("GET", reader["id"], version="2022-04-01").json() == reader


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "not JSON"),
        ([], "not an object"),
        ({"people": []}, "has no 'people'"),
        ({"principals": [{"client_id": "x"}]}, "needs a 'name'"),
        ({"principals": [{"name": 1}]}, "not a string"),
        ({"roles": [{"principal": "x", "role": "Owner", "scope": "/"}]}, "no principal"),
        ({**PEOPLE, "roles": [{"principal": "boss", "role": "King", "scope": "/"}]}, "no role"),
        ({**PEOPLE, "roles": [{"principal": "boss", "role": "Owner", "scope": "x"}]}, "is no id"),
    ],
)
def test_a_directory_that_makes_no_sense_is_refused(content: Any, complaint: str) -> None:
    text = content if isinstance(content, str) else encode(content).decode()
    with pytest.raises(DirectoryError, match=complaint):
        parse_directory(text, TENANT_ID)


def test_further_subscriptions_are_there_from_the_start_or_created() -> None:
    second, third = (f"44444444-4444-4444-4444-44444444444{digit}" for digit in "23")
    emulator = open_emulator(
        ":memory:", clock=FakeClock(), surroundings=Surroundings(subscriptions=(second,))
    )
    cloud = Cloud(emulator=emulator)
    alias = "/providers/Microsoft.Subscription/aliases/more"
    body = {"properties": {"displayName": "More", "subscriptionId": third}}
    assert cloud.ask("PUT", alias, body, version="2021-10-01").status == 201
    assert cloud.ask("PUT", alias, body, version="2021-10-01").status == 200
    assert cloud.ask("GET", alias, version="2021-10-01").json()["properties"]["subscriptionId"] == third
    listed = cloud.ask("GET", "/subscriptions", version="2022-12-01").json()["value"]
    assert [each["subscriptionId"] for each in listed] == [SUBSCRIPTION_ID, second, third]
    for subscription in (second, third):
        group = GROUP.replace(SUBSCRIPTION_ID, subscription)
        assert cloud.ask("PUT", group, {"location": "eastus"}, version="2025-04-01").status == 201
    unknown = GROUP.replace(SUBSCRIPTION_ID, second.replace("2", "9"))
    assert error_of(cloud.ask("GET", unknown, version="2025-04-01")) == (404, "SubscriptionNotFound")
