"""The plan for people: the same bytes as terraform's for resources and values, our own words around them."""

from __future__ import annotations

import re

import pytest
from plans import UNKNOWN_TEXT, change, changes_text, obj, plan_of, plan_text
from recorded_plans import PROVIDER, address, recorded_plan, recorded_text

from mooring.core.paths import Attr, Index
from mooring.core.values import Value, string
from mooring.planning.model import Action, Drift, OutputChange, PlanMode, Reason
from mooring.reporting.diagnostics_text import Layout
from mooring.reporting.plan_text import saved_plan_advice
from mooring.schema.model import ATTACH_AND_DETACH


def after_legend(text: str) -> str:
    """From the line on that ends the introduction, which is told in words of our own."""
    return text[text.index("will perform the following actions:") :]


def without_remarks(text: str) -> str:
    """Without what is remarked on a change in words of our own: why it is there, what becomes of a secret."""
    remark = r"^ *# (Warning: .*\n *#|\((config|what|destroy|the configuration)) .*\n"
    return re.sub(remark, "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("name", ["kinds_of_values", "sequences_and_texts"])
def test_differences_of_values_are_printed_as_terraform_prints_them(name: str) -> None:
    expected = without_remarks(after_legend(recorded_text(name)))
    assert expected == without_remarks(after_legend(plan_text(recorded_plan(name), with_schemas=False)))


def test_every_action_is_announced_as_terraform_does() -> None:
    expected = after_legend(recorded_text("every_action").replace("Terraform", "Mooring"))
    # Terraform forgets to say this of attributes of any type.
    expected = expected.replace('"a" -> "b"\n    }', '"a" -> "b" # forces replacement\n    }')
    text = after_legend(plan_text(recorded_plan("every_action"), with_schemas=False))
    assert without_remarks(expected) == without_remarks(text)


def test_a_value_that_becomes_a_secret_or_stops_being_one_is_pointed_out() -> None:
    text = plan_text(recorded_plan("kinds_of_values"), with_schemas=False)
    assert text.count("# Warning: this value becomes sensitive") == 2
    assert text.count("# Warning: this value stops being sensitive") == 2


def test_why_something_is_read_or_left_alone_is_remarked() -> None:
    text = plan_text(recorded_plan("every_action"), with_schemas=False)
    assert "  # (what it is asked for is known after apply)\n" in text
    assert " # (the configuration says destroy = false)\n" in text


def test_the_legend_explains_the_symbols_that_are_used() -> None:
    text = plan_text(recorded_plan("every_action"), with_schemas=False)
    expected = """
In this plan, the sign before a resource means:
  + create
  ~ update in-place
  - destroy
-/+ destroy and then create replacement
+/- create replacement and then destroy
 <= read (data resources)

Mooring will"""
    assert expected == text[: len(expected)]


def test_a_plan_without_symbols_has_no_legend() -> None:
    known = obj(id=string("a"))
    text = plan_text(plan_of(change(known, known, Action.NO_OP, import_id="a")))
    assert text.startswith("\nMooring will perform the following actions:\n")


def test_nested_blocks_stand_below_attributes_with_an_empty_line_before_each_group() -> None:
    after = obj(
        id=UNKNOWN_TEXT,
        name="a",
        boot={"size": 1, "kind": None, "key": {"id": UNKNOWN_TEXT}},
        disk=[{"size": 1, "kind": "x", "key": None}, {"size": 2, "kind": "x", "key": None}],
        port={"http": {"size": 80, "kind": None, "key": None}},
    )
    expected = """\
  # cloud_machine.a will be created
  + resource "cloud_machine" "a" {
      + id   = (known after apply)
      + name = "a"

      + boot {
          + size = 1

          + key {
              + id = (known after apply)
            }
        }

      + disk {
          + kind = "x"
          + size = 1
        }
      + disk {
          + kind = "x"
          + size = 2
        }

      + port "http" {
          + size = 80
        }
    }
"""
    assert expected == changes_text(plan_of(change(None, after, Action.CREATE)))


def test_what_stays_of_attributes_and_blocks_is_counted() -> None:
    before = obj(
        name="a", spot=True, boot={"size": 1, "kind": "k", "key": None}, disk=[{"size": 1, "kind": "x"}]
    )
    after = obj(
        name="a", spot=True, boot={"size": 2, "kind": "k", "key": None}, disk=[{"size": 1, "kind": "x"}]
    )
    expected = """\
  # cloud_machine.a will be updated in-place
  ~ resource "cloud_machine" "a" {
        name = "a"
        # (1 unchanged attribute hidden)

      ~ boot {
          ~ size = 1 -> 2
            # (1 unchanged attribute hidden)
        }

        # (1 unchanged block hidden)
    }
"""
    assert expected == changes_text(plan_of(change(before, after, Action.UPDATE)))


def test_the_attribute_that_forces_a_replacement_says_so() -> None:
    before = obj(name="a", boot={"size": 1, "kind": "k"}, zones=["1"])
    after = obj(name="b", boot={"size": 2, "kind": "k"}, zones=["2"])
    paths = ((Attr("name"),), (Attr("boot"), Attr("size")), (Attr("zones"),))
    plan = plan_of(change(before, after, Action.REPLACE, replace_paths=paths))
    text = changes_text(plan)
    assert "-/+ resource" in text
    assert '~ name  = "a" -> "b" # forces replacement' in text
    assert "~ size = 1 -> 2 # forces replacement" in text
    assert "~ zones = [ # forces replacement" in text


def test_a_path_into_a_list_of_blocks_marks_the_one_block() -> None:
    before = obj(name="a", disk=[{"size": 1}, {"size": 1}])
    after = obj(name="a", disk=[{"size": 2}, {"size": 2}])
    paths = ((Attr("disk"), Index(1), Attr("size")),)
    text = changes_text(plan_of(change(before, after, Action.REPLACE, replace_paths=paths)))
    assert text.count("# forces replacement") == 1


def test_a_sensitive_attribute_of_the_schema_is_masked_even_without_a_mark() -> None:
    text = plan_text(plan_of(change(None, obj(name="a", password="hunter2"), Action.CREATE)))
    assert "+ password = (sensitive value)" in text
    assert "hunter2" not in text


def test_a_block_with_a_sensitive_mark_is_not_shown() -> None:
    after = obj(name="a", boot=obj(size=77).marked(frozenset({"sensitive"})))
    text = changes_text(plan_of(change(None, after, Action.CREATE)))
    assert "77" not in text
    assert "# The block has, or had, something sensitive in it," in text


def test_attachments_are_attached_and_counted_apart() -> None:
    plan = plan_of(
        change(None, obj(name="a"), Action.CREATE, verbs=ATTACH_AND_DETACH),
        change(
            obj(name="b"), None, Action.DELETE, address=address("cloud_machine.b"), verbs=ATTACH_AND_DETACH
        ),
        change(None, obj(name="c"), Action.CREATE, address=address("cloud_machine.c")),
    )
    text = plan_text(plan)
    assert "  + create or attach\n  - detach\n" in text
    assert "# cloud_machine.a will be attached\n" in text
    assert "# cloud_machine.b will be detached\n" in text
    assert "\nPlan: 2 to add, 0 to change, 1 to destroy.\nOf these, 1 to attach and 1 to detach" in text


def test_a_deposed_object_is_named() -> None:
    plan = plan_of(change(obj(name="a"), None, Action.DELETE, deposed="0a1b2c3d"))
    expected = """\
  # cloud_machine.a (deposed object 0a1b2c3d) will be destroyed
  # (its replacement failed halfway, and it was left behind)
"""
    assert changes_text(plan).startswith(expected)


def test_why_something_is_deleted_is_said() -> None:
    gone = address("module.m[0].cloud_machine.a")
    plan = plan_of(change(obj(name="a"), None, Action.DELETE, address=gone, reason=Reason.DELETE_NO_MODULE))
    assert "  # (because module.m[0] is not in configuration)\n" in plan_text(plan)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (
            PlanMode.NORMAL,
            """
No changes. Your infrastructure matches the configuration.

What exists is as the files say, so there is nothing to do.
""",
        ),
        (
            PlanMode.DESTROY,
            """
No changes. No objects need to be destroyed.

Nothing is recorded that still exists: nothing was made yet, or it is gone
already.
""",
        ),
        (
            PlanMode.REFRESH_ONLY,
            """
No changes. Your infrastructure still matches the configuration.

Everything was read, and is as the state records it.
""",
        ),
    ],
)
def test_a_plan_without_changes_says_so(mode: PlanMode, expected: str) -> None:
    assert expected == plan_text(plan_of(change(obj(name="a"), obj(name="a"), Action.NO_OP), mode=mode))


