"""Reads `module` blocks: calls of other modules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mooring.config.declarations.constants import expect_map, read_provider_name, read_references, read_text
from mooring.config.declarations.resources import check_repetition, escaped_body, reserved_blocks
from mooring.config.model import ModuleCall, ProviderReference
from mooring.config.names import check_name
from mooring.config.sources import check_source, normal_source
from mooring.config.versions import check_constraint
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.syntax.body import Block, Content, Names

_NAMES: Final = Names(
    attributes=frozenset({"source", "version", "count", "for_each", "depends_on", "providers"}),
    required=frozenset({"source"}),
    blocks={"_": (), "lifecycle": (), "locals": (), "provider": ("type",)},
    verbatim=frozenset({"source", "version"}),
)
Passed = Mapping[tuple[str, str | None], ProviderReference]


def read_call(block: Block) -> tuple[ModuleCall | None, Diagnostics]:
    """One module call. What arguments the module takes is not known here."""
    content, rest, diags = block.body.partial(_NAMES)
    found: list[Diagnostic] = [*diags]
    found += check_name(block.labels[0], block.label_spans[0], "Invalid module instance name")
    source, version, problems = _read_source(content)
    found += problems
    found += check_repetition(content)
    depends_on, problems = read_references(content, "depends_on")
    found += problems
    providers, problems = read_passed(content)
    found += problems
    body, problems = escaped_body(content, rest)
    found += problems
    found += reserved_blocks(content, "module", "lifecycle", "locals", "provider")
    if source is None:
        return None, tuple(found)
    count = content.attributes.get("count")
    for_each = content.attributes.get("for_each")
    arguments, _ = body.just_attributes()  # what is wrong is said once the module's variables are known
    call = ModuleCall(
        name=block.labels[0],
        source=normal_source(source),
        version=version,
        arguments={name: attribute.expression for name, attribute in arguments.items()},
        count=count.expression if count is not None else None,
        for_each=for_each.expression if for_each is not None and count is None else None,
        providers=providers,
        depends_on=depends_on,
        body=body,
        span=block.header,
    )
    return call, tuple(found)


def _read_source(content: Content) -> tuple[str | None, str | None, Diagnostics]:
    source, diags = read_text(content, "source")
    version, problems = read_text(content, "version")
    found = [*diags, *problems]
    if version is not None:
        found += check_constraint(version, content.attributes["version"].expression.span)
    if source is None:
        return None, version, tuple(found)
    wrong = check_source(
        source, content.attributes["source"].expression.span, "version" in content.attributes
    )
    return (None if wrong else source), version, (*found, *wrong)


def read_passed(content: Content) -> tuple[Passed, Diagnostics]:
    """The entries of `providers`: for a name inside the module, which configuration outside it means."""
    attribute = content.attributes.get("providers")
    if attribute is None:
        return {}, ()
    items, diags = expect_map(attribute.expression)
    found: list[Diagnostic] = [*diags]
    passed: dict[tuple[str, str | None], ProviderReference] = {}
    for item in items:
        inside, problems = read_provider_name(item.key, "providers")
        found += problems
        outside, problems = read_provider_name(item.value, "providers")
        found += problems
        if inside is None or outside is None:
            continue
        key = (inside.local_name, inside.alias)
        if key in passed:
            found.append(_passed_twice(inside, passed[key], outside))
        else:
            passed[key] = outside
    return passed, tuple(found)


def _passed_twice(
    inside: ProviderReference, first: ProviderReference, second: ProviderReference
) -> Diagnostic:
    name = inside.local_name + (f".{inside.alias}" if inside.alias else "")
    detail = f'A configuration for "{name}" was passed at {first.span} already. Each takes one.'
    return error("Duplicate provider address", detail, second.span)
