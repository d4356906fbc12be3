"""One module from the blocks of its files: every block read, names made unique.

Owns what holds between the blocks of one module. Knows nothing of files, nor of the modules that it calls.
"""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from typing import Final, TypeVar

from mooring.config.declarations.calls import read_call
from mooring.config.declarations.checks import read_check
from mooring.config.declarations.moves import read_import, read_moved, read_removed, without_keys
from mooring.config.declarations.providers import read_provider
from mooring.config.declarations.requirements import NOTHING_KNOWN, Known, implied_address
from mooring.config.declarations.resources import read_resource
from mooring.config.declarations.settings import CLOUD, RequiredVersion, read_settings
from mooring.config.declarations.values import read_locals, read_output
from mooring.config.declarations.variables import read_variable
from mooring.config.model import (
    Backend,
    Check,
    Encryption,
    Import,
    Local,
    Module,
    ModuleCall,
    Moved,
    Output,
    ProviderConfig,
    Removed,
    RequiredProvider,
    Resource,
    ResourceKey,
    Variable,
)
from mooring.config.names import duplicate
from mooring.config.targets import Target, parse_target
from mooring.config.versions import check_language_version
from mooring.core.addresses import ModulePath, ProviderAddress
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, prevents_loading, warning
from mooring.core.spans import Source, Span
from mooring.syntax.body import Block, Body, Names
from mooring.syntax.nodes import Traversal

FILE_NAMES: Final = Names(
    blocks={
        "terraform": (),
        "required_providers": (),
        "variable": ("name",),
        "locals": (),
        "output": ("name",),
        "resource": ("type", "name"),
        "data": ("type", "name"),
        "ephemeral": ("type", "name"),
        "module": ("name",),
        "provider": ("name",),
        "moved": (),
        "removed": (),
        "import": (),
        "check": ("name",),
    }
)
_Key = TypeVar("_Key")
_Declaration = TypeVar("_Declaration", Variable, Local, Output, ModuleCall, ProviderConfig, Check)


