"""What providers say of a plan before it is carried out: against reality, and as a whole."""

from __future__ import annotations

from typing import Final, cast

from mooring.config.arguments import placed_in
from mooring.config.model import Module
from mooring.core.addresses import InstanceAddress, ProviderAddress, ProviderConfigAddress
from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.records import replace
from mooring.core.values import Value, unmark
from mooring.lang.scope import Report
from mooring.planning.asking import Question, ask_provider
from mooring.planning.model import Action, PlannedChange
from mooring.planning.run import PlanRun
from mooring.sdk.abilities import can_preflight, can_review
from mooring.sdk.calls import guarded
from mooring.sdk.requests import Finding, Preflight, Review, ReviewedObject

_MAKING: Final = frozenset({Action.CREATE, Action.REPLACE})


def checked_changes(run: PlanRun) -> list[tuple[InstanceAddress, str | None]]:
    """The changes that their providers can check against reality."""
    able: dict[tuple[ProviderConfigAddress, str], bool] = {}
    found = []
    for key, change in run.changes.items():
        resource = change.address.resource
        if change.action is Action.NO_OP or resource.mode != "managed" or stands_in(run, change):
            continue
        kind = change.provider, resource.type
        if kind not in able:
            able[kind] = can_preflight(run.connection(change.provider).resource(resource.type))
        if able[kind]:
            found.append(key)
    return found


def stands_in(run: PlanRun, change: PlannedChange) -> bool:
    """Whether something stands in for the provider of a change's object."""
    return run.providers.stand_in(change.provider, change.address) is not None


def made_by(run: PlanRun, provider: ProviderAddress, _report: Report) -> tuple[ReviewedObject, ...]:
    """The objects that a provider creates or replaces, whichever of its configurations they have."""
    return tuple(
        _reviewed(change)
        for change in run.changes.values()
        if change.provider.provider == provider and change.action in _MAKING
    )


def preflight(run: PlanRun, address: InstanceAddress, deposed: str | None, report: Report) -> None:
    """Asks the provider what stands against a change, where it can tell. May raise `NotReady`."""
    change = run.changes[address, deposed]
    connection = run.connection(change.provider)
    kind = connection.resource(address.resource.type)
    timeouts = kind.schema.timeouts
    assert can_preflight(kind)
    beside = run.evaluation.cells.get(("beside", change.provider.provider))
    request = Preflight(
        config=None,
        prior=_plain(change.before),
        planned=_plain(change.after),
        beside=cast("tuple[ReviewedObject, ...]", beside),
    )

    question = Question(
        provider=change.provider.provider.type,
        asked=f"check the change of {address}",
        seconds=timeouts.read,
        is_blocking=connection.is_blocking,
    )
    diags: Diagnostics = ask_provider(
        run.evaluation.cells,
        ("ask", address, deposed),
        question,
        lambda ctx: kind.preflight(ctx, request),
        lambda problem: (problem,),
    )
    root = run.configuration.root
    report.extend(placed_in(diag, root, address, change.definition) for diag in diags)


def review(run: PlanRun, provider: ProviderConfigAddress, report: Report) -> None:
    """Asks a connection what it thinks of all its objects together. May raise `NotReady` or `Failed`."""
    connection = run.connection(provider)
    if not can_review(connection):
        return
    changes = [
        change
        for change in run.changes.values()
        if change.provider == provider and change.address.resource.mode == "managed"
    ]
    request = Review(objects=tuple(map(_reviewed, changes)))
    findings = guarded(
        provider.provider.type,
        lambda: connection.review(request),
        lambda crash: (Finding(about=0, diagnostic=crash),),
    )
    root = run.configuration.root
    report.extend(_placed(finding, changes, root) for finding in findings)


def _reviewed(change: PlannedChange) -> ReviewedObject:
    return ReviewedObject(
        type_name=change.address.resource.type, prior=_plain(change.before), planned=_plain(change.after)
    )


def _placed(finding: Finding, changes: list[PlannedChange], root: Module) -> Diagnostic:
    """The diagnostic with the address and place of its object, and those of the others."""
    about = changes[finding.about]
    others = "".join(f"\n  {_named(changes[other])}" for other in finding.others)
    detail = finding.diagnostic.detail + (f"\nThe other:{others}" if others else "")
    whole = replace(finding.diagnostic, detail=detail)
    return placed_in(whole, root, about.address, about.definition)


def _named(change: PlannedChange) -> str:
    return (
        f"{change.address} at {change.definition}" if change.definition is not None else str(change.address)
    )


def _plain(value: Value | None) -> Value | None:
    return unmark(value)[0] if value is not None else None
