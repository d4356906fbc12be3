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
    ProviderSchema,
    ResourceType,
    ValidateProvider,
    ValidateResource,
)
from mooring_builtin.terraform_data import SCHEMA, RandomBytes, TerraformData, validate


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltinProvider:
    """`terraform.io/builtin/terraform`; `random_bytes(n)` gives the bytes that ids are made of."""

    random_bytes: RandomBytes = urandom
    name: str = field(default="terraform", init=False)

    def schema(self) -> ProviderSchema:
        """One resource type, and no configuration of its own."""
        return ProviderSchema(resources={"terraform_data": SCHEMA})

    def validate(self, _request: ValidateProvider) -> Diagnostics:
        """Nothing to find: there is nothing to configure."""
        return ()

    def validate_resource(self, _type_name: str, request: ValidateResource) -> Diagnostics:
        """What is wrong with a `terraform_data` block."""
        return validate(request)

    def configure(self, _request: Configure) -> ConfigureResult:
        """A connection to nothing."""
        types = {"terraform_data": TerraformData(random_bytes=self.random_bytes)}
        return ConfigureResult(connection=BuiltinConnection(types=types))


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltinConnection:
    """Answers at once: the engine calls it inline."""

    types: Mapping[str, ResourceType]
    is_blocking: bool = field(default=False, init=False)

    def resource(self, type_name: str) -> ResourceType:
        """The resource type of this name."""
        return self.types[type_name]

    def data_source(self, type_name: str) -> DataSource:
        """There are none."""
        raise KeyError(type_name)

    def close(self) -> None:
        """Nothing to close."""
