"""What the files declare: a tree of modules, each a set of named declarations, nothing evaluated.

Declarations are frozen and compare by identity. Meaning that depends on a provider's schema (the body of a
resource) stays a `Body` here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mooring.config.targets import Target
from mooring.core.addresses import ConfigAddress, Mode, ModulePath, ProviderAddress
from mooring.core.conversion import Defaults
from mooring.core.records import field, record
from mooring.core.spans import Source, Span
from mooring.core.types import DYNAMIC, Type
from mooring.core.values import Value
from mooring.syntax.body import Body
from mooring.syntax.nodes import Expression, Traversal


@record(kw_only=True, eq=False)
class Condition:
    """`validation`, `precondition`, `postcondition` or `assert`: what must hold, and what to say if not."""

    condition: Expression
    error_message: Expression
    span: Span


@record(kw_only=True, eq=False)
class Variable:
    """An input of a module. `default` is converted to `type` already; None means that a value is required.

    `takes_expressions`: a value given as text, in the environment or on the command line, is an expression
    (any type but the primitive ones); otherwise the text itself is the value.
    """

    name: str
    type: Type = DYNAMIC
    defaults: Defaults | None = None
    default: Value | None = None
    description: str = ""
    sensitive: bool = False
    ephemeral: bool = False
    nullable: bool = True
    takes_expressions: bool = False
    validations: tuple[Condition, ...] = ()
    span: Span


@record(kw_only=True, eq=False)
class Local:
    """A named expression."""

    name: str
    expression: Expression
    span: Span


@record(kw_only=True, eq=False)
class Output:
    """A result of a module."""

    name: str
    expression: Expression
    description: str = ""
    sensitive: bool = False
    ephemeral: bool = False
    depends_on: tuple[Traversal, ...] = ()
    preconditions: tuple[Condition, ...] = ()
    span: Span


@record(kw_only=True, eq=False)
class Lifecycle:
    """`lifecycle` of a resource. `ignore_changes` None stands for `all`."""

    create_before_destroy: bool | None = None
    prevent_destroy: bool = False
    ignore_changes: tuple[Traversal, ...] | None = ()
    replace_triggered_by: tuple[Expression, ...] = ()
    preconditions: tuple[Condition, ...] = ()
    postconditions: tuple[Condition, ...] = ()


@record(kw_only=True, eq=False)
class ProviderReference:
    """`provider = name.alias` of a resource, or an entry of a module call's `providers`."""

    local_name: str
    alias: str | None
    span: Span


@record(kw_only=True, eq=False)
class Provisioner:
    """A `provisioner` block; `when_destroy` and `continue_on_failure` are its `when` and `on_failure`."""

    type: str
    body: Body
    connection: Body | None
    when_destroy: bool
    continue_on_failure: bool
    span: Span


@record(kw_only=True, eq=False)
class Resource:
    """A `resource`, `data` or `ephemeral` block; `body` is what the provider's schema describes.

    `provider` is None when the block does not choose one. `span` is the block's header.
    """

    mode: Mode
    type: str
    name: str
    body: Body
    count: Expression | None = None
    for_each: Expression | None = None
    provider: ProviderReference | None = None
    depends_on: tuple[Traversal, ...] = ()
    lifecycle: Lifecycle = Lifecycle()
    provisioners: tuple[Provisioner, ...] = ()
    span: Span

    @property
    def key(self) -> ResourceKey:
        """How the module's mapping of resources names it."""
        return self.mode, self.type, self.name

    @property
    def is_single(self) -> bool:
        """Whether it has exactly one instance, without a key."""
        return self.count is None and self.for_each is None


ResourceKey = tuple[Mode, str, str]


@record(kw_only=True, eq=False)
class ModuleCall:
    """A `module` block. `arguments` are its input expressions by name, `body` where they stand.

    `body` reads as the block does: the module's variables say which arguments it should have.
    """

    name: str
    source: str
    version: str | None = None
    arguments: Mapping[str, Expression] = field(default_factory=dict)
    count: Expression | None = None
    for_each: Expression | None = None
    providers: Mapping[tuple[str, str | None], ProviderReference] = field(default_factory=dict)
    depends_on: tuple[Traversal, ...] = ()
    body: Body | None = None
    span: Span

    @property
    def is_single(self) -> bool:
        """Whether it has exactly one instance, without a key."""
        return self.count is None and self.for_each is None


@record(kw_only=True, eq=False)
class ProviderConfig:
    """A `provider` block."""

    local_name: str
    alias: str | None
    body: Body
    span: Span


@record(kw_only=True, eq=False)
class RequiredProvider:
    """An entry of `required_providers`. `aliases` are its `configuration_aliases`."""

    local_name: str
    address: ProviderAddress
    version: str | None = None
    aliases: tuple[str, ...] = ()
    span: Span


@record(kw_only=True, eq=False)
class Backend:
    """`backend "type" { ... }`; of type `cloud` for `cloud { ... }`."""

    type: str
    body: Body
    span: Span


