"""Soft delete of workspaces: a deleted one holds its name until it is purged, recovered or 14 days old.

Source: "Recover workspace data while soft deleted" (facts.md section 2). A workspace is soft-deleted when it
was created with `softDeleteEnabled: true` (preview versions) and has no customer-managed key; computes are
gone at once. DELETE with `forceToPurge=true` deletes for good, also what is soft-deleted already; a PUT with
`allowRecoverSoftDeletedWorkspace: true` recovers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mooring_emulator.arm.call import Outcome
from mooring_emulator.arm.documents import in_state
from mooring_emulator.arm.errors import bad_request
from mooring_emulator.arm.kinds import Change
from mooring_emulator.arm.paging import list_all
from mooring_emulator.messages import empty_response
from mooring_emulator.store.model import Document, Put, RemoveTree

if TYPE_CHECKING:
    from mooring_emulator.arm.call import Call
    from mooring_emulator.arm.kinds import Target
    from mooring_emulator.codec import Json, JsonObject

GRAVE_TYPE = "Microsoft.MachineLearningServices/deletedWorkspaces"
RETENTION = 14 * 24 * 60 * 60
"""Seconds a soft-deleted workspace can be recovered."""

_EXISTS = "Soft-deleted workspace exists. Please purge or recover it. https://aka.ms/wsoftdelete"


def retire_workspace(call: Call, target: Target, prior: Document) -> Change:
    """DELETE: for good, or into the grave."""
    during = in_state(prior, "Deleting")
    if _is_forced(call) or not prior.private.get("softDeleteEnabled") or prior.properties.get("encryption"):
        return Change(after=None, during=during)
    grave = Document(
        id=_grave_id(target.id),
        type=GRAVE_TYPE,
        body={"id": _grave_id(target.id), "name": target.name, "type": GRAVE_TYPE, "workspace": prior.body},
        private={**prior.private, "purgeAt": call.now + RETENTION},
    )
    return Change(after=None, during=during, also=(Put(document=grave),))


def purge_workspace(call: Call, target: Target) -> Outcome | None:
    """DELETE ?forceToPurge=true of one that is soft-deleted."""
    grave = find_grave(call, target)
    if grave is None or not _is_forced(call):
        return None
    return Outcome(response=empty_response(200), writes=(RemoveTree(key=grave.key),))


def find_grave(call: Call, target: Target) -> Document | None:
    """Give the soft-deleted workspace that holds the name."""
    grave = call.view.document(_grave_id(target.id).lower())
    return grave if grave is not None and grave.private["purgeAt"] > call.now else None


def list_graves(call: Call) -> Outcome:
    """GET .../deletedWorkspaces: what can be recovered. No specification has it, but people ask for it."""
    prefix = f"/subscriptions/{call.parameters['subscription']}/".lower()
    graves = call.view.documents(prefix, frozenset({GRAVE_TYPE}))
    return list_all(
        [
            {"id": grave.id, "name": grave.body["name"], "type": GRAVE_TYPE}
            for grave in graves
            if grave.private["purgeAt"] > call.now
        ]
    )


def recovered(call: Call, target: Target, sent: JsonObject) -> Document | None:
    """Give the workspace a PUT recovers, None when no name is held; raises ArmError when it may not."""
    grave = find_grave(call, target)
    if grave is None:
        return None
    if _flag(sent, "allowRecoverSoftDeletedWorkspace") is not True:
        raise bad_request(_EXISTS)
    private = {name: value for name, value in grave.private.items() if name != "purgeAt"}
    body: JsonObject = grave.body["workspace"]
    return replace(grave, id=target.id, type=target.kind.type, body=body, private=private)


def soft_delete_flag(sent: JsonObject) -> JsonObject:
    """Give what is remembered of a new workspace: whether its deletion will be a soft one."""
    return {"softDeleteEnabled": True} if _flag(sent, "softDeleteEnabled") is True else {}


def _flag(sent: JsonObject, name: str) -> Json:
    properties = sent.get("properties")
    return properties.get(name) if isinstance(properties, dict) else None


def leave_grave(target: Target) -> RemoveTree:
    """Give the effect that frees the name."""
    return RemoveTree(key=_grave_id(target.id).lower())


def _is_forced(call: Call) -> bool:
    return call.url.query.get("forcetopurge", "").lower() == "true"


def _grave_id(workspace_id: str) -> str:
    group, _, name = workspace_id.rpartition("/workspaces/")
    return f"{group}/deletedWorkspaces/{name}"
