"""Ephemeral resources: things that exist while a run goes on and are stored nowhere, as a token or a tunnel.

A connection that offers some satisfies `OpensEphemerals`; `ProviderSchema.ephemerals` names them. Each is
opened when something needs it, in a plan and again in an apply, renewed in time and closed at the end of the
run, those that depend on others first.
"""

from __future__ import annotations

from typing import Protocol, TypeGuard

from mooring.core.diagnostics import Diagnostics
from mooring.core.records import record
from mooring.core.values import Value
from mooring.schema.model import ResourceSchema
from mooring.sdk.context import CallContext
from mooring.sdk.protocols import Connection


@record(kw_only=True)
class Open:
    """Open what this configuration describes; everything in it is known."""

    config: Value


@record(kw_only=True)
class OpenResult:
    """What was opened; `current` is None only beside an error.

    `private` comes back with `Renew` and `Close`. `renew_after` is how many seconds it lasts.
    """

    current: Value | None = None
    private: bytes = b""
    renew_after: float | None = None
    diagnostics: Diagnostics = ()


@record(kw_only=True)
class Renew:
    """Make what was opened last longer; what it is does not change."""

    private: bytes


@record(kw_only=True)
class RenewResult:
    """The private data from now on, and how many seconds it lasts."""

    private: bytes = b""
    renew_after: float | None = None
    diagnostics: Diagnostics = ()


@record(kw_only=True)
class Close:
    """The run needs it no more."""

    private: bytes


class EphemeralType(Protocol):
    """One kind of ephemeral resource."""

    @property
    def schema(self) -> ResourceSchema:
        """The same as in the provider's schema."""
        ...

    def open(self, ctx: CallContext, request: Open) -> OpenResult:
        """Makes it, or fetches it."""
        ...

    def close(self, ctx: CallContext, request: Close) -> Diagnostics:
        """Lets go of it; what is gone already is a success."""
        ...


class Renews(Protocol):
    """A kind that does not last as long as a run may take."""

    def renew(self, ctx: CallContext, request: Renew) -> RenewResult:
        """Makes it last longer; called from a thread of its own."""
        ...


class OpensEphemerals(Protocol):
    """A connection with ephemeral resources."""

    def ephemeral(self, type_name: str) -> EphemeralType:
        """The ephemeral resource type of this name, which is in the schema."""
        ...


def can_open(connection: Connection) -> TypeGuard[OpensEphemerals]:
    """Whether the connection has ephemeral resources."""
    return hasattr(connection, "ephemeral")


def can_renew(kind: EphemeralType) -> TypeGuard[Renews]:
    """Whether the kind has to be renewed in time."""
    return hasattr(kind, "renew")
