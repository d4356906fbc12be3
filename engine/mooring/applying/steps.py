"""The steps themselves: what each asks of a provider, and what its answer means for the state.

`begin` turns a step into a `Request` (evaluating, planning once more with what is known now), whose `call`
may run in any thread; `finish` takes the answer in.
"""

from __future__ import annotations

from typing import Final

from mooring.applying.provisioners import before_destruction, has_creation_work
from mooring.applying.requests import Call, Request
from mooring.applying.run import ApplyRun
from mooring.core.codec import Json, encode
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors
from mooring.core.records import replace
from mooring.core.values import Value, null, unmark, with_parts
from mooring.planning.block import Block
from mooring.planning.data_sources import mark_like
from mooring.planning.decide import Desired, blame, keep_ignored, plan_object
from mooring.planning.managed import ignored_paths
from mooring.planning.model import Action, OpKind, PlannedChange, Reason
from mooring.planning.objects import mark_all, object_id, object_state
from mooring.planning.providers import TypeInfo
from mooring.schema.contract import check_applied, check_replanned
from mooring.schema.form import Violation, check_form, check_known_object
from mooring.schema.timeouts import timeouts_of
from mooring.sdk.calls import guarded, no_answer
from mooring.sdk.context import CallContext
from mooring.sdk.protocols import ResourceType
from mooring.sdk.requests import ApplyResult, Create, Delete, ReadData, Update
from mooring.state.events import Abandoned, Deposed, Event, Intent, Recorded, Removed
from mooring.state.model import Status

Begun = tuple[Request | None, Diagnostics]
_NOTHING: Final = "reported no error, and no object either. "


def begin(run: ApplyRun, kind: OpKind, change: PlannedChange) -> Begun:
    """The request of a step; None beside an error, or when the step needs no provider and has been done."""
    match kind:
        case OpKind.CREATE | OpKind.UPDATE:
            return _begin_up(run, kind, change)
        case OpKind.DELETE:
            return _begin_delete(run, change)
        case OpKind.READ:
            return _begin_read(run, change)
        case OpKind.FORGET:
            run.record(Removed(address=change.address, deposed=change.deposed))
            return None, ()
        case OpKind.JOIN:
            return None, ()


def finish(run: ApplyRun, request: Request, result: ApplyResult) -> Diagnostics:
    """Records what came of a request, and says what was wrong with it."""
    if request.conclude is not None:
        return request.conclude(result)
    match request.kind:
        case OpKind.CREATE | OpKind.UPDATE:
            return _finish_up(run, request, result)
        case OpKind.READ:
            return _finish_read(run, request, result)
        case _:
            return _finish_delete(run, request, result)


# -- create and update ---------------------------------------------------------------------------


def _begin_up(run: ApplyRun, kind: OpKind, change: PlannedChange) -> Begun:
    block = run.block(change.address)
    connection = run.connection(change.provider, change.address)
    if block is None or connection is None:
        return None, run.why_not(change)
    resource_type = connection.resource(block.info.name)
    prior = unmark(change.before)[0] if change.before is not None and kind is OpKind.UPDATE else None
    config = unmark(block.config)[0]
    planned, private, diags = _plan_again(change, block, resource_type, prior, config)
    if planned is None:
        return None, diags
    if kind is OpKind.UPDATE and planned == prior and _has_marks_of(change, block):
        run.evaluation.cells.set(change.address, mark_like(planned, block.config, block))
        return None, (*diags, *run.postconditions(change.address))
    if change.action is Action.REPLACE and change.create_before_destroy:
        run.record(Deposed(address=change.address, deposed=run.deposed_key(change.address)))
    timeouts = timeouts_of(block.info.schema, config)
    request = Request(
        kind=kind,
        change=change,
        call=_up_call(resource_type, prior, planned, config, private),
        timeout=timeouts.create if prior is None else timeouts.update,
        is_blocking=connection.is_blocking,
        intent=_intent(change, kind.value, planned, block.info),
        block=block,
        planned=planned,
    )
    return request, diags