def drift(recorded: Value, actual: Value | None) -> Drift:
    return Drift(address=address("cloud_machine.a"), provider=PROVIDER, recorded=recorded, actual=actual)


def test_drift_of_what_is_acted_upon_stands_before_the_actions() -> None:
    found, recorded = obj(name="a", spot=True), obj(name="a", spot=False)
    plan = plan_of(change(found, recorded, Action.UPDATE), drift=(drift(recorded, found),))
    expected = """
Note: Objects have changed outside of Mooring

What follows is not as the last "moor apply" left it. It was changed or
deleted from elsewhere:

  # cloud_machine.a has changed
  ~ resource "cloud_machine" "a" {
        name = "a"
      ~ spot = false -> true
    }

The plan below goes back to what the configuration says. To keep what was
changed, write it into the configuration, or name the attributes in
ignore_changes.

─────────────────────────────────────────────────────────────────────────────

In this plan"""
    assert expected == plan_text(plan)[: len(expected)]


@pytest.mark.parametrize("acts", [True, False])
def test_what_only_the_service_decides_is_no_drift_of_a_plan(*, acts: bool) -> None:
    recorded, found = obj(name="a", status="Queued"), obj(name="a", status="Running")
    action, wanted = (Action.UPDATE, obj(name="b")) if acts else (Action.NO_OP, found)
    text = plan_text(plan_of(change(found, wanted, action), drift=(drift(recorded, found),)))
    assert "outside" not in text
    assert ("No changes." in text) is not acts


