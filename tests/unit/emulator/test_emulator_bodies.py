"""Bodies against the specification, type by type: what is complete is taken, what is damaged is refused."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.unit.emulator.clouds import ML_VERSION, WORKSPACE, Cloud, error_of, open_cloud

from mooring_emulator.arm.shapes import (
    Field,
    Flag,
    ListOf,
    Number,
    OneOf,
    Record,
    Shape,
    Text,
    Whole,
    conform,
)
from mooring_emulator.arm.specs import Bodies
from mooring_emulator.tables import child_types

BODIES = Bodies("children-2025-12-01.json")
PATHS = [child.path for child in child_types() if BODIES.record(child.path) is not None]
TEXTS = ("1", "10.0.0.1", "10.0.0.0/16", "5m", "1.0", "00000000-0000-4000-8000-000000000000")
NEW = {
    "workspaces/connections": "a-connection",
    "workspaces/jobs": "a-job",
    "workspaces/outboundRules": "a-rule",
}


def writable(record: Record) -> list[Field]:
    return [field for field in record.fields.values() if not field.is_read_only]


def sample(shape: Shape, *, is_complete: bool) -> Any:
    match shape:
        case Record():
            fields = [field for field in writable(shape) if is_complete or field.is_required]
            return {field.name: sample(field.shape, is_complete=is_complete) for field in fields}
        case OneOf(variants=variants):
            return sample(next(iter(variants.values())), is_complete=is_complete)
        case ListOf(item=item):
            return [sample(item, is_complete=is_complete)]
        case Text(choices=choices):
            fitting = (text for text in TEXTS if not conform(shape, text, "")[1])
            return next(iter(choices.values())) if choices else next(fitting)
        case Whole(minimum=minimum):
            return max(minimum, 1)
        case Number():
            return 0.5
        case Flag():
            return True
        case _:
            return {}


def damages(shape: Shape) -> Iterator[Any]:
    """Values with one thing wrong, everywhere in a complete value of a shape."""
    match shape:
        case Record():
            yield from ([], "text")
            whole = sample(shape, is_complete=True)
            for field in writable(shape):
                yield from ({**whole, field.name: wrong} for wrong in damages(field.shape))
                if field.is_required:
                    yield {name: value for name, value in whole.items() if name != field.name}
        case OneOf(discriminator=name, variants=variants):
            yield from ({}, {name: "no-such"}, {name: 1})
            for variant in variants.values():
                yield from damages(variant)
        case ListOf(item=item):
            yield from ({}, 1)
            yield from ([wrong] for wrong in damages(item))
        case Text():
            yield from (1, {}, [])
            if shape.choices:
                yield "no-such"
            if shape.pattern:
                yield "?"
        case Whole() | Number():
            yield from ("1", True, [])
        case Flag():
            yield from (1, "perhaps", {})
        case _:
            pass


def shape_of(path: str) -> Record:
    record = BODIES.record(path)
    assert record is not None
    return record


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
