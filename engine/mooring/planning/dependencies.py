"""What must come before what: dependencies between resources, declared, recorded, and of `check` blocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mooring.config.model import Module
from mooring.core.addresses import ConfigAddress, ModulePath
from mooring.planning.model import Action, PlannedChange
from mooring.planning.ordering import Dependencies
from mooring.state.model import State


def wanting_create_first(root: Module) -> list[ConfigAddress]:
    """The resources that say that they create before they destroy."""
    return [
        module.address(resource)
        for module in root.tree()
        for resource in module.resources.values()
        if resource.lifecycle.create_before_destroy
    ]


def through_absent(
    dependencies: Mapping[ConfigAddress, tuple[ConfigAddress, ...]], root: Module
) -> Mapping[ConfigAddress, tuple[ConfigAddress, ...]]:
    """The dependencies, led on through what may not be there when only recorded ones are left.

    Nothing of ephemeral resources is recorded: what they depend on stands in their place. Resources with
    `count` or `for_each` may have no instances: what they depend on stands beside them.
    """
    passing = frozenset(each for each in dependencies if each.mode == "ephemeral") | _repeated(root)
    if not passing:
        return dependencies
    return {
        resource: direct
        if passing.isdisjoint(direct)
        else tuple(sorted(_reached(resource, dependencies, passing)))
        for resource, direct in dependencies.items()
        if resource.mode != "ephemeral"
    }


def _repeated(root: Module) -> frozenset[ConfigAddress]:
    """The resources that may have no instances, by themselves or with a module around them."""
    is_repeated: dict[ModulePath, bool] = {}
    found: list[ConfigAddress] = []
    for module in root.tree():
        whole = is_repeated.get(module.path, False)
        for name, call in module.calls.items():
            is_repeated[*module.path, name] = whole or not call.is_single
        each = module.resources.values()
        found += [module.address(resource) for resource in each if whole or not resource.is_single]
    return frozenset(found)


def _reached(
    resource: ConfigAddress,
    dependencies: Mapping[ConfigAddress, tuple[ConfigAddress, ...]],
    passing: frozenset[ConfigAddress],
) -> set[ConfigAddress]:
    found: set[ConfigAddress] = set()
    seen, todo = {resource}, list(dependencies[resource])
    while todo:
        each = todo.pop()
        if each in seen:
            continue
        seen.add(each)
        if each in passing:
            todo += dependencies.get(each, ())
        if each.mode != "ephemeral":
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
    nested = {module.address(data) for module in root.tree() for _, data in module.nested_data()}
    if not nested:
        return dependencies
    changed = {each.address.resource.in_config for each in changes if each.action is not Action.NO_OP}
    return {**dependencies, **{each: sorted(changed - nested) for each in nested}}
