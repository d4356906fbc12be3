"""The life of any resource: GET, HEAD, PUT, PATCH, DELETE, LIST and POST actions.

Owns the order of the checks ARM makes before a resource provider sees a request (group, parent, name, running
operation); what a type adds is in its `ResourceKind`. Must not know any type.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from mooring_emulator.arm import errors
from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.arm.documents import in_state
from mooring_emulator.arm.kinds import Change, ResourceKind, Target, select_all
from mooring_emulator.arm.locks import require_unlocked
from mooring_emulator.arm.operations import carry_out
from mooring_emulator.arm.paging import list_all, list_page
from mooring_emulator.arm.registration import require_registered
from mooring_emulator.messages import empty_response, json_response
from mooring_emulator.store.model import Document

_PAGING = frozenset({"api-version", "$skip", "$skiptoken"})

GROUP_TYPE = "Microsoft.Resources/resourceGroups"


def get(call: Call, target: Target) -> Outcome:
    """Answer a GET."""
    return Outcome(response=json_response(200, target.kind.show(call, require(call, target))))


def head(call: Call, target: Target) -> Outcome:
    """Answer an existence check: 204 or 404, never a body."""
    return Outcome(response=empty_response(204 if call.view.document(target.key) else 404))


def put(call: Call, target: Target) -> Outcome:
    """Create the resource, or replace it."""
    _require_place(call, target)
    require_registered(call, target)
    require_unlocked(call, target)
    prior = call.view.document(target.key)
    if prior is None:
        _require_name(target)
    require_idle(call, target)
    change = target.kind.compose(call, target, prior)
    replies = target.kind.replies
    return carry_out(call, target, change, replies.update if prior else replies.create)


def patch(call: Call, target: Target) -> Outcome:
    """Change some properties of the resource."""
    prior = require(call, target)
    require_unlocked(call, target)
    require_idle(call, target)
    reply = target.kind.replies.patch
    if call.world.is_as_specified and reply.azure_async_operation:
        reply = replace(reply, status=200, has_body=True)
    return carry_out(call, target, target.kind.revise(call, target, prior), reply)


def delete(call: Call, target: Target) -> Outcome:
    """Delete the resource and everything below it; an absent one is 204."""
    prior = call.view.document(target.key)
    if prior is None:
        return target.kind.purge(call, target) or Outcome(response=empty_response(204))
    require_unlocked(call, target)
    require_idle(call, target)
    return carry_out(call, target, target.kind.retire(call, target, prior), target.kind.replies.delete)


def retire(_call: Call, _target: Target, prior: Document) -> Change:
    """Delete without a precondition: what most types' `retire` is."""
    return Change(after=None, during=in_state(prior, "Deleting"))


def act(call: Call, target: Target, action_name: str) -> Outcome:
    """Answer POST .../{action}."""
    start = target.kind.starts.get(action_name.lower())
    if start is not None:
        _require_place(call, target)
        return start(call, target)
    prior = require(call, target)
    require_unlocked(call, target)
    action = target.kind.actions.get(action_name.lower())
    if action is None:
        type_path = f"{target.kind.path}/{action_name}"
        raise errors.invalid_type(target.kind.namespace, type_path, call.url.api_version)
    return action(call, target, prior)


def read_part(call: Call, target: Target, name: str) -> Outcome:
    """Answer GET .../{name}, which is neither a resource nor a list of children."""
    return target.kind.reads[name.lower()](call, target, require(call, target))


def list_resources(call: Call, kind: ResourceKind, parent_key: str) -> Outcome:
    """List the resources of a type below a scope, page by page."""
    types = frozenset({kind.type})
    if call.url.query.keys() - _PAGING and kind.select is not select_all:
        chosen = kind.select(call, call.view.documents(parent_key + "/", types))
        if chosen is not None:
            return list_all([kind.show(call, document) for document in chosen])
    return list_page(call, parent_key + "/", types, render=partial(kind.show, call))


def require(call: Call, target: Target) -> Document:
    """Give the resource; raises ArmError for what is missing: group, parent or the resource itself."""
    document = call.view.document(target.key)
    if document is None:
        _require_place(call, target, for_writing=False)
        raise _not_found(target)
    return document


def require_idle(call: Call, target: Target) -> None:
    """Raise 409 while another operation runs on the resource."""
    if call.view.running(target.key) is not None:
        raise errors.conflict(
            f"Another operation is in progress on '{target.id}'. Wait until it is complete, then try again."
        )


METHODS: Mapping[str, Callable[[Call, Target], Outcome]] = {
    "GET": get,
    "HEAD": head,
    "PUT": put,
    "PATCH": patch,
    "DELETE": delete,
}


def _not_found(target: Target) -> errors.ArmError:
    if target.kind.type == GROUP_TYPE:
        return errors.group_not_found(target.name)
    below_providers = target.id.partition("/providers/")[2]
    return errors.resource_not_found(below_providers, target.group)


def _require_place(call: Call, target: Target, *, for_writing: bool = True) -> None:
    if not target.group:
        return
    group = call.view.document(f"/subscriptions/{target.subscription}/resourcegroups/{target.group}".lower())
    if group is None:
        raise errors.group_not_found(target.group)
    if for_writing and group.properties.get("provisioningState") == "Deleting":
        raise errors.group_being_deleted(target.group)
    if target.parent_key != group.key:
        _require_parent(call, target, for_writing=for_writing)


def _require_parent(call: Call, target: Target, *, for_writing: bool) -> None:
    parent = call.view.document(target.parent_key)
    name = target.id[: len(target.parent_key)].rpartition("/")[2]
    if parent is None and target.kind.creates_parent and for_writing:
        parent = call.view.document("/".join(target.parent_key.split("/")[:-2]))
    if parent is None:
        raise errors.parent_not_found(name)
    state = parent.properties.get("provisioningState")
    if for_writing and state in {"Creating", "Deleting"}:
        raise errors.conflict(f"The parent resource '{name}' is in state '{state}' and cannot be changed.")


def _require_name(target: Target) -> None:
    rule = target.kind.name_rule
    if not rule.pattern.fullmatch(target.name):
        raise errors.ArmError(400, rule.code, rule.message.format(name=target.name), target=target.name)
