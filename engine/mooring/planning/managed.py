"""The rule of a managed instance: from its block and its present object to its change."""

from __future__ import annotations

from mooring.config.arguments import placed
from mooring.config.checking import checked_instance
from mooring.config.model import Condition, Lifecycle
from mooring.config.references import path_of
from mooring.core.paths import Attr, Path
from mooring.core.records import replace
from mooring.core.values import Value
from mooring.lang.cells import Failed
from mooring.lang.scope import Report
from mooring.planning.block import Block
from mooring.planning.decide import Desired, decide
from mooring.planning.imports import imported
from mooring.planning.model import PlannedChange, Reason
from mooring.planning.run import PlanRun
from mooring.planning.triggers import is_triggered


def plan_managed(run: PlanRun, block: Block, report: Report) -> PlannedChange:
    """The change of a managed instance; kept even if a postcondition fails it.

    May raise `NotReady` or `Failed`.
    """
    address, resource = block.address, block.resource
    lifecycle = resource.lifecycle
    connection = run.connection(block.provider, block.address)
    found = run.found(address)
    taken = imported(run, block, report) if found is None and run.imports else None
    prior = taken.prior if taken is not None else found.prior if found is not None else None
    check_all(run, block, lifecycle.preconditions, report, summary="Resource precondition failed")
    desired = Desired(
        address=address,
        provider=block.provider,
        info=block.info,
        kind=connection.resource(resource.type),
        config=block.config,
        ignored=ignored_paths(lifecycle),
        replace=_requested(run, block, report),
        prevent_destroy=lifecycle.prevent_destroy,
        create_before_destroy=address.resource.in_config in run.creates_first,
        dependencies=run.dependencies[address.resource.in_config],
        definition=resource.span,
    )
    change, diags = decide(desired, prior)
    report.extend(placed(diag.of(str(address)), resource.body, resource.span) for diag in diags)
    if change is None:
        raise Failed
    if taken is not None or address in run.previous:
        import_id = taken.id if taken is not None else None
        change = replace(change, import_id=import_id, previous_address=run.previous.get(address))
    run.changes[address, None] = change
    check_all(
        run,
        block,
        lifecycle.postconditions,
        report,
        summary="Resource postcondition failed",
        self_value=change.after,
    )
    return change


def check_all(
    run: PlanRun,
    block: Block,
    conditions: tuple[Condition, ...],
    report: Report,
    *,
    summary: str,
    self_value: Value | None = None,
) -> None:
    """Checks the conditions of a block; raises `Failed` if one does not hold."""
    if not conditions:
        return
    scope = run.evaluation.instance_scope(block.address, self_value)
    run.evaluation.conditions.check(
        checked_instance(block.address), conditions, scope, report, summary=summary
    )
    if report.has_errors:
        raise Failed


def ignored_paths(lifecycle: Lifecycle) -> tuple[Path, ...] | None:
    """The paths that `ignore_changes` names; None for `all`."""
    ignored = lifecycle.ignore_changes
    return None if ignored is None else tuple([(Attr(each.root), *path_of(each.steps)) for each in ignored])


def _requested(run: PlanRun, block: Block, report: Report) -> Reason | None:
    if block.address in run.options.replace:
        return Reason.REPLACE_BY_REQUEST
    triggers = block.resource.lifecycle.replace_triggered_by
    is_requested = any(is_triggered(run, block.address, trigger, report) for trigger in triggers)
    if triggers and report.has_errors:
        raise Failed
    return Reason.REPLACE_BY_TRIGGERS if is_requested else None
