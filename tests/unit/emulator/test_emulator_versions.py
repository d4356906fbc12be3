"""API versions: a type is there in the versions that published it, and in no other."""

import pytest
from tests.unit.emulator.clouds import PROVIDERS, WORKSPACE, Cloud, error_of

from mooring_emulator.machinelearning.published import read_published


@pytest.mark.parametrize(
    ("path", "version", "status"),
    [
        ("computes", "2018-03-01-preview", 200),
        ("computes", "2020-02-02", 200),
        ("computes", "2026-05-15-preview", 200),
        ("environments", "2021-03-01-preview", 200),
        ("environments", "2021-01-01", 400),
        ("schedules", "2022-05-01", 400),
        ("schedules", "2022-06-01-preview", 200),
        ("services", "2021-07-01", 400),
        ("services", "2020-05-01-preview", 200),
        ("linkedServices", "2020-04-01-preview", 200),
        ("linkedServices", "2021-04-01", 400),
        ("datastores", "2020-05-01-preview", 200),
    ],
)
def test_a_type_is_there_in_its_versions(cloud: Cloud, path: str, version: str, status: int) -> None:
    assert cloud.ask("GET", f"{WORKSPACE}/{path}", version=version).status == status


def test_every_type_is_there_in_the_versions_that_have_it_and_refused_elsewhere_with_a_list(
    cloud: Cloud,
) -> None:
    published = read_published().types
    everything = published["workspaces"]
    for kind in cloud.emulator.world.catalog.namespaces["microsoft.machinelearningservices"]:
        first, _, rest = kind.path.partition("/")
        if "/" in rest or (first == "registries" and rest):
            continue
        path = f"{WORKSPACE}/{rest}" if rest else f"{PROVIDERS}/{kind.type}"
        for version in everything:
            response = cloud.ask("GET", path, version=version)
            if version in published[kind.path]:
                assert response.status == 200, (path, version)
            else:
                assert error_of(response) == (400, "NoRegisteredProviderFound"), (path, version)
                assert ", ".join(published[kind.path]) in response.json()["error"]["message"]


def test_batch_is_a_compute_in_the_unpublished_version_alone(cloud: Cloud) -> None:
    body = {"properties": {"computeType": "Batch", "resourceId": "/subscriptions/x"}}
    path = f"{WORKSPACE}/computes/a-batch"
    assert "not supported in api-version" in cloud.ask("PUT", path, body).json()["error"]["message"]
    assert error_of(cloud.ask("PUT", path, body, version="2020-02-02")) == (400, "BadRequest")
