"""The declarative layer, without any service."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooring.core.codec import Plain
from mooring.core.paths import Attr, Index
from mooring.core.types import NUMBER, STRING, MapType
from mooring.core.values import UNKNOWN
from mooring.sdk import Nesting
from mooring_azureml.table.differences import differences
from mooring_azureml.table.from_arm import fields_of
from mooring_azureml.table.model import Block, Property, Route
from mooring_azureml.table.notation import (
    BASE64,
    CASELESS,
    DURATION,
    ID,
    ID_KEYS,
    IDENTITY_TYPE,
    LOCATION,
    Notation,
    seconds,
)
from mooring_azureml.table.planned import planned_fields
from mooring_azureml.table.to_arm import body_of, body_of_parts

_TABLE: Final = (
    Property(
        name="size", type=STRING, arm="properties.vmSize", required=True, route=Route.FIXED, notation=CASELESS
    ),
    Property(
        name="priority",
        type=STRING,
        arm="properties.priority",
        default="Dedicated",
        route=Route.FIXED,
        notation=CASELESS,
    ),
    Property(name="owner", type=STRING, arm="properties.owner", computed=True, route=Route.FIXED),
    Property(name="note", type=STRING, arm="properties.note", route=Route.PATCH),
    Property(name="tags", type=MapType(STRING), arm="tags", route=Route.PUT),
    Block(
        name="scale",
        arm="properties.scale",
        parts=(
            Property(name="low", type=NUMBER, arm="low", default=0, route=Route.PATCH),
            Property(name="idle", type=STRING, arm="idle", notation=DURATION, route=Route.PATCH),
            Property(name="nodes", type=NUMBER, arm="nodes", route=Route.DECIDED),
        ),
    ),
    Block(
        name="rule",
        arm="properties.rules",
        nesting=Nesting.LIST,
        parts=(
            Property(name="action", type=STRING, arm="action", required=True, route=Route.FIXED),
            Block(
                name="cron",
                arm="cron",
                implies={"trigger": "Cron"},
                parts=(
                    Property(
                        name="expression", type=STRING, arm="expression", required=True, route=Route.FIXED
                    ),
                ),
            ),
        ),
    ),
)
_CONFIG: Final[dict[str, Plain]] = {
    "size": "Standard_A",
    "scale": {"idle": "PT120S"},
    "rule": [{"action": "stop", "cron": {"expression": "0 18 * * *"}}],
}
_DOCUMENT: Final[dict[str, Plain]] = {
    "tags": None,
    "properties": {
        "vmSize": "STANDARD_A",
        "priority": None,
        "owner": "azure",
        "note": "",
        "scale": {"low": 0, "idle": "PT2M", "nodes": 3},
        "rules": [{"action": "stop", "trigger": "Cron", "cron": {"expression": "0 18 * * *"}}],
    },
}


@pytest.mark.parametrize(
    ("notation", "one", "other"),
    [
        (CASELESS, "Dedicated", "dedicated"),
        (LOCATION, "East US", "eastus"),
        (DURATION, "PT120S", "PT2M"),
        (DURATION, "20m", "PT20M"),
        (DURATION, "P1D", "PT24H"),
        (ID, "/subscriptions/S/resourcegroups/g", "/subscriptions/s/resourceGroups/G"),
        (IDENTITY_TYPE, "SystemAssigned, UserAssigned", "userassigned,systemassigned"),
        (ID_KEYS, ["/a/B", "/c/d"], ["/C/d", "/A/b"]),
    ],
)
def test_spellings_of_one_meaning_are_the_same(notation: Notation, one: Plain, other: Plain) -> None:
    assert notation.same(one, other)


@pytest.mark.parametrize("other", ["PT3M", None, "soon"])
def test_other_meanings_are_not(other: Plain) -> None:
    assert not DURATION.same("PT2M", other)


@pytest.mark.parametrize("text", ["", "P", "PT", "2 minutes", "-PT2M"])
def test_what_is_no_duration_has_no_length(text: str) -> None:
    assert seconds(text) is None


@given(st.text())
def test_a_script_survives_base64(text: str) -> None:
    assert BASE64.from_json(BASE64.to_json(text)) == text


def test_a_plan_shows_defaults_and_leaves_open_what_the_service_decides() -> None:
    assert planned_fields(_TABLE, _CONFIG, None) == {
        "size": "Standard_A",
        "priority": "Dedicated",
        "owner": UNKNOWN,
        "note": None,
        "tags": None,
        "scale": {"low": 0, "idle": "PT120S", "nodes": UNKNOWN},
        "rule": [{"action": "stop", "cron": {"expression": "0 18 * * *"}}],
    }


def test_reading_keeps_the_spelling_of_the_plan() -> None:
    planned = planned_fields(_TABLE, _CONFIG, None)
    read = fields_of(_TABLE, _DOCUMENT, planned)

    assert read == {**planned, "owner": "azure", "scale": {"low": 0, "idle": "PT120S", "nodes": 3}}


def test_a_plan_of_what_was_read_changes_nothing() -> None:
    read = fields_of(_TABLE, _DOCUMENT, planned_fields(_TABLE, _CONFIG, None))

    assert planned_fields(_TABLE, _CONFIG, read) == read


def test_a_new_spelling_in_the_files_is_no_change() -> None:
    read = fields_of(_TABLE, _DOCUMENT, planned_fields(_TABLE, _CONFIG, None))

    assert planned_fields(_TABLE, {**_CONFIG, "size": "standard_a"}, read) == read


def test_what_the_service_decides_in_a_block_is_open_when_the_block_changes() -> None:
    read = fields_of(_TABLE, _DOCUMENT, planned_fields(_TABLE, _CONFIG, None))
    planned = planned_fields(_TABLE, {**_CONFIG, "scale": {"low": 1, "idle": "PT2M"}}, read)

    assert planned["scale"] == {"low": 1, "idle": "PT120S", "nodes": UNKNOWN}


def test_drift_shows_as_it_is() -> None:
    planned = planned_fields(_TABLE, _CONFIG, None)
    edited = {**_DOCUMENT, "tags": {"by": "hand"}}

    assert fields_of(_TABLE, edited, planned)["tags"] == {"by": "hand"}


def test_a_block_that_is_not_configured_stays_away_while_it_says_nothing() -> None:
    quiet: dict[str, Plain] = {"properties": {"scale": {"low": 0, "idle": None, "nodes": 7}}}
    loud: dict[str, Plain] = {"properties": {"scale": {"low": 2, "nodes": 7}}}

    assert fields_of(_TABLE, quiet, {})["scale"] is None
    assert fields_of(_TABLE, loud, {})["scale"] == {"low": 2, "idle": None, "nodes": 7}


def test_a_body_has_what_is_known_and_discriminators() -> None:
    assert body_of(_TABLE, planned_fields(_TABLE, _CONFIG, None)) == {
        "properties": {
            "vmSize": "Standard_A",
            "priority": "Dedicated",
            "scale": {"low": 0, "idle": "PT120S"},
            "rules": [{"action": "stop", "trigger": "Cron", "cron": {"expression": "0 18 * * *"}}],
        },
    }


def test_a_body_for_some_parts_clears_what_is_gone() -> None:
    _, _, _, note, tags, scale, _ = _TABLE

    assert body_of_parts((note, tags, scale), {"note": None, "tags": None, "scale": None}) == {
        "properties": {"note": "", "scale": {"low": 0, "idle": None}},
        "tags": {},
    }


def test_differences_name_the_part_that_means_something_else() -> None:
    before = {**planned_fields(_TABLE, _CONFIG, None), "owner": "azure"}
    after = {
        **before,
        "priority": "dedicated",
        "scale": {"low": 3, "idle": "PT2M", "nodes": 9},
        "rule": [{"action": "start", "cron": {"expression": "0 18 * * *"}}],
    }

    assert [one.path for one in differences(_TABLE, before, after)] == [
        (Attr("scale"), Attr("low")),
        (Attr("rule"), Index(0), Attr("action")),
    ]