class Assembly:
    """The declarations of one module while its files are read. Private to one `load_configuration`."""

    def __init__(self, known: Known = NOTHING_KNOWN) -> None:
        self.known: Final = known
        self.variables: Final[dict[str, Variable]] = {}
        self.locals: Final[dict[str, Local]] = {}
        self.outputs: Final[dict[str, Output]] = {}
        self.resources: Final[dict[ResourceKey, Resource]] = {}
        self.calls: Final[dict[str, ModuleCall]] = {}
        self.provider_configs: Final[dict[tuple[str, str | None], ProviderConfig]] = {}
        self.required_providers: Final[dict[str, RequiredProvider]] = {}
        self.backends: Final[list[Backend]] = []
        self.encryptions: Final[list[Encryption]] = []
        self.found: Final[list[Diagnostic]] = []
        self._checks: Final[dict[str, Check]] = {}
        self._moved: Final[list[Moved]] = []
        self._removed: Final[list[Removed]] = []
        self._imports: Final[list[Import]] = []
        self._provider_meta: Final[dict[str, Body]] = {}
        self._required_versions: Final[list[RequiredVersion]] = []
        self._requirements_span: Span | None = None

    def add(self, blocks: Iterable[Block]) -> None:
        """Reads the blocks of one file."""
        for block in blocks:
            match block.type:
                case "resource" | "data" | "ephemeral":
                    self._add_resource(block)
                case "locals":
                    self._add_locals(block)
                case "terraform":
                    self._add_settings(block)
                case "required_providers":
                    self.found.append(misplaced_requirements(block))
                case "moved" | "removed" | "import":
                    self._add_history(block)
                case _:
                    self._add_named(block)

    def _add_resource(self, block: Block) -> None:
        resource, diags = read_resource(block)
        if diags:
            self.found.extend(diags)
        first = self.resources.setdefault(resource.key, resource)
        if first is not resource:
            self._report_repeated_resource(resource, first)

    def _report_repeated_resource(self, second: Resource, first: Resource) -> None:
        kind = "resource" if second.mode == "managed" else second.mode
        summary = f'Duplicate {kind} "{second.type}" configuration'
        what = f'A {second.type} {kind} named "{second.name}"'
        self.found.append(duplicate(summary, what, second.span, first.span))

    def _add_locals(self, block: Block) -> None:
        read, diags = read_locals(block)
        self.found.extend(diags)
        for local in read:
            what = f'A local value "{local.name}"'
            self._keep(self.locals, local.name, local, "Duplicate local value definition", what)

    def _add_named(self, block: Block) -> None:
        name = block.labels[0]
        match block.type:
            case "variable":
                variable, diags = read_variable(block)
                summary = "Duplicate variable declaration"
                self._keep(self.variables, name, variable, summary, f'A variable "{name}"')
            case "output":
                output, diags = read_output(block)
                self._keep(self.outputs, name, output, "Duplicate output definition", f'An output "{name}"')
            case "module":
                call, diags = read_call(block)
                self._keep(self.calls, name, call, "Duplicate module call", f'A module call "{name}"')
            case "provider":
                config, diags = read_provider(block)
                self._keep_provider(config)
            case _:
                check, diags = read_check(block)
                self._keep_check(name, check)
        self.found.extend(diags)

    def _keep_provider(self, config: ProviderConfig | None) -> None:
        if config is not None:
            what = f'A configuration of provider "{config.local_name}"'
            what += f' with alias "{config.alias}"' if config.alias else " without an alias"
            key = config.local_name, config.alias
            self._keep(self.provider_configs, key, config, "Duplicate provider configuration", what)

    def _keep_check(self, name: str, check: Check | None) -> None:
        self._keep(self._checks, name, check, f'Duplicate check "{name}" configuration', f'A check "{name}"')

    def _keep(
        self,
        declared: MutableMapping[_Key, _Declaration],
        key: _Key,
        declaration: _Declaration | None,
        summary: str,
        what: str,
    ) -> None:
        """Keeps the first declaration with this key; another one is an error."""
        if declaration is None:
            return
        first = declared.setdefault(key, declaration)
        if first is not declaration:
            self.found.append(duplicate(summary, what, declaration.span, first.span))

    def _add_history(self, block: Block) -> None:
        match block.type:
            case "moved":
                moved, diags = read_moved(block)
                self._moved.extend((moved,) if moved is not None else ())
            case "removed":
                removed, diags = read_removed(block)
                self._removed.extend((removed,) if removed is not None else ())
            case _:
                imported, diags = read_import(block)
                self._imports.extend((imported,) if imported is not None else ())
        self.found.extend(diags)

    def _add_settings(self, block: Block) -> None:
        settings, diags = read_settings(block, self.known)
        self.found.extend(diags)
        self.backends.extend(settings.backends)
        self.encryptions.extend(settings.encryptions)
        self.add_version(settings.required_version)
        for name, body in settings.provider_meta.items():
            self._provider_meta.setdefault(name, body)
        for requirements in settings.requirements:
            if self._requirements_span is None:
                self._requirements_span = requirements.span
                self.required_providers.update(requirements.providers)
            else:
                summary, what = "Duplicate required providers configuration", "A required_providers block"
                self.found.append(duplicate(summary, what, requirements.span, self._requirements_span))

    def add_version(self, required: RequiredVersion | None) -> None:
        """Remembers what version of the language a `terraform` block wants."""
        if required is not None:
            self._required_versions.append(required)

    # -- the module --------------------------------------------------------------------------------

    def build(
        self,
        path: ModulePath,
        folder: str,
        sources: tuple[Source, ...],
    ) -> Module:
        """The module of everything that was added, without the modules that it calls."""
        self.found.extend(check_backends(self.backends))
        self.found.extend(check_encryptions(self.encryptions))
        self.found.extend(ignored_encryption(each) for each in self.encryptions if path)
        self._check_nested_data()
        self._check_imported_twice()
        return Module(
            path=path,
            folder=folder,
            variables=self.variables,
            locals=self.locals,
            outputs=self.outputs,
            resources=self.resources,
            calls=self.calls,
            provider_configs=self.provider_configs,
            required_providers=self.required_providers,
            providers=self._provider_addresses(),
            provider_meta=self._provider_meta,
            backend=self.backends[0] if self.backends else None,
            encryption=self.encryptions[0] if self.encryptions else None,
            moved=tuple(self._moved),
            removed=tuple(self._removed),
            imports=tuple(self._imports),
            checks=self._checks,
            sources=sources,
        )

    def _check_nested_data(self) -> None:
        """A data source inside a check shares the names of those outside."""
        seen = dict(self.resources)
        for check in self._checks.values():
            if check.data is not None:
                first = seen.setdefault(check.data.key, check.data)
                if first is not check.data:
                    self._report_repeated_resource(check.data, first)

    def _check_imported_twice(self) -> None:
        """An instance is imported once; what is evaluated cannot be compared here."""
        first: dict[str, Import] = {}
        for imported in self._imports:
            target = parse_target(imported.to) if isinstance(imported.to, Traversal) else None
            if isinstance(target, Target):
                same = first.setdefault(str(target.instance), imported)
                if same is not imported:
                    summary = f'Duplicate import configuration for "{target.instance}"'
                    what = f"An import of {target.instance}"
                    self.found.append(duplicate(summary, what, imported.to.span, same.span))

    def version_problems(self) -> Diagnostics:
        """What is not the language of this version; said only of files that are otherwise right."""
        if prevents_loading(self.found):
            return ()
        wanted = self._required_versions
        return tuple(diag for each in wanted for diag in check_language_version(each.constraint, each.span))

    def _provider_addresses(self) -> dict[str, ProviderAddress]:
        """What every local name means that the module mentions or implies."""
        names = {name for name, _ in self.provider_configs}
        names |= {provider_local_name(resource) for resource in self.resources.values()}
        for check in self._checks.values():
            names |= {provider_local_name(check.data)} if check.data is not None else set()
        for call in self.calls.values():
            names |= {reference.local_name for reference in call.providers.values()}
        names |= {name for imported in self._imports if (name := self._name_of_import(imported)) is not None}
        addresses = {name: implied_address(name, self.known) for name in sorted(names)}
        declared = {name: required.address for name, required in self.required_providers.items()}
        return {**addresses, **declared}

    def _name_of_import(self, imported: Import) -> str | None:
        """The provider that an import needs by itself: the one it names, or that of what is not declared."""
        if imported.provider is not None:
            return imported.provider.local_name
        traversal = without_keys(imported.to)
        target = parse_target(traversal) if traversal is not None else None
        if not isinstance(target, Target) or target.module:
            return None
        is_declared = (target.mode, target.type, target.name) in self.resources
        return None if is_declared else implied_local_name(target.type)


