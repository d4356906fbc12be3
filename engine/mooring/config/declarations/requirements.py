"""Reads `required_providers`: for each local name, where that provider comes from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mooring.config.declarations.constants import (
    check_local_name,
    expect_map,
    text_of,
)
from mooring.config.model import RequiredProvider
from mooring.config.versions import check_constraint
from mooring.core.addresses import BUILTIN_PROVIDER, DEFAULT_HOST, ProviderAddress
from mooring.core.conversion import convert
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.spans import Source, Span
from mooring.core.types import STRING
from mooring.core.values import Value
from mooring.syntax.body import Attribute, Block
from mooring.syntax.nodes import AttrStep, Expression, Literal
from mooring.syntax.static import as_keyword, as_traversal, as_tuple

_FIELDS: Final = frozenset({"source", "version", "configuration_aliases"})
Known = Mapping[str, ProviderAddress]
"""What provider names mean that have no source, where that is not namespace `hashicorp`."""
NOTHING_KNOWN: Final[Known] = MappingProxyType({})
DEFAULT_NAMESPACE: Final = "hashicorp"
_LEGACY_NAMESPACE: Final = "-"


def read_required_providers(block: Block, known: Known) -> tuple[Mapping[str, RequiredProvider], Diagnostics]:
    """The providers that one `required_providers` block asks for, by local name."""
    attributes, diags = block.body.just_attributes(verbatim=True)
    found: list[Diagnostic] = [*diags]
    read: dict[str, RequiredProvider] = {}
    for attribute in attributes.values():
        provider, problems = _read_required(attribute, known)
        found += problems
        if provider is not None:
            read[attribute.name] = provider
    return read, tuple(found)


def _read_required(attribute: Attribute, known: Known) -> tuple[RequiredProvider | None, Diagnostics]:
    name, expression = attribute.name, attribute.expression
    named = check_local_name(name, expression.span)
    if named:
        return None, named
    text = _primitive_text(expression)
    if text is not None:
        required = RequiredProvider(
            local_name=name, address=implied_address(name, known), version=text, span=attribute.span
        )
        return required, check_constraint(text, expression.span)
    return _read_object(attribute, known)


def _primitive_text(expression: Expression) -> str | None:
    """The text of a string, or of a number or bool written instead of one."""
    if not isinstance(expression, Literal) or expression.value.is_null:
        return None
    converted = convert(expression.value, STRING)
    return converted.text if isinstance(converted, Value) and converted.is_known else None


def _read_object(attribute: Attribute, known: Known) -> tuple[RequiredProvider | None, Diagnostics]:
    name = attribute.name
    items, problems = expect_map(attribute.expression)
    if problems:
        detail = 'An entry is an object, as { source = "NAMESPACE/NAME", version = "~> 1.0" }.'
        return None, (error("Invalid required_providers object", detail, attribute.expression.span),)
    found: list[Diagnostic] = []
    fields: dict[str, Expression] = {}
    for item in items:
        field = as_keyword(item.key) or text_of(item.key) or ""
        if field in _FIELDS:
            fields[field] = item.value
        else:
            detail = f'An entry has {", ".join(sorted(_FIELDS))} and nothing else, not "{field}".'
            found.append(error("Invalid required_providers object", detail, item.key.span))
    version, problems = _read_version(fields.get("version"))
    found += problems
    address, problems = _read_address(implied_address(name, known), fields.get("source"))
    found += problems
    aliases, problems = _read_aliases(name, fields.get("configuration_aliases"))
    found += problems
    required = RequiredProvider(
        local_name=name, address=address, version=version, aliases=aliases, span=attribute.span
    )
    return required, tuple(found)


def _read_version(expression: Expression | None) -> tuple[str | None, Diagnostics]:
    if expression is None:
        return None, ()
    text = text_of(expression)
    if text is None:
        detail = "The version must be a string without interpolation."
        return None, (error("Invalid version constraint", detail, expression.span),)
    return text, check_constraint(text, expression.span)


def _read_aliases(name: str, expression: Expression | None) -> tuple[tuple[str, ...], Diagnostics]:
    if expression is None:
        return (), ()
    elements = as_tuple(expression)
    if elements is None:
        detail = f"This must be a list of references, as [ {name}.ALIAS ]."
        return (), (error("Invalid configuration_aliases value", detail, expression.span),)
    found: list[Diagnostic] = []
    aliases: list[str] = []
    for element in elements:
        traversal = as_traversal(element)
        steps = traversal.steps if traversal is not None else ()
        if traversal is None or len(steps) != 1 or not isinstance(steps[0], AttrStep):
            detail = f"An alias is written as {name}.ALIAS."
            found.append(error("Invalid configuration_aliases value", detail, element.span))
        elif traversal.root != name:
            detail = f'An alias of "{name}" is written as {name}.ALIAS, not as {traversal.root}.ALIAS.'
            found.append(error("Invalid configuration_aliases value", detail, expression.span))
        else:
            aliases.append(steps[0].name)
    return tuple(aliases), tuple(found)


# -- addresses -----------------------------------------------------------------------------------


def implied_address(local_name: str, known: Known = NOTHING_KNOWN) -> ProviderAddress:
    """What a local name means when nothing says where the provider comes from."""
    if local_name == BUILTIN_PROVIDER.type:
        return BUILTIN_PROVIDER
    return known.get(local_name) or ProviderAddress(DEFAULT_HOST, DEFAULT_NAMESPACE, local_name)


def _read_address(
    implied: ProviderAddress, expression: Expression | None
) -> tuple[ProviderAddress, Diagnostics]:
    if expression is None:
        return implied, ()
    text = text_of(expression)
    if text is None:
        detail = "The source must be a string without interpolation."
        return implied, (error("Invalid source", detail, expression.span),)
    address, problem = parse_provider_address(text, expression.span)
    return address or implied, (problem,) if problem else ()


def parse_provider_text(text: str) -> ProviderAddress | str:
    """The address that a text on the command line stands for, or what is wrong with it."""
    nowhere = Source("", "")
    address, problem = parse_provider_address(text, Span(nowhere, 0, 0))
    return address if address is not None else problem.detail if problem is not None else ""


def parse_provider_address(text: str, span: Span) -> tuple[ProviderAddress | None, Diagnostic | None]:
    """The address that a source text as `azure/azapi` stands for."""
    parts = text.split("/")
    if not 1 <= len(parts) <= 3 or not all(parts):
        detail = "A source is written as [HOST/]NAMESPACE/NAME."
        return None, error("Invalid provider source string", detail, span)
    *before, type_ = (part.lower() for part in parts)
    if not _is_provider_part(type_):
        detail = f'"{type_}" in "{text}" must have letters, digits and dashes only, with no dash at its ends.'
        return None, error("Invalid provider type", detail, span)
    if type_.startswith("terraform-provider-"):
        meant = "/".join([*before, type_.removeprefix("terraform-provider-")])
        detail = f'The name of the repository is not that of the provider. Did you mean "{meant}"?'
        return None, error("Invalid provider type", detail, span)
    namespace = before[-1] if before else DEFAULT_NAMESPACE
    if namespace != _LEGACY_NAMESPACE and not _is_provider_part(namespace):
        detail = f'The namespace "{namespace}" must have letters, digits and dashes only.'
        return None, error("Invalid provider namespace", detail, span)
    host = before[0] if len(before) == 2 else DEFAULT_HOST
    return ProviderAddress(host, namespace, type_), None


def _is_provider_part(text: str) -> bool:
    return text.isascii() and text.replace("-", "").isalnum() and text[:1] != "-" and text[-1:] != "-"
