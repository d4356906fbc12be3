"""Whether every provider configuration that is named is there, and fits where it is passed to.

Owns the rules of `providers` in module calls and of provider blocks in called modules:
https://developer.hashicorp.com/terraform/language/modules/develop/providers.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from mooring.config.model import Module, ModuleCall, ProviderConfig, ProviderReference, Resource
from mooring.config.providers import provider_address, resolve_provider
from mooring.core.addresses import ProviderAddress, ProviderConfigAddress
from mooring.core.diagnostics import Diagnostic, error, warning
from mooring.core.spans import Span

_Key = tuple[str, str | None]
_UNDEFINED = "Reference to undefined provider"


def check_passed_configurations(module: Module, repeated_at: Span | None = None) -> Iterator[Diagnostic]:
    """Everything wrong with how a module tree passes provider configurations.

    `repeated_at` is where a call that leads here says that there are several instances, or that it waits.
    """
    yield from _check_required_twice(module)
    if module.path:
        yield from _check_own_configurations(module, repeated_at)
    for name, child in module.children.items():
        call = module.calls[name]
        yield from _check_call(module, call, child)
        yield from check_passed_configurations(child, _repeated_at(call) or repeated_at)


def check_providers_present(
    modules: Iterable[Module], present: Container[ProviderAddress]
) -> Iterator[Diagnostic]:
    """An error for each provider that is asked for and not there."""
    wanted = {address for module in modules for address in module.providers.values()}
    for address in sorted(wanted):
        if address not in present:
            detail = (
                f"The configuration needs the provider {address}, and Mooring does not have it. Is its "
                "package installed in this Python environment? If its source is wrong, correct that in "
                "required_providers."
            )
            yield error("Missing required provider", detail)


def check_chosen_configurations(root: Module, modules: Iterable[Module]) -> Iterator[Diagnostic]:
    """An error for each resource that chooses a provider configuration that nobody declares."""
    declared = {
        ProviderConfigAddress(module.path, provider_address(module, name), alias)
        for module in modules
        for name, alias in module.provider_configs
    }
    for module in modules:
        for resource in module.resources.values():
            if resource.provider is not None:
                yield from _check_chosen(root, module, resource, resource.provider, declared)


def _check_chosen(
    root: Module,
    module: Module,
    resource: Resource,
    chosen: ProviderReference,
    declared: Container[ProviderConfigAddress],
) -> Iterator[Diagnostic]:
    address = resolve_provider(root, module.path, resource)
    if address.alias is not None and address not in declared:
        detail = f'There is no block provider "{chosen.local_name}" with alias = "{address.alias}".'
        yield error("Provider configuration not present", detail, chosen.span).of(
            str(module.address(resource))
        )


# -- one module ----------------------------------------------------------------------------------


def _check_required_twice(module: Module) -> Iterator[Diagnostic]:
    names: dict[ProviderAddress, str] = {}
    for name, required in module.required_providers.items():
        first = names.setdefault(required.address, name)
        if first != name:
            detail = f'{required.address} has the local name "{first}" already. Give each provider one name.'
            yield warning("Duplicate required provider", detail, required.span)


def _check_own_configurations(module: Module, repeated_at: Span | None) -> Iterator[Diagnostic]:
    """Provider blocks of a called module: they should be its caller's."""
    has_own = False
    for config in module.provider_configs.values():
        if is_empty(config):
            detail = (
                "An empty provider block in a called module says nothing. What the module wants to be passed "
                f'stands in its required_providers, for "{config.local_name}".'
            )
            yield warning("Redundant empty provider block", detail, config.span)
        else:
            has_own = True
    if has_own and repeated_at is not None:
        detail = (
            f"module.{'.module.'.join(module.path)} has provider configurations of its own, so there can be "
            "one instance of it only, and it cannot wait. Move its provider blocks to the root module and "
            "pass them."
        )
        yield error("Module is incompatible with count, for_each, and depends_on", detail, repeated_at)


def is_empty(config: ProviderConfig) -> bool:
    """Whether a provider block says nothing but its alias."""
    attributes, blocks = config.body.just_attributes()
    return not attributes and not blocks


def _repeated_at(call: ModuleCall) -> Span | None:
    for expression in (call.count, call.for_each, *call.depends_on):
        if expression is not None:
            return expression.span
    return None


# -- one call ------------------------------------------------------------------------------------


def _check_call(parent: Module, call: ModuleCall, child: Module) -> Iterator[Diagnostic]:
    for inside, outside in call.providers.items():
        yield from _check_inside(inside, outside, child)
        if outside.local_name not in parent.required_providers:
            yield _assumed(outside.local_name, parent, outside.span)
        yield from _check_same_provider(parent, child, inside, outside)
    for name, required in child.required_providers.items():
        for alias in required.aliases:
            if (name, alias) not in call.providers:
                detail = f'The module needs a configuration for "{name}.{alias}": add it to "providers".'
                yield error("Missing required provider configuration", detail, call.span)


def _check_inside(inside: _Key, outside: ProviderReference, child: Module) -> Iterator[Diagnostic]:
    """Whether the called module knows the name that a configuration is passed for."""
    name, alias = inside
    own = child.provider_configs.get(inside)
    if own is not None and not is_empty(own):
        detail = (
            f'The module configures "{name}" itself, at {own.span}, so no configuration can be passed for it.'
        )
        yield error("Cannot override provider configuration", detail, outside.span)
    required = child.required_providers.get(name)
    if required is None and (own is None or not is_empty(own)):
        yield _assumed(name, child, outside.span)
    elif required is not None and alias is not None and alias not in required.aliases and own is None:
        detail = f'The configuration_aliases of the module do not have "{name}.{alias}".'
        yield error(_UNDEFINED, detail, outside.span)


def _assumed(name: str, module: Module, span: Span) -> Diagnostic:
    where = f"module.{'.module.'.join(module.path)}" if module.path else "the root module"
    address = provider_address(module, name)
    detail = f'In {where} no required_providers entry says what "{name}" is, so it is taken for {address}.'
    return warning(_UNDEFINED, detail, span)


def _check_same_provider(
    parent: Module, child: Module, inside: _Key, outside: ProviderReference
) -> Iterator[Diagnostic]:
    given = provider_address(parent, outside.local_name)
    taken = provider_address(child, inside[0])
    if given != taken:
        detail = (
            f'"{outside.local_name}" is a configuration of {given} here, and "{inside[0]}" inside the module '
            f"is for {taken}. They must be of one provider."
        )
        yield error("Provider type mismatch", detail, outside.span)
