"""Locks: what they are, and which requests they stop.

Source: "Lock your resources to protect your infrastructure" (Microsoft.Authorization/locks): a lock holds for
its scope and everything below, CanNotDelete stops deletes, ReadOnly all writes and POST actions. A delete is
stopped by a lock below its target too.
"""

from collections.abc import Iterator

from mooring_emulator.arm.call import Call
from mooring_emulator.arm.errors import ArmError
from mooring_emulator.arm.kinds import Target
from mooring_emulator.store.model import Document

LOCK_TYPE = "Microsoft.Authorization/locks"

_TYPES = frozenset({LOCK_TYPE})
_SEGMENT = "/providers/microsoft.authorization/locks/"


def require_unlocked(call: Call, target: Target) -> None:
    """Raise 409 ScopeLocked when a lock forbids the request; locks themselves can always be changed."""
    if target.kind.type == LOCK_TYPE:
        return
    is_delete = call.request.method == "DELETE"
    for lock in _locks_over(call, target.key, include_below=is_delete):
        if is_delete or lock.properties.get("level") == "ReadOnly":
            raise _locked(call, target, lock)


def _locks_over(call: Call, key: str, *, include_below: bool) -> Iterator[Document]:
    for scope in scopes_of(key):
        yield from call.view.documents(scope + _SEGMENT, _TYPES, limit=1)
    if include_below:
        yield from call.view.documents(key + "/", _TYPES, limit=1)


def scopes_of(key: str) -> Iterator[str]:
    """Give the id itself and every ancestor: parents by pairs of type and name, group, subscription."""
    parts = key.split("/")
    yield "/".join(parts[:3])
    if len(parts) >= 5 and parts[3] == "resourcegroups":
        yield "/".join(parts[:5])
    first = 9 if len(parts) > 5 and parts[3] == "resourcegroups" else 7
    for end in range(first, len(parts) + 1, 2):
        yield "/".join(parts[:end])


def _locked(call: Call, target: Target, lock: Document) -> ArmError:
    verb = "delete" if call.request.method == "DELETE" else "write"
    scope = lock.id.lower().partition(_SEGMENT)[0]
    return ArmError(
        409,
        "ScopeLocked",
        f"The scope '{target.id}' cannot perform {verb} operation because following scope(s) are locked: "
        f"'{lock.id[: len(scope)]}'. Please remove the lock and try again.",
    )
