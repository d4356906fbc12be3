"""The provider `terraform` and its connection. What its resource types do stands in their own files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import urandom

from mooring.core.diagnostics import Diagnostics
from mooring.sdk import (
    Configure,
    ConfigureResult,
    DataSource,
    Move,
    MoveResult,
    ProviderSchema,
    Provisioner,
    ResourceType,
    ValidateProvider,
    ValidateResource,
)
from mooring_builtin import remote_state, terraform_data
from mooring_builtin.local_exec import LocalExec
from mooring_builtin.remote_state import RemoteState
from mooring_builtin.terraform_data import RandomBytes, TerraformData


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltinProvider:
    """`terraform.io/builtin/terraform`; `random_bytes(n)` gives the bytes that ids are made of."""

    random_bytes: RandomBytes = urandom
    name: str = field(default="terraform", init=False)

    def schema(self) -> ProviderSchema:
        """One resource type, one data source, and no configuration of its own."""
        return ProviderSchema(
            resources={"terraform_data": terraform_data.SCHEMA},
            data_sources={"terraform_remote_state": remote_state.SCHEMA},
        )

    def validate(self, _request: ValidateProvider) -> Diagnostics:
        """Nothing to find: there is nothing to configure."""
        return ()

    def validate_resource(self, type_name: str, request: ValidateResource) -> Diagnostics:
        """What is wrong with a block."""
        if type_name == "terraform_remote_state":
            return remote_state.validate(request.config)
        return terraform_data.validate(request)

    def move_object(self, type_name: str, request: Move) -> MoveResult:
        """A `null_resource` becomes a `terraform_data`."""
        return terraform_data.moved(request) if type_name == "terraform_data" else MoveResult()

    def configure(self, request: Configure) -> ConfigureResult:
        """A connection to nothing but other states."""
        types = {"terraform_data": TerraformData(random_bytes=self.random_bytes)}
        state = RemoteState(working_folder=request.working_folder)
        sources = {"terraform_remote_state": state}
        return ConfigureResult(connection=BuiltinConnection(types=types, sources=sources))

    def provisioners(self) -> Mapping[str, Provisioner]:
        """What runs on this machine; there are no connections to others."""
        return {"local-exec": LocalExec()}


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltinConnection:
    """Answers at once: the engine calls it inline."""

    types: Mapping[str, ResourceType]
    sources: Mapping[str, DataSource]
    is_blocking: bool = field(default=False, init=False)

    def resource(self, type_name: str) -> ResourceType:
        """The resource type of this name."""
        return self.types[type_name]

    def data_source(self, type_name: str) -> DataSource:
        """The data source of this name."""
        return self.sources[type_name]

    def close(self) -> None:
        """Nothing to close."""
