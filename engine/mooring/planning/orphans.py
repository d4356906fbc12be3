"""What is recorded but not desired: instances to delete and why, deposed objects, all for a destroy."""

from __future__ import annotations

from mooring.config.model import Module, Resource
from mooring.core.addresses import ConfigAddress, InstanceAddress, ModuleInstance
from mooring.lang.scope import Report
from mooring.planning.decide import Prior, refuse_destroy
from mooring.planning.model import Action, PlanMode, PlannedChange, Reason
from mooring.planning.records import object_key
from mooring.planning.run import PlanRun


def plan_removal(
    run: PlanRun, address: InstanceAddress, deposed: str | None, report: Report
) -> PlannedChange | None:
    """The deletion of a recorded object; None when it is gone already. May raise `NotReady` or `Failed`."""
    found = run.found(address, deposed)
    if found is None or found.prior is None:
        return None
    reason = None
    if run.options.mode is PlanMode.NORMAL and deposed is None:
        reason = orphan_reason(run, address)
    change = _removal(run, address, deposed, found.prior, reason)
    _guard(run, address, change, report)
    return change


def orphan_reason(run: PlanRun, address: InstanceAddress) -> Reason:
    """Why an instance is not desired any more."""
    resource = _declared(run.configuration.root, address.resource.in_config)
    if resource is None:
        moved = address in run.previous
        return Reason.DELETE_NO_MOVE_TARGET if moved else Reason.DELETE_NO_RESOURCE_CONFIG
    if not _is_expanded(run, address.resource.module):
        return Reason.DELETE_NO_MODULE
    if resource.count is not None:
        return Reason.DELETE_COUNT_INDEX if isinstance(address.key, int) else Reason.DELETE_WRONG_REPETITION
    if resource.for_each is not None:
        return Reason.DELETE_EACH_KEY if isinstance(address.key, str) else Reason.DELETE_WRONG_REPETITION
    return Reason.DELETE_WRONG_REPETITION


def _is_expanded(run: PlanRun, instance: ModuleInstance) -> bool:
    """Whether a declared module has this instance. May raise `NotReady` or `Failed`."""
    keys = run.evaluation.module_keys
    return all(step.key in keys(instance[:depth], step.name) for depth, step in enumerate(instance))


def _removal(
    run: PlanRun, address: InstanceAddress, deposed: str | None, prior: Prior, reason: Reason | None
) -> PlannedChange:
    record = run.records[object_key(address, deposed)]
    info = run.providers.type_info(record.provider.provider, "managed", address.resource.type)
    assert info is not None
    resource = _declared(run.configuration.root, address.resource.in_config)
    is_normal = run.options.mode is PlanMode.NORMAL and resource is None
    removed = run.removed.find(address.resource.in_config) if is_normal else None
    stored = record.stored
    return PlannedChange(
        address=address,
        action=Action.DELETE if removed is None or removed.destroy else Action.FORGET,
        previous_address=run.previous.get(address) if deposed is None else None,
        provider=record.provider,
        before=prior.value,
        after=None,
        deposed=deposed,
        reason=reason,
        private=prior.private,
        schema_version=info.schema.version,
        dependencies=stored.dependencies if stored is not None else (),
        create_before_destroy=stored is not None and stored.create_before_destroy,
        verbs=info.schema.verbs,
        definition=resource.span if resource is not None else None,
    )


def _guard(run: PlanRun, address: InstanceAddress, change: PlannedChange, report: Report) -> None:
    """Refuses to destroy what `prevent_destroy` protects."""
    resource = _declared(run.configuration.root, address.resource.in_config)
    if resource is not None and resource.lifecycle.prevent_destroy and change.deposed is None:
        report.add(refuse_destroy(address, resource.span))


def _declared(root: Module, address: ConfigAddress) -> Resource | None:
    module = root.descendant(address.module)
    return module.resources.get((address.mode, address.type, address.name)) if module else None
