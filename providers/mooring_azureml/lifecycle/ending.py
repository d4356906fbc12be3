"""Deleting, and finding out what became of an operation that a crash interrupted."""

from __future__ import annotations

from base64 import b64decode

from mooring.core.codec import Plain
from mooring.core.diagnostics import Diagnostics
from mooring.core.values import Unknown
from mooring.sdk import ApplyResult, CallContext, Delete, Private, Resume
from mooring_azureml.arm.port import CANCELLED, TIMED_OUT, UNFINISHED, ArmError, Document
from mooring_azureml.arm.problems import explain
from mooring_azureml.lifecycle.overlaying import empty_part
from mooring_azureml.lifecycle.planning import plain
from mooring_azureml.lifecycle.reading import Bound, is_of_type
from mooring_azureml.lifecycle.values import object_value
from mooring_azureml.table.model import Fields
from mooring_azureml.table.to_arm import get_at


def delete(bound: Bound, ctx: CallContext, request: Delete) -> ApplyResult:
    """Remove the object and wait until it is really gone.

    A name that is taken again too early comes back with the old settings (azure-rest-api-specs#18889).
    """
    prior = plain(request.prior) or {}
    resource_id = str(prior["id"])
    ctx.progress("Waiting for Azure")
    failed = bound.definition.wind_up(bound.access, ctx, prior)
    if failed is None and bound.definition.stays(prior):
        return ApplyResult()
    if failed is None:
        failed = _remove(bound, ctx, prior)
    if failed is None or failed.is_absent:
        return ApplyResult()
    doing = f"{bound.definition.verbs.delete}ing" if bound.definition.verbs.delete == "detach" else "deleting"
    problem = explain(failed, bound.attempt(doing, resource_id))
    return ApplyResult(
        current=request.prior,
        private=request.private,
        diagnostics=(problem,),
        unfinished=failed.code in UNFINISHED,
    )


def _remove(bound: Bound, ctx: CallContext, prior: Fields) -> ArmError | None:
    resource_id = str(prior["id"])
    target = bound.definition.target(resource_id, parameters=bound.definition.delete_parameters(prior))
    failed = (
        empty_part(bound, ctx, resource_id) if bound.definition.part else bound.access.arm.delete(ctx, target)
    )
    return until_absent(bound, ctx, resource_id) if failed is None else failed


def until_absent(bound: Bound, ctx: CallContext, resource_id: str) -> ArmError | None:
    """Wait until a GET answers 404; the error that ended the wait otherwise."""
    while True:
        found = bound.find(ctx, resource_id)
        if isinstance(found, ArmError):
            return None if found.is_absent else found
        if ctx.cancelled.wait(min(bound.access.poll_seconds, ctx.seconds_left)):
            return ArmError(status=0, code=CANCELLED, message="Waiting was interrupted.")
        if ctx.seconds_left <= 0:
            return ArmError(status=0, code=TIMED_OUT, message="It is still there.")


def resume(bound: Bound, ctx: CallContext, request: Resume) -> ApplyResult:
    """Wait for the operation if one was accepted, then look at what exists."""
    prior, planned = plain(request.prior), plain(request.planned)
    reference = planned or prior or {}
    resource_id = request.note.get("id") or str(reference.get("id"))
    failed = _wait(bound, ctx, request)
    if failed is None and planned is None and "operation" in request.note:
        failed = until_absent(bound, ctx, resource_id)
    problems: Diagnostics = (
        () if failed is None else (explain(failed, bound.attempt("resuming work on", resource_id)),)
    )
    named = bound.definition.placement.locate(resource_id) or {}
    reference = {name: _or_named(value, named.get(name)) for name, value in reference.items()}
    return _what_exists(bound, ctx, {**reference, "id": resource_id}, request, problems)


def _or_named(value: Plain, named: Plain) -> Plain:
    """A value of the plan; where that did not know it (a journal keeps null for that), what the id says."""
    return named if value is None or isinstance(value, Unknown) else value


def _wait(bound: Bound, ctx: CallContext, request: Resume) -> ArmError | None:
    """An operation that its service has forgotten is over: what exists tells the rest."""
    operation = request.note.get("operation")
    failed = bound.access.arm.wait(ctx, operation) if operation else None
    return None if failed is not None and failed.is_absent else failed


def _final(bound: Bound, ctx: CallContext, resource_id: str) -> Document | ArmError:
    """What exists once its provisioning has ended, one way or the other, or the time is up.

    A run may have ended after Azure accepted a request and before its operation was noted. A resource without
    a provisioningState is ready (ARM RPC v1.0, async-api-reference).
    """
    while True:
        found = bound.find(ctx, resource_id)
        if isinstance(found, ArmError) or _is_final(found) or ctx.seconds_left <= 0:
            return found
        if ctx.cancelled.wait(min(bound.access.poll_seconds, ctx.seconds_left)):
            return found


def _is_final(found: Document) -> bool:
    state = get_at(found, "properties.provisioningState")
    return state is None or str(state).lower() in {"succeeded", "failed", "canceled"}


def _private(request: Resume) -> Private:
    noted = request.note.get("private")
    return b64decode(noted) if noted else request.private


def _what_exists(
    bound: Bound, ctx: CallContext, reference: Fields, request: Resume, problems: Diagnostics
) -> ApplyResult:
    resource_id = str(reference["id"])
    found = _final(bound, ctx, resource_id)
    if isinstance(found, ArmError):
        if found.is_absent:
            return ApplyResult(diagnostics=problems)
        problem = explain(found, bound.attempt("reading", resource_id))
        return ApplyResult(diagnostics=(*problems, problem))
    if not is_of_type(bound.definition, found):
        return ApplyResult(diagnostics=problems)
    failed = bound.definition.verdict(found, reference) if not problems else None
    if failed is not None:
        problems = (explain(failed, bound.attempt("creating", resource_id)),)
    likes = (request.planned, request.prior)
    current = object_value(bound.object_of(found, reference), bound.object_type, *likes)
    return ApplyResult(current=current, private=_private(request), diagnostics=problems)
