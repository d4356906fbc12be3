"""What holds when any configuration follows any other, and nothing goes wrong but the disk."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.properties.engine import NOTHING, Applied, Engine
from tests.properties.programs import Program, programs, transitions
from tests.properties.rendering import files_of

from mooring.core.records import replace
from mooring.planning.model import Action, Plan, PlanMode
from mooring.planning.plan_file import save_plan
from mooring.state.model import State

Pair = tuple[Program, Program]


def ids(state: State) -> dict[str, str]:
    """The address of every object by its id."""
    return {
        str(each.attributes["id"]): f"{address}{key or ''}"
        for address, instance in state.instances.items()
        for key, each in [(None, instance.current), *instance.deposed.items()]
        if each is not None
    }


def transition(engine: Engine, pair: Pair) -> tuple[State, Plan, Applied]:
    """The state after the first program, and the plan and the result of the second."""
    first, second = pair
    before = engine.converge(files_of(first), NOTHING).opened
    plan = engine.plan(files_of(second), before)
    return before.state, plan, engine.apply(files_of(second), plan, before)


def forgotten(program: Program, before: State) -> set[str]:
    """The ids of the objects that a program lets go without destroying them."""
    names = {f"r{block.number}" for block in program.forgotten}
    known = {
        address: instance for address, instance in before.instances.items() if address.resource.name in names
    }
    return set(ids(replace(before, instances=known)))


def check_converged(
    engine: Engine, program: Program, applied: Applied, before: State = NOTHING.state
) -> None:
    """All that was asked for is there and recorded, nothing else is, and nothing is left to do."""
    assert len(applied.state.instances) == program.instance_count
    assert engine.service.objects.keys() == ids(applied.state).keys() | forgotten(program, before)
    assert not engine.plan(files_of(program), applied.opened).has_changes


@given(transitions())
def test_after_an_apply_nothing_is_left_to_do(pair: Pair) -> None:
    engine = Engine()
    before, _, applied = transition(engine, pair)
    check_converged(engine, pair[1], applied, before)


@given(programs())
def test_after_a_destroy_nothing_is_recorded_and_nothing_exists(program: Program) -> None:
    engine = Engine()
    opened = engine.converge(files_of(program), NOTHING).opened
    plan = engine.plan(files_of(program), opened, PlanMode.DESTROY)
    assert {change.action for change in plan.changes} <= {Action.DELETE}
    assert engine.apply(files_of(program), plan, opened).state.is_empty
    assert not engine.service.objects


@given(transitions())
def test_parallelism_bounds_how_many_calls_run_at_once(pair: Pair) -> None:
    engine = Engine(parallelism=2)
    transition(engine, pair)
    assert engine.service.most_inside <= 2


@given(transitions())
def test_the_same_inputs_give_the_same_plan(pair: Pair) -> None:
    engine = Engine()
    first, second = pair
    before = engine.converge(files_of(first), NOTHING).opened
    plans = {save_plan(engine.plan(files_of(second), before)) for _ in range(2)}
    assert len(plans) == 1


@given(transitions(), st.integers(0, 40))
def test_a_run_cut_off_after_any_event_is_completed_by_the_next(pair: Pair, room: int) -> None:
    engine = Engine()
    first, second = pair
    before = engine.converge(files_of(first), NOTHING).opened
    interrupted = engine.converge(files_of(second), before, room)
    check_converged(engine, second, engine.converge(files_of(second), interrupted.opened), before.state)
