"""Microsoft.Authorization: locks, role assignments and role definitions, extensions of any scope.

Sources: Microsoft.Authorization 2020-05-01 (locks) and 2022-04-01 (roleAssignments, roleDefinitions). What a
lock forbids is in `arm.locks`, what a role allows in `arm.access`. `$filter` of role assignments knows
`principalId eq 'x'` and `assignedTo('x')`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from mooring_emulator.arm.access import ASSIGNMENT_TYPE
from mooring_emulator.arm.call import Call, read_object
from mooring_emulator.arm.errors import ArmError, bad_request
from mooring_emulator.arm.kinds import AT_ONCE, Change, NameRule, Reply, ResourceKind, Target
from mooring_emulator.arm.lifecycle import retire
from mooring_emulator.arm.locks import LOCK_TYPE
from mooring_emulator.arm.versions import LOCKS, ROLES
from mooring_emulator.codec import JsonObject
from mooring_emulator.resources.simple import NO_LINKS
from mooring_emulator.store.model import Document

_EVERYWHERE = frozenset({"subscription", "group", "resource"})
_LEVELS = {"cannotdelete": "CanNotDelete", "readonly": "ReadOnly"}
_PRINCIPAL = re.compile(r"(?:principalId\s+eq\s+|assignedTo\(\s*)'([^']+)'", re.IGNORECASE)
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def lock_kind() -> ResourceKind:
    """Describe a lock."""
    return ResourceKind(
        type=LOCK_TYPE,
        api_versions=LOCKS,
        name_rule=NameRule(
            pattern=re.compile(r"[^<>%&\\?/]{1,259}"),
            code="InvalidLockName",
            message="The lock name '{name}' is invalid.",
        ),
        replies=AT_ONCE,
        links=NO_LINKS,
        compose=_compose_lock,
        revise=_refuse_patch,
        retire=retire,
        scopes=_EVERYWHERE,
        is_tracked=False,
    )


def role_assignment_kind() -> ResourceKind:
    """Describe a role assignment."""
    return ResourceKind(
        type=ASSIGNMENT_TYPE,
        api_versions=ROLES,
        name_rule=NameRule(
            pattern=_GUID,
            code="InvalidRoleAssignmentId",
            message="The role assignment ID '{name}' is not valid. The role assignment ID must be a GUID.",
        ),
        replies=replace(AT_ONCE, update=Reply(status=201), delete=Reply(status=200)),
        links=NO_LINKS,
        compose=_compose_assignment,
        revise=_refuse_patch,
        retire=retire,
        scopes=_EVERYWHERE,
        is_tracked=False,
        select=_of_principal,
    )


def _of_principal(call: Call, found: Sequence[Document]) -> Sequence[Document] | None:
    wanted = _PRINCIPAL.search(call.url.query.get("$filter", ""))
    if wanted is None:
        return None
    return [each for each in found if str(each.properties["principalId"]).lower() == wanted[1].lower()]


def _compose_lock(call: Call, target: Target, _prior: Document | None) -> Change:
    sent = _properties(call)
    level = _LEVELS.get(str(sent.get("level")).lower())
    if level is None:
        raise ArmError(400, "InvalidLockLevel", "The lock level must be 'CanNotDelete' or 'ReadOnly'.")
    return _kept(target, {"level": level, "notes": sent.get("notes")})


def _compose_assignment(call: Call, target: Target, prior: Document | None) -> Change:
    sent = _properties(call)
    role, principal = sent.get("roleDefinitionId"), sent.get("principalId")
    if not isinstance(role, str) or not isinstance(principal, str) or not role or not principal:
        raise bad_request("roleDefinitionId and principalId are required.")
    if prior is not None and prior.properties["principalId"] != principal:
        message = "Tenant ID, application ID, principal ID, and scope are not allowed to be updated."
        raise ArmError(400, "RoleAssignmentUpdateNotPermitted", message)
    return _kept(
        target,
        {
            "roleDefinitionId": role,
            "principalId": principal,
            "principalType": sent.get("principalType") or "ServicePrincipal",
            "scope": target.id.rpartition("/providers/")[0],
            "condition": sent.get("condition"),
            "createdOn": prior.properties["createdOn"] if prior else call.timestamp,
            "updatedOn": call.timestamp,
            "createdBy": call.world.principal.object_id,
            "updatedBy": call.world.principal.object_id,
        },
    )


def _kept(target: Target, properties: JsonObject) -> Change:
    body = {"id": target.id, "name": target.name, "type": target.kind.type, "properties": properties}
    document = Document(id=target.id, type=target.kind.type, body=body)
    return Change(after=document, during=document)


def _refuse_patch(call: Call, _target: Target, _prior: Document) -> Change:
    raise ArmError(405, "HttpMethodNotSupported", f"The resource does not support '{call.request.method}'.")


def _properties(call: Call) -> JsonObject:
    sent = read_object(call).get("properties")
    if not isinstance(sent, dict):
        raise ArmError(400, "InvalidRequestContent", "The properties object is required.")
    return sent
