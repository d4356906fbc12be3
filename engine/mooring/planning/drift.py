"""What refresh found: the objects that changed behind our back, and the state as it is now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from mooring.core.addresses import InstanceAddress
from mooring.core.records import replace
from mooring.planning.model import Action, Drift, OutputChange, PlanMode
from mooring.planning.objects import object_state
from mooring.planning.outputs import stored_outputs
from mooring.planning.records import ObjectKey, Record
from mooring.planning.refresh import Found
from mooring.planning.run import PlanRun
from mooring.state.model import InstanceState, ObjectState, State, Status


def find_drift(run: PlanRun) -> Iterator[Drift]:
    """Every recorded object that is not as it was recorded, in the order of the state."""
    for key, record in run.records.items():
        found = _found(run, key)
        if found is None or found.recorded is None or found.is_as_recorded:
            continue
        change = run.changes.get((key.address, key.deposed))
        yield Drift(
            address=key.address,
            provider=record.provider,
            recorded=found.recorded,
            actual=found.prior.value if found.prior is not None else None,
            definition=change.definition if change is not None else None,
            deposed=key.deposed,
        )


def prior_state(run: PlanRun, outputs: tuple[OutputChange, ...]) -> State:
    """The state with every object as refresh found it; what is gone is left out.

    What was imported and read is in it; when refreshing is all there is to do, so are the outputs.
    """
    instances = {
        address: instance
        for address, instance in run.state.instances.items()
        if address.resource.mode == "managed"
        or not run.extent.has_instance(address)
        or run.options.mode is PlanMode.UNDO
    }
    instances.update(_looked_up(run))
    for key, record in run.records.items():
        found = _found(run, key)
        if found is None or found.is_as_recorded:
            continue
        stored = _stored(run, key, record, found)
        instance = _with_object(instances.get(key.address), key, record, stored)
        if instance is None:
            instances.pop(key.address, None)
        else:
            instances[key.address] = instance
    if run.options.mode is PlanMode.REFRESH_ONLY:
        return replace(run.state, instances=instances, outputs=stored_outputs(run.state, outputs))
    return replace(run.state, instances=instances)


def _looked_up(run: PlanRun) -> Iterator[tuple[InstanceAddress, InstanceState]]:
    """What is there for the first time: imported objects, and what data sources said."""
    for change in run.changes.values():
        is_read = change.address.resource.mode == "data" and change.action is Action.NO_OP
        if (is_read or change.import_id is not None) and change.before is not None:
            resource = change.address.resource
            info = run.providers.type_info(change.provider.provider, resource.mode, resource.type)
            assert info is not None
            stored = object_state(change.before, info, private=change.private, dependencies=())
            yield change.address, InstanceState(provider=change.provider, current=stored)


def _stored(run: PlanRun, key: ObjectKey, record: Record, found: Found) -> ObjectState | None:
    """The stored form of an object as it is now."""
    if found.prior is None:
        return None
    resource = key.address.resource
    info = run.providers.type_info(record.provider.provider, resource.mode, resource.type)
    assert info is not None
    before = record.stored
    recorded = before.dependencies if before is not None else None
    return object_state(
        found.prior.value,
        info,
        private=found.prior.private,
        dependencies=recorded if recorded is not None else run.dependencies.get(resource.in_config, ()),
        status=Status.TAINTED if found.prior.tainted else Status.READY,
        create_before_destroy=before.create_before_destroy if before is not None else False,
    )


def _with_object(
    instance: InstanceState | None, key: ObjectKey, record: Record, stored: ObjectState | None
) -> InstanceState | None:
    """The instance with one of its objects replaced; None when nothing is left of it."""
    before = instance or InstanceState(provider=record.provider)
    if key.deposed is None:
        after = replace(before, current=stored)
    else:
        rest = {name: each for name, each in before.deposed.items() if name != key.deposed}
        after = replace(before, deposed=rest if stored is None else {**rest, key.deposed: stored})
    return after if after.current is not None or after.deposed else None


def _found(run: PlanRun, key: ObjectKey) -> Found | None:
    cells = run.evaluation.cells
    if not cells.has(key) or cells.failed(key):
        return None
    return cast("Found", cells.get(key))
