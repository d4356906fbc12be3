"""The invariants, each a function that fails if one scenario breaks it. `INVARIANTS` has them by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from typing import Final

from tests.properties.engine import NOON, Applied, Engine
from tests.properties.faulty_provider import LIES, Fault, Weather
from tests.properties.programs import SECRET
from tests.properties.scenarios import OBJECT, Scenario

from mooring.applying.events import OpCompleted, OpEvent, OpFailed, OpSkipped, OpStarted
from mooring.core.codec import encode
from mooring.core.diagnostics import Diagnostics, has_errors
from mooring.planning.model import ExecGraph, OpKind, Plan
from mooring.planning.plan_file import load_plan, save_plan
from mooring.reporting.diagnostics_text import Layout
from mooring.reporting.plan_text import write_plan
from mooring.reporting.progress import ProgressText
from mooring.reporting.report import build_report
from mooring.reporting.stream_json import JsonStream
from mooring.schema.model import BlockSchema
from mooring.state.events import fold
from mooring.state.integrity import check_integrity
from mooring.state.model import ObjectState, State, Status
from mooring.state.snapshot import read_snapshot, write_snapshot
from mooring.state.store import Opened
from mooring_builtin.terraform_data import SCHEMA

BUG: Final = "This is a bug in provider terraform."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One run in bad weather: where it began, its plan, and what an apply left (None without a plan)."""

    engine: Engine
    weather: Weather
    plan: Plan
    before: Opened
    applied: Applied | None
    diagnostics: Diagnostics

    @property
    def after(self) -> Opened:
        return self.before if self.applied is None else self.applied.opened


def run(scenario: Scenario, parallelism: int = 10, room: int | None = None) -> Ran:
    """Plans and applies a scenario."""
    engine, opened = scenario.engine(parallelism), scenario.opened
    weather = engine.weather
    assert weather is not None
    plan, diags = engine.try_plan(scenario.files, opened)
    applied = None
    if not has_errors(diags):
        applied = engine.try_apply(scenario.files, plan, opened, scenario.room if room is None else room)
        diags = (*diags, *applied.diagnostics)
    return Ran(engine=engine, weather=weather, plan=plan, before=opened, applied=applied, diagnostics=diags)


# -- what there is ---------------------------------------------------------------------------------


def objects(state: State) -> dict[str, ObjectState]:
    """Every recorded object by its id."""
    return {
        str(each.attributes["id"]): each
        for instance in state.instances.values()
        for each in [instance.current, *instance.deposed.values()]
        if each is not None
    }


def in_doubt(ran: Ran) -> set[str]:
    """The ids of objects that an open operation is about."""
    found = set()
    for each in ran.after.open_intents:
        instance = ran.after.state.instances.get(each.intent.address)
        found.add(each.note.get("id", ""))
        for known in [instance.current, *instance.deposed.values()] if instance is not None else []:
            found.add(str(known.attributes["id"]) if known is not None else "")
    return found


def left_behind(scenario: Scenario) -> set[str]:
    """The ids of objects that the configuration forgets."""
    kept = {
        address: instance
        for address, instance in scenario.opened.state.instances.items()
        if address.resource.name in scenario.forgotten
    }
    return set(objects(State(instances=kept)))


def check_knowledge(scenario: Scenario, ran: Ran) -> None:
    """What is recorded is what exists, as far as anybody can know."""
    recorded, world = objects(ran.after.state), ran.engine.service.objects
    unclear = in_doubt(ran) | ran.weather.concealed
    assert world.keys() <= recorded.keys() | unclear | left_behind(scenario), "an object is lost"
    assert recorded.keys() <= world.keys() | unclear, "an object is recorded that does not exist"
    for identity in recorded.keys() - unclear:
        stored = encode(world[identity], OBJECT)
        assert recorded[identity].attributes == stored, f"{identity} is not recorded as it is"


# -- the invariants --------------------------------------------------------------------------------


def planning_does_no_writes(scenario: Scenario) -> None:
    """I1."""
    engine, opened = scenario.engine(), scenario.opened
    before = dict(engine.service.objects)
    engine.try_plan(scenario.files, opened)
    assert (engine.service.writes, engine.service.objects) == (0, before)


