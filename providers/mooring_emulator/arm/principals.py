"""Principals: who makes a request, and the directory of those there are, with their first roles."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who makes a request: the seed's principal, or the one an Entra token names."""

    tenant_id: str
    object_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A principal that may sign in: by client id and secret, or by name and password.

    Without secrets any credential will do.
    """

    name: str
    object_id: str
    client_id: str = ""
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role at a scope and below; the scope is in lower case, `""` for everything."""

    object_id: str
    role_id: str
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Everybody there is, and the roles they have from the start."""

    members: tuple[Member, ...]
    grants: tuple[Grant, ...] = ()

    def member(self, name_or_client_id: str) -> Member | None:
        """Find somebody by name or client id, without regard to case."""
        wanted = name_or_client_id.lower()
        return next(
            (one for one in self.members if wanted in {one.name.lower(), one.client_id.lower()}), None
        )
