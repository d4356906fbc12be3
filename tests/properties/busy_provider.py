"""`terraform_data` with a service behind it: calls take time, objects exist apart from any state.

A provider with the real protocol, so that the engine uses its worker threads, journals intents and resumes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from time import sleep

from mooring.core.diagnostics import Diagnostics
from mooring.core.values import Value
from mooring.sdk import (
    ApplyResult,
    CallContext,
    Configure,
    ConfigureResult,
    Create,
    DataSource,
    Delete,
    PlanRequest,
    PlanResult,
    ProviderSchema,
    Read,
    ReadResult,
    ResourceSchema,
    ResourceType,
    Resume,
    Update,
    ValidateProvider,
    ValidateResource,
)
from mooring_builtin.terraform_data import SCHEMA, TerraformData

PAUSE = 0.0003


class Service:
    """Keeps objects by id. Threads may share it; it counts how many are inside at the same time.

    `objects` are there already; `given` is how many ids were given out before.
    """

    def __init__(self, objects: Mapping[str, Value] | None = None, given: int = 0) -> None:
        self.objects: dict[str, Value] = dict(objects or {})
        self.writes = 0
        self.most_inside = 0
        self._lock = Lock()
        self._given = given
        self._inside = 0

    def next_bytes(self, length: int) -> bytes:
        """The bytes of an id that was never given out before."""
        with self._lock:
            self._given += 1
            return self._given.to_bytes(length, "big")

    @property
    def given(self) -> int:
        """How many ids were given out."""
        return self._given

    def take(self, seconds: float) -> None:
        """Lets time pass."""
        if seconds:
            sleep(seconds)

    @contextmanager
    def visit(self, *, writes: bool = False) -> Iterator[None]:
        """A request that takes a moment."""
        with self._lock:
            self._inside += 1
            self.most_inside = max(self.most_inside, self._inside)
            self.writes += writes
        sleep(PAUSE)
        yield
        with self._lock:
            self._inside -= 1


def id_of(value: Value) -> str:
    """The `id` attribute, which is known."""
    identity = value.attributes["id"].raw
    assert isinstance(identity, str)
    return identity


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyData:
    """The resource type. The id of a new object is noted before the object is made: so it can be found."""

    service: Service
    plain: TerraformData
    schema: ResourceSchema = field(default=SCHEMA, init=False)

    def validate(self, request: ValidateResource) -> Diagnostics:
        return self.plain.validate(request)

    def plan(self, request: PlanRequest) -> PlanResult:
        return self.plain.plan(request)

    def read(self, _ctx: CallContext, request: Read) -> ReadResult:
        with self.service.visit():
            return ReadResult(
                current=self.service.objects.get(id_of(request.current)), private=request.private
            )

    def create(self, ctx: CallContext, request: Create) -> ApplyResult:
        made = self.plain.create(ctx, request)
        assert made.current is not None
        ctx.checkpoint({"id": id_of(made.current)})
        return self._keep(made)

    def update(self, ctx: CallContext, request: Update) -> ApplyResult:
        return self._keep(self.plain.update(ctx, request))

    def delete(self, _ctx: CallContext, request: Delete) -> ApplyResult:
        with self.service.visit(writes=True):
            self.service.objects.pop(id_of(request.prior), None)
        return ApplyResult()

    def resume(self, _ctx: CallContext, request: Resume) -> ApplyResult:
        identity = id_of(request.prior) if request.prior is not None else request.note.get("id", "")
        return ApplyResult(current=self.service.objects.get(identity), private=request.private)

    def _keep(self, result: ApplyResult) -> ApplyResult:
        assert result.current is not None
        with self.service.visit(writes=True):
            self.service.objects[id_of(result.current)] = result.current
        return result


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyConnection:
    """Blocks, so that the engine calls it from worker threads."""

    types: Mapping[str, ResourceType]
    is_blocking: bool = field(default=True, init=False)

    def resource(self, type_name: str) -> ResourceType:
        return self.types[type_name]

    def data_source(self, type_name: str) -> DataSource:
        raise KeyError(type_name)

    def close(self) -> None:
        return


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyProvider:
    """Stands in for `terraform.io/builtin/terraform`; its one resource type is of any make."""

    data: ResourceType
    name: str = field(default="terraform", init=False)

    def schema(self) -> ProviderSchema:
        return ProviderSchema(resources={"terraform_data": self.data.schema})

    def validate(self, _request: ValidateProvider) -> Diagnostics:
        return ()

    def configure(self, _request: Configure) -> ConfigureResult:
        return ConfigureResult(connection=BusyConnection(types={"terraform_data": self.data}))


def busy_data(service: Service) -> BusyData:
    """The resource type over a service."""
    return BusyData(service=service, plain=TerraformData(random_bytes=service.next_bytes))