def applying_leaves_nothing_to_do(scenario: Scenario) -> None:
    """I2."""
    calm = replace(scenario, faults=(), room=1_000_000)
    check_converged(calm, run(calm))


def a_saved_plan_is_the_plan(scenario: Scenario) -> None:
    """I3."""
    ran = run(replace(scenario, faults=()))
    assert load_plan(save_plan(ran.plan), "saved.tfplan") == (ran.plan, ())


def every_prefix_of_the_journal_is_sound(scenario: Scenario) -> None:
    """I4."""
    ran = run(scenario)
    events = ran.applied.journal if ran.applied is not None else ()
    for length in range(len(events) + 1):
        state = fold(ran.before.state, events[:length])
        assert check_integrity(state) == ()
        assert read_snapshot(write_snapshot(state), "terraform.tfstate") == (state, ())


def the_next_run_completes_what_failed(scenario: Scenario) -> None:
    """I5."""
    ran = run(scenario)
    if ran.applied is not None and not ran.applied.was_interrupted:
        check_knowledge(scenario, ran)
    check_converged(scenario, ran)


def check_converged(scenario: Scenario, ran: Ran) -> None:
    """Once the weather is fine, one more run reaches what was asked for; nothing is lost or made twice."""
    fine = Engine(service=ran.engine.service)
    applied = fine.converge(scenario.files, ran.after)
    recorded = objects(applied.state)
    assert not applied.opened.open_intents
    assert all(each.deposed == {} for each in applied.state.instances.values())
    assert all(each.status is Status.READY for each in recorded.values())
    assert fine.service.objects.keys() - left_behind(scenario) == recorded.keys()
    assert not fine.plan(scenario.files, applied.opened).has_changes


def steps_start_after_what_they_need_and_only_they_are_skipped(scenario: Scenario) -> None:
    """I6: one failure stops what depends on it, and says so; everything else is done."""
    ran = run(scenario, room=1_000_000)
    if ran.applied is None:
        return
    needs, names = prerequisites(ran.plan.graph), _steps(ran.plan)
    ended, failed, skipped = set[int](), set[int](), dict[int, str]()
    for event in ran.applied.told:
        step = names[_name(ran.plan, event)]
        match event:
            case OpStarted():
                assert {each for each in needs[step] if each not in _silent(ran, names)} <= ended
            case OpCompleted():
                ended.add(step)
            case OpFailed():
                ended.add(step)
                failed.add(step)
            case OpSkipped(cause=cause):
                skipped[step] = str(cause)
    silent = _silent(ran, names) - set(skipped)
    failed |= {step for step in silent if _has_failed(ran, step)}
    stopped = {step for step in names.values() if needs[step] & failed}
    assert stopped == set(skipped)
    assert ended | silent | stopped == set(names.values())
    causes = {step: {str(_address(ran.plan, each)) for each in needs[step] & failed} for step in skipped}
    assert all(cause in causes[step] for step, cause in skipped.items())


def one_worker_and_ten_reach_the_same_state(scenario: Scenario) -> None:
    """I7."""
    states = [run(scenario, parallelism, room=1_000_000).after.state for parallelism in (1, 10)]
    assert without_chance(states[0]) == without_chance(states[1])


def the_exec_graph_has_no_cycle(scenario: Scenario) -> None:
    """I8."""
    graph = run(replace(scenario, faults=())).plan.graph
    TopologicalSorter(dict(enumerate(graph.after))).prepare()


def every_breach_of_the_contract_is_named(scenario: Scenario) -> None:
    """I9: with the address and the attribute; what was made in spite of it is tainted."""
    ran = run(scenario, room=1_000_000)
    for fault in ran.weather.struck:
        if fault.kind.startswith(("lie", "crash", "no-object")):
            assert any(_names(diag.detail, str(diag.address), fault) for diag in ran.diagnostics), fault
    if ran.applied is None:
        return
    for event in ran.applied.told:
        if isinstance(event, OpFailed) and event.kind is OpKind.CREATE:
            instance = ran.after.state.instances.get(event.address)
            current = instance.current if instance is not None else None
            is_new = current is not None and current.attributes["id"] not in scenario.world
            assert not is_new or (current is not None and current.status is Status.TAINTED)


