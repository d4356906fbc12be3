"""Long-running operations end by time, and show on the way."""

from tests.unit.emulator.clouds import GROUP, STORAGE, WORKSPACE, Cloud, error_of

from mooring_emulator import Request


def state(cloud: Cloud, path: str) -> str:
    return str(cloud.get(path)["properties"]["provisioningState"])


def test_polling_often_does_not_end_an_operation_and_time_does(slow_cloud: Cloud) -> None:
    response = slow_cloud.put_cluster()
    for _ in range(20):
        assert slow_cloud.poll(response).json() == {"status": "InProgress"}
    slow_cloud.wait(10)
    assert slow_cloud.poll(response).json() == {"status": "Succeeded", "percentComplete": 100.0}


def test_with_no_duration_an_operation_is_done_at_the_first_poll(cloud: Cloud) -> None:
    response = cloud.put_cluster()
    assert response.json()["properties"]["provisioningState"] == "Creating"
    assert cloud.poll(response).json()["status"] == "Succeeded"


def test_a_compute_is_visible_while_it_is_created_updated_and_deleted(slow_cloud: Cloud) -> None:
    path = f"{WORKSPACE}/computes/cpu-cluster"
    slow_cloud.put_cluster()
    assert state(slow_cloud, path) == "Creating"
    slow_cloud.wait(10)
    assert state(slow_cloud, path) == "Succeeded"
    slow_cloud.ask("PATCH", path, {"properties": {"properties": {"scaleSettings": {"maxNodeCount": 2}}}})
    assert state(slow_cloud, path) == "Updating"
    slow_cloud.wait(10)
    slow_cloud.ask("DELETE", path, query="underlyingResourceAction=Delete")
    assert state(slow_cloud, path) == "Deleting"
    slow_cloud.wait(10)
    assert slow_cloud.ask("GET", path).status == 404


def test_a_write_while_an_operation_runs_is_a_conflict(slow_cloud: Cloud) -> None:
    slow_cloud.put_cluster()
    path = f"{WORKSPACE}/computes/cpu-cluster"
    assert error_of(slow_cloud.put_cluster()) == (409, "Conflict")
    assert error_of(slow_cloud.ask("DELETE", path, query="underlyingResourceAction=Delete")) == (
        409,
        "Conflict",
    )
    assert slow_cloud.ask("PATCH", path, {}).status == 409


def test_a_compute_below_a_workspace_that_is_not_ready_is_a_conflict(slow_cloud: Cloud) -> None:
    slow_cloud.ask("DELETE", WORKSPACE)
    assert error_of(slow_cloud.put_cluster()) == (409, "Conflict")


def test_compute_answers_have_a_status_link_and_neither_location_nor_retry_after(cloud: Cloud) -> None:
    response = cloud.put_cluster()
    assert response.status == 201
    assert "/locations/eastus/computeOperationsStatus/" in response.headers["Azure-AsyncOperation"]
    assert response.headers["Azure-AsyncOperation"].endswith("?api-version=2025-12-01&service=new")
    assert not {"Location", "Retry-After"} & set(response.headers)
    assert 0 < int(response.headers["x-ms-retry-after-ms"]) <= 1000


def test_a_workspace_put_is_202_without_a_body_with_two_links(bare_cloud: Cloud) -> None:
    bare_cloud.build_group()
    bare_cloud.build_neighbours()
    response = bare_cloud.put_workspace()
    assert (response.status, response.body) == (202, b"")
    assert response.headers["Azure-AsyncOperation"].endswith("&type=async")
    assert response.headers["Location"].endswith("&type=location")


def test_a_location_link_is_202_until_the_end_and_then_the_resource(slow_cloud: Cloud) -> None:
    response = slow_cloud.put_workspace()
    location = Request(method="GET", url=response.headers["Location"])
    running = slow_cloud.emulator.handle(location)
    assert (running.status, running.body) == (202, b"")
    assert state(slow_cloud, WORKSPACE) == "Updating"
    slow_cloud.wait(10)
    done = slow_cloud.emulator.handle(location)
    assert (done.status, done.json()["id"]) == (200, WORKSPACE)


def test_a_storage_account_is_created_by_202_and_updated_by_200(bare_cloud: Cloud) -> None:
    bare_cloud.build_group()
    body = {"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    created = bare_cloud.ask("PUT", STORAGE, body, version="2023-05-01")
    assert (created.status, created.body) == (202, b"")
    polled = bare_cloud.emulator.handle(Request(method="GET", url=created.headers["Location"]))
    assert (polled.status, polled.json()["id"]) == (200, STORAGE)
    assert bare_cloud.ask("PUT", STORAGE, body, version="2023-05-01").status == 200


def test_an_operation_nobody_started_is_404(cloud: Cloud) -> None:
    url = cloud.put_cluster().headers["Azure-AsyncOperation"].replace("8000-", "9000-")
    assert cloud.emulator.handle(Request(method="GET", url=url)).status == 404


def test_deleting_a_workspace_takes_its_computes_with_it(cloud: Cloud) -> None:
    cloud.put_cluster()
    response = cloud.ask("DELETE", WORKSPACE)
    assert (response.status, response.body) == (202, b"")
    assert cloud.poll(response).json()["status"] == "Succeeded"
    assert error_of(cloud.ask("GET", f"{WORKSPACE}/computes/cpu-cluster")) == (404, "ParentResourceNotFound")
    assert cloud.ask("GET", GROUP, version="2025-04-01").status == 200
