"""The shape of a provider. Five methods make a resource type; each further ability is a protocol of its own.

The engine asks with `isinstance` which abilities a type has. Methods that take a `CallContext` may block and
are called from worker threads, several at a time; methods without one are pure and are called inline.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from mooring.core.records import record
from mooring.schema.model import ProviderSchema, ResourceSchema

if TYPE_CHECKING:
    from mooring.core.diagnostics import Diagnostics
    from mooring.sdk import requests as rq
    from mooring.sdk.context import CallContext


class Provider(Protocol):
    """A provider before it is configured: pure, no network."""

    @property
    def name(self) -> str:
        """The type name, as `azureml`: also the prefix of its resource types."""
        ...

    def schema(self) -> ProviderSchema:
        """Everything it offers; called once a run."""
        ...

    def validate(self, request: rq.ValidateProvider) -> Diagnostics:
        """What is wrong with the provider block."""
        ...

    def configure(self, request: rq.Configure) -> ConfigureResult:
        """A connection; does not talk to the service yet (a plan without resources has no reason to).

        Unknown configuration is possible while planning.
        """
        ...


class Connection(Protocol):
    """A configured provider."""

    @property
    def is_blocking(self) -> bool:
        """Whether calls may take time. If not, the engine calls inline, without worker threads."""
        ...

    def resource(self, type_name: str) -> ResourceType:
        """The resource type of this name, which is in the schema."""
        ...

    def data_source(self, type_name: str) -> DataSource:
        """The data source of this name, which is in the schema."""
        ...

    def close(self) -> None:
        """The run is over; never called while another call runs."""
        ...


@record(kw_only=True)
class ConfigureResult:
    """The connection is None only beside an error."""

    connection: Connection | None = None
    diagnostics: Diagnostics = ()


class ResourceType(Protocol):
    """What every resource type can do."""

    @property
    def schema(self) -> ResourceSchema:
        """The same as in the provider's schema."""
        ...

    def read(self, ctx: CallContext, request: rq.Read) -> rq.ReadResult:
        """The object as it is now."""
        ...

    def create(self, ctx: CallContext, request: rq.Create) -> rq.ApplyResult:
        """Make the object."""
        ...

    def update(self, ctx: CallContext, request: rq.Update) -> rq.ApplyResult:
        """Change the object in place."""
        ...

    def delete(self, ctx: CallContext, request: rq.Delete) -> rq.ApplyResult:
        """Remove or detach the object."""
        ...


class DataSource(Protocol):
    """Looks something up; changes nothing."""

    @property
    def schema(self) -> ResourceSchema:
        """The same as in the provider's schema."""
        ...

    def read(self, ctx: CallContext, request: rq.ReadData) -> rq.ReadDataResult:
        """What was asked for; what does not exist is an error."""
        ...


@runtime_checkable
class ValidatesResources(Protocol):
    """A provider with rules of its own about the blocks of its resource types and data sources."""

    def validate_resource(self, type_name: str, request: rq.ValidateResource) -> Diagnostics:
        """What is wrong with a block, beyond the schema; pure, unknowns are possible."""
        ...


@runtime_checkable
class Moves(Protocol):
    """A provider that takes over objects of other types, which a `moved` block makes its own."""

    def move_object(self, type_name: str, request: rq.Move) -> rq.MoveResult:
        """An object of another type as one of this type; pure. It is read before anything is planned."""
        ...


@runtime_checkable
class Reviews(Protocol):
    """A connection with rules about several objects together, such as one attachment per machine."""

    def review(self, request: rq.Review) -> tuple[rq.Finding, ...]:
        """What is wrong with a plan as a whole; pure."""
        ...


@runtime_checkable
class Plans(Protocol):
    """Decides more about the planned object than the schema can say."""

    def plan(self, request: rq.PlanRequest) -> rq.PlanResult:
        """The planned object; pure. Never called for a delete."""
        ...


@runtime_checkable
class Preflights(Protocol):
    """Can tell from reality, before anything is changed, that a change would fail or hurt."""

    def preflight(self, ctx: CallContext, request: rq.Preflight) -> Diagnostics:
        """What stands against the change; `ctx.read_only` is set."""
        ...


@runtime_checkable
class Imports(Protocol):
    """Objects that exist can be taken into the state."""

    def import_object(self, ctx: CallContext, request: rq.Import) -> rq.ImportResult:
        """The object with the given id."""
        ...


@runtime_checkable
class Upgrades(Protocol):
    """Understands what older schema versions stored."""

    def upgrade(self, request: rq.Upgrade) -> rq.UpgradeResult:
        """The stored object in the present form; pure."""
        ...


@runtime_checkable
class Lists(Protocol):
    """Can list what exists."""

    def list_objects(self, ctx: CallContext, request: rq.ListRequest) -> rq.ListResult:
        """What exists, managed or not."""
        ...


@runtime_checkable
class ReadsMany(Protocol):
    """Refreshes many objects with few requests."""

    def read_many(self, ctx: CallContext, request: rq.ReadMany) -> rq.ReadManyResult:
        """One result per request."""
        ...


@runtime_checkable
class Resumes(Protocol):
    """Finds out what became of an operation that a crash interrupted; without it the object is read."""

    def resume(self, ctx: CallContext, request: rq.Resume) -> rq.ApplyResult:
        """What exists now."""
        ...
