"""From a compute type's draft to the documents the service shows, while the operation runs and after it.

Which members are there, and which are null, follows the recorded answers of 2022 and 2025 (facts.md section
3).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mooring_emulator.arm.documents import in_state, with_properties
from mooring_emulator.arm.identity import fill_identity
from mooring_emulator.arm.kinds import Change
from mooring_emulator.arm.shapes import redact, with_nulls
from mooring_emulator.arm.system_data import system_data
from mooring_emulator.store.model import Document, Put

if TYPE_CHECKING:
    from mooring_emulator.arm.shapes import Shape
    from mooring_emulator.codec import JsonObject
    from mooring_emulator.machinelearning.compute_types import ComputeRequest, ComputeType, Draft


def name_claim(location: str, name: str) -> str:
    """Give the claim that makes compute names unique in a region."""
    return f"compute-name:{location}:{name.lower()}"


def assemble(request: ComputeRequest, compute_type: ComputeType, shape: Shape, draft: Draft) -> Change:
    """Give the change a PUT makes; `shape` is that of the type's own settings."""
    body = _body(request, compute_type, draft)
    document = Document(
        id=request.target.id,
        type=request.target.kind.type,
        body=body,
        private={"settings": _remembered(compute_type, shape, draft.settings)},
        claims=(name_claim(request.location, request.target.name),),
    )
    during = with_properties(
        document,
        properties=_shown(compute_type, shape, {**draft.settings, **draft.during}),
        resourceId=draft.resource_id_during or draft.resource_id,
        provisioningState="Updating" if request.prior else "Creating",
    )
    done = with_properties(document, properties=_shown(compute_type, shape, draft.settings))
    if draft.error is not None:
        return Change(after=_failed(done, draft.error), during=during, error=draft.error)
    after = replace(in_state(done, "Succeeded"), claims=(*document.claims, *draft.claims))
    also = tuple(Put(document=underlying) for underlying in draft.creates)
    return Change(after=after, during=during, evicts=draft.claims, also=also)


def _remembered(compute_type: ComputeType, shape: Shape, settings: JsonObject) -> JsonObject:
    """Give the settings to keep: without secrets, but for those that listKeys must give back."""
    kept: JsonObject = redact(shape, settings)
    return kept | {name: settings[name] for name in compute_type.returned_secrets if name in settings}


def _shown(compute_type: ComputeType, shape: Shape, settings: JsonObject) -> JsonObject:
    shown: JsonObject = redact(shape, with_nulls(shape, settings))
    absent = {name for name in compute_type.left_out if shown.get(name) is None}
    return {name: value for name, value in shown.items() if name not in absent}


def _failed(document: Document, error: JsonObject) -> Document:
    """A compute that failed exists, and says why."""
    return with_properties(document, provisioningState="Failed", provisioningErrors=[{"error": error}])


def _body(request: ComputeRequest, compute_type: ComputeType, draft: Draft) -> JsonObject:
    envelope = request.envelope
    identity = fill_identity(request.call, envelope.get("identity"), request.prior)
    body: JsonObject = {
        "id": request.target.id,
        "name": request.target.name,
        "type": request.target.kind.type,
        "location": request.location,
        "tags": envelope.get("tags"),
        "properties": _properties(request, compute_type, draft),
        "systemData": system_data(request.call, request.prior),
    }
    optional = {"identity": identity, "sku": envelope.get("sku")}
    return body | {name: value for name, value in optional.items() if value is not None}


def _properties(request: ComputeRequest, compute_type: ComputeType, draft: Draft) -> JsonObject:
    now = request.call.timestamp.replace("Z", "+00:00")
    return {
        "createdOn": request.prior.properties["createdOn"] if request.prior else now,
        "modifiedOn": now,
        "disableLocalAuth": bool(request.sent.get("disableLocalAuth")),
        "description": request.sent.get("description"),
        "resourceId": draft.resource_id,
        "computeType": compute_type.name,
        "computeLocation": draft.compute_location,
        "provisioningState": "Creating",
        "provisioningErrors": None,
        "provisioningWarnings": None,
        "isAttachedCompute": compute_type.is_attached,
        "properties": {},
    }