def _has_marks_of(change: PlannedChange, block: Block) -> bool:
    """Whether the object is as sensitive as it was. If so, an update of nothing else is none after all.

    What the plan could not know has turned out to be what it was before.
    """
    before = change.before
    return before is not None and mark_like(unmark(before)[0], block.config, block) == before


def _plan_again(
    change: PlannedChange, block: Block, kind: ResourceType, prior: Value | None, config: Value
) -> tuple[Value | None, bytes, Diagnostics]:
    """The planned object with everything known that the configuration says, held against the plan."""
    lifecycle = block.resource.lifecycle
    desired = Desired(
        address=change.address,
        provider=change.provider,
        info=block.info,
        kind=kind,
        config=block.config,
        ignored=ignored_paths(lifecycle),
        definition=change.definition,
    )
    if prior is not None:
        config = keep_ignored(config, prior, desired.ignored)
    result, diags = plan_object(desired, config, prior, change.private if prior is not None else b"")
    located = tuple(diag.of(str(change.address)).at(change.definition) for diag in diags)
    if result is None:
        return None, b"", located
    assert change.after is not None
    violations = check_replanned(unmark(change.after)[0], result.planned)
    if violations:
        problem = blame("Provider produced inconsistent final plan", desired, violations)
        return None, b"", (*located, problem.of(str(change.address)).at(change.definition))
    return result.planned, result.private, located


def _up_call(kind: ResourceType, prior: Value | None, planned: Value, config: Value, private: bytes) -> Call:
    if prior is None:
        create = Create(config=config, planned=planned, private=private)
        return lambda ctx: kind.create(ctx, create)
    update = Update(config=config, prior=prior, planned=planned, private=private)
    return lambda ctx: kind.update(ctx, update)


def _finish_up(run: ApplyRun, request: Request, result: ApplyResult) -> Diagnostics:
    change, block = request.change, request.block
    assert block is not None
    assert request.planned is not None
    diags = result.diagnostics
    if result.unfinished and has_errors(diags):
        return _located(change, diags)  # the intent stays open
    if result.current is None and has_errors(diags):
        run.record(*_after_failure(run, request))
        return _located(change, diags)
    malformed = check_form(result.current, block.info.type) if result.current is not None else ()
    if malformed or result.current is None:
        return _located(change, (*diags, _no_object(change, malformed)))  # the same: who knows what exists?
    plain = result.current if result.current.is_wholly_known else _without_unknowns(result.current)
    if not has_errors(diags):
        violations = check_applied(block.info.schema.block, request.planned, result.current)
        if violations:
            diags = (*diags, _inconsistent(change, violations))
    value = mark_like(plain, block.config, block)
    is_provisioned = has_creation_work(request)
    tainted = is_provisioned or (has_errors(diags) and request.kind is OpKind.CREATE)
    run.record(_recorded(change, value, block.info, result.private, tainted=tainted))
    if not has_errors(diags):
        run.evaluation.cells.set(change.address, value)
        diags = diags if is_provisioned else (*diags, *run.postconditions(change.address))
    return _located(change, diags)


def _after_failure(run: ApplyRun, request: Request) -> list[Event]:
    """Nothing was made: what was set aside for it comes back."""
    change = request.change
    ended: list[Event] = [Abandoned(address=change.address)]
    if request.kind is not OpKind.CREATE or change.action is not Action.REPLACE:
        return ended
    instance = run.draft.instance(change.address)
    key = run.deposed_key(change.address)
    if change.create_before_destroy and instance is not None and key in instance.deposed:
        back = Recorded(address=change.address, provider=change.provider, object=instance.deposed[key])
        return [*ended, Removed(address=change.address, deposed=key), back]
    return ended


