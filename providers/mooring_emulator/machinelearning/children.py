"""What a workspace holds besides computes: assets, jobs, endpoints, connections and the like, as data.

Owns `ChildType` and the generic PUT and PATCH behind it. Sources: specs operations-2025-12-01 and
types-2025-12-01 for methods, status codes and required members; facts.md section 3 for the MFE family's
headers. Secrets of a request are kept apart and given back by the type's own action only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from mooring_emulator.arm.call import read_object
from mooring_emulator.arm.documents import in_state
from mooring_emulator.arm.errors import method_not_allowed
from mooring_emulator.arm.identity import fill_identity
from mooring_emulator.arm.kinds import (
    Change,
    NameRule,
    Replies,
    Reply,
    ResourceKind,
    location_links,
    show_body,
)
from mooring_emulator.arm.lifecycle import retire
from mooring_emulator.arm.shapes import Field, Record, Text, conform, record
from mooring_emulator.arm.system_data import system_data
from mooring_emulator.codec import merge_patch, overlay
from mooring_emulator.machinelearning.problems import require_no_problems
from mooring_emulator.machinelearning.selecting import select
from mooring_emulator.store.model import Document, Put

if TYPE_CHECKING:
    from mooring_emulator.arm.call import Call
    from mooring_emulator.arm.kinds import Action, Show, Start, Target
    from mooring_emulator.arm.specs import Bodies
    from mooring_emulator.codec import JsonObject
    from mooring_emulator.machinelearning.published import Published
    from mooring_emulator.store.model import Effect

NAMESPACE = "Microsoft.MachineLearningServices"
MFE_LINKS = replace(
    location_links("mfeOperationsStatus"),
    result_path=location_links("mfeOperationResults").result_path,
    result_query={"monitor": "true"},
)

_STARTED = Reply(status=201, azure_async_operation=True)
_GONE = Reply(status=200, has_body=False)
SYNC = Replies(create=Reply(status=201), update=Reply(status=200), patch=Reply(status=200), delete=_GONE)
SYNC_200 = replace(SYNC, create=Reply(status=200))
LRO = Replies(
    create=_STARTED,
    update=replace(_STARTED, status=200),
    patch=Reply(status=202, azure_async_operation=True, location=True),
    delete=Reply(status=202, has_body=False, azure_async_operation=True, location=True),
)
TEXT = Text(choices={})
ASSET_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9\-_.]{0,254}")
ENDPOINT_NAME = re.compile(r"[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,30}[a-zA-Z0-9]")
_TRACKED = ("location", "tags", "kind", "sku")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a type fills in from: the request's conforming properties, and the existing child."""

    call: Call
    target: Target
    sent: JsonObject
    prior: Document | None


Conforming: TypeAlias = "Callable[[Call, JsonObject], JsonObject]"
"""Gives a body as the specification has it; raises ArmError."""
Fill: TypeAlias = "Callable[[Draft], JsonObject]"
Also: TypeAlias = "Callable[[Draft], tuple[Effect, ...]]"


def fill_nothing(_draft: Draft) -> JsonObject:
    """Fill in nothing."""
    return {}


def no_effects(_draft: Draft) -> tuple[Effect, ...]:
    """Change no other document."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildType:
    """A type below a workspace or a registry.

    What its body may be is in the specification; `shape` is that of the properties of a type that the
    specification lacks. `defaults` lose against the request, `read_only` wins. `secrets` are members of
    `properties` that are kept apart. Only types that are `is_patchable` have a PATCH.
    """

    path: str
    replies: Replies = SYNC
    shape: Record | None = None
    is_patchable: bool = False
    name: re.Pattern[str] = ASSET_NAME
    defaults: Fill = fill_nothing
    read_only: Fill = fill_nothing
    secrets: tuple[str, ...] = ()
    is_located: bool = False
    has_state: bool = True
    creates_parent: bool = False
    also: Also = no_effects
    actions: Mapping[str, Action] = field(default_factory=dict)
    reads: Mapping[str, Action] = field(default_factory=dict)
    starts: Mapping[str, Start] = field(default_factory=dict)
    show: Show = show_body
    more_versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """Which API versions have a type, and what its body may be.

    There is a shape for stable versions, and one for previews, which may have members of their own.
    """

    published: Published
    stable: Bodies
    preview: Bodies

    def record(self, child: ChildType, api_version: str) -> Record:
        """Give the shape of a type's body."""
        bodies = self.preview if api_version.endswith("-preview") else self.stable
        return bodies.record(child.path) or _unspecified(child.shape or record())