def output_is_deterministic_and_free_of_secrets(scenario: Scenario) -> None:
    """I10."""
    texts = {_output(run(replace(scenario, latencies=(0,)), 1, room=1_000_000)) for _ in range(2)}
    assert len(texts) == 1
    assert SECRET not in texts.pop()


INVARIANTS: Final[Mapping[str, Callable[[Scenario], None]]] = {
    each.__name__: each
    for each in (
        planning_does_no_writes,
        applying_leaves_nothing_to_do,
        a_saved_plan_is_the_plan,
        every_prefix_of_the_journal_is_sound,
        the_next_run_completes_what_failed,
        steps_start_after_what_they_need_and_only_they_are_skipped,
        one_worker_and_ten_reach_the_same_state,
        the_exec_graph_has_no_cycle,
        every_breach_of_the_contract_is_named,
        output_is_deterministic_and_free_of_secrets,
    )
}


# -- steps -----------------------------------------------------------------------------------------

Name = tuple[OpKind, str, str | None]


def prerequisites(graph: ExecGraph) -> list[set[int]]:
    """For each step, the steps other than joins that must have ended before it starts."""
    found: list[set[int]] = [set() for _ in graph.ops]
    for step in TopologicalSorter(dict(enumerate(graph.after))).static_order():
        for earlier in graph.after[step]:
            found[step] |= found[earlier]
            if graph.ops[earlier].kind is not OpKind.JOIN:
                found[step].add(earlier)
    return found


def _steps(plan: Plan) -> dict[Name, int]:
    return {
        (op.kind, str(plan.changes[op.change].address), plan.changes[op.change].deposed): step
        for step, op in enumerate(plan.graph.ops)
        if op.kind is not OpKind.JOIN
    }


def _name(plan: Plan, event: OpEvent) -> Name:
    """The step of an event; an object that the run itself set aside has a key that the plan does not know."""
    deposed = getattr(event, "deposed", None)
    planned = {change.deposed for change in plan.changes if change.address == event.address}
    return event.kind, str(event.address), deposed if deposed in planned else None


def _silent(ran: Ran, names: Mapping[Name, int]) -> set[int]:
    """Steps without a start: they forget, update nothing after all, or could not even be evaluated."""
    assert ran.applied is not None
    told = {names[_name(ran.plan, event)] for event in ran.applied.told}
    return set(names.values()) - told


def _has_failed(ran: Ran, step: int) -> bool:
    address = str(_address(ran.plan, step))
    return any(diag.is_error and diag.address == address for diag in ran.diagnostics)


def _address(plan: Plan, step: int) -> object:
    return plan.changes[plan.graph.ops[step].change].address


# -- texts -----------------------------------------------------------------------------------------


def without_chance(state: State) -> str:
    """The state as text, with what is random replaced by the address that has it."""
    text = write_snapshot(state).decode()
    for address, instance in state.instances.items():
        for key, each in [("", instance.current), *instance.deposed.items()]:
            if each is not None:
                text = text.replace(str(each.attributes["id"]), f"id of {address} {bool(key)}")
            text = text.replace(f'"{key}"', f'"key of {address}"') if key else text
    return text


def _names(detail: str, address: str, fault: Fault) -> bool:
    attribute = LIES.get(fault.kind, "")
    return BUG in detail and attribute in detail and fault.name in (address, *detail.split())


def _output(ran: Ran) -> str:
    """All that is written for people and for programs, but for quotations of the files."""
    parts: list[str] = []
    write_plan(build_report(ran.plan), _schema, Layout(), parts.append)
    text, stream = ProgressText(Layout().style, parts.append), JsonStream(parts.append, lambda: NOON)
    stream.plan(build_report(ran.plan))
    for event in ran.applied.told if ran.applied is not None else ():
        text.operation_event(event)
        stream.operation_event(event)
    said = "".join([*parts, *(f"{diag.summary} {diag.detail}" for diag in ran.diagnostics)])
    for key in {getattr(event, "deposed", None) for event in ran.applied.told} if ran.applied else ():
        said = said.replace(f"deposed object {key}", "deposed object")  # the one thing left to chance
    return said


def _schema(*_: object) -> BlockSchema:
    return SCHEMA.block
