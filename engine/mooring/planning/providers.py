"""The providers of one run: their schemas, and the connections that the run has opened."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mooring.core.addresses import InstanceAddress, Mode, ProviderAddress, ProviderConfigAddress
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.records import record
from mooring.core.types import ObjectType
from mooring.core.values import Value
from mooring.planning.other_states import SealingFor, outputs_reader, unsealed
from mooring.schema.model import ProviderSchema, ResourceSchema
from mooring.schema.plan import BlockPlan, plan_block
from mooring.sdk.abilities import can_move, can_provision, can_validate_resources
from mooring.sdk.calls import guarded
from mooring.sdk.protocols import ConfigureResult, Connection, Provider
from mooring.sdk.provisioning import Provision, Provisioner
from mooring.sdk.requests import Configure, Move, MoveResult, ValidateProvider, ValidateResource
from mooring.sdk.states import ReadsOutputs
from mooring.state.backends.model import Around
from mooring.state.host import this_host


@record(kw_only=True)
class TypeInfo:
    """A resource type or data source: its schema, and the schema's block worked out."""

    name: str
    provider: ProviderAddress
    schema: ResourceSchema
    plan: BlockPlan

    @property
    def type(self) -> ObjectType:
        """The type of its objects."""
        return self.plan.type


StandIn = Callable[[ProviderConfigAddress, InstanceAddress], Connection | None]


class Providers:
    """What providers offer, and connections to them. Mutable, owned by one run, closed at its end.

    `find` gives the provider of an address. `working_folder` and `environment` go to each provider that is
    configured; `read_only` forbids it anything but reads. `stand_in` gives what is asked in the provider's
    place about an instance, as tests want it; None asks the provider. `sealing_for` says how the state is
    sealed that a data source of this name reads.
    """

    def __init__(
        self,
        find: Callable[[ProviderAddress], Provider | None],
        *,
        working_folder: str,
        environment: Mapping[str, str],
        read_only: bool,
        stand_in: StandIn | None = None,
        sealing_for: SealingFor = unsealed,
    ) -> None:
        self._find = find
        self._sealing_for = sealing_for
        self._stand_in = stand_in
        self._working_folder = working_folder
        self._environment = environment
        self._read_only = read_only
        self._schemas: dict[ProviderAddress, ProviderSchema] = {}
        self._types: dict[tuple[ProviderAddress, Mode, str], TypeInfo | None] = {}
        self._open: dict[ProviderConfigAddress, tuple[Value, Connection]] = {}
        self._outdated: list[Connection] = []

    def schema(self, address: ProviderAddress) -> ProviderSchema | None:
        """What the provider offers; None if there is no such provider."""
        if address not in self._schemas:
            provider = self._find(address)
            if provider is None:
                return None
            self._schemas[address] = provider.schema()
        return self._schemas[address]

    def type_info(self, address: ProviderAddress, mode: Mode, type_name: str) -> TypeInfo | None:
        """A resource type or data source; None if there is no such."""
        key = address, mode, type_name
        if key not in self._types:
            self._types[key] = self._type_info(address, mode, type_name)
        return self._types[key]

    def _type_info(self, address: ProviderAddress, mode: Mode, type_name: str) -> TypeInfo | None:
        offered = self.schema(address)
        if offered is None:
            return None
        types = {"managed": offered.resources, "data": offered.data_sources, "ephemeral": offered.ephemerals}
        schema = types[mode].get(type_name)
        if schema is None:
            return None
        return TypeInfo(name=type_name, provider=address, schema=schema, plan=plan_block(schema.block))

    def validate(self, address: ProviderAddress, request: ValidateProvider) -> Diagnostics:
        """What the provider says of its block, without marks."""
        provider = self._find(address)
        if provider is None:
            return (missing_provider(address),)
        return guarded(provider.name, lambda: provider.validate(request), lambda crash: (crash,))

    def validate_resource(
        self, address: ProviderAddress, type_name: str, request: ValidateResource
    ) -> Diagnostics:
        """What the provider says of a resource's or data source's block, without marks."""
        provider = self._find(address)
        if provider is None or not can_validate_resources(provider):
            return ()
        return guarded(
            address.type,
            lambda: provider.validate_resource(type_name, request),
            lambda crash: (crash,),
        )

    def move_object(self, address: ProviderAddress, type_name: str, request: Move) -> MoveResult:
        """What the provider makes of an object of another type; nothing if it takes over none."""
        provider = self._find(address)
        if provider is None or not can_move(provider):
            return MoveResult()
        return guarded(
            address.type,
            lambda: provider.move_object(type_name, request),
            lambda crash: MoveResult(diagnostics=(crash,)),
        )

    def connect(self, address: ProviderConfigAddress, config: Value) -> tuple[Connection | None, Diagnostics]:
        """The connection with this configuration, the same for every call.

        What a plan did not know yet an apply knows, and an ephemeral token is another one then: a
        configuration that has changed gives a new connection.
        """
        known = self._open.get(address)
        if known is not None and known[0] == config:
            return known[1], ()
        provider = self._find(address.provider)
        if provider is None:
            return None, (missing_provider(address.provider),)
        request = Configure(
            config=config,
            working_folder=self._working_folder,
            environment=self._environment,
            read_only=self._read_only,
        )
        result = guarded(
            provider.name,
            lambda: provider.configure(request),
            lambda crash: ConfigureResult(diagnostics=(crash,)),
        )
        if result.connection is not None:
            if known is not None:
                self._outdated.append(known[1])
            self._open[address] = config, result.connection
        return result.connection, result.diagnostics

    def outputs_reader(self, data_source: InstanceAddress) -> ReadsOutputs:
        """What a data source reads the outputs of other states with."""
        folder = self._environment.get("TF_DATA_DIR") or ".terraform"
        around = Around(host=this_host(), environment=self._environment, data_folder=folder)
        return outputs_reader(data_source, self._sealing_for, around)

    def stand_in(self, provider: ProviderConfigAddress, instance: InstanceAddress) -> Connection | None:
        """What is asked in a provider's place about an instance."""
        return None if self._stand_in is None else self._stand_in(provider, instance)

    def provisioners(self, address: ProviderAddress) -> Mapping[str, Provisioner]:
        """The provisioners that a provider offers, by name."""
        provider = self._find(address)
        return provider.provisioners() if provider is not None and can_provision(provider) else {}

    def provision(self, config: Value, connection: Value | None, tell: Callable[[str], None]) -> Provision:
        """The request to a provisioner, in this run's surroundings."""
        return Provision(
            config=config,
            connection=connection,
            working_folder=self._working_folder,
            environment=self._environment,
            tell=tell,
        )

    def close(self) -> None:
        """Closes every connection."""
        for connection in (*self._outdated, *(connection for _, connection in self._open.values())):
            connection.close()
        self._open.clear()
        self._outdated.clear()


def missing_provider(address: ProviderAddress) -> Diagnostic:
    """No such provider is installed."""
    detail = (
        f"No provider {address} is installed beside moor. Providers are Python packages that register under "
        "the entry point group mooring.providers; install the one you need into the same environment."
    )
    return error("Provider not available", detail)
