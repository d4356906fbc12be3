"""Validation: whether a configuration makes sense whatever its inputs are. Needs no state and no service.

Every expression is evaluated with unknown inputs, every block is decoded with its schema, and providers say
what they think of their blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from mooring.config.arguments import placed
from mooring.config.checks import find_mistakes
from mooring.config.cycles import cycle_diagnostics, local_self_references, self_references
from mooring.config.declarations.guards import unknown_types
from mooring.config.evaluation import Configuration, Evaluation, decode
from mooring.config.graph import Node, build_graph, provider_node
from mooring.config.mistakes import first_of_all, naming
from mooring.config.model import Module, Settings
from mooring.config.providers import resolve_provider
from mooring.core.addresses import (
    ConfigAddress,
    InstanceAddress,
    ModuleInstance,
    ModuleStep,
    ProviderAddress,
    ProviderConfigAddress,
    ResourceAddress,
    module_path,
)
from mooring.core.diagnostics import Diagnostic, Diagnostics, in_order
from mooring.core.records import replace
from mooring.core.values import DYNAMIC_UNKNOWN, EPHEMERAL, Value, unknown, unmark
from mooring.lang.cells import CycleError, Failed, Key
from mooring.lang.scope import Report
from mooring.planning.providers import Providers
from mooring.planning.provisioning import check_provisioners, missing_provisioners
from mooring.schema.model import ProviderSchema
from mooring.schema.plan import plan_block
from mooring.sdk.requests import ValidateProvider, ValidateResource


def validate_configuration(configuration: Configuration, providers: Providers) -> Diagnostics:
    """Everything that is wrong with a configuration: what the static checks find, and what evaluation does.

    What both find is told once. Where declarations need each other's results, or provisioners are missing,
    nothing is evaluated; nor is what waits for a declaration with a mistake (`config.mistakes`).
    """
    root = configuration.root
    static = find_mistakes(root, schemas_of(root, providers))
    graph = configuration.graph or build_graph(root)
    circles = cycle_diagnostics(graph)
    first = circles or missing_provisioners(root, providers)
    if first:
        return in_order((*static.general, *naming(first, static.in_declarations())))
    own = {**local_self_references(graph), **static.of}
    validation = _Validation(configuration, providers, static.unresolved)
    validation.skip(self_references(graph))
    with suppress(CycleError):  # of instances; by then everything outside the circle has been looked at
        validation.evaluation.cells.run(validation.goals())
    found = first_of_all(replace(static, of=own), validation.found(besides=own), graph)
    return in_order((*static.general, *found))


def check_settings(settings: Settings, root: Module, providers: Providers) -> Diagnostics:
    """What is wrong with the settings of a folder, seen with what its providers offer."""
    offered = schemas_of(root, providers).values()
    return unknown_types(settings.guards, {name for each in offered for name in each.resources})


def _place(diag: Diagnostic) -> tuple[str, str, int]:
    """What is wrong and where it begins; details differ with who found it."""
    subject = diag.subject
    return diag.summary, subject.source.path if subject else "", subject.start if subject else -1


def schemas_of(root: Module, providers: Providers) -> dict[ProviderAddress, ProviderSchema]:
    """The schemas of the providers that a module tree needs, as far as they are there."""
    todo = [root]
    found: dict[ProviderAddress, ProviderSchema] = {}
    for module in todo:
        for address in module.providers.values():
            schema = providers.schema(address)
            if schema is not None:
                found[address] = schema
        todo.extend(module.children.values())
    return found


class _Validation:
    """One validation. Mutable, private to `validate_configuration`."""

    def __init__(
        self, configuration: Configuration, providers: Providers, unresolved: frozenset[Node]
    ) -> None:
        self.evaluation = Evaluation(configuration, self._rule, prospective=True)
        self._providers = providers
        self._unresolved = unresolved

    def found(self, besides: Mapping[Node, Diagnostics]) -> dict[Node, Diagnostics]:
        """What the evaluation reported, by declaration, `besides` what is known already."""
        known = {_place(diag) for diags in besides.values() for diag in diags}
        found: dict[Node, Diagnostics] = {}
        for key, diags in self.evaluation.reported.items():
            node = self._node(key)
            assert node is not None
            found[node] = (*found.get(node, ()), *(diag for diag in diags if _place(diag) not in known))
        return found

    def skip(self, resources: Iterable[ConfigAddress]) -> None:
        """Does not look at these resources."""
        for module, mode, type_, name in resources:
            instance = tuple(map(ModuleStep, module))
            address = InstanceAddress(ResourceAddress(instance, mode, type_, name))
            self.evaluation.cells.set(address, DYNAMIC_UNKNOWN)

    def goals(self) -> Iterator[Key]:
        """Everything there is to look at."""
        todo: list[tuple[ModuleInstance, Module]] = [((), self.evaluation.configuration.root)]
        for instance, module in todo:
            yield from (("variable", instance, name) for name in module.variables)
            yield from (("local", instance, name) for name in module.locals)
            yield from (("output", instance, name) for name in module.outputs)
            yield from (("modules", instance, name) for name in module.calls)
            yield from (("provider block", instance, key) for key in module.provider_configs)
            for key, resource in module.resources.items():
                address = ResourceAddress(instance, *key)
                yield InstanceAddress(address)
                if not resource.is_single:
                    yield "instances", address
            todo.extend(((*instance, ModuleStep(name)), child) for name, child in module.children.items())

    def _node(self, key: Key) -> Node | None:
        """The declaration that a cell belongs to."""
        if type(key) is InstanceAddress:
            return _resource_node(key.resource)
        assert isinstance(key, tuple)
        kind, instance, *name = key
        match kind:
            case "instances" | "resource":
                return _resource_node(instance)
            case "variable" | "raw variable":
                return Node(module_path(instance), "var", tuple(name))
            case "local" | "output":
                return Node(module_path(instance), kind, tuple(name))
            case "modules":
                return Node((*module_path(instance), *name), "module", ())
            case "provider block":
                local_name, alias = name[0]
                provider = self.evaluation.module(instance).providers[local_name]
                return provider_node(ProviderConfigAddress(module_path(instance), provider, alias))
            case _:
                return None

    def _rule(self, key: Key) -> object:
        if self._unresolved and self._node(key) in self._unresolved:
            raise Failed
        if type(key) is InstanceAddress:
            return self.evaluation.reporting(key, lambda report: self._instance(key, report))
        assert isinstance(key, tuple)
        if key[0] == "provider block":
            return self.evaluation.reporting(key, lambda report: self._provider(key[1], key[2], report))
        return self.evaluation.rule(key)

    def _instance(self, address: InstanceAddress, report: Report) -> Value:
        """Looks at a resource block; what it will be is not known."""
        module = self.evaluation.module(address.resource.module)
        resource = module.resources[address.resource[1:]]
        provider = resolve_provider(self.evaluation.configuration.root, module.path, resource)
        info = self._providers.type_info(provider.provider, resource.mode, resource.type)
        if info is not None:
            config = self.evaluation.config_value(address, resource, info.plan, report)
            if not report.has_errors:
                request = ValidateResource(config=unmark(config)[0])
                diags = self._providers.validate_resource(info.provider, info.name, request)
                report.extend(placed(diag, resource.body, resource.span) for diag in diags)
            scope = self.evaluation.instance_scope(address, unknown(info.type))
            check_provisioners(resource, self._providers, scope, report)
        if resource.mode == "ephemeral" and info is not None:
            return unknown(info.type).marked(frozenset({EPHEMERAL}))
        return DYNAMIC_UNKNOWN

    def _provider(self, instance: ModuleInstance, name: tuple[str, str | None], report: Report) -> None:
        module = self.evaluation.module(instance)
        block = module.provider_configs[name]
        address = module.providers[block.local_name]
        schema = self._providers.schema(address)
        if schema is None:
            return
        value = decode(block.body, plan_block(schema.provider), self.evaluation.scope(instance), report)
        if not report.has_errors:
            request = ValidateProvider(config=unmark(value)[0])
            diags = self._providers.validate(address, request)
            report.extend(placed(diag, block.body, block.span) for diag in diags)


def _resource_node(address: ResourceAddress) -> Node:
    instance, *key = address
    return Node(module_path(instance), "resource", tuple(key))
