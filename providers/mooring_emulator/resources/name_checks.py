"""POST .../checkNameAvailability of the types whose names are unique in the whole cloud.

Sources: Microsoft.Storage 2023-05-01, Microsoft.KeyVault 2023-07-01, Microsoft.ContainerRegistry 2023-07-01.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mooring_emulator.arm.call import Call, Outcome, read_object
from mooring_emulator.arm.errors import invalid_content, invalid_type
from mooring_emulator.arm.shapes import Field, Text, conform, record
from mooring_emulator.messages import json_response

if TYPE_CHECKING:
    from mooring_emulator.codec import JsonObject

_CLAIMS = {
    "microsoft.storage": ("storage-account", "Microsoft.Storage/storageAccounts"),
    "microsoft.keyvault": ("key-vault", "Microsoft.KeyVault/vaults"),
    "microsoft.containerregistry": ("container-registry", "Microsoft.ContainerRegistry/registries"),
}
_NAMED = record(Field(name="name", shape=Text(choices={}), is_required=True))


def check_name(call: Call) -> Outcome:
    """Say whether a name is well formed and free."""
    namespace = call.parameters["namespace"]
    if namespace.lower() not in _CLAIMS:
        raise invalid_type(namespace, "checkNameAvailability", call.url.api_version)
    claim, type_name = _CLAIMS[namespace.lower()]
    sent, problems = conform(_NAMED, read_object(call), "")
    if problems:
        raise invalid_content(problems[0].message)
    name: str = sent["name"]
    rule = call.world.catalog.kinds[type_name.lower()].name_rule
    if not rule.pattern.fullmatch(name):
        return _answer("AccountNameInvalid", rule.message.format(name=name))
    if call.view.holder(f"{claim}:{name.lower()}") is not None:
        return _answer("AlreadyExists", f"The name '{name}' is already in use.")
    return _answer("", "")


def _answer(reason: str, message: str) -> Outcome:
    body: JsonObject = {"nameAvailable": not reason}
    return Outcome(
        response=json_response(200, body | ({"reason": reason, "message": message} if reason else {}))
    )
