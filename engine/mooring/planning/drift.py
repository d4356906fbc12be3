"""What refresh found: the objects that changed behind our back, and the state as it is now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from mooring.core.records import replace
from mooring.planning.model import Drift
from mooring.planning.objects import object_state
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


def prior_state(run: PlanRun) -> State:
    """The state with every object as refresh found it; what is gone is left out."""
    instances = dict(run.state.instances)
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
    return replace(run.state, instances=instances)


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