@record(kw_only=True, eq=False)
class EncryptionPart:
    """`key_provider "type" "name" { ... }` or `method "type" "name" { ... }`."""

    type: str
    name: str
    body: Body
    span: Span

    @property
    def key(self) -> tuple[str, str]:
        """How references name it, after the word in front."""
        return self.type, self.name


@record(kw_only=True, eq=False)
class EncryptionTarget:
    """What `state`, `plan` or a remote state is encrypted with, and what else it may be read with."""

    method: Expression | None = None
    fallback: EncryptionTarget | None = None
    enforced: Expression | None = None
    span: Span


@record(kw_only=True, eq=False)
class Encryption:
    """`encryption { ... }`. `remote` has the targets of single `terraform_remote_state` blocks by name."""

    key_providers: Mapping[tuple[str, str], EncryptionPart] = field(default_factory=dict)
    methods: Mapping[tuple[str, str], EncryptionPart] = field(default_factory=dict)
    state: EncryptionTarget | None = None
    plan: EncryptionTarget | None = None
    remote_default: EncryptionTarget | None = None
    remote: Mapping[str, EncryptionTarget] = field(default_factory=dict)
    span: Span


@record(kw_only=True, eq=False)
class Moved:
    """`moved { from = ..., to = ... }`, relative to the module it stands in."""

    from_address: Traversal
    to_address: Traversal
    span: Span


@record(kw_only=True, eq=False)
class Removed:
    """`removed { from = ..., lifecycle { destroy = ... } }`."""

    from_address: Traversal
    destroy: bool
    provisioners: tuple[Provisioner, ...] = ()
    span: Span


@record(kw_only=True, eq=False)
class Import:
    """`import { to = ..., id = ... }`; `to` may hold index expressions when there is a `for_each`."""

    to: Expression
    id: Expression
    for_each: Expression | None = None
    provider: ProviderReference | None = None
    span: Span


@record(kw_only=True, eq=False)
class Check:
    """A `check` block: assertions after the run, with a data source of its own at most."""

    name: str
    assertions: tuple[Condition, ...]
    data: Resource | None = None
    span: Span


@record(kw_only=True, eq=False)
class Guard:
    """`guard "name"` of a `*.moor.hcl` file: changes that nobody is to make.

    `types` and `addresses` say to what, None to everything; `span` is None for what the command line forbids.
    """

    name: str
    forbid: frozenset[str]
    types: tuple[tuple[str, Span], ...] | None = None
    addresses: tuple[Target, ...] | None = None
    reason: str = ""
    span: Span | None = None


@record(kw_only=True)
class Settings:
    """What the `*.moor.hcl` files of a folder say."""

    guards: tuple[Guard, ...] = ()


@record(kw_only=True, eq=False)
class Module:
    """One module folder, and the modules it calls.

    `folder` is the path as the user would type it (`.` for the root). `providers` maps local names to
    addresses, implied ones included; `provider_meta` is what the module says to a provider about itself.
    `sources` are all files that were read, by the path they are shown with.
    """

    path: ModulePath
    folder: str
    variables: Mapping[str, Variable] = field(default_factory=dict)
    locals: Mapping[str, Local] = field(default_factory=dict)
    outputs: Mapping[str, Output] = field(default_factory=dict)
    resources: Mapping[ResourceKey, Resource] = field(default_factory=dict)
    calls: Mapping[str, ModuleCall] = field(default_factory=dict)
    provider_configs: Mapping[tuple[str, str | None], ProviderConfig] = field(default_factory=dict)
    required_providers: Mapping[str, RequiredProvider] = field(default_factory=dict)
    providers: Mapping[str, ProviderAddress] = field(default_factory=dict)
    provider_meta: Mapping[str, Body] = field(default_factory=dict)
    backend: Backend | None = None
    encryption: Encryption | None = None
    moved: tuple[Moved, ...] = ()
    removed: tuple[Removed, ...] = ()
    imports: tuple[Import, ...] = ()
    checks: Mapping[str, Check] = field(default_factory=dict)
    children: Mapping[str, Module] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()

    def tree(self) -> Iterator[Module]:
        """The module and every one below it, outermost first."""
        yield self
        for child in self.children.values():
            yield from child.tree()

    def descendant(self, path: ModulePath) -> Module | None:
        """The module that a path of calls leads to from here, or None."""
        module: Module | None = self
        for name in path:
            if module is None:
                return None
            module = module.children.get(name)
        return module

    def resource(self, key: ResourceKey) -> Resource | None:
        """The block of a resource, those inside `check` blocks included."""
        found = self.resources.get(key)
        if found is None and self.checks:
            return next((data for _, data in self.nested_data() if data.key == key), None)
        return found

    def nested_data(self) -> Iterator[tuple[Check, Resource]]:
        """The `check` blocks with a data source of their own, and that."""
        return ((check, check.data) for check in self.checks.values() if check.data is not None)

    def address(self, resource: Resource) -> ConfigAddress:
        """The configuration address of a resource of this module."""
        return ConfigAddress(self.path, resource.mode, resource.type, resource.name)
