"""The facts of drift: what changed outside, what is gone, what is pending; each with its place in the files.

A difference that is no drift (`reporting.differences`) is an observation, told but not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum

from mooring.config.arguments import place_of, resource_block
from mooring.config.model import Module
from mooring.core.addresses import InstanceAddress
from mooring.core.paths import Path
from mooring.core.records import record
from mooring.core.spans import Span
from mooring.core.values import Value
from mooring.planning.model import Action, Drift, Plan, PlannedChange
from mooring.reporting.change_text import SchemaLookup
from mooring.reporting.differences import differing, is_decided_by_provider


class DriftStatus(IntEnum):
    """What `moor drift` exits with."""

    IN_SYNC = 0
    DRIFT = 2
    PENDING = 3


@record(kw_only=True)
class Difference:
    """One part of an object that has another value. `place` is the argument that sets it, if one does."""

    path: Path
    before: Value | None
    after: Value | None
    place: Span | None = None
    is_observation: bool = False


@record(kw_only=True)
class Drifted:
    """An object that was changed outside, or with no `differences`, one that is gone."""

    address: InstanceAddress
    place: Span | None
    differences: tuple[Difference, ...] = ()
    deposed: str | None = None


@record(kw_only=True)
class Pending:
    """A change that the configuration asks for and that drift does not explain."""

    change: PlannedChange
    place: Span | None
    differences: tuple[Difference, ...] = ()


@record(kw_only=True)
class DriftReport:
    """Drift, grouped. `observed` are objects in which nothing differs but observations."""

    changed: tuple[Drifted, ...] = ()
    missing: tuple[Drifted, ...] = ()
    pending: tuple[Pending, ...] = ()
    observed: tuple[Drifted, ...] = ()
    pending_outputs: tuple[str, ...] = ()

    @property
    def status(self) -> DriftStatus:
        """Drift outweighs pending changes."""
        if self.changed or self.missing:
            return DriftStatus.DRIFT
        return DriftStatus.PENDING if self.pending or self.pending_outputs else DriftStatus.IN_SYNC


def build_drift_report(plan: Plan, root: Module, schemas: SchemaLookup) -> DriftReport:
    """Sorts what a normal plan found into drift and pending changes."""
    drifted = [_drifted(drift, root, schemas) for drift in plan.drift]
    gone = [each for each, drift in zip(drifted, plan.drift, strict=True) if drift.actual is None]
    present = [each for each, drift in zip(drifted, plan.drift, strict=True) if drift.actual is not None]
    changed = [each for each in present if not all(diff.is_observation for diff in each.differences)]
    return DriftReport(
        changed=tuple(changed),
        missing=tuple(gone),
        pending=tuple(_pending(plan, root)),
        observed=tuple(each for each in present if each not in changed),
        pending_outputs=tuple(
            output.name for output in plan.outputs if output.action is not Action.NO_OP and not drifted
        ),
    )


def _drifted(drift: Drift, root: Module, schemas: SchemaLookup) -> Drifted:
    block = resource_block(root, drift.address.resource)
    place = drift.definition or (block.span if block else None)
    if drift.actual is None:
        return Drifted(address=drift.address, place=place, deposed=drift.deposed)
    schema = schemas(drift.provider, drift.address.resource)
    differences = [
        Difference(
            path=path,
            before=before,
            after=after,
            place=(place_of(block, path) if block else None) or place,
            is_observation=is_decided_by_provider(schema, path),
        )
        for path, before, after in differing(drift.recorded, drift.actual)
    ]
    return Drifted(address=drift.address, place=place, differences=tuple(differences), deposed=drift.deposed)


def _pending(plan: Plan, root: Module) -> Iterator[Pending]:
    """Changes beyond undoing drift: where an object drifted, only what differs from its recorded form too."""
    drift = {each.address: each for each in plan.drift if each.deposed is None}
    for change in plan.changes:
        if not change.is_change:
            continue
        block = resource_block(root, change.address.resource)
        place = change.definition or (block.span if block else None)
        found = drift.get(change.address)
        if found is not None and found.actual is None and change.action is Action.CREATE:
            continue
        differences = tuple(
            Difference(
                path=path,
                before=before,
                after=after,
                place=(place_of(block, path) if block else None) or place,
            )
            for path, before, after in differing(change.before, change.after)
            if found is None or not _goes_back(found, path, after)
        )
        if found is not None and not _is_asked_for(differences):
            continue
        yield Pending(change=change, place=place, differences=differences)


def _goes_back(drift: Drift, path: Path, after: Value | None) -> bool:
    """Whether a change at `path` restores what was recorded."""
    from mooring.core.walking import value_at

    return after == value_at(drift.recorded, path)


def _is_asked_for(differences: tuple[Difference, ...]) -> bool:
    """Whether a difference is more than a value that will be known after apply."""
    return any(diff.after is None or diff.after.is_known for diff in differences)