def _unspecified(properties: Record) -> Record:
    return record(
        Field(name="location", shape=TEXT),
        Field(name="tags", shape=Record(fields={}, others=TEXT)),
        Field(name="properties", shape=properties, is_required=True),
    )


def child_kind(child: ChildType, specification: Specification) -> ResourceKind:
    """Describe the type to the life cycle."""
    conforming = partial(_conforming, specification, child)
    versions = specification.published.types.get(child.path, ())
    return ResourceKind(
        type=f"{NAMESPACE}/{child.path}",
        api_versions=tuple(sorted((*versions, *child.more_versions))),
        name_rule=NameRule(
            pattern=child.name, code="ValidationError", message="The name '{name}' is invalid."
        ),
        replies=child.replies,
        links=MFE_LINKS,
        compose=partial(_compose, child, conforming),
        revise=partial(_revise, child, conforming) if child.is_patchable else _refuse_patch,
        retire=retire,
        actions=child.actions,
        reads=child.reads,
        starts=child.starts,
        is_tracked=False,
        creates_parent=child.creates_parent,
        show=child.show,
        select=select,
    )


def _compose(
    child: ChildType, conforming: Conforming, call: Call, target: Target, prior: Document | None
) -> Change:
    envelope = conforming(call, read_object(call))
    draft = Draft(call=call, target=target, sent=envelope["properties"], prior=prior)
    return _change(child, draft, envelope)


def _revise(child: ChildType, conforming: Conforming, call: Call, target: Target, prior: Document) -> Change:
    kept = {name: prior.private[name] for name in child.secrets if name in prior.private}
    patched = merge_patch({**prior.body, "properties": {**prior.properties, **kept}}, read_object(call))
    envelope = conforming(call, patched)
    draft = Draft(call=call, target=target, sent=envelope["properties"], prior=prior)
    return _change(child, draft, envelope)


def _refuse_patch(call: Call, _target: Target, _prior: Document) -> Change:
    raise method_not_allowed(call.request.method)


def _conforming(specification: Specification, child: ChildType, call: Call, body: JsonObject) -> JsonObject:
    envelope, problems = conform(specification.record(child, call.url.api_version), body, "")
    require_no_problems(problems)
    return {"properties": {}, **envelope}


def _change(child: ChildType, draft: Draft, envelope: JsonObject) -> Change:
    properties = overlay(overlay(child.defaults(draft), draft.sent), child.read_only(draft))
    kept = {name: properties.pop(name) for name in child.secrets if properties.get(name) is not None}
    body: JsonObject = {
        "id": draft.target.id,
        "name": draft.target.name,
        "type": draft.target.kind.type,
        "properties": properties,
        "systemData": system_data(draft.call, draft.prior),
    }
    if child.is_located:
        body |= _located(draft, envelope)
    private = {**(draft.prior.private if draft.prior else {}), **kept}
    document = Document(id=draft.target.id, type=draft.target.kind.type, body=body, private=private)
    if not child.has_state:
        return Change(after=document, during=document, also=child.also(draft))
    during = in_state(document, "Updating" if draft.prior else "Creating")
    return Change(after=in_state(document, "Succeeded"), during=during, also=child.also(draft))


def _located(draft: Draft, envelope: JsonObject) -> JsonObject:
    parent = draft.call.view.document(draft.target.parent_key)
    location = parent.body.get("location") if parent else None
    identity = fill_identity(draft.call, envelope.get("identity"), draft.prior)
    members = {name: envelope.get(name) for name in _TRACKED}
    return {
        **members,
        "location": envelope.get("location") or location,
        "tags": envelope.get("tags") or {},
        "identity": identity,
    }


def put_parent(draft: Draft, properties: JsonObject) -> tuple[Effect, ...]:
    """Create the container of an asset's first version."""
    if draft.call.view.document(draft.target.parent_key) is not None:
        return ()
    parent_id = draft.target.id.rpartition("/versions/")[0]
    body: JsonObject = {
        "id": parent_id,
        "name": parent_id.rpartition("/")[2],
        "type": draft.target.kind.type.rpartition("/")[0],
        "properties": properties,
        "systemData": system_data(draft.call, None),
    }
    return (Put(document=Document(id=parent_id, type=body["type"], body=body)),)
