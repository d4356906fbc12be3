"""`terraform_data` with a service behind it: calls take time, and the service remembers what it was asked.

A provider with the real protocol, so that the engine uses its worker threads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import sleep

from mooring.core.diagnostics import Diagnostics
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
    Update,
    ValidateProvider,
    ValidateResource,
)
from mooring_builtin.terraform_data import SCHEMA, TerraformData

PAUSE = 0.0005


class Service:
    """Gives out ids and counts who is inside at the same time. Threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._given = 0
        self._inside = 0
        self.most_inside = 0

    def next_bytes(self, length: int) -> bytes:
        """The bytes of the next id."""
        with self._lock:
            self._given += 1
            return self._given.to_bytes(length, "big")

    def work(self) -> None:
        """Takes a moment."""
        with self._lock:
            self._inside += 1
            self.most_inside = max(self.most_inside, self._inside)
        sleep(PAUSE)
        with self._lock:
            self._inside -= 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyData:
    """The resource type: what the plain one does, after a moment's work."""

    service: Service
    plain: TerraformData
    schema: ResourceSchema = field(default=SCHEMA, init=False)

    def validate(self, request: ValidateResource) -> Diagnostics:
        return self.plain.validate(request)

    def plan(self, request: PlanRequest) -> PlanResult:
        return self.plain.plan(request)

    def read(self, ctx: CallContext, request: Read) -> ReadResult:
        self.service.work()
        return self.plain.read(ctx, request)

    def create(self, ctx: CallContext, request: Create) -> ApplyResult:
        self.service.work()
        return self.plain.create(ctx, request)

    def update(self, ctx: CallContext, request: Update) -> ApplyResult:
        self.service.work()
        return self.plain.update(ctx, request)

    def delete(self, ctx: CallContext, request: Delete) -> ApplyResult:
        self.service.work()
        return self.plain.delete(ctx, request)


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
    """Stands in for `terraform.io/builtin/terraform`."""

    service: Service
    name: str = field(default="terraform", init=False)

    def schema(self) -> ProviderSchema:
        return ProviderSchema(resources={"terraform_data": SCHEMA})

    def validate(self, _request: ValidateProvider) -> Diagnostics:
        return ()

    def configure(self, _request: Configure) -> ConfigureResult:
        data = BusyData(service=self.service, plain=TerraformData(random_bytes=self.service.next_bytes))
        return ConfigureResult(connection=BusyConnection(types={"terraform_data": data}))
