"""Whether there is what the command line names with `-target`, `-exclude` and `-replace`, and guards name.

Terraform plans nothing where the name of a target is mistyped, and does not say so. Here the warning that
the plan is partial does. What `-replace` and guards name gets a warning. What `-exclude` names is an error:
the plan would do what was to be left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mooring.config.model import Guard, Module
from mooring.config.names import did_you_mean
from mooring.config.targets import Target
from mooring.core.addresses import InstanceAddress
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, warning
from mooring.core.records import replace
from mooring.planning.model import Plan, PlanMode
from mooring.planning.run import PlanOptions
from mooring.planning.targeting import PARTIAL, names_instance
from mooring.state.model import State


def unmatched(plan: Plan, options: PlanOptions, root: Module, state: State) -> Diagnostics:
    """What to say of each name of `-exclude` and `-replace` that nothing in configuration and state has."""
    known = _known(plan, state)
    found = [_nothing_excluded(each, root) for each in options.excludes if not _is_there(each, known, root)]
    found += [_no_instance(each, known) for each in options.replace if each not in known]
    return tuple(found)


def naming_unmatched(
    diags: Diagnostics, plan: Plan, options: PlanOptions, root: Module, state: State
) -> Diagnostics:
    """The diagnostics of a plan; the warning that it is partial names the targets that match nothing."""
    known = _known(plan, state)
    missing = [each for each in options.targets if not _is_there(each, known, root)]
    if not missing:
        return diags
    told = "\n".join(_no_target(each, root) for each in missing)
    return tuple(
        replace(diag, detail=f"{told}\n\n{diag.detail}") if diag.summary == PARTIAL else diag
        for diag in diags
    )


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


def _no_target(target: Target, root: Module) -> str:
    return (
        f"Neither the configuration nor the state has {target}, so -target={target} adds nothing to the plan."
        f"{did_you_mean(str(target), sorted(_names(root)))}"
    )


def _nothing_excluded(target: Target, root: Module) -> Diagnostic:
    detail = (
        f"Neither the configuration nor the state has {target}, so -exclude={target} would leave out nothing."
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
        return warning("Incompletely-matched force-replace resource instance", detail)
    names = sorted({str(each) for each in known})
    detail = f"Nothing is planned for {address}, so it cannot be replaced.{did_you_mean(str(address), names)}"
    return warning("No match for resource address", detail)


def _names(root: Module) -> Iterator[str]:
    for module in root.tree():
        yield from (str(module.address(resource)) for resource in module.resources.values())
        if module.path:
            yield ".".join(f"module.{name}" for name in module.path)
