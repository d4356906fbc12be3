"""The directory as a file: who there is and which roles they have.

A JSON object: `principals` are `{"name", "client_id", "object_id", "secret"}`, of which only the name must be
there; `roles` are `{"principal", "role", "scope"}`, with a principal's name, a built-in role's name or GUID,
and an id, `/` for everything.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from mooring_emulator.arm.principals import Directory, Grant, Member
from mooring_emulator.arm.roles import BUILT_IN, find_role
from mooring_emulator.codec import decode

if TYPE_CHECKING:
    from mooring_emulator.codec import Json, JsonObject

_PRINCIPAL = frozenset({"name", "client_id", "object_id", "secret"})
_ROLE = frozenset({"principal", "role", "scope"})


class DirectoryError(Exception):
    """A directory that cannot be understood; the text says why."""


def parse_directory(text: str, tenant_id: str) -> Directory:
    """Read a directory; raises DirectoryError."""
    try:
        value = decode(text)
    except ValueError as problem:
        raise DirectoryError(f"the directory is not JSON: {problem}") from problem
    content = _object(value, frozenset({"principals", "roles"}), "the directory")
    members = tuple(_member(each, tenant_id) for each in _list(content, "principals"))
    directory = Directory(members=members)
    grants = tuple(_grant(each, directory) for each in _list(content, "roles"))
    return Directory(members=members, grants=grants)


def object_id_of(tenant_id: str, client_id: str) -> str:
    """Give the object id of a principal that has none of its own: always the same for a client id."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{tenant_id} {client_id}".lower()))


def _member(value: Json, tenant_id: str) -> Member:
    texts = _texts(value, _PRINCIPAL, "a principal")
    name = _needed(texts, "name", "a principal")
    client_id = texts.get("client_id", name)
    secret = texts.get("secret")
    return Member(
        name=name,
        client_id=client_id,
        object_id=texts.get("object_id") or object_id_of(tenant_id, client_id),
        secrets=(secret,) if secret else (),
    )


def _grant(value: Json, directory: Directory) -> Grant:
    texts = _texts(value, _ROLE, "a role")
    principal, name = _needed(texts, "principal", "a role"), _needed(texts, "role", "a role")
    member, role = directory.member(principal), find_role(name)
    if member is None:
        raise DirectoryError(f"a role is given to '{principal}', who is no principal of the directory")
    if role is None:
        names = ", ".join(known.name for known in BUILT_IN)
        raise DirectoryError(f"'{name}' is no role that the emulator knows; there are: {names}")
    scope = _needed(texts, "scope", "a role")
    if not scope.startswith("/"):
        raise DirectoryError(f"the scope '{scope}' is no id; '/' stands for everything")
    return Grant(object_id=member.object_id, role_id=role.id, scope=scope.rstrip("/").lower())


def _object(value: Json, names: frozenset[str], what: str) -> JsonObject:
    if not isinstance(value, dict):
        raise DirectoryError(f"{what} is not an object")
    unknown = sorted(value.keys() - names)
    if unknown:
        raise DirectoryError(f"{what} has no '{unknown[0]}'; there are: {', '.join(sorted(names))}")
    return value


def _texts(value: Json, names: frozenset[str], what: str) -> dict[str, str]:
    found = _object(value, names, what)
    wrong = sorted(name for name, member in found.items() if not isinstance(member, str))
    if wrong:
        raise DirectoryError(f"'{wrong[0]}' of {what} is not a string")
    return found


def _needed(texts: dict[str, str], name: str, what: str) -> str:
    if not texts.get(name):
        raise DirectoryError(f"{what} needs a '{name}'")
    return texts[name]


def _list(content: JsonObject, name: str) -> list[Json]:
    found = content.get(name, [])
    if not isinstance(found, list):
        raise DirectoryError(f"'{name}' is not an array")
    return found
