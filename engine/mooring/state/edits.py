"""Changes that people make to a state by hand: pure functions from a state to the next.

Selecting, moving, removing and marking what is recorded. Nothing here asks a provider or touches a file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from mooring.core.addresses import (
    ConfigAddress,
    InstanceAddress,
    ModuleInstance,
    ProviderAddress,
    instance_order,
)
from mooring.core.records import replace
from mooring.state.model import InstanceState, ObjectState, State, Status

Selection = ModuleInstance | InstanceAddress
Moves = Mapping[InstanceAddress, InstanceAddress]


def select(state: State, selection: Selection) -> tuple[InstanceAddress, ...]:
    """What an address stands for: an instance, all instances of a resource, or all that is in a module."""
    if not isinstance(selection, InstanceAddress):
        depth = len(selection)
        found = [each for each in state.instances if each.resource.module[:depth] == selection]
    else:
        found = [
            each
            for each in state.instances
            if each == selection or (selection.key is None and each.resource == selection.resource)
        ]
    return tuple(sorted(found, key=instance_order))


def without(state: State, addresses: Collection[InstanceAddress]) -> State:
    """The state with these instances forgotten."""
    gone = frozenset(addresses)
    return replace(state, instances={a: i for a, i in state.instances.items() if a not in gone})


def with_status(state: State, address: InstanceAddress, status: Status) -> State:
    """The state with the current object of an instance marked."""
    instance = state.instances[address]
    assert instance.current is not None
    marked = replace(instance, current=replace(instance.current, status=status))
    return replace(state, instances={**state.instances, address: marked})


def with_instances(state: State, more: Mapping[InstanceAddress, InstanceState]) -> State:
    """The state with more instances recorded."""
    return replace(state, instances={**state.instances, **more})


def with_provider(state: State, old: ProviderAddress, new: ProviderAddress) -> State:
    """The state with everything of one provider given to another."""
    return replace(
        state,
        instances={
            address: replace(each, provider=each.provider._replace(provider=new))
            if each.provider.provider == old
            else each
            for address, each in state.instances.items()
        },
    )


def moved(state: State, moves: Moves) -> State:
    """The state with instances at new addresses; what depends on a resource that moved whole follows it."""
    instances = {moves.get(address, address): each for address, each in state.instances.items()}
    renamed = _renamed(state, moves)
    if renamed:
        instances = {address: _followed(each, renamed) for address, each in instances.items()}
    return replace(state, instances=instances)


def _renamed(state: State, moves: Moves) -> dict[ConfigAddress, ConfigAddress]:
    """The resources that have no instance left under their old name, and their one new name."""
    stays = {each.resource.in_config for each in state.instances if each not in moves}
    found: dict[ConfigAddress, set[ConfigAddress]] = {}
    for old, new in moves.items():
        found.setdefault(old.resource.in_config, set()).add(new.resource.in_config)
    return {old: new.pop() for old, new in found.items() if old not in stays and len(new) == 1}


def _followed(instance: InstanceState, renamed: Mapping[ConfigAddress, ConfigAddress]) -> InstanceState:
    current = instance.current
    deposed = {key: _renamed_in(each, renamed) for key, each in instance.deposed.items()}
    return replace(
        instance, current=None if current is None else _renamed_in(current, renamed), deposed=deposed
    )


def _renamed_in(of: ObjectState, renamed: Mapping[ConfigAddress, ConfigAddress]) -> ObjectState:
    if not any(each in renamed for each in of.dependencies):
        return of
    names = dict.fromkeys(renamed.get(each, each) for each in of.dependencies)
    return replace(of, dependencies=tuple(names))
