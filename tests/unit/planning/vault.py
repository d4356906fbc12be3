"""A provider with ephemeral secrets, and entries that may wait until a secret has been renewed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Event

from mooring.config.evaluation import Configuration
from mooring.config.files import MemoryFiles
from mooring.config.loading import load_configuration
from mooring.config.scopes import Surroundings
from mooring.core.addresses import DEFAULT_HOST, ProviderAddress
from mooring.core.diagnostics import Diagnostics, error
from mooring.core.types import STRING
from mooring.core.values import Value, string
from mooring.lang.functions import Library, Outside
from mooring.planning.providers import Providers
from mooring.sdk import (
    ApplyResult,
    Attribute,
    BlockSchema,
    CallContext,
    Configure,
    ConfigureResult,
    Create,
    DataSource,
    Delete,
    ProviderSchema,
    Read,
    ReadResult,
    ResourceSchema,
    Update,
    ValidateProvider,
)
from mooring.sdk.ephemerals import Close, Open, OpenResult, Renew, RenewResult

ADDRESS = ProviderAddress(DEFAULT_HOST, "tests", "vault")
NAME = Attribute(type=STRING, required=True)
SECRET = ResourceSchema(
    block=BlockSchema(attributes={"name": NAME, "token": Attribute(type=STRING, computed=True)})
)
ENTRY = ResourceSchema(
    block=BlockSchema(
        attributes={
            "name": NAME,
            "id": Attribute(type=STRING, computed=True),
            "secret_wo": Attribute(type=STRING, optional=True, write_only=True),
        }
    )
)
HEAD = 'terraform {\n  required_providers {\n    vault = { source = "tests/vault" }\n  }\n}\n'


@dataclass(slots=True)
class Vault:
    """The provider, its connection and its types in one. `log` is what it was asked for, in order.

    What is called `broken` cannot be opened, `stuck` not be closed, and `short` lasts no time at all.
    """

    log: list[str] = field(default_factory=list)
    renewed: Event = field(default_factory=Event)
    is_blocking: bool = True
    name: str = "vault"

    # -- the provider and its connection -----------------------------------------------------------

    def schema(self) -> ProviderSchema:
        return ProviderSchema(resources={"vault_entry": ENTRY}, ephemerals={"vault_secret": SECRET})

    def validate(self, _request: ValidateProvider) -> Diagnostics:
        return ()

    def configure(self, _request: Configure) -> ConfigureResult:
        return ConfigureResult(connection=self)

    def resource(self, _type_name: str) -> Entry:
        return Entry(self)

    def data_source(self, type_name: str) -> DataSource:
        raise KeyError(type_name)

    def ephemeral(self, _type_name: str) -> Secret:
        return Secret(self)

    def close(self) -> None:
        return

    # -- for tests ---------------------------------------------------------------------------------

    def configuration(self, text: str) -> Configuration:
        """The configuration of a text that requires this provider."""
        root, diags = load_configuration(".", files=MemoryFiles({"main.tf": HEAD + text}))
        assert root is not None
        assert diags == ()
        return Configuration(root=root, surroundings=Surroundings(functions=Library(Outside())))

    def providers(self) -> Providers:
        """The providers of a run: this one."""
        found: Mapping[ProviderAddress, Vault] = {ADDRESS: self}
        return Providers(found.get, working_folder=".", environment={}, read_only=False)


@dataclass(frozen=True, slots=True)
class Secret:
    """The ephemeral resource type."""

    vault: Vault
    schema: ResourceSchema = field(default=SECRET, init=False)

    def open(self, _ctx: CallContext, request: Open) -> OpenResult:
        config = request.config
        name = config.attributes["name"].text
        if name == "broken":
            return OpenResult(diagnostics=(error("No such secret"),))
        self.vault.log.append(f"open {name}")
        opened = Value(config.type, {**config.attributes, "token": string(f"hush-{name}")})
        return OpenResult(current=opened, private=name.encode(), renew_after=0.0 if name == "short" else None)

    def renew(self, _ctx: CallContext, request: Renew) -> RenewResult:
        self.vault.renewed.set()
        return RenewResult(private=request.private + b", renewed")

    def close(self, _ctx: CallContext, request: Close) -> Diagnostics:
        name = request.private.decode()
        self.vault.log.append(f"close {name}")
        return (error("Cannot close"),) if name == "stuck" else ()


@dataclass(frozen=True, slots=True)
class Entry:
    """The resource type."""

    vault: Vault
    schema: ResourceSchema = field(default=ENTRY, init=False)

    def read(self, _ctx: CallContext, request: Read) -> ReadResult:
        return ReadResult(current=request.current)

    def create(self, _ctx: CallContext, request: Create) -> ApplyResult:
        planned, secret = request.planned, request.config.attributes["secret_wo"]
        name = planned.attributes["name"].text
        if name == "patient":
            assert self.vault.renewed.wait(30), "the secret is renewed while its user is at work"
        self.vault.log.append(f"create {name} with {secret.raw}")
        return ApplyResult(current=Value(planned.type, {**planned.attributes, "id": string(name)}))

    def update(self, _ctx: CallContext, request: Update) -> ApplyResult:
        return ApplyResult(current=request.planned)

    def delete(self, _ctx: CallContext, request: Delete) -> ApplyResult:
        self.vault.log.append(f"delete {request.prior.attributes['name'].text}")
        return ApplyResult()
