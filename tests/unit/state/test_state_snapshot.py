"""The version 4 snapshot, against what terraform 1.11.4 wrote, and against itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from tests.unit.state.samples import PROVIDER, RECORDED, STATES, address, made

from mooring.core.addresses import InstanceAddress, ResourceAddress
from mooring.core.paths import Attr, Index
from mooring.core.values import string
from mooring.state.model import InstanceState, ObjectState, State, Status
from mooring.state.snapshot import read_snapshot, write_snapshot


def read(text: bytes | str) -> State:
    state, diags = read_snapshot(text.encode() if isinstance(text, str) else text, "terraform.tfstate")
    assert diags == ()
    assert state is not None
    return state


@pytest.mark.parametrize("name", ["everything", "sensitive", "deposed"])
def test_a_state_of_terraform_is_written_back_byte_for_byte(name: str) -> None:
    text = (RECORDED / f"{name}.tfstate").read_bytes()
    assert write_snapshot(read(text)) == text


def test_deposed_and_tainted_objects_are_read_beside_the_current_one() -> None:
    state = read((RECORDED / "deposed.tfstate").read_bytes())
    instance = state.instances[address("b", 1)]
    deposed = instance.deposed["0a1b2c3d"]
    assert instance.current == ObjectState(attributes={"id": "x"})
    assert (deposed.status, deposed.private, deposed.schema_version) == (Status.TAINTED, b'{"a":1}', 2)
    assert [str(each) for each in deposed.dependencies] == [
        "terraform_data.z",
        "data.x.y",
        "module.m.terraform_data.a",
    ]
    assert state.instances[address("b", 2)].current is None
    assert str(instance.provider) == 'module.x.provider["registry.terraform.io/a/b"].al'


def test_instances_are_read_in_the_order_of_their_keys() -> None:
    state = read((RECORDED / "deposed.tfstate").read_bytes())
    assert [each.key for each in state.instances] == [None, 0, 1, 2, 10]


def test_sensitive_paths_lead_into_maps_lists_and_tuples() -> None:
    state = read((RECORDED / "sensitive.tfstate").read_bytes())
    current = state.instances[address("one")].current
    assert current is not None
    assert set(current.sensitive) == {
        (Attr("input"), Attr("s")),
        (Attr("input"), Attr("t"), Index(1), Index(0)),
        (Attr("input"), Attr("l"), Index(1)),
        (Attr("input"), Attr("m"), Index("k")),
        (Attr("triggers_replace"),),
    }


def test_a_sensitive_path_into_a_set_is_stored_as_the_path_of_the_set() -> None:
    path = (Attr("tags"), Index(string("x")), Attr("name"))
    written = write_snapshot(_state_of(ObjectState(attributes={}, sensitive=(path,))))
    (again,) = read(written).instances.values()
    assert again.current is not None
    assert again.current.sensitive == ((Attr("tags"),),)


def test_an_empty_state_is_written_as_terraform_writes_it() -> None:
    written = write_snapshot(State(lineage="l", serial=1))
    assert written.decode() == (
        '{\n  "version": 4,\n  "terraform_version": "1.11.4",\n  "serial": 1,\n  "lineage": "l",\n'
        '  "outputs": {},\n  "resources": [],\n  "check_results": null\n}\n'
    )


def test_fields_of_a_later_version_are_kept_on_the_state_and_on_objects() -> None:
    document = _document()
    document["written_by"] = {"name": "later"}
    document["resources"][0]["instances"][0]["identity"] = {"id": 1}
    again = json.loads(write_snapshot(read(json.dumps(document))))
    assert again["written_by"] == {"name": "later"}
    assert again["resources"][0]["instances"][0]["identity"] == {"id": 1}


def test_a_field_that_could_not_be_kept_is_refused() -> None:
    document = _document()
    document["resources"][0]["novelty"] = 1
    assert "fields that this version does not know (novelty)" in refusal(json.dumps(document))[1]


def test_a_resource_without_instances_is_left_out() -> None:
    document = _document()
    document["resources"][0]["instances"] = []
    assert read(json.dumps(document)).instances == {}


def test_the_provider_notation_of_old_states_is_understood() -> None:
    document = _document()
    document["resources"][0]["provider"] = "provider.terraform"
    (instance,) = read(json.dumps(document)).instances.values()
    assert instance.provider == PROVIDER


@given(STATES)
def test_every_state_is_read_back_as_it_was_written(state: State) -> None:
    assert read(write_snapshot(state)) == state


def refusal(text: str) -> tuple[str, str]:
    state, (diag,) = read_snapshot(text.encode(), "terraform.tfstate")
    assert state is None
    assert diag.detail.startswith("terraform.tfstate cannot be read: ")
    return diag.summary, diag.detail.removeprefix("terraform.tfstate cannot be read: ")


@pytest.mark.parametrize("text", ['{"version": 4, "ser', '{"version": 4', "{", '{"version": 4,\n'])
def test_a_snapshot_that_was_cut_is_called_so(text: str) -> None:
    summary, detail = refusal(text)
    assert summary == "Unsupported state file format"
    assert detail.endswith("It is cut off: it was not written to its end.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("oops", "it is not JSON"),
        ("[]", 'there is no "version"'),
        ("null", 'there is no "version"'),
        ("{}", 'there is no "version"'),
        ('{"version":"4"}', "not a positive whole number"),
        ('{"version":true}', "not a positive whole number"),
        ('{"version":0}', "not a positive whole number"),
        ('{"version":4.5}', "not a positive whole number"),
        ('{"version":3}', "format version 3, of Terraform before 0.12"),
        ('{"version":5}', "format version 5, and Mooring reads version 4"),
        ("[" * 100_000, "it is not JSON"),
    ],
)
def test_what_is_not_version_four_is_refused(text: str, said: str) -> None:
    summary, detail = refusal(text)
    assert summary == "Unsupported state file format"
    assert said in detail


_OBJECT = {"schema_version": 0, "attributes": {"id": "x"}, "sensitive_attributes": []}


def _document() -> dict[str, Any]:
    resource = {
        "mode": "managed",
        "type": "terraform_data",
        "name": "a",
        "provider": 'provider["terraform.io/builtin/terraform"]',
        "instances": [dict(_OBJECT)],
    }
    return {"version": 4, "serial": 1, "lineage": "l", "outputs": {}, "resources": [resource]}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("index_key", True, "invalid key True"),
        ("index_key", [], "invalid key []"),
        ("status", "odd", "unknown status 'odd'"),
        ("private", "!!", "not base64"),
        ("private", 1, 'the field "private" holds an unexpected int'),
        ("attributes", [], 'the field "attributes" holds an unexpected list'),
        ("attributes_flat", {"id": "x"}, "before 0.12"),
        ("schema_version", -1, 'the field "schema_version"'),
        ("dependencies", ["x"], "'x' does not name a resource"),
        ("dependencies", [1], 'the field "dependencies"'),
        ("dependencies", {}, 'the field "dependencies"'),
        ("sensitive_attributes", [[{"type": "x"}]], "a step of a path"),
        ("sensitive_attributes", [{}], "a path must be a list"),
        ("deposed", 7, 'the field "deposed"'),
    ],
)
def test_an_object_with_a_wrong_field_is_refused(field: str, value: object, said: str) -> None:
    document = _document()
    document["resources"][0]["instances"][0][field] = value
    assert said in refusal(json.dumps(document))[1]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("mode", "odd", 'mode "odd"'),
        ("mode", "ephemeral", 'mode "ephemeral"'),
        ("type", "", 'type ""'),
        ("module", "x", "'x' does not name a module instance"),
        ("provider", "odd", "'odd' does not name a provider configuration"),
        ("provider", 'provider["x"]', "'x' is not the address of a provider"),
        ("instances", {}, 'the field "instances"'),
        ("instances", [1], 'the field "instances"'),
        ("instances", [_OBJECT, _OBJECT], "terraform_data.a appears more than once"),
    ],
)
def test_a_resource_with_a_wrong_field_is_refused(field: str, value: object, said: str) -> None:
    document = _document()
    document["resources"][0][field] = value
    assert said in refusal(json.dumps(document))[1]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("serial", -1, 'the field "serial" holds an unexpected int'),
        ("serial", "s", 'the field "serial" holds an unexpected str'),
        ("lineage", 1, 'the field "lineage"'),
        ("resources", {}, 'the field "resources"'),
        ("outputs", [], 'the field "outputs"'),
        ("outputs", {"o": {"value": 1}}, 'the output "o" has no valid type'),
        ("outputs", {"o": {"value": 1, "type": "odd"}}, 'the output "o" has no valid type'),
        ("outputs", {"o": {"value": 1, "type": "number", "new": 1}}, "does not know (new)"),
    ],
)
def test_a_state_with_a_wrong_field_is_refused(field: str, value: object, said: str) -> None:
    document = _document()
    document[field] = value
    assert said in refusal(json.dumps(document))[1]


def test_resources_are_ordered_as_terraform_orders_them() -> None:
    resources = [
        ResourceAddress((), "managed", "b", "x"),
        ResourceAddress((), "managed", "a", "y"),
        ResourceAddress((), "data", "z", "z"),
    ]
    instances = {
        InstanceAddress(each): InstanceState(provider=PROVIDER, current=made("1")) for each in resources
    }
    written = json.loads(write_snapshot(State(lineage="l", instances=instances)))
    assert [(each["mode"], each["type"]) for each in written["resources"]] == [
        ("data", "z"),
        ("managed", "a"),
        ("managed", "b"),
    ]


def _state_of(of: ObjectState) -> State:
    return State(lineage="l", instances={address("a"): InstanceState(provider=PROVIDER, current=of)})