def implied_local_name(resource_type: str) -> str:
    """The local name of the provider that a resource type belongs to, unless its block says otherwise."""
    return resource_type.partition("_")[0]


def provider_local_name(resource: Resource) -> str:
    """The local name of a resource's provider: the one it chose, or the first word of its type."""
    if resource.provider is not None:
        return resource.provider.local_name
    return implied_local_name(resource.type)


def misplaced_requirements(block: Block) -> Diagnostic:
    """An error for `required_providers` outside of a `terraform` block."""
    detail = 'A "required_providers" block stands inside a "terraform" block.'
    return error("Invalid required_providers block", detail, block.header)


def check_backends(backends: list[Backend]) -> Diagnostics:
    """Errors if a module says more than once where its state is."""
    clouds = [backend for backend in backends if backend.type == CLOUD]
    others = [backend for backend in backends if backend.type != CLOUD]
    found = [
        duplicate("Duplicate HCP Terraform configurations", "The cloud block", each.span, clouds[0].span)
        for each in clouds[1:]
    ]
    found += [
        duplicate("Duplicate backend configuration", "The backend", each.span, others[0].span)
        for each in others[1:]
    ]
    if clouds and others:
        detail = (
            f'A "cloud" block at {clouds[0].span} says where the state is, and this says so too. Keep one.'
        )
        found.append(error("Both a backend and cloud configuration are present", detail, others[0].span))
    return tuple(found)


def ignored_encryption(encryption: Encryption) -> Diagnostic:
    """A warning for a block that somebody may rely on in vain."""
    detail = (
        "Only the root module says how its state is encrypted. This block does nothing; take it away, or put "
        "it into the root module."
    )
    return warning("Encryption configuration ignored", detail, encryption.span)


def check_encryptions(encryptions: list[Encryption]) -> Diagnostics:
    """Errors if a module says more than once how its state is encrypted."""
    return tuple(
        duplicate("Duplicate encryption configuration", "The encryption", each.span, encryptions[0].span)
        for each in encryptions[1:]
    )
