"""Microsoft.MachineLearningServices/workspaces/computes: what every compute type shares.

Sources: specs/compute-2026-05-01.json; recordings of the live service for status codes and explicit nulls
(facts.md section 3); the documentation for names, regions and `underlyingResourceAction` (facts.md section
2). A compute type is a `ComputeType` value in `tables`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from mooring_emulator.arm.call import read_object
from mooring_emulator.arm.documents import in_state, with_properties
from mooring_emulator.arm.errors import bad_request
from mooring_emulator.arm.kinds import Change, NameRule, Replies, Reply, ResourceKind, location_links
from mooring_emulator.arm.regions import fold_location
from mooring_emulator.arm.shapes import Field, Record, conform, record
from mooring_emulator.arm.versions import MACHINE_LEARNING, UNPUBLISHED_COMPUTES
from mooring_emulator.machinelearning.assembly import assemble, name_claim
from mooring_emulator.machinelearning.compute_types import ComputeRequest
from mooring_emulator.machinelearning.problems import require_no_problems
from mooring_emulator.machinelearning.scaling import rescale
from mooring_emulator.store.model import RemoveTree, key_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mooring_emulator.arm.call import Call, Outcome
    from mooring_emulator.arm.kinds import Action, Target
    from mooring_emulator.arm.shapes import Shape
    from mooring_emulator.arm.specs import TypeSpec
    from mooring_emulator.codec import JsonObject
    from mooring_emulator.machinelearning.compute_types import ComputeType
    from mooring_emulator.machinelearning.published import Published
    from mooring_emulator.store.model import Document

TYPE = "Microsoft.MachineLearningServices/workspaces/computes"

_NAME = re.compile(r"[a-zA-Z](?![a-zA-Z0-9-]*-\d+$)[a-zA-Z0-9\-]{2,23}")
_NAME_MESSAGE = (
    "Compute name '{name}' is invalid. It can include letters, digits and dashes. It must start with a "
    "letter, not end with a dash followed by digits, and be between 3 and 24 characters in length."
)
_NAME_TAKEN = (
    "Compute with this name already exists. Compute name needs to be unique across all existing computes "
    "within an Azure region."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeTypes:
    """The compute types by lower-case name, and the specification that has their shapes and versions."""

    spec: TypeSpec
    by_name: Mapping[str, ComputeType]
    published: Published

    def has(self, compute_type: ComputeType, api_version: str) -> bool:
        """Say whether an API version has a type; the unpublished one has them all."""
        versions = self.published.compute_types.get(compute_type.name, ())
        return api_version in {UNPUBLISHED_COMPUTES, *versions}

    def of(self, compute: Document) -> ComputeType:
        """Give the type of an existing compute."""
        return self.by_name[compute.properties["computeType"].lower()]

    def settings_shape(self, compute_type: ComputeType) -> Shape:
        """Give the shape of `properties.properties`; a type without settings accepts none."""
        field = self.shape(compute_type).fields.get("properties")
        return field.shape if field else record()

    def shape(self, compute_type: ComputeType) -> Record:
        """Give the shape of `properties`; a type the specification lacks has a base and settings."""
        found = self.spec.variants.get(compute_type.name)
        if found is not None:
            return found
        base = self.spec.variants["DataFactory"].fields
        own = Field(name="properties", shape=compute_type.settings or record())
        return Record(fields={**base, "properties": own})


def compute_kind(spec: TypeSpec, compute_types: Sequence[ComputeType], published: Published) -> ResourceKind:
    """Describe the type."""
    by_name = {compute_type.name.lower(): compute_type for compute_type in compute_types}
    types = ComputeTypes(spec=spec, by_name=by_name, published=published)
    names = {action for compute_type in compute_types for action in compute_type.actions}
    return ResourceKind(
        type=TYPE,
        api_versions=tuple(sorted((*MACHINE_LEARNING, UNPUBLISHED_COMPUTES))),
        name_rule=NameRule(pattern=_NAME, code="BadRequest", message=_NAME_MESSAGE),
        replies=Replies(
            create=Reply(status=201, azure_async_operation=True),
            update=Reply(status=201, azure_async_operation=True),
            patch=Reply(status=202, azure_async_operation=True),
            delete=Reply(status=202, has_body=False, azure_async_operation=True, location=True),
        ),
        links=location_links(
            "computeOperationsStatus",
            status={"service": "new"},
            result={"service": "new", "type": "location"},
        ),
        compose=partial(_compose, types),
        revise=_revise,
        retire=partial(_retire, types),
        actions={name.lower(): _dispatching(types, name) for name in sorted(names)},
        is_tracked=False,
    )


def _compose(types: ComputeTypes, call: Call, target: Target, prior: Document | None) -> Change:
    body = read_object(call)
    compute_type = _find_type(types, body, call.url.api_version)
    envelope, sent = _conforming(types, compute_type, body)
    location = _require_location(call, target, envelope)
    _require_name_free(call, target, location)
    if prior is not None:
        _require_replaceable(prior, compute_type)
    request = ComputeRequest(
        call=call, target=target, location=location, envelope=envelope, sent=sent, prior=prior
    )
    draft = compute_type.update(request, prior) if prior else compute_type.create(request)
    return assemble(request, compute_type, types.settings_shape(compute_type), draft)


def _revise(call: Call, _target: Target, prior: Document) -> Change:
    """PATCH: scaleSettings of an AmlCompute and nothing else (ClusterUpdateParameters).

    They are in `properties.properties`; in versions before 2021 in `properties`.
    """
    if prior.properties["computeType"] != "AmlCompute":
        kind = prior.properties["computeType"]
        raise bad_request(
            f"Compute of type '{kind}' cannot be updated. Only AmlCompute supports this operation."
        )
    sent = _member(read_object(call), "properties")
    is_flat = call.url.api_version < "2021" and "properties" not in sent
    settings = sent if is_flat else _member(sent, "properties")
    revised = rescale(prior.properties["properties"], _member(settings, "scaleSettings"))
    after = with_properties(prior, properties=revised, modifiedOn=call.timestamp.replace("Z", "+00:00"))
    return Change(after=after, during=in_state(after, "Updating"))


def _member(value: JsonObject, name: str) -> JsonObject:
    member = value.get(name) or {}
    if not isinstance(member, dict):
        raise bad_request(f"Error converting the value of '{name}': expected an object.", target=name)
    return member


def _retire(types: ComputeTypes, call: Call, _target: Target, prior: Document) -> Change:
    action = call.url.query.get("underlyingresourceaction", "")
    if action.lower() not in {"delete", "detach"}:
        raise bad_request(
            "The underlyingResourceAction query parameter is required. Possible values are: Delete, Detach."
        )
    compute_type = types.of(prior)
    if action.lower() not in compute_type.underlying_actions:
        raise bad_request(_refusal(compute_type, action.capitalize()))
    return Change(after=None, during=in_state(prior, "Deleting"), also=_underlying(prior, action))


def _underlying(prior: Document, action: str) -> tuple[RemoveTree, ...]:
    """Delete what the compute runs on, when it was asked to and the type allows it."""
    resource_id = prior.properties.get("resourceId")
    if action.lower() != "delete" or not resource_id or not prior.properties["isAttachedCompute"]:
        return ()
    return (RemoveTree(key=key_of(resource_id)),)


def _refusal(compute_type: ComputeType, action: str) -> str:
    if compute_type.is_attached:
        reason = "the service did not create the underlying resource; use Detach."
    else:
        reason = "the service manages the underlying resource; use Delete."
    return f"underlyingResourceAction '{action}' is not supported for a {compute_type.name} compute: {reason}"


def _dispatching(types: ComputeTypes, name: str) -> Action:
    """Make the action that hands over to the compute type's own, when it has one."""

    def act(call: Call, target: Target, prior: Document) -> Outcome:
        compute_type = types.of(prior)
        action = compute_type.actions.get(name)
        if action is None:
            raise bad_request(f"The operation '{name}' is not supported for a {compute_type.name} compute.")
        return action(call, target, prior)

    return act


