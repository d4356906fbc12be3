"""Microsoft.Authorization/roleDefinitions: the built-in roles, to be read at any scope.

Source: Microsoft.Authorization 2022-04-01. `$filter` knows `roleName eq 'x'`; others change nothing. Custom
roles are refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mooring_emulator.arm.call import Call, Outcome
from mooring_emulator.arm.errors import ArmError
from mooring_emulator.arm.paging import list_all
from mooring_emulator.arm.roles import BUILT_IN, Role, find_role
from mooring_emulator.messages import json_response

if TYPE_CHECKING:
    from mooring_emulator.codec import JsonObject

TYPE = "Microsoft.Authorization/roleDefinitions"

_BY_NAME = re.compile(r"\s*roleName\s+eq\s+'([^']*)'\s*", re.IGNORECASE)


def list_roles(call: Call) -> Outcome:
    """GET {scope}/providers/Microsoft.Authorization/roleDefinitions."""
    wanted = _BY_NAME.fullmatch(call.url.query.get("$filter", ""))
    found = [role for role in BUILT_IN if wanted is None or role.name.lower() == wanted[1].lower()]
    return list_all([_definition(call, role) for role in found])


def get_role(call: Call) -> Outcome:
    """GET {scope}/providers/Microsoft.Authorization/roleDefinitions/{role}."""
    role = find_role(call.parameters["role"])
    if role is None:
        name = call.parameters["role"]
        raise ArmError(404, "RoleDefinitionDoesNotExist", f"The role definition '{name}' does not exist.")
    return Outcome(response=json_response(200, _definition(call, role)))


def refuse_custom_role(_call: Call) -> Outcome:
    """PUT and DELETE: the emulator has the built-in roles alone."""
    raise ArmError(400, "RoleDefinitionLimitExceeded", "The emulator has no custom roles.")


def _definition(call: Call, role: Role) -> JsonObject:
    subscription = call.parameters.get("subscription")
    scope = f"/subscriptions/{subscription}" if subscription else ""
    permissions = {
        "actions": list(role.actions),
        "notActions": list(role.not_actions),
        "dataActions": [],
        "notDataActions": [],
    }
    return {
        "id": f"{scope}/providers/{TYPE}/{role.id}",
        "name": role.id,
        "type": TYPE,
        "properties": {
            "roleName": role.name,
            "type": "BuiltInRole",
            "description": f"The built-in role {role.name}.",
            "assignableScopes": ["/"],
            "permissions": [permissions],
        },
    }
