"""Reads `provider` blocks, references to them, and `required_providers`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mooring.config.declarations.constants import check_local_name, read_text
from mooring.config.declarations.resources import escaped_body, reserved_blocks
from mooring.config.model import ProviderConfig
from mooring.config.names import NAME_RULE, is_identifier
from mooring.config.versions import check_constraint
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, warning
from mooring.syntax.body import Block, Content, Names

_RESERVED: Final = ("count", "depends_on", "for_each", "source")
_NAMES: Final = Names(
    attributes=frozenset({"alias", "version", *_RESERVED}),
    blocks={"_": (), "lifecycle": (), "locals": ()},
    verbatim=frozenset({"alias", "version"}),
)


def read_provider(block: Block) -> tuple[ProviderConfig | None, Diagnostics]:
    """One provider configuration."""
    content, rest, diags = block.body.partial(_NAMES)
    found: list[Diagnostic] = [*diags]
    name = block.labels[0]
    found += check_local_name(name, block.header)
    alias, problems = _alias(content)
    found += problems
    found += _version(content)
    found += _reserved_arguments(content)
    body, problems = escaped_body(content, rest)
    found += problems
    found += reserved_blocks(content, "provider", "lifecycle", "locals")
    config = ProviderConfig(local_name=name, alias=alias, body=body, span=block.header)
    is_broken = "alias" in content.attributes and alias is None
    return (None if is_broken else config), tuple(found)


def _alias(content: Content) -> tuple[str | None, Diagnostics]:
    attribute = content.attributes.get("alias")
    alias, diags = read_text(content, "alias")
    if attribute is None or (alias is not None and is_identifier(alias)):
        return alias, diags
    wrong = error("Invalid provider configuration alias", NAME_RULE, attribute.expression.span)
    return None, (*diags, wrong)


def _version(content: Content) -> Iterator[Diagnostic]:
    attribute = content.attributes.get("version")
    if attribute is None:
        return
    version, diags = read_text(content, "version")
    yield warning(
        "Version constraints inside provider configuration blocks are deprecated",
        'Give the version in the "required_providers" block, inside the "terraform" block.',
        attribute.expression.span,
    )
    yield from diags
    if version is not None:
        yield from check_constraint(version, attribute.expression.span)


def _reserved_arguments(content: Content) -> Iterator[Diagnostic]:
    for name in _RESERVED:
        attribute = content.attributes.get(name)
        if attribute is not None:
            detail = f'The language keeps "{name}" of provider blocks for later use.'
            yield error("Reserved argument name in provider block", detail, attribute.name_span)
