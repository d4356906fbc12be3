"""The end of planning: what has been worked out becomes a `Plan`, with its order of steps."""

from __future__ import annotations

from collections.abc import Iterable

from mooring.config.checking import CheckResult, check_results
from mooring.config.model import Module
from mooring.core.addresses import instance_order
from mooring.core.diagnostics import Diagnostics, has_errors, in_order
from mooring.core.records import replace
from mooring.planning.dependencies import recorded_dependencies, with_checks_last
from mooring.planning.drift import find_drift, prior_state
from mooring.planning.goals import WITHOUT_CHECKS, has_output
from mooring.planning.model import OutputChange, Plan, PlanMode, PlannedChange, SourceText
from mooring.planning.ordering import Dependencies, order
from mooring.planning.outputs import module_outputs, output_changes
from mooring.planning.removed import forgetting
from mooring.planning.restoring import restored_outputs, undo_warnings
from mooring.planning.run import PlanOptions, PlanRun, stored_inputs
from mooring.planning.targeting import partial_warnings
from mooring.state.model import State


def conclude(run: PlanRun, said: Diagnostics) -> tuple[Plan, Diagnostics]:
    """The plan, and everything that was reported; `said` is what came up outside of the evaluation."""
    changes = sorted(run.changes.values(), key=lambda each: instance_order(each.address))
    advice = (*forgetting(changes), *partial_warnings(run.extent), *undo_warnings(run, changes))
    diags = in_order([*run.evaluation.diagnostics, *said, *advice])
    plan = _plan(run, changes, has_errors=has_errors(diags))
    if plan.has_errors:
        return plan, diags
    graph = order(changes, _dependencies(run, changes), recorded_dependencies(run.state))
    return replace(plan, graph=graph), diags


def nothing(state: State, options: PlanOptions) -> Plan:
    """The plan of a configuration that cannot be planned."""
    return Plan(mode=options.mode, prior_state=state, has_errors=True, is_blank=True)


def _plan(run: PlanRun, changes: list[PlannedChange], *, has_errors: bool) -> Plan:
    mode, outputs = run.options.mode, _outputs(run)
    stored, ephemeral = stored_inputs(run.configuration)
    return Plan(
        mode=mode,
        changes=tuple(changes),
        outputs=outputs,
        module_outputs=() if mode is PlanMode.DESTROY else module_outputs(run.evaluation),
        drift=tuple(find_drift(run)),
        prior_state=prior_state(run, outputs),
        base_lineage=run.state.lineage,
        base_serial=run.state.serial,
        variables=stored,
        ephemeral_variables=ephemeral,
        moves=run.previous,
        checks=_check_results(run, complete=not has_errors),
        targets=tuple(map(str, run.options.targets)),
        excludes=tuple(map(str, run.options.excludes)),
        sources=tuple(_sources(run.configuration.root)),
        has_errors=has_errors,
    )


def _dependencies(run: PlanRun, changes: list[PlannedChange]) -> Dependencies:
    if run.options.mode is PlanMode.UNDO:
        return recorded_dependencies(run.options.restore)
    return with_checks_last(run.dependencies, run.configuration.root, changes)


def _outputs(run: PlanRun) -> tuple[OutputChange, ...]:
    mode = run.options.mode
    if mode is PlanMode.UNDO:
        return restored_outputs(run.state, run.options.restore)
    return output_changes(run.evaluation, run.state, mode, is_included=lambda name: has_output(run, name))


def _check_results(run: PlanRun, *, complete: bool) -> tuple[CheckResult, ...]:
    if run.options.mode in WITHOUT_CHECKS:
        return ()
    root, verdicts = run.configuration.root, run.evaluation.conditions.verdicts
    return check_results(root, verdicts, complete=complete and not run.extent.is_partial)


def _sources(root: Module) -> Iterable[SourceText]:
    for module in root.tree():
        yield from (SourceText(path=source.path, text=source.text) for source in module.sources)
