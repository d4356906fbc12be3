"""Creating and updating: send what changed the way the service honours it, read back, compare.

A create first looks: ARM's PUT overwrites silently (facts.md section 2). After every write the object is read
back and compared with the plan, because the service accepts and ignores some changes (bicep-types-az#2543).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from mooring.core.diagnostics import Diagnostic, has_errors
from mooring.core.paths import Attr
from mooring.core.records import replace
from mooring.core.values import Unknown
from mooring.sdk import ApplyResult, CallContext, Checkpoint, Create, Private, Update
from mooring_azureml.arm.port import ArmError, Document
from mooring_azureml.arm.problems import explain
from mooring_azureml.lifecycle.overlaying import put, put_over
from mooring_azureml.lifecycle.planning import plain
from mooring_azureml.lifecycle.reading import Bound, is_of_type, provisioning_errors
from mooring_azureml.lifecycle.secrets import (
    Secrets,
    has_changed,
    made_here,
    record,
    secrets_in,
    texts_of,
    with_secrets,
)
from mooring_azureml.lifecycle.settling import Order, settle
from mooring_azureml.table.differences import Difference, differences
from mooring_azureml.table.model import Action, Block, Fields, Property, Route
from mooring_azureml.table.to_arm import Body, body_of, body_of_parts, clear_inside, get_at, merge, set_at

_VERSION_BYTES = 4


def create(bound: Bound, ctx: CallContext, request: Create) -> ApplyResult:
    """Make the object; what exists already is an error, never adopted."""
    order = _new_order(bound, request)
    obstacle = _obstacle(order, ctx)
    if obstacle is not None:
        return ApplyResult(diagnostics=(obstacle,))
    refused = [
        diag for guard in bound.definition.guards for diag in guard(bound.access, ctx, None, order.wanted)
    ]
    if has_errors(refused):
        return ApplyResult(diagnostics=tuple(refused))
    if isinstance((plain(request.planned) or {}).get("id"), Unknown):
        _noting(ctx, order).checkpoint({"id": order.id})  # nobody could tell it from what is planned
    prepared = bound.definition.prepare(bound.access, ctx, order.wanted)
    if isinstance(prepared, ArmError):
        bound.definition.wind_up(bound.access, ctx, order.wanted)
        return ApplyResult(diagnostics=(explain(prepared, order.attempt),))
    order = replace(order, wanted=prepared)
    ctx.progress("Waiting for Azure")
    write = put_over if bound.definition.part else put
    failed = write(bound, _noting(ctx, order), order.id, _whole_body(bound, order.wanted))
    exists = failed is None or _was_accepted(failed)
    if not exists:
        bound.definition.wind_up(bound.access, ctx, order.wanted)
    if failed is None and bound.definition.brings_back(order.wanted):
        failed = _put_wanted(order, ctx)
    if failed is None:
        failed = bound.definition.accompany(bound.access, ctx, None, order.wanted)
    return settle(order, ctx, failed, exists=exists)


def _put_wanted(order: Order, ctx: CallContext) -> ArmError | None:
    """What was brought back has the settings that it had: send the wanted ones, where they differ."""
    bound = order.bound
    found = bound.find(ctx, order.id)
    if isinstance(found, ArmError):
        return found
    wanted = {name: value for name, value in order.wanted.items() if not isinstance(value, Unknown)}
    current = bound.object_of(found, wanted)
    if not differences(bound.definition.table, {**current, **wanted}, current):
        return None
    return bound.access.arm.put(ctx, bound.definition.target(order.id), _whole_body(bound, order.wanted))


def _new_order(bound: Bound, request: Create) -> Order:
    definition = bound.definition
    config, planned = plain(request.config) or {}, plain(request.planned) or {}
    found = secrets_in(definition.table, config)
    wanted = dict(with_secrets(definition.table, planned, config))
    if definition.secret_version is not None and found:
        wanted[definition.secret_version] = _new_version(bound)
    wanted = dict(definition.choose(bound.access, wanted))
    identity = definition.placement.id_of(bound.access.subscription_id, wanted)
    resource_id = str(wanted["id"]) if isinstance(wanted.get("id"), str) else str(identity)
    return Order(
        bound=bound,
        id=resource_id,
        wanted={**wanted, "id": resource_id},
        planned=request.planned,
        presumed={**wanted, "id": resource_id},
        private=made_here(_remembered(bound, found, b"")),
        attempt=bound.attempt("creating", resource_id, texts_of(found)),
    )


def _new_version(bound: Bound) -> str:
    return bound.access.random_bytes(_VERSION_BYTES).hex()


def _remembered(bound: Bound, found: Secrets, private: Private) -> Private:
    """The private part after a write; one that says the same already stays as it is."""
    if bound.definition.secret_version is None or (private and not has_changed(found, private)):
        return private
    return record(found, private, bound.access.random_bytes)


def _noting(ctx: CallContext, order: Order) -> CallContext:
    """The context with checkpoints that also carry the private part: it is made before the request."""
    private = b64encode(order.private).decode("ascii")

    def note(content: Checkpoint) -> None:
        ctx.checkpoint({**content, "private": private})

    return replace(ctx, checkpoint=note)


def _whole_body(bound: Bound, fields: Fields) -> Body:
    """The body of a PUT."""
    body: Body = {}
    for path, value in bound.definition.constants.items():
        set_at(body, path, value)
    merge(body, body_of(bound.definition.table, fields))
    for path, value in bound.definition.discriminator.items():
        set_at(body, path, value)
    return bound.definition.finish(fields, body)


def _was_accepted(failed: ArmError) -> bool:
    """Whether something may exist although the create failed: refused requests (4xx) make nothing."""
    return not 400 <= failed.status < 500


def _obstacle(order: Order, ctx: CallContext) -> Diagnostic | None:
    found = order.bound.find(ctx, order.id)
    if isinstance(found, ArmError):
        return None if found.is_absent else explain(found, order.attempt)
    return _already_exists(order, found)


def _already_exists(order: Order, found: Document) -> Diagnostic:
    definition = order.bound.definition
    name = order.id.rpartition("/")[2]
    what = f'A {definition.noun} named "{name}" exists already.'
    if not is_of_type(definition, found):
        path = next(iter(definition.discriminator))
        what = f'"{name}" is the name of a {get_at(found, path)} already. Choose another name.'
    elif str(get_at(found, "properties.provisioningState")).lower() == "failed":
        why = provisioning_errors(found)
        what = (
            f"{what} It failed and still holds its name: delete it, or import it to have it replaced. {why}"
        )
    hint = (
        f"To manage it, import it:\n\n  import {{\n    to = {definition.type_name}.NAME\n"
        f'    id = "{order.id}"\n  }}'
    )
    return Diagnostic(
        summary="Resource already exists", detail=f"{what} {hint}", code="azureml.already_exists"
    )


def update(bound: Bound, ctx: CallContext, request: Update) -> ApplyResult:
    """Change the object in place: PATCH, then actions, then PUT, each only for what it carries."""
    order, changes = _change_order(bound, request)
    ctx.progress("Waiting for Azure")
    failed = _send_changes(order, _noting(ctx, order), changes)
    if failed is None:
        failed = bound.definition.accompany(bound.access, ctx, order.presumed, order.wanted)
    return settle(order, ctx, failed, exists=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changes:
    """What an update has to send: differences, and whether there are other secrets."""

    differences: tuple[Difference, ...]
    is_rekeyed: bool


def _change_order(bound: Bound, request: Update) -> tuple[Order, _Changes]:
    table, version = bound.definition.table, bound.definition.secret_version
    config, planned = plain(request.config) or {}, plain(request.planned) or {}
    prior = plain(request.prior) or {}
    found = secrets_in(table, config)
    resource_id = str(prior["id"])
    wanted = {**with_secrets(table, planned, config), "id": resource_id}
    if version is not None and isinstance(wanted.get(version), Unknown):
        wanted[version] = _new_version(bound)
    order = Order(
        bound=bound,
        id=resource_id,
        wanted=wanted,
        planned=request.planned,
        presumed=prior,
        private=_remembered(bound, found, request.private),
        attempt=bound.attempt("changing", resource_id, texts_of(found)),
    )
    is_rekeyed = version is not None and has_changed(found, request.private)
    return order, _Changes(differences=differences(table, prior, planned), is_rekeyed=is_rekeyed)


def _send_changes(order: Order, ctx: CallContext, changes: _Changes) -> ArmError | None:
    definition, arm = order.bound.definition, order.bound.access.arm
    changed = changes.differences
    patched = _tops(one for one in changed if one.part.route is Route.PATCH)
    failed: ArmError | None = None
    if patched:
        failed = arm.patch(ctx, definition.target(order.id), _patch_body(patched, changed, order.wanted))
    for one in changed:
        if failed is None and isinstance(one.part.route, Action):
            failed = _act(order, ctx, one.part, one.part.route)
    if failed is None and (changes.is_rekeyed or any(one.part.route is Route.PUT for one in changed)):
        write = put_over if definition.keeps_rest else put
        failed = write(order.bound, ctx, order.id, _whole_body(order.bound, order.wanted))
    return failed


def _patch_body(tops: list[Property | Block], changed: tuple[Difference, ...], wanted: Fields) -> Body:
    """The body of a PATCH: the parts that change, and what is gone inside of blocks that stay."""
    body = body_of_parts(tops, wanted)
    for one in changed:
        names = [step.name for step in one.path if isinstance(step, Attr)]
        is_inside = len(names) == len(one.path) > 1
        if one.after is None and is_inside and isinstance(one.top, Block) and one.part.route is Route.PATCH:
            clear_inside(body, one.top, names[1:])
    return body


def _tops(changed: Iterable[Difference]) -> list[Property | Block]:
    tops: list[Property | Block] = []
    for one in changed:
        if one.top not in tops:
            tops.append(one.top)
    return tops


def _act(order: Order, ctx: CallContext, part: Property, action: Action) -> ArmError | None:
    value = order.wanted.get(part.name)
    body: Body = {action.member: None if value is None else part.notation.to_json(value)}
    target = order.bound.definition.target(order.id, f"/{action.name}")
    answer = order.bound.access.arm.post(ctx, target, body)
    return answer if isinstance(answer, ArmError) else None