def _recorded(
    change: PlannedChange, value: Value, info: TypeInfo, private: bytes, *, tainted: bool
) -> Recorded:
    stored = object_state(
        value,
        info,
        private=private,
        dependencies=change.dependencies if change.address.resource.mode == "managed" else (),
        status=Status.TAINTED if tainted else Status.READY,
        create_before_destroy=change.create_before_destroy,
    )
    return Recorded(address=change.address, provider=change.provider, object=stored)


def _without_unknowns(value: Value) -> Value:
    """A provider's bug must not lose the object: what it left unknown is stored as null."""
    return with_parts(value, _without_unknowns) if value.is_known else null(value.type)


# -- delete --------------------------------------------------------------------------------------


def _begin_delete(run: ApplyRun, change: PlannedChange) -> Begun:
    connection = run.connection(change.provider, change.address)
    if connection is None:
        return None, run.why_not(change)
    assert change.before is not None
    info = run.type_info(change)
    kind = connection.resource(info.name)
    replaced_last = change.action is Action.REPLACE and change.create_before_destroy
    deposed = run.deposed_key(change.address) if replaced_last else change.deposed
    private = _private(run, change, deposed)
    delete = Delete(prior=unmark(change.before)[0], private=private)
    request = Request(
        kind=OpKind.DELETE,
        change=change,
        call=lambda ctx: kind.delete(ctx, delete),
        timeout=timeouts_of(info.schema, delete.prior).delete,
        is_blocking=connection.is_blocking,
        intent=replace(_intent(change, "delete", None, info), deposed=deposed),
        deposed=deposed,
    )
    return before_destruction(run, request), ()


def _private(run: ApplyRun, change: PlannedChange, deposed: str | None) -> bytes:
    """The provider's own data of the object as it is recorded now."""
    instance = run.draft.instance(change.address)
    if instance is None:
        return change.private
    stored = instance.current if deposed is None else instance.deposed.get(deposed)
    return stored.private if stored is not None else change.private


def _finish_delete(run: ApplyRun, request: Request, result: ApplyResult) -> Diagnostics:
    change = request.change
    if result.unfinished and has_errors(result.diagnostics):
        return _located(change, result.diagnostics)  # the intent stays open
    diags = result.diagnostics
    if not has_errors(diags) and result.current is None:
        run.record(Removed(address=change.address, deposed=request.deposed))
        return _located(change, diags)
    if not has_errors(diags):
        diags = (*diags, _still_there(change))
    run.record(_kept(run, request, result))
    return _located(change, diags)


def _kept(run: ApplyRun, request: Request, result: ApplyResult) -> Event:
    """The object that could not be deleted: what the provider says is left of it, or as it was."""
    change = request.change
    info, instance = run.type_info(change), run.draft.instance(change.address)
    stored = instance.current if instance is not None and request.deposed is None else None
    if stored is None or result.current is None or check_known_object(result.current, info.type):
        return Abandoned(address=change.address, deposed=request.deposed)
    left = _recorded(change, mark_all(result.current, (), info), info, result.private, tainted=False)
    as_before = replace(left.object, status=stored.status, dependencies=stored.dependencies)
    return replace(left, object=as_before)


# -- read ----------------------------------------------------------------------------------------


def _begin_read(run: ApplyRun, change: PlannedChange) -> Begun:
    block = run.block(change.address)
    connection = run.connection(change.provider, change.address)
    if block is None or connection is None:
        return None, run.why_not(change)
    source = connection.data_source(block.info.name)
    reads = run.providers.outputs_reader(change.address)
    read = ReadData(config=unmark(block.config)[0], read_outputs=reads)

    def call(ctx: CallContext) -> ApplyResult:
        found = source.read(ctx, read)
        return ApplyResult(current=found.current, diagnostics=found.diagnostics)

    request = Request(
        kind=OpKind.READ,
        change=change,
        call=call,
        timeout=block.info.schema.timeouts.read,
        is_blocking=connection.is_blocking,
        block=block,
    )
    return request, ()


