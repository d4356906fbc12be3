"""Running provisioners: after an object was made, and before one is destroyed.

Blocks are evaluated on the engine's thread, the work runs in a worker. An object is recorded as tainted
before the work after its creation begins, and as whole once it has succeeded: a crash in between replaces
it. A provisioner takes as long as it takes: no timeout is set for it anywhere. Must not know how any
provisioner works.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Final, cast

from mooring.applying.events import Phase, Provisioning
from mooring.config.model import Provisioner, Resource
from mooring.config.scopes import ONCE, Repetition, counted
from mooring.core.addresses import InstanceAddress, InstanceKey
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors
from mooring.core.records import record, replace
from mooring.core.values import EPHEMERAL, SENSITIVE, Value, string, unmark
from mooring.lang.cells import Failed
from mooring.lang.scope import Report, Scope
from mooring.planning.model import OpKind
from mooring.planning.provisioning import decode_provisioner, find_provisioner
from mooring.planning.removed import removed_blocks
from mooring.sdk import provisioning as sdk
from mooring.sdk.calls import guarded
from mooring.sdk.context import CallContext
from mooring.sdk.requests import ApplyResult
from mooring.state.events import Recorded
from mooring.state.model import Status

if TYPE_CHECKING:
    from mooring.applying.requests import Request
    from mooring.applying.run import ApplyRun

_SUPPRESSED: Final = "(output hidden: its configuration holds something sensitive)"
_SECRET: Final = frozenset({SENSITIVE, EPHEMERAL})


@record(kw_only=True)
class _Work:
    """One provisioner with its arguments."""

    block: Provisioner
    kind: sdk.Provisioner
    config: Value
    connection: Value | None
    is_secret: bool


# -- after creation ------------------------------------------------------------------------------


def has_creation_work(request: Request) -> bool:
    """Whether something is to be done once the object of an up step is there."""
    block = request.block
    return request.kind is OpKind.CREATE and block is not None and bool(_of(block.resource, destroys=False))


def after_creation(run: ApplyRun, request: Request) -> Request | None:
    """The request that provisions an object which a finished request has made, if there is such work."""
    if not has_creation_work(request) or request.conclude is not None:
        return None
    assert request.block is not None
    address = request.change.address
    value = cast("Value", run.evaluation.cells.get(address))
    scope = run.evaluation.instance_scope(address, value)
    blocks = _of(request.block.resource, destroys=False)
    works, problems = _evaluate(run, ("creation work", address), blocks, scope)

    def call(ctx: CallContext) -> ApplyResult:
        done = problems if works is None else _provision(run, ctx, address, works)
        return ApplyResult(diagnostics=done)

    def conclude(result: ApplyResult) -> Diagnostics:
        if has_errors(result.diagnostics):
            return tuple([diag.of(str(address)) for diag in result.diagnostics])
        _record_whole(run, address)
        return (*result.diagnostics, *run.postconditions(address))

    return replace(request, call=call, timeout=inf, is_blocking=True, intent=None, conclude=conclude)


def _record_whole(run: ApplyRun, address: InstanceAddress) -> None:
    instance = run.draft.instance(address)
    assert instance is not None
    assert instance.current is not None
    whole = replace(instance.current, status=Status.READY)
    run.record(Recorded(address=address, provider=instance.provider, object=whole))


# -- before destruction --------------------------------------------------------------------------


def before_destruction(run: ApplyRun, request: Request) -> Request:
    """The request to delete an object, with the work before it, which must succeed first.

    There is none for an object that is tainted (it may never have been whole) or set aside.
    """
    change = request.change
    instance = run.draft.instance(change.address)
    if request.deposed is not None or instance is None or instance.current is None:
        return request
    blocks = _destroying(run, change.address)
    if not blocks or instance.current.status is Status.TAINTED:
        return request
    assert change.before is not None
    scope = run.evaluation.scope(
        change.address.resource.module, _repetition(change.address.key), change.before
    )
    works, problems = _evaluate(run, ("destruction work", change.address), blocks, scope)
    delete = request.call

    def call(ctx: CallContext) -> ApplyResult:
        done = problems if works is None else _provision(run, ctx, change.address, works)
        if has_errors(done):
            return ApplyResult(diagnostics=done)
        return delete(replace(ctx, deadline=monotonic() + request.timeout))

    return replace(request, call=call, timeout=inf, is_blocking=True)


def _destroying(run: ApplyRun, address: InstanceAddress) -> tuple[Provisioner, ...]:
    """The destroy-time provisioners of a block that is there, or of a `removed` block in its place."""
    root = run.evaluation.configuration.root
    module = root.descendant(tuple(step.name for step in address.resource.module))
    if module is None:
        return ()
    resource = module.resources.get(address.resource[1:])
    if resource is not None:
        return _of(resource, destroys=True)
    removed = removed_blocks(root).find(address.resource.in_config)
    return () if removed is None else tuple(each for each in removed.provisioners if each.when_destroy)


def _repetition(key: InstanceKey) -> Repetition:
    """What a key alone says; `each.value` is gone by now."""
    if key is None:
        return ONCE
    return counted(key) if isinstance(key, int) else Repetition(each_key=string(key))


# -- both ----------------------------------------------------------------------------------------


def _of(resource: Resource, *, destroys: bool) -> tuple[Provisioner, ...]:
    return tuple([each for each in resource.provisioners if each.when_destroy == destroys])


def _evaluate(
    run: ApplyRun, key: tuple[str, InstanceAddress], blocks: tuple[Provisioner, ...], scope: Scope
) -> tuple[tuple[_Work, ...] | None, Diagnostics]:
    """The work that blocks ask for; None beside errors."""

    def rule(report: Report) -> tuple[_Work, ...]:
        works = tuple(_works(run, blocks, scope, report))
        if report.has_errors:
            raise Failed
        return works

    works = run.evaluate(key, rule)
    return works, () if works is not None else run.evaluation.problems(key) or (_not_evaluated(key[1]),)


def _not_evaluated(address: InstanceAddress) -> Diagnostic:
    detail = f"A provisioner of {address} could not be evaluated because something it refers to failed."
    return error("Cannot provision", detail)


def _works(run: ApplyRun, blocks: tuple[Provisioner, ...], scope: Scope, report: Report) -> Iterator[_Work]:
    for block in blocks:
        kind = find_provisioner(run.providers, block.type)
        assert kind is not None, "validation has refused the configuration"
        config, connection = decode_provisioner(block, kind, scope, report)
        plain, marks = unmark(config)
        yield _Work(
            block=block,
            kind=kind,
            config=plain,
            connection=None if connection is None else unmark(connection)[0],
            is_secret=bool(_SECRET & marks),
        )


def _provision(
    run: ApplyRun, ctx: CallContext, address: InstanceAddress, works: tuple[_Work, ...]
) -> Diagnostics:
    """Does one work after the other, up to the first that fails and may not. Runs in a worker."""
    found: list[Diagnostic] = []
    for work in works:
        diags = _do(run, ctx, address, work)
        if has_errors(diags) and work.block.continue_on_failure:
            continue
        found += [_shown(work, diag).at(work.block.span) for diag in diags]
        if has_errors(diags):
            break
    return tuple(found)


def _do(run: ApplyRun, ctx: CallContext, address: InstanceAddress, work: _Work) -> Diagnostics:
    def event(phase: Phase, output: str = "") -> Provisioning:
        return Provisioning(address=address, provisioner=work.block.type, phase=phase, output=output)

    def tell(line: str) -> None:
        run.tell(event("progress", _SUPPRESSED if work.is_secret else line))

    run.tell(event("start"))
    request = run.providers.provision(work.config, work.connection, tell)
    diags = guarded(work.block.type, lambda: work.kind.provision(ctx, request), lambda crash: (crash,))
    run.tell(event("errored" if has_errors(diags) else "complete"))
    return diags


def _shown(work: _Work, diag: Diagnostic) -> Diagnostic:
    """A diagnostic without what a secret may have got into."""
    if not work.is_secret:
        return diag
    return replace(diag, detail=f"The command failed. {_SUPPRESSED}")
