"""Bodies against the specification, type by type: what is complete is taken, what is damaged is refused."""

from typing import Any

import pytest
from tests.unit.emulator.bodies import PATHS, damages, sample, shape_of
from tests.unit.emulator.clouds import ML_VERSION, WORKSPACE, Cloud, error_of, open_cloud

from mooring_emulator.arm.shapes import conform

NEW = {
    "workspaces/connections": "a-connection",
    "workspaces/jobs": "a-job",
    "workspaces/outboundRules": "a-rule",
}


@pytest.mark.parametrize("path", PATHS)
def test_a_complete_body_and_a_minimal_one_conform_and_stay_as_they_are(path: str) -> None:
    for is_complete in (True, False):
        body = sample(shape_of(path), is_complete=is_complete)
        assert conform(shape_of(path), body, "") == (body, ())


@pytest.mark.parametrize("path", PATHS)
def test_nothing_damaged_conforms(path: str) -> None:
    count = 0
    for body in damages(shape_of(path)):
        count += 1
        assert conform(shape_of(path), body, "")[1], body
    assert count > 5


@pytest.fixture(scope="module")
def full() -> Cloud:
    """A cloud with whatever the types below are put in."""
    cloud = open_cloud(":memory:")
    cloud.build_workspace()
    for path in ("onlineEndpoints/parent", "batchEndpoints/parent"):
        body = {"location": "eastus", "properties": {"authMode": "Key"}}
        assert cloud.ask("PUT", f"{WORKSPACE}/{path}", body).status == 201
    registry = WORKSPACE.rpartition("/workspaces/")[0] + "/registries/areg"
    assert cloud.ask("PUT", registry, {"location": "eastus", "properties": {}}).status == 201
    return cloud


def address(path: str) -> str:
    """The id of something of a type: its parents below the workspace are called `parent`."""
    first, *rest = path.split("/")
    start = WORKSPACE.rpartition("/workspaces/")[0]
    names = {"workspaces": "mlws", "registries": "areg"}
    last = NEW.get(path, "a-name" if path.endswith(("Endpoints", "deployments")) else "1")
    middle = [f"{segment}/parent" for segment in rest[:-1]]
    end = [f"{rest[-1]}/{last}"] if rest else []
    return "/".join((start, first, names[first], *middle, *end))


@pytest.mark.parametrize("path", PATHS)
def test_a_minimal_body_is_accepted_and_one_without_properties_refused(full: Cloud, path: str) -> None:
    body = sample(shape_of(path), is_complete=False)
    body = {name: value for name, value in body.items() if name != "location"} | {"location": "eastus"}
    response = full.ask("PUT", address(path), body)
    assert response.status in {200, 201, 202}, response.body
    response = full.ask("PUT", address(path), {"location": "eastus", "properties": "text"})
    assert error_of(response) == (400, "BadRequest")
    assert response.json()["error"]["target"] == "properties"


@pytest.mark.parametrize(
    ("path", "properties", "target"),
    [
        ("jobs/j", {"jobType": "Cooking"}, "properties.jobType"),
        ("jobs/j", {"jobType": "Command", "environmentId": "e"}, "properties.command"),
        ("datastores/d", {"datastoreType": "Tape", "credentials": {}}, "properties.datastoreType"),
        (
            "datastores/d",
            {"datastoreType": "AzureFile", "accountName": "a", "fileShareName": "", "credentials": {}},
            "properties.fileShareName",
        ),
        ("connections/c", {"authType": "PAT", "category": "Carrier pigeon"}, "properties.category"),
        (
            "onlineEndpoints/online",
            {"authMode": "Key", "traffic": {"blue": "all"}},
            "properties.traffic.blue",
        ),
        ("environments/e/versions/1", {"osType": "BeOS"}, "properties.osType"),
        ("schedules/s", {"trigger": {"triggerType": "Cron"}}, "properties.trigger.expression"),
        ("outboundRules/r", {"type": "PrivateEndpoint", "destination": "x"}, "properties.destination"),
    ],
)
def test_a_problem_names_its_place(full: Cloud, path: str, properties: dict[str, Any], target: str) -> None:
    body = {"location": "eastus", "properties": properties}
    response = full.ask("PUT", f"{WORKSPACE}/{path}", body)
    assert error_of(response) == (400, "BadRequest")
    assert target in [detail["target"] for detail in response.json()["error"]["details"]]


def test_unknown_members_are_ignored_in_stable_versions_and_kept_in_previews(full: Cloud) -> None:
    path = f"{WORKSPACE}/environments/env/versions/1"
    body = {"properties": {"image": "ubuntu", "flavour": "sweet"}}
    for version, shown in ((ML_VERSION, None), ("2025-07-01-preview", "sweet")):
        assert full.ask("PUT", path, body, version=version).status in {200, 201}
        assert full.get(path)["properties"].get("flavour") == shown


@pytest.mark.parametrize("path", ["datastores/workspaceblobstore", "environments/env/versions/1"])
def test_a_type_without_patch_refuses_it(full: Cloud, path: str) -> None:
    full.ask("PUT", f"{WORKSPACE}/environments/env/versions/1", {"properties": {"image": "x"}})
    response = full.ask("PATCH", f"{WORKSPACE}/{path}", {"properties": {}})
    assert error_of(response) == (405, "HttpMethodNotSupported")
