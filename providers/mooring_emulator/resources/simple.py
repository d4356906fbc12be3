"""Resource types that need no code of their own beyond the defaults their service fills in.

Owns `SimpleType` and the generic PUT and PATCH behind it: required properties, globally unique names, secrets
that are not echoed, read-only values that survive a second PUT. PATCH is a merge patch of tags, sku, identity
and properties.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from mooring_emulator.arm.call import Call, read_object
from mooring_emulator.arm.documents import in_state
from mooring_emulator.arm.errors import ArmError, invalid_content, location_changed
from mooring_emulator.arm.identity import fill_identity
from mooring_emulator.arm.kinds import (
    Change,
    NameRule,
    OperationLinks,
    Replies,
    ResourceKind,
    Target,
    location_links,
)
from mooring_emulator.arm.lifecycle import retire
from mooring_emulator.arm.regions import require_location
from mooring_emulator.arm.shapes import Field, Record, Text, conform, record
from mooring_emulator.codec import Json, JsonObject, merge_patch, overlay
from mooring_emulator.store.model import Document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mooring_emulator.arm.kinds import Action

NO_LINKS = location_links("operations")
"""Links for a type without long-running operations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """What a service knows when it fills in the properties of a resource.

    `body` is the request's, with its location in canonical spelling.
    """

    call: Call
    target: Target
    body: JsonObject
    prior: Document | None

    @property
    def properties(self) -> JsonObject:
        """Give the properties of the request."""
        properties: JsonObject = self.body.get("properties") or {}
        return properties

    def keep(self, name: str, fresh: Callable[[], Json]) -> Json:
        """Give a read-only property of the existing resource, or a fresh value for a new one."""
        existing = self.prior.properties.get(name) if self.prior else None
        return fresh() if existing is None else existing


Fill: TypeAlias = Callable[[Filling], JsonObject]
"""Gives properties by which a service completes a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueName:
    """A name that is unique in the whole cloud; `message` may use `{name}`."""

    claim: str
    status: int
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SimpleType:
    """A resource type as data.

    `required` are dotted paths in the body, `shape` is that of `properties`: `closed` where the service
    ignores what it does not know, so that a client's misspelt member shows. `defaults` lose against the
    request, `read_only` wins. `top_level` are members beside `properties` that are echoed. `secrets` are
    dotted paths below `properties` that are never echoed, and never stored either. A type that is not
    `is_located` is part of another resource: no location, no tags.
    """

    type: str
    api_versions: tuple[str, ...]
    name_rule: NameRule
    replies: Replies
    links: OperationLinks = NO_LINKS
    required: tuple[str, ...] = ()
    shape: Record
    defaults: Fill
    read_only: Fill
    top_level: Mapping[str, Json]
    secrets: tuple[str, ...] = ()
    unique_name: UniqueName | None = None
    is_located: bool = True
    actions: Mapping[str, Action] = field(default_factory=dict)


def simple_kind(simple: SimpleType) -> ResourceKind:
    """Describe the type to the life cycle."""
    return ResourceKind(
        type=simple.type,
        api_versions=simple.api_versions,
        name_rule=simple.name_rule,
        replies=simple.replies,
        links=simple.links,
        compose=partial(_compose, simple),
        revise=partial(_revise, simple),
        retire=retire,
        actions=simple.actions,
        is_tracked=simple.is_located,
    )


def _compose(simple: SimpleType, call: Call, target: Target, prior: Document | None) -> Change:
    body = _conforming(simple, read_object(call))
    if simple.is_located:
        body = {**body, "location": _location(simple, target, body, prior)}
    _require_members(simple, body)
    claims = _unique_claims(simple, call, target)
    filling = Filling(call=call, target=target, body=body, prior=prior)
    document = Document(id=target.id, type=simple.type, body=_body(simple, filling), claims=claims)
    return _change(simple, document, prior)


def _location(simple: SimpleType, target: Target, body: JsonObject, prior: Document | None) -> str:
    location = require_location(body.get("location"), simple.type)
    if prior is not None and prior.body["location"] != location:
        existing = prior.body["location"]
        raise location_changed(target.name, target.group, existing=existing, wanted=location)
    return location


def _revise(simple: SimpleType, call: Call, target: Target, prior: Document) -> Change:
    patch = {
        name: value
        for name, value in _conforming(simple, read_object(call)).items()
        if name in {"tags", "identity", "properties", *simple.top_level}
    }
    sent = prior.body
    if simple.is_located:
        sent = {**prior.body, "tags": patch.pop("tags", prior.body.get("tags"))}
    filling = Filling(call=call, target=target, body=merge_patch(sent, patch), prior=prior)
    document = replace(prior, body=_body(simple, filling))
    return _change(simple, document, prior)


def _change(simple: SimpleType, document: Document, prior: Document | None) -> Change:
    shown = {**document.body, "properties": _without(dict(document.properties), simple.secrets)}
    after = in_state(replace(document, body=shown, private=prior.private if prior else {}), "Succeeded")
    return Change(after=after, during=in_state(after, "Updating" if prior else "Creating"))


def _body(simple: SimpleType, filling: Filling) -> JsonObject:
    body = filling.body
    properties = overlay(overlay(simple.defaults(filling), filling.properties), simple.read_only(filling))
    envelope: JsonObject = {
        "id": filling.target.id,
        "name": filling.target.name,
        "type": simple.type,
    }
    if simple.is_located:
        envelope |= {"location": body["location"], "tags": body.get("tags") or {}}
    identity = fill_identity(filling.call, body.get("identity"), filling.prior)
    echoed = {name: body.get(name) or default for name, default in simple.top_level.items()}
    present = {name: value for name, value in {**echoed, "identity": identity}.items() if value is not None}
    return {**envelope, **present, "properties": properties}


def _unique_claims(simple: SimpleType, call: Call, target: Target) -> tuple[str, ...]:
    unique = simple.unique_name
    if unique is None:
        return ()
    claim = f"{unique.claim}:{target.name.lower()}"
    if call.view.holder(claim) not in {None, target.key}:
        raise ArmError(unique.status, unique.code, unique.message.format(name=target.name))
    return (claim,)


def _conforming(simple: SimpleType, body: JsonObject) -> JsonObject:
    envelope = record(
        Field(name="tags", shape=Record(fields={}, others=Text(choices={}))),
        Field(name="sku", shape=record()),
        Field(name="identity", shape=record()),
        Field(name="properties", shape=simple.shape),
    )
    conforming, problems = conform(envelope, body, "resource")
    if problems:
        raise invalid_content(problems[0].message)
    checked: JsonObject = conforming
    return checked


def _require_members(simple: SimpleType, body: JsonObject) -> None:
    for path in simple.required:
        if _at(body, path) in (None, "", [], {}):
            raise invalid_content(f"Required property '{path}' not found in JSON.")


def _at(value: Json, path: str) -> Json:
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _without(properties: JsonObject, paths: tuple[str, ...]) -> JsonObject:
    for path in paths:
        first, _, rest = path.partition(".")
        if rest and isinstance(properties.get(first), dict):
            properties = {**properties, first: _without(properties[first], (rest,))}
        elif not rest:
            properties = {name: value for name, value in properties.items() if name != first}
    return properties
