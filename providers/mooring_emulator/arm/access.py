"""Who may do what: the refusal of what the roles of a principal do not allow.

Without a directory everybody may do everything. With one, a request needs a role at its scope or above, from
the directory or from a role assignment made through ARM. Source: "Understand how Azure RBAC determines if a
user has access to a resource"; the message is the one of AuthorizationFailed that everybody knows. Polling
an operation, and seeing a subscription and its providers, needs any role in the subscription.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mooring_emulator.arm.errors import ArmError
from mooring_emulator.arm.locks import scopes_of
from mooring_emulator.arm.roles import find_role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mooring_emulator.arm.call import Call
    from mooring_emulator.arm.principals import Directory

ASSIGNMENT_TYPE = "Microsoft.Authorization/roleAssignments"
ASSIGNMENTS = "/providers/microsoft.authorization/roleassignments/"

_TYPES = frozenset({ASSIGNMENT_TYPE})
_VERBS = {"GET": "read", "HEAD": "read", "DELETE": "delete", "POST": "action"}
_SEEN = frozenset({"", "locations", "providers", "operationresults"})
"""What any role in a subscription shows of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a request wants to do: an action, such as `Microsoft.X/y/write`, at a scope."""

    action: str
    scope: str


def require_allowed(call: Call) -> None:
    """Raise 403 AuthorizationFailed when there is a directory and the request's principal may not do it."""
    directory, segments = call.world.directory, _arm_segments(call)
    if directory is None or len(segments) < 2 or segments[0].lower() != "subscriptions":
        return
    if _shows_little(call, segments) and may_see(call, segments[1]):
        return
    wanted = _wanted(call, segments)
    if not _is_allowed(call, directory, wanted):
        raise _refusal(call, wanted)


def may_see(call: Call, subscription: str) -> bool:
    """Say whether the principal has any role in a subscription."""
    directory, root = call.world.directory, f"/subscriptions/{subscription.lower()}"
    if directory is None:
        return True
    own = [grant for grant in directory.grants if grant.object_id == call.world.principal.object_id]
    if any(grant.scope == "" or (grant.scope + "/").startswith(root + "/") for grant in own):
        return True
    return any(_is_own(call, found.properties["principalId"]) for found in call.view.documents(root, _TYPES))


def _arm_segments(call: Call) -> Sequence[str]:
    """Give the path's segments; the old data plane has ARM's path after `/rp/workspaces`."""
    segments = call.url.segments
    is_data_plane = tuple(segment.lower() for segment in segments[:2]) == ("rp", "workspaces")
    return segments[2:] if is_data_plane else segments


def _shows_little(call: Call, segments: Sequence[str]) -> bool:
    rest = [segment.lower() for segment in segments[2:]]
    if call.request.method not in {"GET", "HEAD"}:
        return False
    if rest[:1] == ["providers"]:
        return len(rest) <= 2 or (rest[2] == "locations" and len(rest) == 6)
    return (rest[0] if rest else "") in _SEEN


def _wanted(call: Call, segments: Sequence[str]) -> Wanted:
    lowered = [segment.lower() for segment in segments]
    marks = [index for index, segment in enumerate(lowered) if segment == "providers" and not index % 2]
    if not marks or len(segments) <= marks[-1] + 1:
        return _of_subscription(call, segments)
    return _of_provider(call, segments, marks[-1])


def _of_subscription(call: Call, segments: Sequence[str]) -> Wanted:
    types, is_collection = [*segments[0::2]], len(segments) % 2
    scope = segments[:-1] if is_collection else segments
    return Wanted(action=f"Microsoft.Resources/{'/'.join(types)}/{_verb(call)}", scope=_id(scope))


def _of_provider(call: Call, segments: Sequence[str], mark: int) -> Wanted:
    namespace, rest = segments[mark + 1], segments[mark + 2 :]
    types = list(rest[0::2])
    has_name = len(rest) % 2 == 0
    if call.request.method == "POST" and not has_name:
        acted_on = segments[:-1] if len(types) > 1 else segments[:mark]
        return Wanted(
            action=f"{_spelled(call, namespace, types[:-1])}/{types[-1]}/action", scope=_id(acted_on)
        )
    parent = segments[:-1] if len(types) > 1 else segments[:mark]
    return Wanted(
        action=f"{_spelled(call, namespace, types)}/{_verb(call)}",
        scope=_id(segments if has_name else parent),
    )


def _spelled(call: Call, namespace: str, types: Sequence[str]) -> str:
    name = "/".join((namespace, *types))
    kind = call.world.catalog.kind(name)
    kinds = call.world.catalog.namespaces.get(namespace.lower(), ())
    return kind.type if kind else "/".join((kinds[0].namespace if kinds else namespace, *types))


def _verb(call: Call) -> str:
    return _VERBS.get(call.request.method, "write")


def _id(segments: Sequence[str]) -> str:
    return "/" + "/".join(segments)


def _is_own(call: Call, object_id: object) -> bool:
    return str(object_id).lower() == call.world.principal.object_id.lower()


def _is_allowed(call: Call, directory: Directory, wanted: Wanted) -> bool:
    roles = (find_role(role_id) for role_id in _roles_at(call, directory, wanted.scope.lower()))
    return any(role is not None and role.allows(wanted.action) for role in roles)


def _roles_at(call: Call, directory: Directory, scope: str) -> Iterator[str]:
    scopes = ("", *scopes_of(scope))
    for grant in directory.grants:
        if grant.scope in scopes and _is_own(call, grant.object_id):
            yield grant.role_id
    for above in scopes:
        for found in call.view.documents(above + ASSIGNMENTS, _TYPES):
            if _is_own(call, found.properties["principalId"]):
                yield str(found.properties["roleDefinitionId"])


def _refusal(call: Call, wanted: Wanted) -> ArmError:
    principal = call.world.principal
    return ArmError(
        403,
        "AuthorizationFailed",
        f"The client '{principal.name}' with object id '{principal.object_id}' does not have authorization "
        f"to perform action '{wanted.action}' over scope '{wanted.scope}' or the scope is invalid. If access "
        "was recently granted, please refresh your credentials.",
    )