def test_drift_beside_what_the_service_decides_is_told() -> None:
    recorded = obj(name="a", spot=False, status="Queued")
    found = obj(name="a", spot=True, status="Running")
    text = plan_text(plan_of(drift=(drift(recorded, found),)))
    assert "Note: Objects have changed outside of Mooring" in text
    assert "~ spot = false -> true" in " ".join(text.split())


def test_a_refresh_only_plan_tells_what_the_service_decided() -> None:
    recorded, found = obj(name="a", status="Queued"), obj(name="a", status="Running")
    text = plan_text(plan_of(drift=(drift(recorded, found),), mode=PlanMode.REFRESH_ONLY))
    assert '"Queued" -> "Running"' in text


def test_a_refresh_only_plan_tells_drift_and_what_applying_it_means() -> None:
    plan = plan_of(drift=(drift(obj(name="a"), None),), mode=PlanMode.REFRESH_ONLY)
    text = plan_text(plan)
    assert "  # cloud_machine.a has been deleted\n" in text
    assert "This plan is refresh-only" in text


def test_outputs_alone_say_that_nothing_real_changes() -> None:
    output = OutputChange(name="num", action=Action.UPDATE, before=string("1"), after=string("2"))
    expected = """
Changes to Outputs:
  ~ num = "1" -> "2"

Applying this plan records these outputs, without changing any real
infrastructure.
"""
    assert expected == plan_text(plan_of(outputs=(output,)))


def test_control_characters_of_values_do_not_reach_the_terminal() -> None:
    evil = "\x1b]0;title\x07\x9b31m\rline\nnext\x1b[2J"
    text = plan_text(plan_of(change(None, obj(name=evil, tags={evil: evil}), Action.CREATE)))
    assert not set(text) & {"\x1b", "\x07", "\r", "\x9b"}


def test_blanks_that_cannot_be_seen_are_pointed_out() -> None:
    plan = plan_of(change(obj(name="a\nb"), obj(name="a\nb\n"), Action.UPDATE))
    assert "~ name = <<-EOT # whitespace changes" in plan_text(plan)


def test_the_same_plan_gives_the_same_text() -> None:
    assert plan_text(recorded_plan("every_action")) == plan_text(recorded_plan("every_action"))


def test_what_to_do_with_a_saved_plan_is_said() -> None:
    expected = """
Saved the plan to: my plan

To carry it out, and nothing else:
    moor apply "my plan"
"""
    assert saved_plan_advice("my plan", Layout()).endswith(expected)
