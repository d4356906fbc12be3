"""Objects that `import` blocks take over: which instance gets which, and what each is.

An import block is about a resource of the configuration; which of its instances, and which id, is evaluated.
What is recorded already is not imported again. The provider finds the object by its id and reads it; from
there it is planned like any other. The rules are those of
https://developer.hashicorp.com/terraform/language/import.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, cast

from mooring.config.declarations.moves import without_keys
from mooring.config.expansion import for_each_keys
from mooring.config.model import Import, Module
from mooring.config.scopes import ONCE, Repetition, for_each
from mooring.config.targets import Target, parse_target
from mooring.core.addresses import ConfigAddress, InstanceAddress, ProviderConfigAddress
from mooring.core.conversion import Mismatch, convert
from mooring.core.diagnostics import Diagnostic, error, has_errors
from mooring.core.records import record
from mooring.core.spans import Span
from mooring.core.types import STRING
from mooring.core.values import EPHEMERAL, SENSITIVE, Value, unmark
from mooring.lang.cells import Failed
from mooring.lang.evaluation import evaluate_into
from mooring.lang.scope import Report, Scope
from mooring.planning.asking import Question, ask_provider
from mooring.planning.block import Block
from mooring.planning.decide import Prior
from mooring.planning.objects import mark_all
from mooring.planning.run import PlanRun
from mooring.sdk import requests as rq
from mooring.sdk.abilities import can_import
from mooring.sdk.context import CallContext
from mooring.sdk.protocols import Imports, ResourceType
from mooring.syntax.nodes import Expression, IndexExpression, IndexStep, RelativeTraversal, Traversal


class ImportTarget(NamedTuple):
    """One object to import: the block, and what `each` is in it."""

    block: Import
    repetition: Repetition


@record(kw_only=True)
class Wanted:
    """An object to import: as what, by which id, through which provider; `span` is where that is said.

    `config` is what its block says, if that is known.
    """

    address: InstanceAddress
    id: str
    provider: ProviderConfigAddress
    span: Span | None = None
    config: Value | None = None


class Imported(NamedTuple):
    """An object that was imported, under which id."""

    id: str
    prior: Prior


def imports_by_resource(root: Module) -> dict[ConfigAddress, tuple[Import, ...]]:
    """The import blocks of each resource; only the root module can have any."""
    found: dict[ConfigAddress, tuple[Import, ...]] = {}
    for block in root.imports:
        traversal = without_keys(block.to)
        target = parse_target(traversal) if traversal is not None else None
        if isinstance(target, Target):
            found[target.in_config] = (*found.get(target.in_config, ()), block)
    return found


def import_targets(
    run: PlanRun, resource: ConfigAddress, report: Report
) -> Mapping[InstanceAddress, ImportTarget]:
    """Which instances of a resource are imported. May raise `NotReady` or `Failed`."""
    found: dict[InstanceAddress, ImportTarget] = {}
    for block in run.imports[resource]:
        for repetition in _repetitions(run, block, report):
            scope = run.evaluation.scope((), repetition)
            target = parse_target(_settled(block.to, scope, report))
            if report.has_errors:
                raise Failed
            if isinstance(target, Diagnostic):
                report.add(target)
            elif target.instance in found:
                report.add(_twice(target.instance, block, found[target.instance].block))
            else:
                found[target.instance] = ImportTarget(block, repetition)
    return found


def check_import_targets(run: PlanRun, resource: ConfigAddress, report: Report) -> None:
    """Reports the imports for instances that the configuration does not have. May raise `NotReady`."""
    declared = set(run.evaluation.instances_of(resource))
    for address, target in _targets(run, resource).items():
        if address not in declared:
            detail = (
                f"The import block at {target.block.span} names {address}, which the configuration does not "
                "have. Check the key, and the count or for_each of the resource and of the modules around it."
            )
            summary = "Configuration for import target does not exist"
            report.add(error(summary, detail))


def imported(run: PlanRun, block: Block, report: Report) -> Imported | None:
    """The object that an import block gives an instance; None without one. May raise `NotReady`, `Failed`."""
    resource = block.address.resource.in_config
    if resource not in run.imports:
        return None
    target = _targets(run, resource).get(block.address)
    if target is None:
        return None
    wanted = Wanted(
        address=block.address,
        id=import_id(run, target, report),
        provider=block.provider,
        span=target.block.span,
        config=block.config,
    )
    return find_object(run, wanted, report)


def find_object(run: PlanRun, wanted: Wanted, report: Report) -> Imported:
    """An object that exists, as its provider finds and reads it. May raise `NotReady` or `Failed`."""
    address, name, span = wanted.address, wanted.address.resource.type, wanted.span
    connection = run.connection(wanted.provider, address)
    info = run.providers.type_info(wanted.provider.provider, "managed", name)
    assert info is not None  # the static checks have seen to it
    kind = connection.resource(name)
    importer = kind if can_import(kind) else None
    if importer is None:
        report.add(_not_importable(wanted))
        raise Failed
    config = unmark(wanted.config)[0] if wanted.config is not None else None
    request = rq.Import(id=wanted.id, config=config)
    question = Question(
        provider=wanted.provider.provider.type,
        asked=f"import {address}",
        seconds=info.schema.timeouts.read,
        is_blocking=connection.is_blocking,
    )
    result = ask_provider(
        run.evaluation.cells,
        ("import object", address),
        question,
        lambda ctx: _find(ctx, kind, importer, request),
        lambda problem: rq.ReadResult(diagnostics=(problem,)),
    )
    report.extend(diag.of(str(address)).at(span) for diag in result.diagnostics)
    if has_errors(result.diagnostics):
        raise Failed
    if result.current is None:
        report.add(_nothing(wanted))
        raise Failed
    return Imported(wanted.id, Prior(value=mark_all(result.current, (), info), private=result.private))


def _targets(run: PlanRun, resource: ConfigAddress) -> Mapping[InstanceAddress, ImportTarget]:
    found = run.evaluation.cells.get(("import targets", resource))
    return cast("Mapping[InstanceAddress, ImportTarget]", found)


def _repetitions(run: PlanRun, block: Import, report: Report) -> list[Repetition]:
    if block.for_each is None:
        return [ONCE]
    keys = for_each_keys(block.for_each, run.evaluation.scope(()), report)
    return [for_each(str(key), value) for key, value in keys.items()]


def _settled(to: Expression, scope: Scope, report: Report) -> Traversal:
    """An address with the values of its evaluated keys."""
    match to:
        case Traversal():
            return to
        case IndexExpression(collection, key, span):
            inner = _settled(collection, scope, report)
            steps = (*inner.steps, IndexStep(evaluate_into(key, scope, report), span))
        case RelativeTraversal(source, relative, span):
            inner = _settled(source, scope, report)
            steps = (*inner.steps, *relative)
        case _:
            raise AssertionError(to)  # refused when the block was read
    return Traversal(inner.root, inner.root_span, steps, span)


def import_id(run: PlanRun, target: ImportTarget, report: Report) -> str:
    """The id that an import block gives. May raise `NotReady` or `Failed`."""
    expression = target.block.id
    value = evaluate_into(expression, run.evaluation.scope((), target.repetition), report)
    if report.has_errors:
        raise Failed
    problem = next((f"is {mark}" for mark in (EPHEMERAL, SENSITIVE) if mark in value.marks), "")
    converted = convert(value.unmarked(), STRING)
    if isinstance(converted, Mismatch):
        problem = f"must be a string: {converted}"
    elif not converted.is_known:
        problem = "is known only after apply"
    elif converted.is_null or not converted.text:
        problem = "is empty"
    if problem or isinstance(converted, Mismatch):
        detail = f"The id {problem}. An object is imported by an id that is known, shown and recorded."
        report.add(error("Invalid import id argument", detail, expression.span))
        raise Failed
    return converted.text


def _find(ctx: CallContext, kind: ResourceType, importer: Imports, request: rq.Import) -> rq.ReadResult:
    """Finds the object and reads it once more, as after any import."""
    result = importer.import_object(ctx, request)
    if has_errors(result.diagnostics) or not result.objects:
        return rq.ReadResult(diagnostics=result.diagnostics)
    first = result.objects[0]
    return kind.read(ctx, rq.Read(current=first.current, private=first.private))


def _twice(address: InstanceAddress, block: Import, first: Import) -> Diagnostic:
    detail = f"{address} is imported at {first.span} already. An object is imported once."
    return error("Duplicate import configuration", detail, block.span)


def _not_importable(wanted: Wanted) -> Diagnostic:
    address = wanted.address
    detail = f"Provider {wanted.provider.provider} cannot import objects of type {address.resource.type}."
    return error("Resource Import Not Implemented", detail, wanted.span).of(str(address))


def _nothing(wanted: Wanted) -> Diagnostic:
    detail = (
        f'There is no object with id "{wanted.id}" to import as {wanted.address}. Check the id, and that the '
        "provider looks in the right account and region. What does not exist yet is created, not imported."
    )
    return error("Cannot import non-existent remote object", detail, wanted.span).of(str(wanted.address))
