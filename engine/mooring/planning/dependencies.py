"""What must come before what: dependencies between resources, declared, recorded, and of `check` blocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from mooring.config.model import Module
from mooring.core.addresses import ConfigAddress
from mooring.planning.model import Action, PlannedChange
from mooring.planning.ordering import Dependencies
from mooring.state.model import State


def modules_of(root: Module) -> Iterator[Module]:
    """Every module of a tree, callers first."""
    yield root
    for child in root.children.values():
        yield from modules_of(child)


def wanting_create_first(root: Module) -> list[ConfigAddress]:
    """The resources that say that they create before they destroy."""
    return [
        module.address(resource)
        for module in modules_of(root)
        for resource in module.resources.values()
        if resource.lifecycle.create_before_destroy
    ]


def through_ephemerals(
    dependencies: Mapping[ConfigAddress, tuple[ConfigAddress, ...]],
) -> Mapping[ConfigAddress, tuple[ConfigAddress, ...]]:
    """The dependencies with those of ephemeral resources in their place: nothing of these is recorded."""
    if not any(each.mode == "ephemeral" for each in dependencies):
        return dependencies
    return {
        resource: tuple(sorted(_reached(resource, dependencies)))
        for resource in dependencies
        if resource.mode != "ephemeral"
    }


def _reached(
    resource: ConfigAddress, dependencies: Mapping[ConfigAddress, tuple[ConfigAddress, ...]]
) -> set[ConfigAddress]:
    found: set[ConfigAddress] = set()
    seen, todo = {resource}, list(dependencies[resource])
    while todo:
        each = todo.pop()
        if each in seen:
            continue
        seen.add(each)
        if each.mode == "ephemeral":
            todo += dependencies.get(each, ())
        else:
            found.add(each)
    return found


def recorded_dependencies(state: State) -> dict[ConfigAddress, list[ConfigAddress]]:
    """The dependencies of each resource, as recorded with its objects."""
    found: dict[ConfigAddress, set[ConfigAddress]] = {}
    for address, instance in state.instances.items():
        for each in (instance.current, *instance.deposed.values()):
            if each is not None:
                found.setdefault(address.resource.in_config, set()).update(each.dependencies)
    return {resource: sorted(dependencies) for resource, dependencies in found.items()}


def with_checks_last(
    dependencies: Dependencies, root: Module, changes: Iterable[PlannedChange]
) -> Dependencies:
    """The dependencies, and that data sources of `check` blocks are read after everything else."""
    nested = {module.address(data) for module in modules_of(root) for _, data in module.nested_data()}
    if not nested:
        return dependencies
    changed = {each.address.resource.in_config for each in changes if each.action is not Action.NO_OP}
    return {**dependencies, **{each: sorted(changed - nested) for each in nested}}
