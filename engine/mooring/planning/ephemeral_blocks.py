"""The rule of an `ephemeral` block while planning: opened now if everything it needs is there."""

from __future__ import annotations

from mooring.core.addresses import InstanceAddress
from mooring.core.values import Value
from mooring.lang.scope import Report
from mooring.planning.block_evaluation import evaluate_block
from mooring.planning.managed import check_all
from mooring.planning.run import PlanRun


def plan_ephemeral(run: PlanRun, address: InstanceAddress, report: Report) -> Value:
    """What an ephemeral block stands for. May raise `NotReady` or `Failed`."""
    block = evaluate_block(run, address, report)
    lifecycle = block.resource.lifecycle
    check_all(run, block, lifecycle.preconditions, report, summary="Resource precondition failed")
    value = run.ephemerals.value(block, run.connection(block.provider, address), report)
    check_all(
        run,
        block,
        lifecycle.postconditions,
        report,
        summary="Resource postcondition failed",
        self_value=value,
    )
    return value
