"""Strategies: what may have to be done to a handful of resources, and what depends on what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

from mooring.core.addresses import (
    BUILTIN_PROVIDER,
    ConfigAddress,
    InstanceAddress,
    ProviderConfigAddress,
    ResourceAddress,
)
from mooring.planning.model import Action, PlannedChange
from mooring.planning.ordering import spread_create_before_destroy

PROVIDER = ProviderConfigAddress((), BUILTIN_PROVIDER)
IN_CONFIG = frozenset({Action.NO_OP, Action.CREATE, Action.READ, Action.UPDATE, Action.REPLACE})
IN_STATE = frozenset(Action) - {Action.CREATE, Action.READ}
Dependencies = Mapping[ConfigAddress, tuple[ConfigAddress, ...]]
Edges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Resources by number: the actions of their instances, and pairs of dependent and dependency.

    `create_first` are the resources that want to create before they destroy.
    """

    actions: tuple[tuple[Action, ...], ...]
    create_first: frozenset[int]
    config_edges: Edges
    state_edges: Edges

    @property
    def config(self) -> Dependencies:
        """What depends on what in the configuration: only what is declared there."""
        return self._dependencies(self.config_edges, IN_CONFIG)

    @property
    def state(self) -> Dependencies:
        """What depends on what in the state: only what exists."""
        return self._dependencies(self.state_edges, IN_STATE)

    @property
    def changes(self) -> tuple[PlannedChange, ...]:
        """The changes of all instances, in order of address."""
        both = {
            each: self.config.get(each, ()) + self.state.get(each, ()) for each in self.config | self.state
        }
        early = spread_create_before_destroy(map(address, sorted(self.create_first)), both)
        return tuple(
            _change(number, index, action, is_early=address(number) in early)
            for number, some in enumerate(self.actions)
            for index, action in enumerate(some)
        )

    def _dependencies(self, edges: Edges, present: frozenset[Action]) -> Dependencies:
        there = {number for number, some in enumerate(self.actions) if present.intersection(some)}
        found: dict[ConfigAddress, tuple[ConfigAddress, ...]] = {}
        for dependent, dependency in edges:
            if {dependent, dependency} <= there:
                key = address(dependent)
                found[key] = (*found.get(key, ()), address(dependency))
        return found


def address(number: int) -> ConfigAddress:
    """The n-th resource."""
    return ConfigAddress((), "managed", "terraform_data", f"r{number}")


@st.composite
def cases(draw: st.DrawFn, *, is_settled: bool = False) -> Case:
    """Up to six resources of up to three instances each, with every mix of actions.

    If `is_settled`, the dependencies of the state are those of the configuration, as after an apply;
    otherwise they may be others, even the other way round.
    """
    count = draw(st.integers(1, 6))
    some = st.lists(st.sampled_from(Action), min_size=1, max_size=3).map(tuple)
    config_edges = draw(_edges(count))
    return Case(
        actions=tuple(draw(some) for _ in range(count)),
        create_first=draw(st.frozensets(st.integers(0, count - 1), max_size=2)),
        config_edges=config_edges,
        state_edges=config_edges if is_settled else draw(_edges(count)),
    )


@st.composite
def _edges(draw: st.DrawFn, count: int) -> Edges:
    """Pairs of dependent and dependency without a cycle: who comes later in some order depends."""
    numbers = draw(st.permutations(range(count)))
    pairs = [(later, earlier) for at, later in enumerate(numbers) for earlier in numbers[:at]]
    return tuple(sorted(pair for pair in pairs if draw(st.booleans())))


def _change(number: int, index: int, action: Action, *, is_early: bool) -> PlannedChange:
    return PlannedChange(
        address=InstanceAddress(ResourceAddress((), "managed", "terraform_data", f"r{number}"), index),
        action=action,
        provider=PROVIDER,
        before=None,
        after=None,
        create_before_destroy=is_early,
    )


def closure(dependencies: Dependencies) -> set[tuple[ConfigAddress, ConfigAddress]]:
    """All pairs of dependent and dependency, indirect ones included."""
    pairs = {(dependent, each) for dependent, direct in dependencies.items() for each in direct}
    while more := {(a, d) for a, b in pairs for c, d in pairs if b == c} - pairs:
        pairs |= more
    return pairs
