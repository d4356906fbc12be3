"""`terraform_data`, by the rules that Terraform 1.11.4 shows."""

from __future__ import annotations

from typing import Final

import pytest

from mooring.core.addresses import DEFAULT_HOST, ProviderAddress
from mooring.core.codec import decode, dumps, encode, loads
from mooring.core.types import STRING, ListType
from mooring.core.values import (
    DYNAMIC_UNKNOWN,
    NULL,
    Value,
    list_value,
    number,
    object_value,
    string,
    tuple_value,
    unknown,
)
from mooring.schema.changes import replacement_paths
from mooring.schema.contract import check_applied, check_planned
from mooring.schema.proposed import planned_create, proposed_object
from mooring.sdk import (
    CallContext,
    Configure,
    Connection,
    Create,
    Import,
    Move,
    MoveResult,
    PlanRequest,
    PlanResult,
    Read,
    Update,
    ValidateResource,
    object_type,
)
from mooring.sdk.testing import Case, Kit, violations
from mooring_builtin import BuiltinProvider, provider
from mooring_builtin.terraform_data import SCHEMA, TerraformData

_KIND: Final = TerraformData(random_bytes=lambda count: bytes(range(count)))
_ID: Final = "00010203-0405-0607-0809-0a0b0c0d0e0f"
_CONTEXT: Final = CallContext()


def _config(given: Value = NULL, triggers: Value = NULL) -> Value:
    parts = {"id": Value(STRING, None), "input": given, "output": NULL, "triggers_replace": triggers}
    return Value(object_type(SCHEMA.block), parts)


def _plan(config: Value, prior: Value | None) -> PlanResult:
    block = SCHEMA.block
    proposed = planned_create(block, config) if prior is None else proposed_object(block, prior, config)
    result = _KIND.plan(PlanRequest(config=config, prior=prior, proposed=proposed))
    assert check_planned(block, prior, config, result.planned) == ()
    return result


def _create(config: Value) -> Value:
    planned = _plan(config, None).planned
    current = _KIND.create(_CONTEXT, Create(config=config, planned=planned)).current
    assert current is not None
    assert check_applied(SCHEMA.block, planned, current) == ()
    return current


def _outcome(before: Value, after: Value) -> tuple[bool, bool]:
    """Whether the id and the output are known when `input` changes."""
    planned = _plan(_config(after), _create(_config(before))).planned.attributes
    return planned["id"].is_known, planned["output"].is_known


def test_it_keeps_the_contract() -> None:
    cases = (
        Case(
            type_name="terraform_data",
            config={"input": {"a": [1, "b"]}},
            is_named=False,
            imports_exactly=False,
        ),
        Case(
            type_name="terraform_data",
            config={},
            changes=({"input": "x"},),
            is_named=False,
            imports_exactly=False,
        ),
        Case(
            type_name="terraform_data",
            config={"input": "x", "triggers_replace": [1]},
            changes=({"triggers_replace": [1]}, {"input": 5, "triggers_replace": [1]}),
            is_named=False,
            imports_exactly=False,
        ),
    )

    def connect(read_only: bool) -> Connection:  # noqa: FBT001  (the protocol is positional)
        config = object_value({})
        request = Configure(config=config, working_folder=".", environment={}, read_only=read_only)
        connection = provider.configure(request).connection
        assert connection is not None
        return connection

    kit = Kit(provider=provider, connect=connect, cases=cases)

    assert [str(one) for one in violations(kit)] == []


def test_a_new_object_has_a_random_id_and_its_input_as_output() -> None:
    given = object_value({"a": number(1)})
    planned = _plan(_config(given), None).planned.attributes
    created = _create(_config(given)).attributes

    assert not planned["id"].is_known
    assert planned["output"] == unknown(given.type)
    assert (created["id"].raw, created["output"]) == (_ID, given)


def test_a_null_input_has_a_null_output_in_the_plan_already() -> None:
    assert _plan(_config(), None).planned.attributes["output"].is_null


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (string("a"), string("a"), (True, True)),
        (string("a"), string("b"), (True, False)),
        (NULL, string("b"), (True, False)),
        (string("a"), NULL, (True, False)),
        (string("1"), number(1), (True, False)),
        (string("a"), unknown(STRING), (True, False)),
        (string("a"), DYNAMIC_UNKNOWN, (True, False)),
        (tuple_value([string("a")]), list_value(STRING, [string("a")]), (True, False)),
        (object_value({"a": number(1)}), object_value({"a": number(1)}), (True, True)),
    ],
)
def test_an_unequal_input_makes_the_output_unknown(
    before: Value, after: Value, expected: tuple[bool, bool]
) -> None:
    assert _outcome(before, after) == expected


