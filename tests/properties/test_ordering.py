"""I8: the exec graph is acyclic for any configuration and state; and it loses no order that matters."""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import TopologicalSorter

from hypothesis import example, given
from tests.properties.graphs import Case, cases, closure

from mooring.core.addresses import ConfigAddress
from mooring.planning.model import Action, ExecGraph, OpKind
from mooring.planning.ordering import order

UP = frozenset({OpKind.CREATE, OpKind.UPDATE, OpKind.READ})
DOWN = frozenset({OpKind.DELETE, OpKind.FORGET})
STEPS = {
    Action.NO_OP: [],
    Action.CREATE: [OpKind.CREATE],
    Action.READ: [OpKind.READ],
    Action.UPDATE: [OpKind.UPDATE],
    Action.REPLACE: [OpKind.CREATE, OpKind.DELETE],
    Action.DELETE: [OpKind.DELETE],
    Action.FORGET: [OpKind.FORGET],
}

LETTING_GO_AGAINST_A_REPLACEMENT = Case(
    actions=((Action.REPLACE,), (Action.DELETE,), (Action.UPDATE,)),
    create_first=frozenset(),
    config_edges=((1, 0), (2, 0), (2, 1)),
    state_edges=((1, 0), (2, 0), (2, 1)),
)
"""The third resource lets go of the second too late: only after the first was replaced."""


def graph_of(case: Case) -> ExecGraph:
    return order(case.changes, case.config, case.state)


def predecessors(graph: ExecGraph) -> list[set[int]]:
    """For each step, all steps that have ended before it starts."""
    found: list[set[int]] = [set() for _ in graph.ops]
    for step in TopologicalSorter(dict(enumerate(graph.after))).static_order():
        for earlier in graph.after[step]:
            found[step] |= found[earlier] | {earlier}
    return found


def steps(
    case: Case, graph: ExecGraph, resource: ConfigAddress, kinds: frozenset[OpKind], *actions: Action
) -> Iterator[int]:
    """The steps of these kinds that a resource has, of all actions or only of some."""
    for step, op in enumerate(graph.ops):
        if op.kind in kinds:
            change = case.changes[op.change]
            if change.address.resource.in_config == resource and change.action in (actions or STEPS):
                yield step


@given(cases())
def test_the_exec_graph_is_acyclic_for_any_configuration_and_state(case: Case) -> None:
    TopologicalSorter(dict(enumerate(graph_of(case).after))).prepare()


@given(cases())
def test_every_change_has_exactly_the_steps_of_its_action(case: Case) -> None:
    found: list[list[OpKind]] = [[] for _ in case.changes]
    for op in graph_of(case).ops:
        if op.kind is OpKind.JOIN:
            assert op.change == -1
        else:
            found[op.change].append(op.kind)
    assert [STEPS[change.action] for change in case.changes] == found


@given(cases())
def test_what_is_made_waits_for_all_it_depends_on(case: Case) -> None:
    graph = graph_of(case)
    before = predecessors(graph)
    for dependent, dependency in closure(case.config):
        for later in steps(case, graph, dependent, UP):
            assert before[later].issuperset(steps(case, graph, dependency, UP))


@given(cases(is_settled=True))
@example(LETTING_GO_AGAINST_A_REPLACEMENT)
def test_what_goes_waits_for_all_that_depends_on_it(case: Case) -> None:
    graph = graph_of(case)
    before = predecessors(graph)
    for dependent, dependency in closure(case.state):
        for later in steps(case, graph, dependency, DOWN):
            assert before[later].issuperset(steps(case, graph, dependent, DOWN))


@given(cases())
def test_a_replacement_makes_and_destroys_in_the_order_asked_for(case: Case) -> None:
    graph = graph_of(case)
    before = predecessors(graph)
    by_change = {(op.change, op.kind): step for step, op in enumerate(graph.ops)}
    for index, change in enumerate(case.changes):
        if change.action is Action.REPLACE:
            up, down = by_change[index, OpKind.CREATE], by_change[index, OpKind.DELETE]
            assert (up in before[down]) == change.create_before_destroy
            assert (down in before[up]) != change.create_before_destroy


@given(cases())
def test_an_old_object_that_is_replaced_early_goes_when_nothing_uses_it_any_more(case: Case) -> None:
    graph = graph_of(case)
    before = predecessors(graph)
    for dependent, direct in [*case.config.items(), *case.state.items()]:
        for dependency in direct:
            for down in steps(case, graph, dependency, DOWN, Action.REPLACE):
                if case.changes[graph.ops[down].change].create_before_destroy:
                    assert before[down].issuperset(steps(case, graph, dependent, UP))


@given(cases(is_settled=True))
def test_who_used_what_goes_for_good_lets_go_first(case: Case) -> None:
    if any(change.action is Action.REPLACE for change in case.changes):
        return  # then it may contradict the order of a replacement, and gives way
    graph = graph_of(case)
    before = predecessors(graph)
    for dependent, direct in case.state.items():
        for dependency in direct:
            for down in steps(case, graph, dependency, DOWN, Action.DELETE):
                assert before[down].issuperset(steps(case, graph, dependent, UP, Action.UPDATE))


@given(cases())
def test_the_order_is_a_function_of_its_inputs(case: Case) -> None:
    assert graph_of(case) == graph_of(case)
