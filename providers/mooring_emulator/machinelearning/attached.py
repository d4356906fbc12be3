"""What the attached compute types share: the underlying resource, its one attachment, credentials.

Source: "set up compute targets": one attachment at a time per underlying resource, each new one removes the
previous; another resource under the same name needs a detach first (facts.md section 1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mooring_emulator.arm.errors import bad_request
from mooring_emulator.machinelearning.linked_ids import respell
from mooring_emulator.store.model import key_of

if TYPE_CHECKING:
    from mooring_emulator.codec import JsonObject
    from mooring_emulator.machinelearning.compute_types import ComputeRequest
    from mooring_emulator.store.model import Document

_PATH = "properties.resourceId"


def find_underlying(request: ComputeRequest, *type_names: str) -> Document:
    """Give the resource to attach; raises ArmError when it is missing or of another type."""
    wanted = request.sent.get("resourceId")
    if not wanted:
        raise bad_request(f"The {_PATH} field is required.", target=_PATH)
    found = request.call.view.document(key_of(wanted))
    if found is None or found.type not in type_names:
        kinds = " or ".join(type_names)
        raise bad_request(f"The resource '{wanted}' could not be found as a {kinds}.", target=_PATH)
    return found


def underlying_id(request: ComputeRequest) -> str:
    """Give the id of the underlying resource as the service spells it."""
    return respell(str(request.sent.get("resourceId")))


def claim_of(underlying: Document) -> str:
    """Give the claim by which a resource has one attachment at a time."""
    return f"attachment:{underlying.key}"


def require_same(request: ComputeRequest, prior: Document) -> None:
    """Refuse a PUT that would put another resource under an attachment's name."""
    existing, wanted = prior.properties["resourceId"], request.sent.get("resourceId")
    if key_of(existing or "") != key_of(wanted or ""):
        raise bad_request(
            f"The compute is attached to '{existing}'. "
            "Detach it before attaching another resource under its name.",
            target=_PATH,
        )


def require_unchanged(request: ComputeRequest, prior: Document, *names: str) -> None:
    """Refuse a PUT that changes settings which need a detach and a new attachment."""
    existing: JsonObject = prior.private["settings"]
    for name in names:
        if name in request.settings and request.settings[name] != existing.get(name):
            raise bad_request(
                f"The property '{name}' cannot be changed. Detach the compute and attach it again.",
                target=f"properties.properties.{name}",
            )


def require_account(account: JsonObject) -> None:
    """Refuse an administrator account without a name, or without exactly one of password and key."""
    if not account.get("username"):
        raise bad_request("The properties.properties.administratorAccount.username field is required.")
    has_password, has_key = bool(account.get("password")), bool(account.get("privateKeyData"))
    if has_password == has_key:
        raise bad_request("administratorAccount must have either a password or privateKeyData, and not both.")