@pytest.mark.parametrize("after", [string("b"), NULL, unknown(STRING), number(1)])
def test_an_unequal_trigger_replaces(after: Value) -> None:
    prior = _create(_config(string("x"), string("a")))
    result = _plan(_config(string("x"), after), prior)

    assert replacement_paths(SCHEMA.block, prior, result.planned, result.requires_replace) != ()
    assert not result.planned.attributes["id"].is_known
    assert not result.planned.attributes["output"].is_known


def test_an_update_keeps_the_id_and_takes_over_the_input_with_its_type() -> None:
    prior = _create(_config(string("a")))
    given = list_value(STRING, [string("b")])
    planned = _plan(_config(given), prior).planned
    request = Update(config=_config(given), prior=prior, planned=planned)
    current = _KIND.update(_CONTEXT, request).current
    assert current is not None

    assert current.attributes["id"] == prior.attributes["id"]
    assert current.attributes["output"].type == ListType(STRING)


def test_the_types_of_its_values_survive_the_state() -> None:
    created = _create(_config(list_value(STRING, [string("a")]), object_value({"n": number(2)})))
    stored = loads(dumps(encode(created, object_type(SCHEMA.block))))

    assert decode(stored, object_type(SCHEMA.block)) == created
    assert _plan(_config(list_value(STRING, [string("a")]), object_value({"n": number(2)})), created).planned


def test_reading_it_is_looking_into_the_state() -> None:
    created = _create(_config(string("a")))

    assert _KIND.read(_CONTEXT, Read(current=created, private=b"p")).current is created


def test_any_id_can_be_imported() -> None:
    imported = _KIND.import_object(_CONTEXT, Import(id="yid")).objects[0].current.attributes

    assert {name: part.raw for name, part in imported.items()} == {
        "id": "yid",
        "input": None,
        "output": None,
        "triggers_replace": None,
    }


def test_computed_attributes_cannot_be_set() -> None:
    parts = {**_config().attributes, "id": string("x"), "output": string("y")}
    config = Value(object_type(SCHEMA.block), parts)
    diags = provider.validate_resource("terraform_data", ValidateResource(config=config))

    assert [one.summary for one in diags] == [
        '"id" attribute is read-only',
        '"output" attribute is read-only',
    ]


def test_ids_are_random() -> None:
    request = Configure(config=object_value({}), working_folder=".", environment={})
    connection = BuiltinProvider().configure(request).connection
    assert connection is not None
    assert not connection.is_blocking
    kind = connection.resource("terraform_data")
    planned = _plan(_config(), None).planned
    results = [kind.create(_CONTEXT, Create(config=_config(), planned=planned)) for _ in range(100)]

    assert len({one.current.attributes["id"].raw for one in results if one.current}) == 100


def moved_from(type_name: str, stored: str, *, namespace: str = "hashicorp", version: int = 0) -> MoveResult:
    source = ProviderAddress(DEFAULT_HOST, namespace, type_name.partition("_")[0])
    request = Move(
        source_provider=source, source_type=type_name, source_version=version, stored=stored.encode()
    )
    return provider.move_object("terraform_data", request)


def test_a_null_resource_moves_in_with_its_id_and_its_triggers() -> None:
    moved = moved_from("null_resource", '{"id": "5577", "triggers": {"release": "1"}}').moved

    assert moved is not None
    assert moved.attributes["id"] == string("5577")
    assert moved.attributes["triggers_replace"] == object_value({"release": string("1")})
    assert moved.attributes["input"].is_null
    assert moved.attributes["output"].is_null


def test_a_null_resource_without_triggers_has_none_here() -> None:
    moved = moved_from("null_resource", '{"id": "5577", "triggers": null}', namespace="acme").moved

    assert moved is not None
    assert moved.attributes["triggers_replace"].is_null


def test_other_types_do_not_move_in() -> None:
    assert moved_from("random_pet", '{"id": "fido"}') == MoveResult()


def test_a_null_resource_of_an_unknown_form_is_refused() -> None:
    assert moved_from("null_resource", '{"id": "5577"}', version=1).diagnostics
    assert moved_from("null_resource", '{"triggers": {}}').diagnostics
