"""What holds when any configuration follows any other: I2 to I7, and I10."""

from __future__ import annotations

from graphlib import TopologicalSorter

from hypothesis import given
from hypothesis import strategies as st
from tests.properties.engine import NOTHING, Applied, Engine
from tests.properties.programs import Program, programs, transitions

from mooring.applying.events import OpCompleted, OpStarted
from mooring.planning.model import Action, ExecGraph, OpKind, Plan, PlanMode
from mooring.planning.plan_file import load_plan, save_plan
from mooring.state.events import fold
from mooring.state.integrity import check_integrity
from mooring.state.model import State
from mooring.state.snapshot import read_snapshot, write_snapshot

Pair = tuple[Program, Program]


def ids(state: State) -> dict[str, str]:
    """The address of every object by its id."""
    return {
        str(each.attributes["id"]): f"{address}{key or ''}"
        for address, instance in state.instances.items()
        for key, each in [(None, instance.current), *instance.deposed.items()]
        if each is not None
    }


def without_ids(state: State) -> str:
    """The state as text, with every id replaced by the address that has it."""
    text = write_snapshot(state).decode()
    for identity, address in ids(state).items():
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


def steps_by_name(plan: Plan) -> dict[tuple[OpKind, str], int]:
    return {
        (op.kind, str(plan.changes[op.change].address)): step
        for step, op in enumerate(plan.graph.ops)
        if op.kind is not OpKind.JOIN
    }


def updates_of_nothing(steps: dict[tuple[OpKind, str], int], applied: Applied) -> set[int]:
    """Updates that were never asked for: what the plan could not know turned out to be as it was."""
    told = {(event.kind, str(event.address)) for event in applied.told}
    return {step for name, step in steps.items() if name[0] is OpKind.UPDATE and name not in told}


def transition(engine: Engine, pair: Pair) -> tuple[State, Plan, Applied]:
    """The state after the first program, and the plan and the result of the second."""
    first, second = pair
    before = engine.converge(first.text(), NOTHING).opened
    plan = engine.plan(second.text(), before)
    return before.state, plan, engine.apply(second.text(), plan, before)


def check_converged(engine: Engine, program: Program, applied: Applied) -> None:
    """All that was asked for is there and recorded, nothing else is, and nothing is left to do."""
    assert len(applied.state.instances) == program.instance_count
    assert engine.service.objects.keys() == ids(applied.state).keys()
    assert not engine.plan(program.text(), applied.opened).has_changes


@given(transitions())
def test_after_an_apply_nothing_is_left_to_do(pair: Pair) -> None:
    engine = Engine()
    check_converged(engine, pair[1], transition(engine, pair)[2])


@given(programs())
def test_after_a_destroy_nothing_is_recorded_and_nothing_exists(program: Program) -> None:
    engine = Engine()
    opened = engine.converge(program.text(), NOTHING).opened
    plan = engine.plan(program.text(), opened, PlanMode.DESTROY)
    assert {change.action for change in plan.changes} <= {Action.DELETE}
    assert engine.apply(program.text(), plan, opened).state.is_empty
    assert not engine.service.objects


@given(transitions())
def test_a_step_starts_only_after_its_prerequisites_ended(pair: Pair) -> None:
    _, plan, applied = transition(Engine(), pair)
    steps, before = steps_by_name(plan), prerequisites(plan.graph)
    ended = updates_of_nothing(steps, applied)
    for event in applied.told:
        step = steps[event.kind, str(event.address)]
        if isinstance(event, OpStarted):
            assert before[step] <= ended
        elif isinstance(event, OpCompleted):
            ended.add(step)
    assert ended == set(steps.values())


@given(transitions())
def test_one_worker_and_ten_reach_the_same_state(pair: Pair) -> None:
    states = [transition(Engine(parallelism), pair)[2].state for parallelism in (1, 10)]
    assert without_ids(states[0]) == without_ids(states[1])


@given(transitions())
def test_parallelism_bounds_how_many_calls_run_at_once(pair: Pair) -> None:
    engine = Engine(parallelism=2)
    transition(engine, pair)
    assert engine.service.most_inside <= 2


@given(transitions())
def test_a_saved_plan_is_the_plan(pair: Pair) -> None:
    _, plan, _ = transition(Engine(), pair)
    loaded, diags = load_plan(save_plan(plan), "saved.tfplan")
    assert not diags
    assert loaded == plan


@given(transitions())
def test_the_same_inputs_give_the_same_plan(pair: Pair) -> None:
    engine = Engine()
    first, second = pair
    before = engine.converge(first.text(), NOTHING).opened
    plans = {save_plan(engine.plan(second.text(), before)) for _ in range(2)}
    assert len(plans) == 1


@given(transitions())
def test_every_prefix_of_a_journal_gives_a_sound_state_that_can_be_stored(pair: Pair) -> None:
    state, _, applied = transition(Engine(), pair)
    for length in range(len(applied.journal) + 1):
        interrupted = fold(state, applied.journal[:length])
        assert not check_integrity(interrupted)
        assert (interrupted, ()) == read_snapshot(write_snapshot(interrupted), "terraform.tfstate")


@given(transitions(), st.integers(0, 40))
def test_a_run_cut_off_after_any_event_is_completed_by_the_next(pair: Pair, room: int) -> None:
    engine = Engine()
    first, second = pair
    before = engine.converge(first.text(), NOTHING).opened
    interrupted = engine.converge(second.text(), before, room)
    check_converged(engine, second, engine.converge(second.text(), interrupted.opened))
