"""Drift: changed outside, gone, pending; each with the line of the argument."""

from __future__ import annotations

import pytest
from plans import SECRET, change, machine_schema, obj, plan_of
from recorded_plans import PROVIDER, address

from mooring.config.arguments import place_of, resource_block
from mooring.config.files import MemoryFiles
from mooring.config.loading import load_configuration
from mooring.config.model import Module
from mooring.core.addresses import InstanceAddress
from mooring.core.paths import Attr, Index, Path, format_path
from mooring.core.records import replace
from mooring.core.types import STRING
from mooring.core.values import Value, string, unknown
from mooring.planning.model import Action, Drift, OutputChange, Plan, Reason
from mooring.reporting.drift_report import DriftReport, DriftStatus, build_drift_report, differing
from mooring.reporting.drift_text import drift_json, drift_text
from mooring.reporting.style import PLAIN

FILES = {
    "main.tf": """\
resource "cloud_machine" "a" {
  name = "a"
  tags = {
    owner = "me"
    "x y" = 1
  }
  zones = ["1", "2"]
  boot {
    size = 1
  }
  disk {
    size = 1
  }
  disk {
    size = 2
  }
  dynamic "port" {
    for_each = {}
    content {}
  }
}
"""
}
A = address("cloud_machine.a")


def root() -> Module:
    module, _ = load_configuration(".", files=MemoryFiles(FILES))
    assert module is not None
    return module


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((Attr("name"),), "main.tf:2:3"),
        ((Attr("tags"), Attr("owner")), "main.tf:4:5"),
        ((Attr("tags"), Index("x y")), "main.tf:5:5"),
        ((Attr("tags"), Attr("added")), "main.tf:3:3"),
        ((Attr("zones"), Index(1)), "main.tf:7:17"),
        ((Attr("boot"), Attr("size")), "main.tf:9:5"),
        ((Attr("boot"), Attr("kind")), "main.tf:8:3"),
        ((Attr("disk"), Index(1), Attr("size")), "main.tf:15:5"),
        ((Attr("disk"), Index(7)), "main.tf:11:3"),
        ((Attr("port"), Index("http")), "main.tf:17:3"),
        ((Attr("status"),), "None"),
    ],
)
def test_the_argument_that_sets_an_attribute_is_found(path: Path, line: str) -> None:
    block = resource_block(root(), A.resource)
    assert block is not None
    assert line == str(place_of(block, path))


def drift(recorded: Value, actual: Value | None, at: InstanceAddress = A) -> Drift:
    return Drift(address=at, provider=PROVIDER, recorded=recorded, actual=actual)


def report(plan: Plan) -> DriftReport:
    return build_drift_report(plan, root(), machine_schema)


def test_a_changed_attribute_is_named_with_both_values_and_its_line() -> None:
    recorded = obj(name="a", boot={"size": 1, "kind": "k"})
    actual = obj(name="a", boot={"size": 9, "kind": "k"})
    plan = plan_of(change(actual, recorded, Action.UPDATE), drift=(drift(recorded, actual),))
    expected = """
Changed outside

  cloud_machine.a was changed outside  main.tf:1:1
    ~ boot.size: 1 -> 9  main.tf:9:5

Drift: 1 changed outside, 0 missing, 0 pending.
"moor apply" restores what the configuration says, "moor apply -refresh-only" records what is there now.
"""
    assert expected == drift_text(report(plan), PLAIN)
    assert report(plan).status == DriftStatus.DRIFT


def test_what_is_gone_is_missing_and_its_creation_is_not_pending() -> None:
    plan = plan_of(change(None, obj(name="a"), Action.CREATE), drift=(drift(obj(name="a"), None),))
    found = report(plan)
    assert (len(found.missing), len(found.pending), found.status) == (1, 0, DriftStatus.DRIFT)


def test_a_change_that_drift_does_not_explain_is_pending() -> None:
    plan = plan_of(change(obj(name="a"), obj(name="b"), Action.UPDATE))
    found = report(plan)
    assert found.status == DriftStatus.PENDING
    assert "cloud_machine.a will be updated in-place  main.tf:1:1\n    ~ name: " in drift_text(found, PLAIN)