def _finish_read(run: ApplyRun, request: Request, result: ApplyResult) -> Diagnostics:
    block = request.block
    assert block is not None
    diags = result.diagnostics
    malformed = check_known_object(result.current, block.info.type) if result.current is not None else ()
    if not has_errors(diags) and (malformed or result.current is None):
        diags = (*diags, _no_object(request.change, malformed))
    if result.current is None or has_errors(diags):
        located = _located(request.change, diags)
        return run.nested_failed(request.change, located) if _is_nested(request.change) else located
    value = mark_like(result.current, block.config, block)
    run.evaluation.cells.set(block.address, value)
    run.record(_recorded(request.change, value, block.info, b"", tainted=False))
    return _located(request.change, (*result.diagnostics, *run.postconditions(block.address)))


def _is_nested(change: PlannedChange) -> bool:
    """Whether it is the data source of a `check` block, whose problems are warnings."""
    return change.reason is Reason.READ_CHECK_NESTED


# -- what all share ------------------------------------------------------------------------------


def ask(request: Request, ctx: CallContext) -> ApplyResult:
    """Calls the provider; may run in any thread. Nobody knows how far one got that crashed."""
    provider = request.change.provider.provider.type
    return guarded(
        provider, lambda: request.call(ctx), lambda crash: ApplyResult(diagnostics=(crash,), unfinished=True)
    )


def unanswered(request: Request) -> ApplyResult:
    """What stands for the answer to a request that has been left behind."""
    change = request.change
    advice = (
        "The operation may still be going on. It stays open in the journal: the next run asks the provider "
        "what became of it before anything else, and goes on from there."
        if request.intent is not None
        else "Run the command again."
    )
    asked = f"{request.kind.value} {change.address}"
    problem = no_answer(change.provider.provider.type, asked, request.timeout, advice)
    return ApplyResult(diagnostics=(problem,), unfinished=True)


def _intent(change: PlannedChange, action: str, planned: Value | None, info: TypeInfo) -> Intent:
    stored: Json = encode(_without_unknowns(planned), info.type) if planned is not None else None
    return Intent(
        address=change.address,
        provider=change.provider,
        action=action,
        object_id=object_id(planned if planned is not None else change.before),
        planned=stored,
    )


def _located(change: PlannedChange, diags: Diagnostics) -> Diagnostics:
    return tuple([diag.of(str(change.address)).at(change.definition) for diag in diags])


def _no_object(change: PlannedChange, malformed: tuple[Violation, ...]) -> Diagnostic:
    """Where the provider reports success, but no object of the schema's form (or none at all)."""
    provider = change.provider.provider.type
    lines = "".join(f"\n  - {violation}" for violation in malformed)
    what = f"answered with an object that cannot be stored:{lines}\n" if malformed else _NOTHING
    next_ = "The next run asks the provider again what exists. " if change.action is not Action.READ else ""
    detail = f"For {change.address} the provider {what}{next_}This is a bug in provider {provider}."
    summary = "Provider produced invalid object" if malformed else "Provider returned no object"
    return error(summary, detail)


def _still_there(change: PlannedChange) -> Diagnostic:
    detail = (
        f"{change.address} was to be deleted. The provider reported no error, and an object that still "
        "exists. It stays recorded; the next run looks whether it is there. "
        f"This is a bug in provider {change.provider.provider.type}."
    )
    return error("Provider produced inconsistent result after apply", detail)


def _inconsistent(change: PlannedChange, violations: tuple[Violation, ...]) -> Diagnostic:
    lines = "\n".join(f"  - {violation}" for violation in violations)
    detail = (
        f"When applying changes to {change.address} the provider answered:\n{lines}\n"
        f"The object has been recorded as it is. This is a bug in provider {change.provider.provider.type}."
    )
    return error("Provider produced inconsistent result after apply", detail)
