"""Whether there is what the command line names with `-target`, `-exclude` and `-replace`, and guards name.

Terraform plans nothing, and says so of nothing, where a name is mistyped. Here that is an error; of a guard,
which may be older than what it is about, a warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mooring.config.model import Guard, Module
from mooring.config.names import did_you_mean
from mooring.config.targets import Target
from mooring.core.addresses import InstanceAddress
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, warning
from mooring.planning.dependencies import modules_of
from mooring.planning.model import Plan, PlanMode
from mooring.planning.run import PlanOptions
from mooring.planning.targeting import names_instance
from mooring.state.model import State


def unmatched(plan: Plan, options: PlanOptions, root: Module, state: State) -> Diagnostics:
    """An error for each name that nothing in the configuration and in the state has."""
    known = _known(plan, state)
    found = [
        _no_target(option, target, root)
        for option, targets in (("-target", options.targets), ("-exclude", options.excludes))
        for target in targets
        if not _is_there(target, known, root)
    ]
    found += [_no_instance(each, known) for each in options.replace if each not in known]
    return tuple(found)


def unmatched_guards(guards: Iterable[Guard], plan: Plan, root: Module, state: State) -> Diagnostics:
    """A warning for each address of a guard that nothing in the configuration and in the state has."""
    if plan.mode is not PlanMode.NORMAL or plan.is_partial or plan.has_errors:
        return ()
    named = [(guard, target) for guard in guards for target in guard.addresses or ()]
    known = _known(plan, state) if named else set()
    return tuple(
        _no_guarded(guard, target, root) for guard, target in named if not _is_there(target, known, root)
    )


def _known(plan: Plan, state: State) -> set[InstanceAddress]:
    return {*(change.address for change in plan.changes), *state.instances}


def _is_there(target: Target, known: set[InstanceAddress], root: Module) -> bool:
    return any(names_instance(target, each) for each in known) or _is_declared(target, root)


def _is_declared(target: Target, root: Module) -> bool:
    """Whether a target without keys is in the configuration; it may have no instances."""
    if target.key is not None or any(step.key is not None for step in target.module):
        return False
    module = root.descendant(target.path)
    if module is None or target.is_module:
        return module is not None
    return module.resource((target.mode, target.type, target.name)) is not None


def _no_target(option: str, target: Target, root: Module) -> Diagnostic:
    detail = (
        f"Neither the configuration nor the state has {target}, so {option}={target} would leave "
        f"{'nothing to do' if option == '-target' else 'out nothing'}."
        f"{did_you_mean(str(target), sorted(_names(root)))}"
    )
    return error("No match for resource address", detail)


def _no_guarded(guard: Guard, target: Target, root: Module) -> Diagnostic:
    detail = (
        f'Guard "{guard.name}" names {target}, which neither the configuration nor the state has, so there '
        f"it protects nothing.{did_you_mean(str(target), sorted(_names(root)))}"
    )
    return warning("Guard without effect", detail, target.span)


def _no_instance(address: InstanceAddress, known: set[InstanceAddress]) -> Diagnostic:
    siblings = sorted(str(each) for each in known if each.resource == address.resource)
    if siblings:
        choices = "".join(f"\n  -replace='{each}'" for each in siblings[:5])
        detail = f"There is no instance {address}. These are the ones there are:{choices}"
        return error("Incompletely-matched force-replace resource instance", detail)
    names = sorted({str(each) for each in known})
    detail = f"Nothing is planned for {address}, so it cannot be replaced.{did_you_mean(str(address), names)}"
    return error("No match for resource address", detail)


def _names(root: Module) -> Iterator[str]:
    for module in modules_of(root):
        yield from (str(module.address(resource)) for resource in module.resources.values())
        if module.path:
            yield ".".join(f"module.{name}" for name in module.path)
