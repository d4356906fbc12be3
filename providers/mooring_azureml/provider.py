"""The provider `azureml` and its connection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from os import urandom

from mooring.core.diagnostics import Diagnostics, has_errors
from mooring.sdk import (
    Configure,
    ConfigureResult,
    DataSource,
    Finding,
    ProviderSchema,
    ResourceSchema,
    ResourceType,
    Review,
    ValidateProvider,
    ValidateResource,
)
from mooring_azureml.arm.port import Arm, ArmError, NotConfigured, Port
from mooring_azureml.catalog import data_sources, resource_types
from mooring_azureml.hints import HINTS
from mooring_azureml.inquiry import Inquiry, InquirySource
from mooring_azureml.lifecycle.definition import Access, Definition
from mooring_azureml.lifecycle.planning import plain, validate
from mooring_azureml.local.machine import ThisMachine
from mooring_azureml.lookup import ArmLookup, lookup_schema
from mooring_azureml.preflight.attachments import attached_together
from mooring_azureml.preflight.names import named_together
from mooring_azureml.resource import ArmResource, ListedArmResource, schema_of
from mooring_azureml.signing_in import settings
from mooring_azureml.signing_in.arguments import PROVIDER_BLOCK
from mooring_azureml.signing_in.failures import explain_sign_in


@dataclass(frozen=True, slots=True, kw_only=True)
class AzureMlProvider:
    """`mooring/azureml`; `random_bytes(n)` gives the keys of digests and the versions of credentials."""

    random_bytes: Callable[[int], bytes] = urandom
    name: str = field(default="azureml", init=False)

    def schema(self) -> ProviderSchema:
        """The provider block, the resource types and the data sources."""
        return ProviderSchema(
            provider=PROVIDER_BLOCK,
            resources={name: schema_of(one) for name, one in resource_types().items()},
            data_sources={name: _data_schema(one) for name, one in data_sources().items()},
            hints=HINTS,
        )

    def validate(self, request: ValidateProvider) -> Diagnostics:
        """What is wrong with the provider block."""
        return settings.check(plain(request.config) or {})

    def validate_resource(self, type_name: str, request: ValidateResource) -> Diagnostics:
        """The checks of the type's table, and its rules; a data source has those of what it looks up."""
        definition = resource_types().get(type_name) or data_sources()[type_name]
        if isinstance(definition, Inquiry):
            return ()
        return validate(definition, plain(request.config) or {})

    def configure(self, request: Configure) -> ConfigureResult:
        """A connection, signed in; with unknown settings it can plan only.

        Signing in at once costs nothing more, and tells wrong credentials once instead of for each resource.
        """
        config = plain(request.config) or {}
        if not settings.is_decided(config):
            return ConfigureResult(connection=AzureMlConnection(self._undecided()))
        resolved, diags = settings.resolve(config, request.environment, request.working_folder)
        if has_errors(diags):
            return ConfigureResult(diagnostics=diags)
        opened = None if resolved.is_emulator else _open(resolved, read_only=request.read_only)
        if isinstance(opened, ArmError):
            return ConfigureResult(diagnostics=(explain_sign_in(opened, resolved),))
        access = Access(
            port=Port(lambda: _open_emulator(resolved, read_only=request.read_only), opened),
            machine=ThisMachine(environment=request.environment),
            working_folder=request.working_folder,
            read_only=request.read_only,
            subscription_id=resolved.subscription_id,
            tenant_id=resolved.tenant_id,
            random_bytes=self.random_bytes,
            poll_seconds=resolved.poll_seconds,
        )
        return ConfigureResult(connection=AzureMlConnection(access), diagnostics=diags)

    def _undecided(self) -> Access:
        return Access(
            port=Port(NotConfigured),
            subscription_id=None,
            tenant_id=None,
            random_bytes=self.random_bytes,
            poll_seconds=0.0,
        )


def _data_schema(definition: Definition | Inquiry) -> ResourceSchema:
    return definition.schema if isinstance(definition, Inquiry) else lookup_schema(definition)


def _open(resolved: settings.Settings, *, read_only: bool) -> Arm | ArmError:
    from mooring_azureml.client.opening import open_arm

    return open_arm(resolved, read_only=read_only)


def _open_emulator(resolved: settings.Settings, *, read_only: bool) -> Arm:
    opened = _open(resolved, read_only=read_only)
    assert not isinstance(opened, ArmError), "the emulated cloud knows no credentials"
    return opened


class AzureMlConnection:
    """The resource types over one port to Azure."""

    is_blocking = True

    def __init__(self, access: Access) -> None:
        self._port: Port = access.port
        self._resources: Mapping[str, ArmResource] = {
            name: (ListedArmResource if one.listed else ArmResource)(one, access)
            for name, one in resource_types().items()
        }
        self._data: Mapping[str, DataSource] = {
            name: InquirySource(one, access) if isinstance(one, Inquiry) else ArmLookup(one, access)
            for name, one in data_sources().items()
        }

    def resource(self, type_name: str) -> ResourceType:
        """The resource type of this name."""
        return self._resources[type_name]

    def data_source(self, type_name: str) -> DataSource:
        """The data source of this name."""
        return self._data[type_name]

    def review(self, request: Review) -> tuple[Finding, ...]:
        """Rules about several objects of a plan."""
        definitions = resource_types()
        return (
            *attached_together(definitions, request.objects),
            *named_together(definitions, request.objects),
        )

    def close(self) -> None:
        """Close what was opened."""
        self._port.close()
