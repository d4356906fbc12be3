"""What holds when any configuration follows any other: I2, I4, I5, I6 and I7."""

from __future__ import annotations

from graphlib import TopologicalSorter

from hypothesis import given
from hypothesis import strategies as st
from tests.properties.engine import Applied, Engine
from tests.properties.programs import Program, programs

from mooring.applying.events import OpCompleted, OpStarted
from mooring.planning.model import Action, ExecGraph, OpKind, Plan, PlanMode
from mooring.state.events import fold
from mooring.state.model import State
from mooring.state.snapshot import read_snapshot, write_snapshot

EMPTY = State()


def without_ids(state: State) -> str:
    """The state as text, with every id replaced by the address that has it."""
    text = write_snapshot(state).decode()
    for address, instance in state.instances.items():
        if instance.current is not None:
            identity = instance.current.attributes["id"]
            assert isinstance(identity, str)
            text = text.replace(identity, f"id of {address}")
    return text


def prerequisites(graph: ExecGraph) -> list[set[int]]:
    """For each step, the steps other than joins that must have ended before it starts."""
    found: list[set[int]] = [set() for _ in graph.ops]
    for step in TopologicalSorter(dict(enumerate(graph.after))).static_order():
        for earlier in graph.after[step]:
            found[step] |= found[earlier]
            if graph.ops[earlier].kind is not OpKind.JOIN:
                found[step].add(earlier)
    return found


def step_of(plan: Plan) -> dict[tuple[OpKind, str], int]:
    return {
        (op.kind, str(plan.changes[op.change].address)): step
        for step, op in enumerate(plan.graph.ops)
        if op.kind is not OpKind.JOIN
    }


def transition(engine: Engine, first: Program, second: Program) -> tuple[State, Plan, Applied]:
    """The state after the first program, and the plan and the result of the second."""
    state = engine.converge(first.text(), EMPTY).state
    plan = engine.plan(second.text(), state)
    return state, plan, engine.apply(second.text(), plan, state)


@given(programs(), programs())
def test_after_an_apply_nothing_is_left_to_do(first: Program, second: Program) -> None:
    engine = Engine()
    _, _, applied = transition(engine, first, second)
    again = engine.plan(second.text(), applied.state)
    assert not again.has_changes
    assert len(applied.state.instances) == second.instance_count


@given(programs())
def test_after_a_destroy_nothing_is_recorded(program: Program) -> None:
    engine = Engine()
    state = engine.converge(program.text(), EMPTY).state
    plan = engine.plan(program.text(), state, PlanMode.DESTROY)
    assert {Action.DELETE} >= {change.action for change in plan.changes}
    assert engine.apply(program.text(), plan, state).state.is_empty


@given(programs(), programs())
def test_a_step_starts_only_after_its_prerequisites_ended(first: Program, second: Program) -> None:
    _, plan, applied = transition(Engine(), first, second)
    steps, before = step_of(plan), prerequisites(plan.graph)
    ended: set[int] = set()
    for event in applied.told:
        step = steps[event.kind, str(event.address)]
        if isinstance(event, OpStarted):
            assert before[step] <= ended
        elif isinstance(event, OpCompleted):
            ended.add(step)
    assert ended == set(steps.values())


@given(programs(), programs())
def test_one_worker_and_ten_reach_the_same_state(first: Program, second: Program) -> None:
    states = [transition(Engine(parallelism), first, second)[2].state for parallelism in (1, 10)]
    assert without_ids(states[0]) == without_ids(states[1])


@given(programs(), programs())
def test_parallelism_bounds_how_many_calls_run_at_once(first: Program, second: Program) -> None:
    engine = Engine(parallelism=2)
    transition(engine, first, second)
    assert engine.service.most_inside <= 2


@given(programs(), programs())
def test_the_journal_holds_all_that_the_state_holds(first: Program, second: Program) -> None:
    state, _, applied = transition(Engine(), first, second)
    assert applied.state == fold(state, applied.journal)


@given(programs(), programs(), st.data())
def test_every_prefix_of_a_journal_gives_a_state_that_can_be_stored_and_continued(
    first: Program, second: Program, data: st.DataObject
) -> None:
    engine = Engine()
    state, _, applied = transition(engine, first, second)
    length = data.draw(st.integers(0, len(applied.journal)), label="events before the crash")
    interrupted = fold(state, applied.journal[:length])
    stored, diags = read_snapshot(write_snapshot(interrupted), "terraform.tfstate")
    assert not diags
    assert stored == interrupted
    final = engine.converge(second.text(), interrupted).state
    assert not engine.plan(second.text(), final).has_changes
    assert len(final.instances) == second.instance_count
    assert without_ids(applied.state) == without_ids(final)
