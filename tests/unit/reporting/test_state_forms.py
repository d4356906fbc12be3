"""States and plans in full: `show`, `state show` and `show -json`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from plans import SECRET, machine_schema
from recorded_plans import PROVIDER, RECORDED, address, recorded_plan

from mooring.config.files import MemoryFiles
from mooring.config.loading import load_configuration
from mooring.core.addresses import ConfigAddress, InstanceAddress, ProviderConfigAddress
from mooring.core.codec import Json, implied
from mooring.core.types import DYNAMIC, NUMBER, STRING, TupleType
from mooring.core.values import Value, string, unknown
from mooring.core.walking import mark_at
from mooring.planning.model import Action, OutputChange, Plan, PlanMode
from mooring.reporting.config_json import config_json
from mooring.reporting.outputs import (
    output_missing,
    output_raw,
    outputs_json,
    outputs_section,
    outputs_text,
)
from mooring.reporting.plan_json import plan_json
from mooring.reporting.state_json import state_json
from mooring.reporting.state_text import instance_text, state_text
from mooring.reporting.style import PLAIN
from mooring.schema.model import Attribute, BlockSchema, ResourceSchema
from mooring.state.model import InstanceState, ObjectState, OutputState, State, Status


def read(_address: InstanceAddress, _provider: ProviderConfigAddress, stored: ObjectState) -> Value:
    value = implied(stored.attributes)
    for path in stored.sensitive:
        value = mark_at(value, path, SECRET)
    return value


def config(name: str) -> ConfigAddress:
    return ConfigAddress((), "managed", "cloud_machine", name)


STATE = State(
    lineage="l",
    serial=3,
    instances={
        address("module.m[0].cloud_machine.deep"): InstanceState(
            provider=PROVIDER, current=ObjectState(attributes={"name": "deep"}, dependencies=(config("b"),))
        ),
        address("cloud_machine.b"): InstanceState(
            provider=PROVIDER,
            current=ObjectState(attributes={"name": "b"}, status=Status.TAINTED, dependencies=(config("a"),)),
            deposed={"0a1b2c3d": ObjectState(attributes={"name": "old"})},
        ),
        address('cloud_machine.a["k"]'): InstanceState(
            provider=PROVIDER,
            current=ObjectState(attributes={"name": "a", "password": "hunter2", "boot": {"size": 1}}),
        ),
    },
    outputs={
        "num": OutputState(value=1, type=NUMBER),
        "pw": OutputState(value="hunter2", type=STRING, sensitive=True),
        "list": OutputState(value=[1, "x"], type=TupleType((NUMBER, STRING))),
    },
)


def test_a_state_is_shown_in_the_order_of_addresses_with_its_outputs() -> None:
    expected = """\
# cloud_machine.a["k"]:
resource "cloud_machine" "a" {
    name     = "a"
    password = (sensitive value)

    boot {
        size = 1
    }
}

# cloud_machine.b (tainted):
resource "cloud_machine" "b" {
    name = "b"
}

# cloud_machine.b (deposed object 0a1b2c3d):
resource "cloud_machine" "b" {
    name = "old"
}

# module.m[0].cloud_machine.deep:
resource "cloud_machine" "deep" {
    name = "deep"
}


Outputs:

