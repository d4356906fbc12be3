"""Requests by hand, as `moor emulator request` makes them."""

import json
import subprocess
import sys

import pytest
from tests.unit.emulator.clouds import CLUSTER_SETTINGS, DSVM, GROUP, STORAGE, WORKSPACE, Cloud, error_of

from mooring_emulator import SUBSCRIPTION_ID, send


@pytest.mark.parametrize(
    ("path", "version"),
    [
        (WORKSPACE, "2026-05-01"),
        (f"{WORKSPACE}/computes", "2026-05-01"),
        (STORAGE, "2025-08-01"),
        (DSVM, "2026-04-01"),
        (GROUP, "2025-07-01"),
        (
            f"/subscriptions/{SUBSCRIPTION_ID}/providers/Microsoft.MachineLearningServices/locations/x/usages",
            "2026-05-01",
        ),
    ],
)
def test_the_newest_stable_api_version_of_the_type_is_filled_in(
    cloud: Cloud, path: str, version: str
) -> None:
    assert send(cloud.emulator, "GET", path).status == 200
    assert cloud.emulator.requests()[-1].api_version == version


def test_an_api_version_in_the_path_stays(cloud: Cloud) -> None:
    send(cloud.emulator, "GET", f"{WORKSPACE}?api-version=2024-04-01")
    assert cloud.emulator.requests()[-1].api_version == "2024-04-01"


def test_a_path_may_be_the_end_of_an_id(cloud: Cloud) -> None:
    cloud.put_cluster()
    response = send(cloud.emulator, "get", ".../Computes/CPU-cluster")
    assert response.json()["id"] == f"{WORKSPACE}/computes/cpu-cluster"


def test_a_list_an_action_and_a_new_resource_are_found_by_their_beginning(cloud: Cloud) -> None:
    cloud.put_instance()
    assert send(cloud.emulator, "POST", ".../computes/my-instance/stop").status == 202
    assert len(send(cloud.emulator, "GET", ".../workspaces/mlws/computes").json()["value"]) == 1
    body = {"location": "eastus", "properties": {"computeType": "AmlCompute", "properties": CLUSTER_SETTINGS}}
    assert send(cloud.emulator, "PUT", ".../workspaces/mlws/computes/new-one", body).status == 201


def test_a_query_stays_with_an_abbreviated_path(cloud: Cloud) -> None:
    cloud.put_cluster()
    cloud.get(WORKSPACE)
    path = ".../computes/cpu-cluster?underlyingResourceAction=Delete"
    assert send(cloud.emulator, "DELETE", path).status == 202


def test_a_partial_patch_by_hand_keeps_the_other_scale_settings(cloud: Cloud) -> None:
    cloud.put_cluster(scaleSettings={"maxNodeCount": 4, "minNodeCount": 1})
    cloud.get(WORKSPACE)
    body = {"properties": {"properties": {"scaleSettings": {"maxNodeCount": 9}}}}
    settings = send(cloud.emulator, "PATCH", ".../computes/cpu-cluster", body).json()["properties"][
        "properties"
    ]
    assert (settings["scaleSettings"]["maxNodeCount"], settings["scaleSettings"]["minNodeCount"]) == (9, 1)


def test_an_ambiguous_path_lists_its_candidates_and_sends_nothing(cloud: Cloud) -> None:
    other = STORAGE.replace("Microsoft.Storage/storageAccounts", "Microsoft.Insights/components")
    cloud.ask("PUT", other, {"location": "eastus", "kind": "web"}, version="2020-02-02")
    before = len(cloud.emulator.requests())
    response = send(cloud.emulator, "GET", ".../mlstore")
    assert error_of(response) == (400, "AmbiguousPath")
    assert {detail["message"] for detail in response.json()["error"]["details"]} == {STORAGE, other}
    assert len(cloud.emulator.requests()) == before


def test_a_path_that_fits_nothing_lists_similar_ids(cloud: Cloud) -> None:
    response = send(cloud.emulator, "GET", ".../accounts/mlstore")
    assert error_of(response) == (404, "NoMatchingResource")
    assert [detail["message"] for detail in response.json()["error"]["details"]] == [STORAGE]
    assert error_of(send(cloud.emulator, "GET", "...")) == (404, "NoMatchingResource")


def test_a_put_of_something_new_is_told_that_it_needs_its_whole_id(cloud: Cloud) -> None:
    response = send(cloud.emulator, "put", ".../fresh-cluster", {})
    assert error_of(response) == (404, "NoMatchingResource")
    error = json.loads(response.body)["error"]
    assert "needs its whole resource id (/subscriptions/...)" in error["message"]
    assert error["details"] == []


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = (
        "import sys, mooring_emulator as m; m.open_emulator(':memory:', clock=lambda: 0.0); "
        "print([name for name in ('azure.core', 'sqlite3', 'mooring', 'requests') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    assert done.stdout.strip() == "[]"
