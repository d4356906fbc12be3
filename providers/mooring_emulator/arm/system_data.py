"""The `systemData` block: who created a resource and who changed it last."""

from mooring_emulator.arm.call import Call
from mooring_emulator.codec import JsonObject
from mooring_emulator.store.model import Document


def system_data(call: Call, prior: Document | None) -> JsonObject:
    """Give the block of a resource that the current principal creates or changes now."""
    existing = (prior.body.get("systemData") or {}) if prior else {}
    name = call.world.principal.name
    return {
        "createdAt": existing.get("createdAt", call.timestamp),
        "createdBy": existing.get("createdBy", name),
        "createdByType": existing.get("createdByType", "User"),
        "lastModifiedAt": call.timestamp,
        "lastModifiedBy": name,
        "lastModifiedByType": "User",
    }