list = [
    1,
    "x",
]
num = 1
pw = (sensitive value)
"""
    assert expected == state_text(STATE, read, machine_schema, PLAIN)


def test_an_empty_state_says_so() -> None:
    expected = "The state is empty: it records no resources and no outputs.\n"
    assert expected == state_text(State(), read, machine_schema, PLAIN)


def test_one_instance_is_shown_alone() -> None:
    where = address('cloud_machine.a["k"]')
    text = instance_text(where, STATE.instances[where], read, machine_schema, PLAIN)
    assert text.startswith('# cloud_machine.a["k"]:\n')
    assert "hunter2" not in text


def test_the_json_form_of_a_state_is_a_tree_of_modules() -> None:
    form: Any = state_json(STATE, read)
    assert form["format_version"] == "1.0"
    root = form["values"]["root_module"]
    assert [each["address"] for each in root["resources"]] == [
        'cloud_machine.a["k"]',
        "cloud_machine.b",
        "cloud_machine.b",
    ]
    a, b, deposed = root["resources"]
    assert a["index"] == "k"
    assert (b["tainted"], b["depends_on"]) == (True, ["cloud_machine.a"])
    assert deposed["deposed_key"] == "0a1b2c3d"
    (child,) = root["child_modules"]
    assert child["address"] == "module.m[0]"
    # Terraform records what dependencies depend on, too.
    assert child["resources"][0]["depends_on"] == ["cloud_machine.a", "cloud_machine.b"]


def test_the_json_form_of_an_empty_state_has_a_version_only() -> None:
    assert state_json(State(), read) == {"format_version": "1.0"}


@pytest.mark.parametrize("name", ["kinds_of_values", "sequences_and_texts", "every_action"])
def test_changes_in_the_json_form_of_a_plan_are_terraform_s(name: str) -> None:
    recorded = json.loads((RECORDED / f"{name}.json").read_text("utf-8"))
    form: Any = plan_json(recorded_plan(name), read, {}, {})
    for expected, actual in zip(recorded["resource_changes"], form["resource_changes"], strict=True):
        # The recorded form does not tell the type of unknown values, which after_sensitive depends on.
        del expected["change"]["after_sensitive"], actual["change"]["after_sensitive"]
        assert expected == actual
    assert recorded["output_changes"] == form.get("output_changes", {})


def test_a_refresh_only_plan_has_no_resource_changes() -> None:
    changes = recorded_plan("every_action").changes
    plan = Plan(changes=changes, mode=PlanMode.REFRESH_ONLY, prior_state=State())
    form: Any = plan_json(plan, read, {}, {})
    assert "resource_changes" not in form
    assert form["planned_values"]["root_module"] == {}


def test_an_output_that_is_not_known_has_no_value_in_the_plan() -> None:
    output = OutputChange(name="o", action=Action.CREATE, before=None, after=unknown(STRING))
    form: Any = plan_json(Plan(outputs=(output,), prior_state=State()), read, {}, {"v": string("x")})
    assert "after" not in form["output_changes"]["o"]
    assert form["planned_values"]["outputs"]["o"] == {"sensitive": False}
    assert form["variables"] == {"v": {"value": "x"}}


FILES = {
    "main.tf": """\
variable "x" {
  default     = "d"
  description = "about x"
}
resource "cloud_machine" "a" {
  count      = 2
  name       = "n${var.x}"
  zones      = ["1"]
  depends_on = [cloud_machine.b]
}
resource "cloud_machine" "b" {
  name = upper("b")
}
output "o" {
  value     = cloud_machine.a[0].id
  sensitive = true
}
module "m" {
  source = "./m"
  given  = cloud_machine.b.name
}
""",
    "m/main.tf": 'variable "given" {}\nresource "cloud_machine" "in" { name = var.given }\n',
}


def test_the_configuration_is_told_as_constants_and_references() -> None:
    root, _ = load_configuration(".", files=MemoryFiles(FILES))
    assert root is not None
    schema = ResourceSchema(
        block=BlockSchema(
            attributes={
                "name": Attribute(type=STRING, required=True),
                "zones": Attribute(type=DYNAMIC, optional=True),
            }
        ),
        version=2,
    )
    form: Any = config_json(root, lambda *_: schema)
    (key,) = form["provider_config"]
    machine = {"mode": "managed", "type": "cloud_machine", "provider_config_key": key, "schema_version": 2}
    assert {
        "address": "cloud_machine.a",
        "name": "a",
        **machine,
        "expressions": {
            "name": {"references": ["var.x"]},
            "zones": {"constant_value": ["1"]},
        },
        "count_expression": {"constant_value": 2},
        "depends_on": ["cloud_machine.b"],
    } == form["root_module"]["resources"][0]
    assert form["root_module"]["resources"][1]["expressions"] == {"name": {}}
    assert form["root_module"]["outputs"]["o"] == {
        "sensitive": True,
        "expression": {"references": ["cloud_machine.a[0].id", "cloud_machine.a[0]", "cloud_machine.a"]},
    }
    assert form["root_module"]["variables"] == {"x": {"default": "d", "description": "about x"}}
    call = form["root_module"]["module_calls"]["m"]
    assert call["expressions"] == {"given": {"references": ["cloud_machine.b.name", "cloud_machine.b"]}}
    assert call["module"]["resources"][0]["address"] == "cloud_machine.in"


def test_outputs_are_printed_without_what_is_sensitive() -> None:
    expected = 'list = [\n  1,\n  "x",\n]\nnum = 1\npw = <sensitive>\n'
    assert expected == outputs_text(STATE.outputs)
    assert f"\nOutputs:\n\n{expected}" == outputs_section(STATE.outputs, PLAIN)
    assert outputs_section({}, PLAIN) == ""


def test_raw_outputs_are_plain_text_or_refused() -> None:
    assert output_raw("pw", STATE.outputs["pw"]) == "hunter2"
    assert output_raw("num", STATE.outputs["num"]) == "1"
    refused = output_raw("list", STATE.outputs["list"])
    assert not isinstance(refused, str)
    assert refused.summary == "Unsupported value for raw output"
    assert output_missing("x").summary == 'Output "x" not found'


def test_outputs_for_programs_have_their_types() -> None:
    form: Json = outputs_json(STATE.outputs)
    assert isinstance(form, dict)
    assert form["num"] == {"sensitive": False, "type": "number", "value": 1}
