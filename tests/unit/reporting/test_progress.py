"""What is told while operations go on: lines for people, messages for programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from plans import change, obj, plan_of
from recorded_plans import address, recorded_plan

from mooring.applying.events import (
    OpCompleted,
    OpEvent,
    OpFailed,
    OpProgress,
    OpSkipped,
    OpStarted,
    RunStopping,
    StopReason,
)
from mooring.core.diagnostics import error
from mooring.core.durations import parse_duration
from mooring.core.records import replace
from mooring.core.types import STRING
from mooring.core.values import NULL
from mooring.planning.events import RefreshCompleted, RefreshStarted
from mooring.planning.model import Action, OpKind, OutputChange
from mooring.reporting.durations import format_duration
from mooring.reporting.live import LiveFooter
from mooring.reporting.progress import ProgressText, applied_summary, attachments_summary, count_operation
from mooring.reporting.report import Counts, build_report, count
from mooring.reporting.stream_json import JsonStream
from mooring.reporting.style import PLAIN
from mooring.schema.model import ATTACH_AND_DETACH, CREATE_AND_DESTROY
from mooring.state.model import OutputState

A = address("cloud_machine.a")
CREATE, UPDATE, DELETE = OpKind.CREATE, OpKind.UPDATE, OpKind.DELETE
EVENTS: tuple[OpEvent, ...] = (
    OpStarted(kind=CREATE, address=A, verbs=CREATE_AND_DESTROY),
    OpProgress(kind=CREATE, address=A, verbs=CREATE_AND_DESTROY, elapsed=10.4),
    OpCompleted(kind=CREATE, address=A, verbs=CREATE_AND_DESTROY, elapsed=12.9, object_id="i-1"),
    OpStarted(kind=UPDATE, address=A, verbs=CREATE_AND_DESTROY, object_id="i-1"),
    OpCompleted(kind=UPDATE, address=A, verbs=CREATE_AND_DESTROY, elapsed=0.1, object_id="i-1"),
    OpStarted(kind=DELETE, address=A, verbs=ATTACH_AND_DETACH, object_id="i-1"),
    OpProgress(kind=DELETE, address=A, verbs=ATTACH_AND_DETACH, elapsed=70, message="waiting for Azure"),
    OpCompleted(kind=DELETE, address=A, verbs=ATTACH_AND_DETACH, elapsed=71),
    OpStarted(kind=CREATE, address=A, verbs=ATTACH_AND_DETACH),
    OpFailed(kind=CREATE, address=A, verbs=ATTACH_AND_DETACH, elapsed=1, diagnostics=(error("no"),)),
    OpSkipped(kind=CREATE, address=address("cloud_machine.b"), verbs=CREATE_AND_DESTROY, cause=A),
    RunStopping(reason=StopReason.LOCK_LOST),
    OpSkipped(
        kind=CREATE,
        address=address("cloud_machine.b"),
        verbs=CREATE_AND_DESTROY,
        reason=StopReason.LOCK_LOST,
    ),
    OpStarted(kind=DELETE, address=A, verbs=CREATE_AND_DESTROY, deposed="0a1b2c3d", object_id="i-0"),
    OpStarted(kind=OpKind.FORGET, address=A, verbs=CREATE_AND_DESTROY),
)


def test_operations_are_told_in_terraform_s_words() -> None:
    written: list[str] = []
    progress = ProgressText(PLAIN, written.append)
    progress.plan_event(RefreshStarted(address=A, object_id="i-1"))
    progress.plan_event(RefreshCompleted(address=A, object_id="i-1"))
    for event in EVENTS:
        progress.operation_event(event)
    expected = """\
