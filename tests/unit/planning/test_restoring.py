"""What undo plans towards: the configurable part of what was recorded, at the address that it had."""

from __future__ import annotations

from tests.unit.state.samples import PROVIDER, address, made

from mooring.core.types import STRING, ListType, ObjectType
from mooring.core.values import Value, list_value, null, object_value, string
from mooring.planning.restoring import configured, moved_back, restored_outputs
from mooring.schema.model import Attribute, BlockSchema, NestedBlock, Nesting
from mooring.state.model import InstanceState, OutputState, State

INNER = BlockSchema(
    attributes={
        "size": Attribute(type=STRING, required=True),
        "status": Attribute(type=STRING, computed=True),
    }
)
SCHEMA = BlockSchema(
    attributes={
        "id": Attribute(type=STRING, computed=True),
        "name": Attribute(type=STRING, required=True),
        "region": Attribute(type=STRING, optional=True, computed=True),
    },
    blocks={"disk": NestedBlock(block=INNER, nesting=Nesting.LIST)},
)


def disk(size: str, status: Value) -> Value:
    return object_value({"size": string(size), "status": status})


def thing(id_: Value, status: Value) -> Value:
    disks = list_value(ObjectType({"size": STRING, "status": STRING}), (disk("10", status),))
    assert isinstance(disks.type, ListType)
    return object_value({"id": id_, "name": string("n"), "region": string("r"), "disk": disks})


def test_what_only_the_provider_decides_is_left_out_at_every_depth() -> None:
    recorded = thing(string("/ids/1"), string("attached"))
    assert thing(null(STRING), null(STRING)) == configured(recorded, SCHEMA)


def state(**names: str) -> State:
    instances = {
        address(name): InstanceState(provider=PROVIDER, current=made(id_)) for name, id_ in names.items()
    }
    return State(lineage="l", serial=1, instances=instances)


def test_an_object_that_was_moved_since_moves_back() -> None:
    moved = moved_back(state(new="1", same="2"), state(old="1", same="2"))
    assert {address("old"): address("new")} == moved.previous
    assert state(old="1", same="2").instances == moved.state.instances


def test_an_object_that_was_made_anew_since_is_no_moved_one() -> None:
    moved = moved_back(state(new="3"), state(old="1"))
    assert moved.previous == {}
    assert state(new="3") == moved.state


def test_outputs_go_back_to_what_was_recorded() -> None:
    def outputs(**values: str) -> State:
        return State(outputs={name: OutputState(value=each, type=STRING) for name, each in values.items()})

    changes = restored_outputs(outputs(a="1", b="1", c="1"), outputs(a="1", b="0", d="0"))
    assert [(each.name, each.action.value) for each in changes] == [
        ("a", "no-op"),
        ("b", "update"),
        ("c", "delete"),
        ("d", "create"),
    ]
