"""What holds for any `moved` and `removed` blocks, and for any target."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.properties.engine import NOTHING, Engine
from tests.properties.programs import Program, programs
from tests.properties.rendering import files_of

from mooring.config.targets import Target
from mooring.core.addresses import ConfigAddress, InstanceAddress, ResourceAddress
from mooring.core.spans import Source, Span
from mooring.planning.model import Action
from mooring.planning.moves import apply_moves, move_events
from mooring.state.events import fold
from mooring.state.model import State
from mooring.state.store import Opened

NAMES = ("a", "b", "c", "d", "e")
SPAN = Span(Source("target", ""), 0, 0)


@st.composite
def renamings(draw: st.DrawFn) -> tuple[tuple[str, str], ...]:
    """Moves from name to name without circles, no two of them from or to the same name, in any order."""
    order = draw(st.permutations(NAMES))
    left = draw(st.lists(st.integers(0, len(order) - 2), unique=True))
    used: set[int] = set()
    pairs = []
    for source in sorted(left):
        free = [each for each in range(source + 1, len(order)) if each not in used]
        if free:
            destination = draw(st.sampled_from(free))
            used.add(destination)
            pairs.append((order[source], order[destination]))
    return tuple(draw(st.permutations(pairs)))


def resources(names: frozenset[str], keyed: frozenset[str]) -> str:
    return "".join(
        f'resource "terraform_data" "{name}" {{\n{"  count = 2" if name in keyed else ""}\n}}\n'
        for name in sorted(names)
    )


def moves(pairs: tuple[tuple[str, str], ...]) -> str:
    return "".join(
        f"moved {{\n  from = terraform_data.{source}\n  to = terraform_data.{destination}\n}}\n"
        for source, destination in pairs
    )


def objects(state: State) -> list[str]:
    return sorted(str(each.current.attributes["id"]) for each in state.instances.values() if each.current)


def target(number: int) -> Target:
    return Target(module=(), type="terraform_data", name=f"r{number}", span=SPAN)


@given(st.frozensets(st.sampled_from(NAMES)), st.frozensets(st.sampled_from(NAMES)), renamings())
def test_moves_lose_no_object_and_no_two_meet(
    names: frozenset[str], keyed: frozenset[str], pairs: tuple[tuple[str, str], ...]
) -> None:
    engine = Engine()
    before = engine.converge(resources(names, keyed), NOTHING).state
    moved = apply_moves(engine.configuration(moves(pairs)).root, before)
    assert objects(moved.state) == objects(before)
    assert len(moved.state.instances) == len(before.instances)


@given(st.frozensets(st.sampled_from(NAMES)), st.frozensets(st.sampled_from(NAMES)), renamings())
def test_recording_the_moves_one_by_one_reaches_the_moved_state(
    names: frozenset[str], keyed: frozenset[str], pairs: tuple[tuple[str, str], ...]
) -> None:
    engine = Engine()
    before = engine.converge(resources(names, keyed), NOTHING).state
    moved = apply_moves(engine.configuration(moves(pairs)).root, before)
    assert fold(before, move_events(moved.previous)).instances == moved.state.instances


@given(st.frozensets(st.sampled_from(NAMES), min_size=1), st.data())
def test_what_is_forgotten_goes_on_existing(names: frozenset[str], data: st.DataObject) -> None:
    engine = Engine()
    opened = engine.converge(resources(names, frozenset()), NOTHING).opened
    existing = set(engine.service.objects)
    forgotten = data.draw(st.sampled_from(sorted(names)))
    block = (
        f"removed {{\n  from = terraform_data.{forgotten}\n  lifecycle {{\n    destroy = false\n  }}\n}}\n"
    )
    text = resources(names - {forgotten}, frozenset()) + block
    state = engine.converge(text, opened).state
    assert set(engine.service.objects) == existing
    assert len(state.instances) == len(names) - 1


@given(programs(), st.data())
def test_a_target_takes_along_all_it_depends_on_and_leaves_nothing_for_itself_to_do(
    program: Program, data: st.DataObject
) -> None:
    if not program.blocks:
        return
    engine, chosen = Engine(), data.draw(st.sampled_from([block.number for block in program.blocks]))
    plan = engine.plan(files_of(program), NOTHING, targets=(target(chosen),))
    planned = {change.address.resource.in_config for change in plan.changes}
    assert all(set(change.dependencies) <= planned | empty(program) for change in plan.changes)
    opened = engine.apply(files_of(program), plan, NOTHING).opened
    again = engine.plan(files_of(program), opened, targets=(target(chosen),))
    assert all(change.action is Action.NO_OP for change in again.changes)


@given(programs(), st.data())
def test_what_is_excluded_is_not_touched(program: Program, data: st.DataObject) -> None:
    if not program.blocks:
        return
    engine, chosen = Engine(), data.draw(st.sampled_from([block.number for block in program.blocks]))
    plan = engine.plan(files_of(program), NOTHING, excludes=(target(chosen),))
    excluded = resource(chosen)
    assert all(change.address.resource.in_config != excluded for change in plan.changes)
    assert all(excluded not in change.dependencies for change in plan.changes)


def empty(program: Program) -> set[ConfigAddress]:
    """The resources of a program that have no instances."""
    return {resource(block.number) for block in program.blocks if block.repetition in (0, ())}


def resource(number: int) -> ConfigAddress:
    return ConfigAddress((), "managed", "terraform_data", f"r{number}")


def test_a_resource_that_gains_count_keeps_its_object() -> None:
    engine = Engine()
    before = engine.converge(resources(frozenset("a"), frozenset()), NOTHING).state
    moved = apply_moves(engine.configuration(resources(frozenset("a"), frozenset("a"))).root, before)
    plain = ResourceAddress((), "managed", "terraform_data", "a")
    assert moved.previous == {InstanceAddress(plain, 0): InstanceAddress(plain)}


def test_a_move_to_an_occupied_address_is_told_and_moves_nothing() -> None:
    engine = Engine()
    before = engine.converge(resources(frozenset("ab"), frozenset()), NOTHING).state
    moved = apply_moves(engine.configuration(moves((("a", "b"),))).root, before)
    assert moved.state.instances == before.instances
    assert [diag.summary for diag in moved.diagnostics] == ["Unresolved resource instance address changes"]


def test_moved_objects_are_recorded_under_their_new_address_by_the_apply() -> None:
    engine = Engine()
    opened = engine.converge(resources(frozenset("a"), frozenset()), NOTHING).opened
    text = resources(frozenset("b"), frozenset()) + moves((("a", "b"),))
    state = engine.converge(text, opened).state
    assert [str(address) for address in state.instances] == ["terraform_data.b"]
    assert objects(state) == objects(opened.state)
    assert not engine.plan(text, Opened(state=state)).has_changes
