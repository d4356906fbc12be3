"""From changes and dependencies to the exec graph: which step waits for which.

Every object has an *up* step (create, update, read) or a *down* step (delete, forget), a replacement both.
For a resource B that depends on a resource A:

1. B's ups wait for A's ups (dependencies of the configuration).
2. A's downs wait for B's downs (dependencies of the state: what exists was made in that order).
3. A replacement's up waits for its own down; when it creates before it destroys, its down waits for its up,
4. and also for B's ups, which stop using the old object (both kinds of dependency).
5. Where A goes away for good, its down waits for the ups of a B that is updated or replaced: B lets go first.
6. A's ups wait for B's downs too, but for those of resources that create before they destroy: what was made
   from the old A goes before A changes (dependencies of the state).
7. Where 5 would contradict the others it gives way, and so do 2 and 6 (a state may remember anything).

A resource stands for all its instances, as in Terraform. One without steps passes order through: if B
depends on an unchanged A, which depends on C, then B waits for C. That is why the state stores direct
dependencies only. Rules 1 to 4 were checked exhaustively on small graphs and at random on 200,000 larger
ones: no cycle, no lost order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from mooring.core.addresses import ConfigAddress
from mooring.planning.model import Action, ExecGraph, Op, OpKind, PlannedChange

Dependencies = Mapping[ConfigAddress, Iterable[ConfigAddress]]

_UP: Final = {
    Action.CREATE: OpKind.CREATE,
    Action.UPDATE: OpKind.UPDATE,
    Action.READ: OpKind.READ,
    Action.REPLACE: OpKind.CREATE,
}
_DOWN: Final = {
    Action.DELETE: OpKind.DELETE,
    Action.REPLACE: OpKind.DELETE,
    Action.FORGET: OpKind.FORGET,
}


def spread_create_before_destroy(
    wanted: Iterable[ConfigAddress], dependencies: Dependencies
) -> frozenset[ConfigAddress]:
    """The resources that must create before they destroy: those that want to, and all they depend on."""
    found = set(wanted)
    todo = list(found)
    while todo:
        for dependency in dependencies.get(todo.pop(), ()):
            if dependency not in found:
                found.add(dependency)
                todo.append(dependency)
    return frozenset(found)


def order(
    changes: Sequence[PlannedChange], config_dependencies: Dependencies, state_dependencies: Dependencies
) -> ExecGraph:
    """The steps that carry out `changes`, each with what it waits for.

    Args:
        changes: all planned changes; steps refer to them by index.
        config_dependencies: direct dependencies between resources, as the configuration has them now.
        state_dependencies: direct dependencies between resources, as recorded when the objects were made.
    """
    graph = _Graph()
    for index, change in enumerate(changes):
        graph.add(index, change)
    if not graph.ops:
        return ExecGraph()
    for resource in sorted(config_dependencies.keys() | graph.ups.keys()):
        graph.wait_for_ups(resource, config_dependencies.get(resource, ()))
    if graph.downs:
        _order_downs(graph, config_dependencies, state_dependencies)
    return graph.finish()


def _order_downs(graph: _Graph, config: Dependencies, state: Dependencies) -> None:
    for dependent in sorted(state):
        for dependency in state[dependent]:
            graph.wait_for_downs(dependency, dependent)
            graph.change_after_downs(dependency, dependent)
    for dependencies in (config, state):
        for dependent in sorted(dependencies):
            for dependency in dependencies[dependent]:
                graph.delete_after_use(dependency, dependent)


@dataclass(slots=True)
class _Steps:
    """The steps of one resource in one direction, and the joins before and after them (-1: not made yet)."""

    ops: list[int] = field(default_factory=list)
    entry: int = -1
    exit: int = -1


_NO_STEPS: Final = _Steps()


class _Graph:
    """The exec graph being built; private to one call of `order`."""

    def __init__(self) -> None:
        self.ops: list[Op] = []
        self.ups: dict[ConfigAddress, _Steps] = {}
        self.downs: dict[ConfigAddress, _Steps] = {}
        self._after: list[list[int]] = []
        self._letting: set[tuple[int, int]] = set()
        self._remembered: set[tuple[int, int]] = set()
        self._early: dict[ConfigAddress, _Steps] = {}
        self._changed_after: set[tuple[int, int]] = set()
        self._replaced_last: dict[ConfigAddress, list[int]] = {}
        self._gone: dict[ConfigAddress, list[int]] = {}
        self._letting_go: dict[ConfigAddress, list[int]] = {}

    def add(self, index: int, change: PlannedChange) -> None:
        """The steps of one change."""
        resource = change.address.resource.in_config
        up = self._add_step(self.ups, resource, _UP.get(change.action), index)
        down = self._add_step(self.downs, resource, _DOWN.get(change.action), index)
        if change.action is Action.REPLACE:
            first, last = (up, down) if change.create_before_destroy else (down, up)
            self._after[last].append(first)
            if change.create_before_destroy:
                self._replaced_last.setdefault(resource, []).append(down)
            else:
                self._early.setdefault(resource, _Steps()).ops.append(down)
        elif down >= 0:
            self._gone.setdefault(resource, []).append(down)
            if not change.create_before_destroy:
                self._early.setdefault(resource, _Steps()).ops.append(down)
        if change.action in (Action.UPDATE, Action.REPLACE):
            self._letting_go.setdefault(resource, []).append(up)

    def wait_for_ups(self, resource: ConfigAddress, dependencies: Iterable[ConfigAddress]) -> None:
        """Rule 1."""
        exits = [self._exit(self.ups, dependency) for dependency in dependencies]
        self._link(self._entries(self.ups, resource, len(exits)), exits)

    def wait_for_downs(self, dependency: ConfigAddress, dependent: ConfigAddress) -> None:
        """Rule 2."""
        exit_ = self._exit(self.downs, dependent)
        for entry in self._entries(self.downs, dependency, 2):
            self._after[entry].append(exit_)
            self._remembered.add((entry, exit_))

    def change_after_downs(self, dependency: ConfigAddress, dependent: ConfigAddress) -> None:
        """Rule 6. The early downs of a resource end after those of all that depend on it."""
        if dependency == dependent:
            return
        exit_ = self._early_exit(dependent)
        passing = self._early_exit(dependency)
        if passing != exit_:
            self._after[passing].append(exit_)
            self._changed_after.add((passing, exit_))
        for up in self.ups.get(dependency, _NO_STEPS).ops:
            self._after[up].append(exit_)
            self._changed_after.add((up, exit_))

    def _early_exit(self, resource: ConfigAddress) -> int:
        """The join after the early downs of a resource, and of what depends on it."""
        steps = self._early.setdefault(resource, _Steps())
        if steps.exit < 0:
            steps.exit = self._append(Op(OpKind.JOIN))
            self._after[steps.exit].extend(steps.ops)
        return steps.exit

    def delete_after_use(self, dependency: ConfigAddress, dependent: ConfigAddress) -> None:
        """Rules 4 and 5."""
        replaced = self._replaced_last.get(dependency)
        if replaced and dependent != dependency:
            self._link(replaced, [self._exit(self.ups, dependent)])
        for down in self._gone.get(dependency, ()):
            for up in self._letting_go.get(dependent, ()):
                self._after[down].append(up)
                self._letting.add((down, up))

    def finish(self) -> ExecGraph:
        """The graph, without repeated edges, and without those that had to give way (rule 7)."""
        after = [list(dict.fromkeys(each)) for each in self._after]
        for yielding in (self._letting, self._remembered, self._changed_after):
            if yielding:
                _break_cycles(after, yielding)
        return ExecGraph(ops=tuple(self.ops), after=tuple(map(tuple, after)))

    def _link(self, later: Iterable[int], earlier: Iterable[int]) -> None:
        waits = list(earlier)
        for step in later:
            self._after[step].extend(waits)

    def _add_step(
        self, side: dict[ConfigAddress, _Steps], resource: ConfigAddress, kind: OpKind | None, index: int
    ) -> int:
        if kind is None:
            return -1
        step = self._append(Op(kind, index))
        side.setdefault(resource, _Steps()).ops.append(step)
        return step

    def _append(self, op: Op) -> int:
        self.ops.append(op)
        self._after.append([])
        return len(self.ops) - 1

    def _exit(self, side: dict[ConfigAddress, _Steps], resource: ConfigAddress) -> int:
        """The step after which everything of the resource is done in this direction."""
        steps = side.setdefault(resource, _Steps())
        if len(steps.ops) == 1:
            return steps.ops[0]
        if steps.exit < 0:
            steps.exit = self._append(Op(OpKind.JOIN))
            self._after[steps.exit].extend(steps.ops or self._entries(side, resource, 2))
        return steps.exit

    def _entries(self, side: dict[ConfigAddress, _Steps], resource: ConfigAddress, waits: int) -> list[int]:
        """The steps that must wait so that all of the resource waits: a join when that saves edges."""
        steps = side.setdefault(resource, _Steps())
        if steps.entry >= 0:
            return [steps.entry]
        if len(steps.ops) == 1 or (steps.ops and waits == 1):
            return steps.ops
        if not waits:
            return []
        steps.entry = self._append(Op(OpKind.JOIN))
        for step in steps.ops:
            self._after[step].append(steps.entry)
        return [steps.entry]


def _break_cycles(after: list[list[int]], yielding: set[tuple[int, int]]) -> None:
    """Takes out of `after` every yielding edge that lies on a cycle."""
    import networkx as nx

    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_edges_from((step, earlier) for step, waits in enumerate(after) for earlier in waits)
    component: dict[int, int] = {}
    for number, members in enumerate(nx.strongly_connected_components(graph)):
        if len(members) > 1:
            component.update(dict.fromkeys(members, number))
    for step, earlier in yielding:
        if step in component and component[step] == component.get(earlier) and earlier in after[step]:
            after[step].remove(earlier)