cloud_machine.a: Refreshing state... [id=i-1]
cloud_machine.a: Creating...
cloud_machine.a: Still creating... [10s elapsed]
cloud_machine.a: Creation complete after 12s [id=i-1]
cloud_machine.a: Modifying... [id=i-1]
cloud_machine.a: Modifications complete after 0s [id=i-1]
cloud_machine.a: Detaching... [id=i-1]
cloud_machine.a: Still detaching... [id=i-1, 1m10s elapsed] waiting for Azure
cloud_machine.a: Detachment complete after 1m11s
cloud_machine.a: Attaching...
cloud_machine.a: Attachment errored after 1s
cloud_machine.b: Not started, because cloud_machine.a did not succeed

The lock on the state is lost: it was taken away, or could not be kept up.
What runs is brought to its end; nothing more is started.

cloud_machine.b: Not started: the lock on the state is lost
cloud_machine.a (deposed object 0a1b2c3d): Destroying... [id=i-0]
"""
    assert expected == "".join(written)


def messages(tell: object) -> list[dict[str, object]]:
    written: list[str] = []
    stream = JsonStream(written.append, lambda: datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC))
    assert callable(tell)
    tell(stream)
    return [json.loads(line) for line in written]


def test_the_stream_has_terraform_s_messages() -> None:
    def tell(stream: JsonStream) -> None:
        stream.version("0.1.0")
        stream.operation_event(EVENTS[0])
        stream.operation_event(EVENTS[2])

    version, started, completed = messages(tell)
    assert (version["type"], version["terraform"], version["ui"]) == ("version", "1.11.4", "1.2")
    resource = {
        "addr": "cloud_machine.a",
        "module": "",
        "resource": "cloud_machine.a",
        "implied_provider": "cloud",
        "resource_type": "cloud_machine",
        "resource_name": "a",
        "resource_key": None,
    }
    assert {
        "@level": "info",
        "@message": "cloud_machine.a: Creating...",
        "@module": "terraform.ui",
        "@timestamp": "2026-01-02T03:04:05.000678Z",
        "hook": {"resource": resource, "action": "create"},
        "type": "apply_start",
    } == started
    assert {
        "resource": resource,
        "action": "create",
        "id_key": "id",
        "id_value": "i-1",
        "elapsed_seconds": 12,
    } == completed["hook"]


def test_the_stream_of_a_plan_names_every_change_and_counts_them() -> None:
    found = messages(lambda stream: stream.plan(build_report(recorded_plan("every_action"))))
    changes = {
        str(each["change"]["resource"]["addr"]): each["change"]  # type: ignore[index]
        for each in found
        if each["type"] == "planned_change"
    }
    assert (
        changes["terraform_data.mv_new"]["action"],
        changes["terraform_data.mv_new"]["previous_resource"]["addr"],
    ) == ("move", "terraform_data.mv_old")
    assert (
        changes["terraform_data.tainted"]["action"],
        changes["terraform_data.tainted"]["reason"],
    ) == ("replace", "tainted")
    assert changes["terraform_data.imp"]["action"] == "import"
    assert changes["terraform_data.forget"]["action"] == "remove"
    summary = next(each for each in found if each["type"] == "change_summary")
    assert summary["@message"] == "Plan: 2 to import, 6 to add, 3 to change, 10 to destroy."
    assert summary["changes"] == {"add": 6, "change": 3, "import": 2, "remove": 10, "operation": "plan"}


def test_a_failed_plan_is_streamed_as_far_as_it_got() -> None:
    plan = plan_of(change(None, obj(name="a"), Action.CREATE), has_errors=True)
    found = messages(lambda stream: stream.plan(build_report(plan)))
    assert [each["type"] for each in found] == ["planned_change", "change_summary"]
    assert messages(lambda stream: stream.plan(build_report(replace(plan, is_blank=True)))) == []


def test_a_saved_plan_is_streamed_without_what_only_moves() -> None:
    moved = replace(change(obj(name="b"), obj(name="b"), Action.NO_OP), previous_address=A)
    plan = plan_of(change(None, obj(name="a"), Action.CREATE), moved)
    found = messages(lambda stream: stream.planned_changes(build_report(plan)))
    assert [(each["type"], each["change"]["action"]) for each in found] == [("planned_change", "create")]


def test_a_failed_read_is_no_message_of_its_own() -> None:
    why = (error("no"),)
    failed = OpFailed(kind=OpKind.READ, address=A, verbs=CREATE_AND_DESTROY, elapsed=1, diagnostics=why)
    assert messages(lambda stream: stream.operation_event(failed)) == []


def test_an_output_that_stays_null_is_no_change() -> None:
    output = OutputChange(name="o", action=Action.CREATE, before=None, after=NULL)
    *_, last = messages(lambda stream: stream.plan(build_report(replace(plan_of(), outputs=(output,)))))
    assert last["outputs"] == {"o": {"sensitive": False, "action": "noop"}}


def test_the_stream_does_not_tell_sensitive_outputs() -> None:
    outputs = {
        "open": OutputState(value="seen", type=STRING),
        "shut": OutputState(value="hunter2", type=STRING, sensitive=True),
    }
    *_, last = messages(lambda stream: stream.applied(Counts(), outputs, destroyed=False))
    assert last["outputs"] == {
        "open": {"sensitive": False, "type": "string", "value": "seen"},
        "shut": {"sensitive": True, "type": "string"},
    }


def test_the_summary_counts_what_was_completed() -> None:
    counts = Counts(imported=1)
    for event in EVENTS:
        if isinstance(event, OpCompleted):
            counts = count_operation(counts, event)
    assert (
        applied_summary(counts, destroyed=False)
        == "Apply complete! Resources: 1 imported, 1 added, 1 changed, 1 destroyed."
    )
    assert applied_summary(counts, destroyed=True) == "Destroy complete! Resources: 1 destroyed."
    assert attachments_summary(counts) == "Of these, 1 detached."


def test_a_replacement_counts_as_one_added_and_one_removed() -> None:
    assert Counts(add=1, remove=1) == count([change(obj(name="a"), obj(name="b"), Action.REPLACE)])


@pytest.mark.parametrize(("seconds", "expected"), [(0.9, "0s"), (59, "59s"), (60, "1m0s"), (3723, "1h2m3s")])
def test_durations_are_said_as_terraform_says_them(seconds: float, expected: str) -> None:
    assert expected == format_duration(seconds)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("30s", 30), ("1m30s", 90), ("1.5h", 5400), ("0", 0), ("zz", None), ("5", None), ("", None)],
)
def test_durations_are_read(text: str, expected: float | None) -> None:
    assert expected == parse_duration(text)


def test_the_footer_tells_what_runs_longest_first(capsys: pytest.CaptureFixture[str]) -> None:
    import sys

    footer = LiveFooter(sys.stdout)
    footer.operation_event(EVENTS[0])
    footer.operation_event(EVENTS[1])
    footer.stop()
    assert footer.summary(0).startswith("0 done, 1 running: cloud_machine.a ")
    footer.operation_event(EVENTS[2])
    footer.stop()
    assert footer.summary(0) == "1 done, 0 running: "
    assert capsys.readouterr().out == ""


def test_the_stream_says_why_a_run_stopped() -> None:
    skipped = OpSkipped(kind=CREATE, address=A, verbs=CREATE_AND_DESTROY, reason=StopReason.JOURNAL_LOST)

    def tell(stream: JsonStream) -> None:
        stream.operation_event(RunStopping(reason=StopReason.JOURNAL_LOST))
        stream.operation_event(skipped)

    stopping, not_started = messages(tell)
    assert (stopping["type"], stopping["@level"], stopping["reason"]) == ("log", "warn", "journal_lost")
    assert not_started["@message"] == "cloud_machine.a: Not started: the state cannot be written"
    hook = not_started["hook"]
    assert isinstance(hook, dict)
    assert (hook["cause"], hook["reason"]) == (None, "journal_lost")
