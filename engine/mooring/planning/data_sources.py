"""The rule of a data source: read now if everything it needs is there, else while applying."""

from __future__ import annotations

from collections.abc import Callable

from mooring.config.checking import Checked, checked_name
from mooring.config.evaluation import Evaluation
from mooring.core.addresses import ConfigAddress, InstanceAddress
from mooring.core.diagnostics import Severity
from mooring.core.records import replace
from mooring.core.values import DYNAMIC_UNKNOWN, Value, unmark
from mooring.lang.cells import Failed
from mooring.lang.scope import Report
from mooring.planning.asking import Question, ask_provider
from mooring.planning.block import Block, accepted
from mooring.planning.block_evaluation import evaluate_block
from mooring.planning.managed import check_all
from mooring.planning.model import Action, PlanMode, PlannedChange, Reason
from mooring.planning.objects import lasting_marks, mark_all
from mooring.planning.run import PlanRun
from mooring.schema.proposed import planned_create
from mooring.sdk.requests import ReadData, ReadDataResult


def plan_data(run: PlanRun, address: InstanceAddress, report: Report) -> Value:
    """What a data source says, if it can be read now; its change is kept.

    May raise `NotReady` or `Failed`.
    """
    module = run.evaluation.module(address.resource.module)
    check = next((each for each, data in module.nested_data() if data.key == address.resource[1:]), None)
    if check is None:
        change = _plan_block(run, evaluate_block(run, address, report), report)
        if change.action is Action.NO_OP or run.options.mode is not PlanMode.REFRESH_ONLY:
            run.changes[address, None] = change
        assert change.after is not None
        return change.after
    return nested_value(
        run.evaluation,
        checked_name("check", address.resource.module, check.name),
        lambda own: _plan_nested(run, evaluate_block(run, address, own), own),
        report,
    )


def nested_value(
    evaluation: Evaluation, checked: Checked, work: Callable[[Report], Value], report: Report
) -> Value:
    """The value of a `check` block's own data source. Its problems are the check's: nothing else fails."""
    own = Report()
    try:
        value = work(own)
    except Failed:
        value = DYNAMIC_UNKNOWN
    report.extend(replace(diag, severity=Severity.WARNING, checked=checked) for diag in own.diagnostics)
    failure = next((diag for diag in own.diagnostics if diag.is_error), None)
    if failure is not None:
        evaluation.conditions.nested_failed(checked, failure)
    return value


def _plan_nested(run: PlanRun, block: Block, report: Report) -> Value:
    """Reads the data source of a `check`, and once more while applying: a check is about the end result."""
    config = unmark(block.config)[0]
    later = mark_like(planned_create(block.info.schema.block, config), block.config, block)
    if run.options.mode is PlanMode.NORMAL:
        reason = Reason.READ_CHECK_NESTED
        run.changes[block.address, None] = _change(run, block, Action.READ, later, reason)
    return read_now(run, block, config, report) if config.is_wholly_known else later


def _plan_block(run: PlanRun, block: Block, report: Report) -> PlannedChange:
    """The change of a data source: nothing when it was read, a read while applying otherwise."""
    check_all(
        run, block, block.resource.lifecycle.preconditions, report, summary="Resource precondition failed"
    )
    config = unmark(block.config)[0]
    reason = _why_later(run, block, config)
    if reason is not None:
        later = mark_like(planned_create(block.info.schema.block, config), block.config, block)
        return _change(run, block, Action.READ, later, reason)
    value = read_now(run, block, config, report)
    check_all(
        run,
        block,
        block.resource.lifecycle.postconditions,
        report,
        summary="Resource postcondition failed",
        self_value=value,
    )
    return _change(run, block, Action.NO_OP, value, None)


def read_now(run: PlanRun, block: Block, config: Value, report: Report) -> Value:
    """What the data source says. May raise `NotReady` or `Failed`."""
    connection = run.connection(block.provider, block.address)
    source, reads = connection.data_source(block.info.name), run.providers.outputs_reader(block.address)
    question = Question(
        provider=block.provider.provider.type,
        asked=f"read {block.address}",
        seconds=block.info.schema.timeouts.read,
        is_blocking=connection.is_blocking,
    )
    result = ask_provider(
        run.evaluation.cells,
        ("read data", block.address),
        question,
        lambda ctx: source.read(ctx, ReadData(config=config, read_outputs=reads)),
        lambda problem: ReadDataResult(diagnostics=(problem,)),
    )
    return mark_like(accepted(block, result.current, result.diagnostics, report), block.config, block)


def mark_like(value: Value, config: Value, block: Block) -> Value:
    """The value with the sensitive marks of the configuration it came from, and of its schema."""
    return mark_all(value, [path for path, _ in lasting_marks(config, block.info)], block.info)


def _why_later(run: PlanRun, block: Block, config: Value) -> Reason | None:
    if not config.is_wholly_known:
        return Reason.READ_CONFIG_UNKNOWN
    waits = run.graph.explicit_dependencies(block.address.resource.in_config)
    return Reason.READ_DEPENDENCY_PENDING if any(_is_pending(run, each) for each in waits) else None


def _is_pending(run: PlanRun, resource: ConfigAddress) -> bool:
    """Whether an instance of the resource will change. May raise `NotReady`."""
    return any(change.action not in (Action.NO_OP, Action.READ) for change in run.changes_of(resource))


def _change(run: PlanRun, block: Block, action: Action, value: Value, reason: Reason | None) -> PlannedChange:
    return PlannedChange(
        address=block.address,
        action=action,
        provider=block.provider,
        before=None if action is Action.READ else value,
        after=value,
        reason=reason,
        schema_version=block.info.schema.version,
        dependencies=run.dependencies[block.address.resource.in_config],
        definition=block.resource.span,
    )
