"""What a plan is about: everything, or what `-target` and `-exclude` leave of it.

A target brings along what it depends on (when destroying: what depends on it), as whole resources; an
excluded resource keeps out what depends on it (when destroying: what it depends on). Dependencies are those
of the static graph, so what a target brings does not change with the data. The rules are those of
https://developer.hashicorp.com/terraform/cli/commands/plan#resource-targeting and, for `-exclude`,
https://opentofu.org/docs/cli/commands/plan/.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from mooring.config.targets import Target
from mooring.core.addresses import ConfigAddress, InstanceAddress, ModuleInstance, ModulePath
from mooring.core.diagnostics import Diagnostic, error, warning
from mooring.core.records import record
from mooring.planning.ordering import Dependencies

PARTIAL: Final = "Resource targeting is in effect"
"""The summary of the warning of every partial plan."""


@record(kw_only=True)
class Extent:
    """What a plan is about; everything, unless there are `targets` or `excludes`.

    `brought` are the resources that targets bring along, `kept_out` those that excluded ones do.
    """

    targets: tuple[Target, ...] = ()
    excludes: tuple[Target, ...] = ()
    brought: frozenset[ConfigAddress] = frozenset()
    kept_out: frozenset[ConfigAddress] = frozenset()

    @property
    def is_partial(self) -> bool:
        """Whether anything may be left out."""
        return bool(self.targets or self.excludes)

    def has_instance(self, address: InstanceAddress) -> bool:
        """Whether the plan is about an instance."""
        if not self.is_partial:
            return True
        resource = address.resource.in_config
        if resource in self.kept_out or any(names_instance(each, address) for each in self.excludes):
            return False
        return (
            not self.targets
            or resource in self.brought
            or any(names_instance(each, address) for each in self.targets)
        )

    def has_resource(self, resource: ConfigAddress) -> bool:
        """Whether the plan is about any instance of a resource, as far as can be told without them."""
        if not self.is_partial:
            return True
        if resource in self.kept_out or any(_names_all_of(each, resource) for each in self.excludes):
            return False
        return not self.targets or resource in self.brought or _is_named(self.targets, resource)


def extent_of(
    targets: tuple[Target, ...],
    excludes: tuple[Target, ...],
    resources: Iterable[ConfigAddress],
    dependencies: Dependencies,
) -> Extent:
    """What targets and excludes leave.

    Args:
        targets: what to plan; nothing means everything.
        excludes: what to leave out.
        resources: every resource that is declared or recorded.
        dependencies: what a target brings along; turned round, what an excluded resource keeps out.
    """
    if not targets and not excludes:
        return Extent()
    known = sorted(resources)
    named = [each for each in known if _is_named(targets, each)]
    excluded = [each for each in known if _is_named(excludes, each)]
    return Extent(
        targets=targets,
        excludes=excludes,
        brought=_reached(named, dependencies),
        kept_out=_reached(excluded, reverse(dependencies)),
    )


def reverse(dependencies: Dependencies) -> dict[ConfigAddress, list[ConfigAddress]]:
    """For each resource those that depend on it."""
    found: dict[ConfigAddress, list[ConfigAddress]] = {}
    for dependent, needed in dependencies.items():
        for each in needed:
            found.setdefault(each, []).append(dependent)
    return found


def merge(first: Dependencies, second: Dependencies) -> dict[ConfigAddress, list[ConfigAddress]]:
    """The dependencies that either mapping has."""
    keys = [*first, *(key for key in second if key not in first)]
    return {key: list(dict.fromkeys([*first.get(key, ()), *second.get(key, ())])) for key in keys}


def needed_modules(
    resources: Iterable[ConfigAddress], has_resource: Callable[[ConfigAddress], bool]
) -> frozenset[ModulePath]:
    """The modules around the resources that a plan is about."""
    paths = {resource.module for resource in resources if has_resource(resource)}
    return frozenset(path[:length] for path in paths for length in range(len(path) + 1))


def partial_warnings(extent: Extent) -> tuple[Diagnostic, ...]:
    """What to say of a plan that leaves something out."""
    if not extent.is_partial:
        return ()
    option = "-target" if extent.targets else "-exclude"
    detail = (
        f"This plan is made with {option}, so it may lack changes that the configuration asks for.\n\n"
        f"{option} is not for routine use. It is there for exceptional situations, such as getting out of an "
        "error, and for when an error message says so."
    )
    return (warning(PARTIAL, detail),)


def moves_left_out(extent: Extent, moved: Iterable[InstanceAddress]) -> tuple[Diagnostic, ...]:
    """The error of moves that a partial plan does not see: a move is always recorded."""
    left_out = sorted(str(address) for address in moved if not extent.has_instance(address))
    if not left_out:
        return ()
    lines = "".join(f"\n  -target={address!r}" for address in left_out)
    detail = (
        "Objects have moved to addresses that this plan leaves out, and moves are recorded before "
        f"anything else. Add these options, or plan everything:{lines}"
    )
    return (error("Moved resource instances excluded by targeting", detail),)


def _reached(start: list[ConfigAddress], dependencies: Dependencies) -> frozenset[ConfigAddress]:
    """What is reached from `start`, which itself counts only where something else leads back to it."""
    found: set[ConfigAddress] = set()
    todo = list(start)
    while todo:
        for each in dependencies.get(todo.pop(), ()):
            if each not in found:
                found.add(each)
                todo.append(each)
    return frozenset(found)


def _is_named(targets: Iterable[Target], resource: ConfigAddress) -> bool:
    """Whether a target is about a resource, or some of its instances."""
    return any(
        resource.module[: len(target.module)] == target.path
        if target.is_module
        else resource == target.in_config
        for target in targets
    )


def _names_all_of(target: Target, resource: ConfigAddress) -> bool:
    """Whether a target is about every instance of a resource."""
    has_key = target.key is not None or any(step.key is not None for step in target.module)
    return not has_key and _is_named((target,), resource)


def names_instance(target: Target, address: InstanceAddress) -> bool:
    """Whether a target is about an instance: it, its resource, or a module around it."""
    resource = address.resource
    if not _leads_to(target.module, resource.module[: len(target.module)]):
        return False
    if target.is_module:
        return True
    return (
        len(resource.module) == len(target.module)
        and resource[1:] == (target.mode, target.type, target.name)
        and target.key in (None, address.key)
    )


def _leads_to(pattern: ModuleInstance, module: ModuleInstance) -> bool:
    """Whether a module instance is one that a pattern names; a step without a key names all instances."""
    return len(pattern) == len(module) and all(
        wanted.name == step.name and wanted.key in (None, step.key)
        for wanted, step in zip(pattern, module, strict=True)
    )
