"""Managed identities of resources.

The service spells the type canonically (clients send "Systemassigned"), invents principalId and tenantId for
the system-assigned identity and keeps them for the resource's life, and looks up the user-assigned ones.
"""

import uuid

from mooring_emulator.arm.call import Call
from mooring_emulator.arm.errors import ArmError
from mooring_emulator.codec import Json, JsonObject
from mooring_emulator.store.model import Document, key_of

_TYPES = {
    "none": "None",
    "systemassigned": "SystemAssigned",
    "userassigned": "UserAssigned",
    "systemassigned,userassigned": "SystemAssigned,UserAssigned",
}


def fill_identity(call: Call, wanted: Json, prior: Document | None) -> JsonObject | None:
    """Give the identity block a GET answers, None for no identity; raises ArmError for an unknown type."""
    if not isinstance(wanted, dict):
        return None
    sent = str(wanted.get("type") or "None")
    kind = _TYPES.get(sent.replace(" ", "").lower())
    if kind is None:
        raise ArmError(400, "InvalidIdentityType", f"The identity type '{sent}' is not valid.")
    identity: JsonObject = {"type": kind}
    if "SystemAssigned" in kind:
        identity |= _system_assigned(call, prior)
    if "UserAssigned" in kind:
        names = wanted.get("userAssignedIdentities") or {}
        identity["userAssignedIdentities"] = {name: _user_assigned(call, name) for name in names}
    return identity


def _system_assigned(call: Call, prior: Document | None) -> JsonObject:
    existing = (prior.body.get("identity") or {}) if prior else {}
    principal = existing.get("principalId") or call.world.new_id()
    return {"principalId": principal, "tenantId": call.world.principal.tenant_id}


def _user_assigned(call: Call, resource_id: str) -> JsonObject:
    """Give the ids of a user-assigned identity; stable ones when the resource is not in this cloud."""
    document = call.view.document(key_of(resource_id))
    if document is not None:
        return {name: document.properties[name] for name in ("principalId", "clientId")}
    namespace = uuid.UUID(call.world.principal.tenant_id)
    key = key_of(resource_id)
    return {name: str(uuid.uuid5(namespace, f"{name} {key}")) for name in ("principalId", "clientId")}
