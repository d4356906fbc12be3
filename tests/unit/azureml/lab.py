"""A provider on an emulated cloud of its own, driven through the SDK as the engine drives it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.unit.azureml.configurations import (
    INSIGHTS,
    KEY_VAULT,
    RESOURCE_GROUP,
    STORAGE,
    WORKSPACE_CONFIG,
)
from tests.unit.azureml.neighbours import NEIGHBOURS

from mooring.core.codec import Plain, from_python
from mooring.core.diagnostics import Diagnostics, has_errors
from mooring.core.values import Value
from mooring.schema.proposed import planned_create, proposed_object
from mooring.sdk import (
    ApplyResult,
    CallContext,
    Configure,
    Connection,
    Create,
    Delete,
    PlanRequest,
    PlanResult,
    Plans,
    Preflight,
    Preflights,
    Private,
    Read,
    ReadResult,
    ResourceType,
    Update,
    ValidateResource,
    object_type,
)
from mooring_azureml import AzureMlProvider
from mooring_emulator import Emulator, LoggedRequest, open_emulator, send

_NEIGHBOURS = (
    ("azureml_resource_group", RESOURCE_GROUP),
    ("azureml_storage_account", STORAGE),
    ("azureml_key_vault", KEY_VAULT),
    ("azureml_application_insights", INSIGHTS),
    ("azureml_workspace", WORKSPACE_CONFIG),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An object as a state would hold it, and what was said when it was made."""

    value: Value
    private: Private
    diagnostics: Diagnostics = ()

    def __getitem__(self, name: str) -> object:
        return self.value.attributes[name].raw


@dataclass(slots=True, kw_only=True)
class Lab:
    """`folder` holds the cloud; `environment` are the variables that the provider is given."""

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    provider: AzureMlProvider = field(default_factory=AzureMlProvider)
    _connection: Connection | None = field(default=None, init=False)

    @property
    def connection(self) -> Connection:
        """One connection, as one run has."""
        if self._connection is None:
            self._connection = self.connect()
        return self._connection

    def connect(self, *, read_only: bool = False) -> Connection:
        """Another connection to the same cloud."""
        config = from_python({"environment": "emulator"}, object_type(self.provider.schema().provider))
        request = Configure(
            config=config,
            working_folder=str(self.folder),
            environment=self.environment,
            read_only=read_only,
        )
        connection = self.provider.configure(request).connection
        assert connection is not None
        return connection

    def close(self) -> None:
        """End the run."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def kind(self, type_name: str) -> ResourceType:
        """A resource type on the run's connection."""
        return self.connection.resource(type_name)

    def value(self, type_name: str, config: Mapping[str, Plain]) -> Value:
        """A configuration as a value."""
        return from_python(config, object_type(self.kind(type_name).schema.block))

    # -- what the engine asks --------------------------------------------------------------------

    def validate(self, type_name: str, config: Mapping[str, Plain]) -> Diagnostics:
        """The provider's opinion of a block."""
        request = ValidateResource(config=self.value(type_name, config))
        return self.provider.validate_resource(type_name, request)

    def plan(self, type_name: str, config: Mapping[str, Plain], prior: Made | None = None) -> PlanResult:
        """The planned object."""
        kind, given = self.kind(type_name), self.value(type_name, config)
        block = kind.schema.block
        before = prior.value if prior is not None else None
        proposed = planned_create(block, given) if before is None else proposed_object(block, before, given)
        assert isinstance(kind, Plans)
        private = prior.private if prior is not None else b""
        return kind.plan(PlanRequest(config=given, prior=before, proposed=proposed, private=private))

    def preflight(
        self, type_name: str, config: Mapping[str, Plain], prior: Made | None = None
    ) -> Diagnostics:
        """What reality says."""
        kind = self.kind(type_name)
        assert isinstance(kind, Preflights)
        before = prior.value if prior is not None else None
        planned = self.plan(type_name, config, prior).planned
        request = Preflight(config=self.value(type_name, config), prior=before, planned=planned)
        return kind.preflight(CallContext(read_only=True), request)

    def try_create(
        self, type_name: str, config: Mapping[str, Plain], ctx: CallContext | None = None
    ) -> ApplyResult:
        """Plan and create, whatever comes of it."""
        planned = self.plan(type_name, config)
        request = Create(config=self.value(type_name, config), planned=planned.planned)
        return self.kind(type_name).create(ctx or CallContext(), request)

    def create(self, type_name: str, config: Mapping[str, Plain]) -> Made:
        """Plan and create; it must work."""
        return made(self.try_create(type_name, config))

    def update(self, type_name: str, config: Mapping[str, Plain], prior: Made) -> ApplyResult:
        """Plan and update, whatever comes of it."""
        planned = self.plan(type_name, config, prior)
        request = Update(
            config=self.value(type_name, config),
            prior=prior.value,
            planned=planned.planned,
            private=planned.private,
        )
        return self.kind(type_name).update(CallContext(), request)

    def read(self, type_name: str, of: Made) -> ReadResult:
        """Look."""
        request = Read(current=of.value, private=of.private)
        return self.kind(type_name).read(CallContext(read_only=True), request)

    def delete(self, type_name: str, of: Made, ctx: CallContext | None = None) -> ApplyResult:
        """Remove."""
        request = Delete(prior=of.value, private=of.private)
        return self.kind(type_name).delete(ctx or CallContext(), request)

    def build_workspace(self) -> Made:
        """A workspace with everything it needs."""
        return [self.create(type_name, config) for type_name, config in _NEIGHBOURS][-1]

    def build_neighbours(self) -> None:
        """What somebody else has and lets others attach."""
        for path, (version, properties) in NEIGHBOURS.items():
            body = {"location": "eastus", "properties": properties}
            assert self.edit("PUT", f"{path}?api-version={version}", body) in {200, 201, 202}, path

    # -- behind the provider's back --------------------------------------------------------------

    def cloud(self) -> Emulator:
        """The cloud itself, for a portal's edits; to be closed."""
        store = self.folder / ".terraform" / "emulator.sqlite"
        store.parent.mkdir(parents=True, exist_ok=True)
        seconds = float(self.environment.get("MOOR_EMULATOR_LRO_SECONDS", "0"))
        return open_emulator(str(store), clock=time.time, lro_seconds=seconds)

    def edit(self, method: str, path: str, body: object = None) -> int:
        """Somebody else's request; its status."""
        cloud = self.cloud()
        status = send(cloud, method, path, body).status
        cloud.close()
        return status

    def requests(self) -> list[LoggedRequest]:
        """Everything that the cloud was asked."""
        cloud = self.cloud()
        logged = list(cloud.requests())
        cloud.close()
        return logged

    def count_writes(self) -> int:
        """How many writes the cloud has seen; asking whether a name is free is none."""
        written = [one for one in self.requests() if one.method not in {"GET", "HEAD"}]
        return sum(not one.path.lower().endswith("/checkcomputenameavailability") for one in written)


def made(result: ApplyResult) -> Made:
    """What a successful operation left."""
    assert not has_errors(result.diagnostics), [f"{one.summary}: {one.detail}" for one in result.diagnostics]
    assert result.current is not None
    return Made(value=result.current, private=result.private, diagnostics=result.diagnostics)


def codes(diags: Diagnostics) -> list[str | None]:
    """The codes of diagnostics."""
    return [one.code for one in diags]
