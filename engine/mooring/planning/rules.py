"""What the cells of a plan are worth: the rule of each kind of key. Nothing here writes.

| key | value |
| --- | --- |
| `InstanceAddress` | the planned object; its change stands in `PlanRun.changes` |
| `("object", address, deposed key)` | `Found`: a recorded object as it is now |
| `("connection", provider configuration)` | `Connection` |
| `("removal", address, deposed key)` | deletion of what is not desired |
| `("preflight", address, deposed key)` | nothing; reports what stands against a change |
| `("beside", provider)` | the objects of the plan that any configuration of a provider makes |
| `("import targets", resource)` | which of its instances are imported |
| `("import check", resource)` | nothing; reports imports for instances that are not declared |
| `("expansion",)` | nothing; settles the module instances and the keys of their resources |
| `("review", provider configuration)` | nothing; reports what is wrong with the plan as a whole |
| `("look up",)` | what `look_up` is about |

All others are the evaluation's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from mooring.config.cycles import self_references
from mooring.core.addresses import (
    ConfigAddress,
    InstanceAddress,
    ProviderConfigAddress,
    ResourceAddress,
    module_path,
)
from mooring.core.diagnostics import Diagnostics
from mooring.core.records import replace
from mooring.core.values import DYNAMIC_UNKNOWN, Value
from mooring.lang.cells import Failed, Key
from mooring.lang.scope import Report
from mooring.planning.advice import made_by, preflight, review
from mooring.planning.block_evaluation import evaluate_block
from mooring.planning.connections import connect
from mooring.planning.data_sources import plan_data
from mooring.planning.ephemeral_blocks import plan_ephemeral
from mooring.planning.imports import check_import_targets, import_targets
from mooring.planning.managed import plan_managed
from mooring.planning.model import PlanMode
from mooring.planning.objects import value_in_state
from mooring.planning.orphans import plan_removal
from mooring.planning.restoring import plan_restored
from mooring.planning.run import PlanRun

Rule = Callable[..., object]
"""Takes what follows the first word of a key, then the `Report`. May raise `NotReady` or `Failed`."""


class Rules:
    """The rules of one run; `others` are those that only its owner knows, by the first word of their keys."""

    def __init__(self, run: PlanRun, others: Mapping[str, Rule]) -> None:
        is_destroying = run.options.mode is PlanMode.DESTROY
        self._run: Final = run
        self._circular: Final = {} if is_destroying else self_references(run.graph)
        shared = {word: partial(rule, run) for word, rule in _RULES.items()}
        self._rules: Final[Mapping[str, Rule]] = {**shared, **others}

    def settle(self, key: Key) -> object:
        """The value of a cell. May raise `NotReady` or `Failed`."""
        evaluation = self._run.evaluation
        if self._circular and (resource := _resource_of(key)) in self._circular:
            problems = _by_instance(key, self._circular[resource])
            return evaluation.reporting(key, lambda report: report.extend(problems))
        if type(key) is InstanceAddress:
            return evaluation.reporting(key, lambda report: _instance(self._run, key, report))
        assert isinstance(key, tuple)
        rule = self._rules.get(key[0])
        if rule is None:
            return evaluation.rule(key)
        return evaluation.reporting(key, lambda report: rule(*key[1:], report))


def _resource_of(key: Key) -> ConfigAddress:
    """The resource whose instance or whose instances a cell is about; none has this address otherwise."""
    if type(key) is InstanceAddress:
        return key.resource.in_config
    assert isinstance(key, tuple)
    return key[1].in_config if key[0] == "instances" else ConfigAddress((), "managed", "", "")


def _by_instance(key: Key, problems: Diagnostics) -> Diagnostics:
    """What is wrong with a block that refers to itself, as Terraform tells it.

    A block without `count` and `for_each` has one name as a resource and as an instance: both are told.
    """
    if type(key) is not InstanceAddress:
        return problems
    detail = f"{key} is the one instance of this block, so that it refers to its own instance too."
    again = [replace(each, detail=detail) for each in problems]
    return tuple(each.of(str(key)) for each in (*problems, *again))


# -- instances -----------------------------------------------------------------------------------


def _instance(run: PlanRun, address: InstanceAddress, report: Report) -> Value:
    if address.resource.mode == "ephemeral":
        return plan_ephemeral(run, address, report)
    if run.options.mode is PlanMode.DESTROY:
        return _recorded(run, address)
    if run.options.mode is PlanMode.UNDO:
        return _restored(run, address, report)
    if not run.extent.has_instance(address):
        return value_in_state(run.state.instances.get(address), address, run.providers)
    if address.resource.mode == "data":
        return plan_data(run, address, report)
    if run.options.mode is PlanMode.REFRESH_ONLY:
        found = run.found(address)
        return found.prior.value if found is not None and found.prior is not None else DYNAMIC_UNKNOWN
    change = plan_managed(run, evaluate_block(run, address, report), report)
    assert change.after is not None
    return change.after


def _recorded(run: PlanRun, address: InstanceAddress) -> Value:
    """What a provider block sees of an instance while everything is being destroyed."""
    found = run.found(address)
    if found is None or found.recorded is None:
        raise Failed
    return found.recorded


def _restored(run: PlanRun, address: InstanceAddress, report: Report) -> Value:
    """An object as it was; what a provider block sees of any other is what is recorded."""
    target = run.options.restore.instances.get(address)
    if target is None or target.current is None or address.resource.mode == "data":
        return value_in_state(run.state.instances.get(address), address, run.providers)
    change = plan_restored(run, address, target, report)
    assert change.after is not None
    return change.after


# -- other kinds ---------------------------------------------------------------------------------


def _connection(run: PlanRun, address: ProviderConfigAddress, report: Report) -> object:
    return connect(run.evaluation, run.providers, address, report)


def _removal(run: PlanRun, address: InstanceAddress, deposed: str | None, report: Report) -> None:
    change = plan_removal(run, address, deposed, report)
    if change is not None:
        run.changes[address, deposed] = change


def _expansion(run: PlanRun, _report: Report) -> None:
    evaluation = run.evaluation
    evaluation.cells.settled(
        ("instances", ResourceAddress(instance, *key))
        for instance in evaluation.module_instances()
        for key, resource in evaluation.module(instance).resources.items()
        if not resource.is_single and run.extent.has_resource(ConfigAddress(module_path(instance), *key))
    )


_RULES: Final[Mapping[str, Rule]] = {
    "connection": _connection,
    "removal": _removal,
    "preflight": preflight,
    "beside": made_by,
    "review": review,
    "expansion": _expansion,
    "import targets": import_targets,
    "import check": check_import_targets,
}