def test_what_is_pending_of_a_drifted_object_is_told_apart() -> None:
    recorded, actual = obj(name="a", spot=False), obj(name="a", spot=True)
    wanted = obj(name="b", spot=False)
    plan = plan_of(change(actual, wanted, Action.UPDATE), drift=(drift(recorded, actual),))
    found = report(plan)
    assert [format_path(each.path)[1:] for each in found.changed[0].differences] == ["spot"]
    assert [format_path(each.path)[1:] for each in found.pending[0].differences] == ["name"]


def test_a_value_that_only_the_service_decides_is_observed_and_no_drift() -> None:
    recorded, actual = obj(name="a", status="Running"), obj(name="a", status="Stopped")
    found = report(plan_of(drift=(drift(recorded, actual),)))
    assert (found.status, len(found.observed)) == (DriftStatus.IN_SYNC, 1)
    text = drift_text(found, PLAIN)
    assert 'status: "Running" -> "Stopped"' in text
    assert "changed outside" not in text


def test_unknown_values_of_an_update_are_not_pending_by_themselves() -> None:
    recorded, actual = obj(name="a", spot=False), obj(name="a", spot=True)
    wanted = obj(name="a", spot=False, status=unknown(STRING))
    plan = plan_of(change(actual, wanted, Action.UPDATE), drift=(drift(recorded, actual),))
    assert report(plan).pending == ()


def test_a_changed_output_alone_is_pending() -> None:
    output = OutputChange(name="o", action=Action.UPDATE, before=string("1"), after=string("2"))
    found = report(plan_of(outputs=(output,)))
    assert found.status == DriftStatus.PENDING
    assert "Outputs that will change: o." in drift_text(found, PLAIN)


def test_the_summary_is_broken_to_the_width_of_the_terminal() -> None:
    plan = plan_of(drift=(drift(obj(name="a"), None),))
    summary = drift_text(report(plan), PLAIN, 60).split("Drift: ")[1].splitlines()
    assert len(summary) == 3
    assert max(len(line) for line in summary) <= 60


def test_a_tainted_object_is_said_to_be_replaced_for_that() -> None:
    tainted = replace(change(obj(name="a"), obj(name="a"), Action.REPLACE), reason=Reason.REPLACE_TAINTED)
    assert "cloud_machine.a is tainted, so must be replaced" in drift_text(report(plan_of(tainted)), PLAIN)


def test_of_a_replacement_only_known_values_are_told() -> None:
    wanted = obj(name="b", status=unknown(STRING))
    told = drift_text(report(plan_of(change(obj(name="a", status="Up"), wanted, Action.REPLACE))), PLAIN)
    assert '    ~ name: "a" -> "b"' in told
    assert "status" not in told


def test_nothing_to_tell_is_in_sync() -> None:
    assert drift_text(report(plan_of()), PLAIN).startswith("\nIn sync. ")


def test_the_json_form_has_the_same_facts() -> None:
    recorded = obj(name="a", password=string("x").marked(SECRET))
    actual = obj(name="b", password=string("y").marked(SECRET))
    form = drift_json(report(plan_of(drift=(drift(recorded, actual),))))
    assert form["status"] == "drift"
    changed = form["changed"]
    assert isinstance(changed, list)
    assert changed[0]["differences"] == [
        {
            "path": "name",
            "before": "a",
            "after": "b",
            "after_unknown": False,
            "sensitive": False,
            "place": {"filename": "main.tf", "line": 2, "column": 3},
        },
        {
            "path": "password",
            "before": None,
            "after": None,
            "after_unknown": False,
            "sensitive": True,
            "place": {"filename": "main.tf", "line": 1, "column": 1},
        },
    ]


def test_lists_of_one_length_differ_in_places_others_as_a_whole() -> None:
    found = list(differing(obj(a=[1, 2], b=[1]), obj(a=[1, 3], b=[1, 2])))
    assert [format_path(path) for path, _, _ in found] == [".a[1]", ".b"]
