"""What a failing provider may and may not do to a run: one fact each."""

from __future__ import annotations

import pytest
from tests.properties.engine import NOTHING, Applied, Engine
from tests.properties.faulty_provider import Fault, Weather

from mooring.applying.events import OpSkipped
from mooring.core.diagnostics import Diagnostic
from mooring.planning.model import Action, PlannedChange
from mooring.state.model import Status

FILES = """
resource "terraform_data" "first" {
  input = { name = "terraform_data.first", value = "x" }
}

resource "terraform_data" "second" {
  input = { name = "terraform_data.second", first = terraform_data.first.id }
}

resource "terraform_data" "apart" {
  input = { name = "terraform_data.apart" }
}
"""
FIRST, APART = "terraform_data.first", "terraform_data.apart"


def applied_in(weather: Weather, files: str = FILES) -> tuple[Engine, Applied]:
    engine = Engine(weather=weather)
    plan = engine.plan(files, NOTHING)
    return engine, engine.try_apply(files, plan, NOTHING)


def fault(call: str, kind: str) -> Weather:
    return Weather([Fault(call=call, name=FIRST, kind=kind)])


def recorded(applied: Applied) -> dict[str, Status]:
    return {
        str(address): each.current.status for address, each in applied.state.instances.items() if each.current
    }


def problems(applied: Applied) -> list[Diagnostic]:
    return [diag for diag in applied.diagnostics if diag.is_error]


def converge(engine: Engine, applied: Applied) -> None:
    """In fine weather the next run completes it, and nothing is there twice."""
    fine = Engine(service=engine.service)
    after = fine.converge(FILES, applied.opened)
    assert len(fine.service.objects) == len(after.state.instances) == 3
    assert not fine.plan(FILES, after.opened).has_changes


def replacements(engine: Engine, applied: Applied) -> list[PlannedChange]:
    plan = Engine(service=engine.service).plan(FILES, applied.opened)
    return [change for change in plan.changes if change.action is Action.REPLACE]


def test_a_failure_stops_what_depends_on_it_and_nothing_else() -> None:
    engine, applied = applied_in(fault("create", "error"))
    skipped = [(str(each.address), str(each.cause)) for each in applied.told if isinstance(each, OpSkipped)]
    assert skipped == [("terraform_data.second", FIRST)]
    assert recorded(applied) == {APART: Status.READY}
    converge(engine, applied)


def test_a_call_that_never_comes_back_is_left_behind_at_its_deadline() -> None:
    engine, applied = applied_in(fault("create", "stuck"))
    (problem,) = problems(applied)
    assert (problem.summary, problem.address) == ("Provider does not answer", FIRST)
    assert "stays open in the journal" in problem.detail
    assert recorded(applied) == {APART: Status.READY}
    assert [str(each.intent.address) for each in applied.opened.open_intents] == [FIRST]
    converge(engine, applied)


def test_a_read_that_never_comes_back_fails_the_plan_at_its_deadline() -> None:
    engine, applied = applied_in(Weather())
    stuck = Engine(service=engine.service, weather=fault("read", "stuck"))
    _, (problem,) = stuck.try_plan(FILES, applied.opened)
    assert (problem.summary, problem.address) == ("Provider does not answer", FIRST)
    assert f"read {FIRST}" in problem.detail


@pytest.mark.parametrize("kind", ["crash-done", "unfinished", "no-object", "lie-form", "lie-inside"])
def test_an_object_that_was_made_without_a_usable_answer_is_found_by_the_next_run(kind: str) -> None:
    engine, applied = applied_in(fault("create", kind))
    assert recorded(applied) == {APART: Status.READY}
    assert len(engine.service.objects) == 2
    converge(engine, applied)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("lie-value", ".input.value: not as planned"),
        ("lie-type", ".output: of another type than planned"),
        ("lie-unknown", ".output: still unknown after apply"),
        ("lie-form", ".id: not a string"),
        ("lie-inside", ".input: not an object of its type"),
    ],
)
def test_a_lie_is_named_with_its_provider_address_and_attribute(kind: str, said: str) -> None:
    _, applied = applied_in(fault("create", kind))
    (problem,) = problems(applied)
    assert problem.address == FIRST
    assert said in problem.detail
    assert "This is a bug in provider terraform." in problem.detail


@pytest.mark.parametrize("kind", ["partial", "lie-value", "lie-type", "lie-unknown"])
def test_an_object_whose_creation_failed_is_recorded_as_tainted(kind: str) -> None:
    engine, applied = applied_in(fault("create", kind))
    assert recorded(applied) == {FIRST: Status.TAINTED, APART: Status.READY}
    converge(engine, applied)


@pytest.mark.parametrize("kind", ["error", "partial", "crash", "hang"])
def test_a_tainted_object_that_could_not_be_deleted_is_still_tainted(kind: str) -> None:
    engine, applied = applied_in(fault("create", "partial"))
    failing = Engine(service=engine.service, weather=fault("delete", kind))
    plan = failing.plan(FILES, applied.opened)
    again = failing.try_apply(FILES, plan, applied.opened)
    assert recorded(again) == {FIRST: Status.TAINTED, APART: Status.READY}
    assert FIRST in [str(each.address) for each in replacements(engine, again)]
    converge(engine, again)


def test_an_object_that_is_said_to_exist_after_its_deletion_stays_recorded() -> None:
    engine, applied = applied_in(Weather())
    lying = Engine(service=engine.service, weather=fault("delete", "lie-object"))
    without = FILES.replace(", first = terraform_data.first.id", "").partition("\n\n")[2]
    again = lying.try_apply(without, lying.plan(without, applied.opened), applied.opened)
    (problem,) = problems(again)
    assert problem.summary == "Provider produced inconsistent result after apply"
    assert FIRST in recorded(again)
    fine = Engine(service=engine.service)
    assert FIRST not in recorded(fine.converge(without, again.opened))


@pytest.mark.parametrize(
    ("kind", "said"), [("lie-unknown", ".output: unknown"), ("lie-form", ".id: not a string")]
)
def test_a_read_that_answers_nonsense_fails_the_plan_and_changes_nothing(kind: str, said: str) -> None:
    engine, applied = applied_in(Weather())
    lying = Engine(service=engine.service, weather=fault("read", kind))
    plan, (problem,) = lying.try_plan(FILES, applied.opened)
    assert plan.has_errors
    assert (problem.summary, problem.address) == ("Provider produced invalid object", FIRST)
    assert said in problem.detail