def _find_type(types: ComputeTypes, body: JsonObject, api_version: str) -> ComputeType:
    properties = body.get("properties")
    name = properties.get("computeType") if isinstance(properties, dict) else None
    if not isinstance(name, str):
        raise bad_request("The properties.computeType field is required.", target="properties.computeType")
    compute_type = types.by_name.get(name.lower())
    if compute_type is None or not types.has(compute_type, api_version):
        raise bad_request(f"Compute type '{name}' is not supported in api-version '{api_version}'.")
    return compute_type


def _conforming(
    types: ComputeTypes, compute_type: ComputeType, body: JsonObject
) -> tuple[JsonObject, JsonObject]:
    shape = types.shape(compute_type)
    without_type = Record(
        fields={name: field for name, field in shape.fields.items() if name != "computetype"}
    )
    sent, problems = conform(without_type, body["properties"], "properties")
    envelope, more = conform(types.spec.envelope, body, "compute")
    require_no_problems((*problems, *more))
    return envelope, sent


def _require_location(call: Call, target: Target, envelope: JsonObject) -> str:
    workspace = call.view.document(target.parent_key)
    location: str = workspace.body["location"] if workspace else ""
    wanted = envelope.get("location") or location
    if fold_location(wanted) != location:
        raise bad_request(
            f"The location '{wanted}' of the compute must be the location of its workspace, '{location}'.",
            target="location",
        )
    return location


def _require_name_free(call: Call, target: Target, location: str) -> None:
    holder = call.view.holder(name_claim(location, target.name))
    if holder is not None and holder != target.key:
        raise bad_request(_NAME_TAKEN)


def _require_replaceable(prior: Document, compute_type: ComputeType) -> None:
    """A compute that failed still holds its name; nothing turns into another type (facts.md section 3)."""
    if prior.properties["provisioningState"] == "Failed":
        raise bad_request(f"{_NAME_TAKEN} It is in the Failed state; delete it first.")
    if prior.properties["computeType"] != compute_type.name:
        raise bad_request(_NAME_TAKEN)
