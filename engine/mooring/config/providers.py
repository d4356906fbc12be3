"""Which provider, and which of its configurations, a resource belongs to.

A resource names a provider by a local name of its module. The configuration is declared in that module, or
passed by the call of the module, or the default one of a module further up.
"""

from __future__ import annotations

from collections.abc import Iterable

from mooring.config.assembly import provider_local_name
from mooring.config.declarations.requirements import implied_address
from mooring.config.model import Module, Resource
from mooring.core.addresses import ModulePath, ProviderAddress, ProviderConfigAddress


def resolve_provider(root: Module, module_path: ModulePath, resource: Resource) -> ProviderConfigAddress:
    """The provider configuration that a resource of the module at `module_path` uses.

    An alias that nobody declares or passes leads to an address without a configuration; checks.py reports it.
    """
    alias = resource.provider.alias if resource.provider is not None else None
    return resolve_local_name(root, module_path, provider_local_name(resource), alias)


def resolve_local_name(
    root: Module, module_path: ModulePath, local_name: str, alias: str | None
) -> ProviderConfigAddress:
    """The provider configuration that `local_name.alias` means inside the module at `module_path`."""
    module = root.descendant(module_path)
    assert module is not None, "a path of calls that are there"
    provider = provider_address(module, local_name)
    while module.path:
        parent = root.descendant(module.path[:-1])
        assert parent is not None
        passed = parent.calls[module.path[-1]].providers.get((local_name, alias))
        if passed is not None:
            local_name, alias = passed.local_name, passed.alias
            provider = provider_address(parent, local_name)
        elif (local_name, alias) in module.provider_configs or alias is not None:
            break
        else:
            local_name = local_name_of(parent, provider)
        module = parent
    return ProviderConfigAddress(module.path, provider, alias)


def used_configurations(root: Module, modules: Iterable[Module]) -> frozenset[ProviderConfigAddress]:
    """The provider configurations that a resource of the given modules uses."""
    return frozenset(
        resolve_local_name(root, module.path, name, alias)
        for module in modules
        for name, alias in _names_used(module)
    )


def _names_used(module: Module) -> frozenset[tuple[str, str | None]]:
    nested = (check.data for check in module.checks.values() if check.data is not None)
    return frozenset(
        (provider_local_name(resource), resource.provider.alias if resource.provider is not None else None)
        for resource in (*module.resources.values(), *nested)
    )


def provider_address(module: Module, local_name: str) -> ProviderAddress:
    """What a local name means in a module."""
    return module.providers.get(local_name) or implied_address(local_name)


def local_name_of(module: Module, provider: ProviderAddress) -> str:
    """The local name by which a module knows a provider; the provider's own if it does not know it."""
    if module.providers.get(provider.type) == provider:
        return provider.type
    names = (name for name, address in module.providers.items() if address == provider)
    return next(names, provider.type)
