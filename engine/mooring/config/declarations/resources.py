"""Reads `resource`, `data` and `ephemeral` blocks.

There are thousands of them and most have no meta-argument at all, so that case costs one look at the body.
"""

from __future__ import annotations

from typing import Final

from mooring.config.bodies import joined
from mooring.config.declarations.constants import MODES, read_provider_reference, read_references
from mooring.config.declarations.lifecycles import read_lifecycle
from mooring.config.declarations.provisioners import read_connection, read_provisioners
from mooring.config.model import Lifecycle, Resource
from mooring.config.names import check_name, duplicate, is_identifier
from mooring.core.addresses import Mode
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.syntax.body import Block, Body, Content, Names

_META_ARGUMENTS: Final = frozenset({"count", "for_each", "provider", "depends_on"})
_NAMES: Final[dict[Mode, Names]] = {
    "managed": Names(
        attributes=_META_ARGUMENTS,
        blocks={"lifecycle": (), "connection": (), "provisioner": ("type",), "locals": (), "_": ()},
    ),
    "data": Names(attributes=_META_ARGUMENTS, blocks={"lifecycle": (), "locals": (), "_": ()}),
    "ephemeral": Names(attributes=_META_ARGUMENTS, blocks={"lifecycle": (), "locals": (), "_": ()}),
}
_TYPE_NAMES: Final[dict[Mode, str]] = {
    "managed": "Invalid resource type name",
    "data": "Invalid data source name",
    "ephemeral": "Invalid ephemeral resource type name",
}
_RESOURCE_NAMES: Final[dict[Mode, str]] = {
    "managed": "Invalid resource name",
    "data": "Invalid data resource name",
    "ephemeral": "Invalid ephemeral resource name",
}
_NO_LIFECYCLE: Final = Lifecycle()


def read_resource(block: Block) -> tuple[Resource, Diagnostics]:
    """One resource, whatever its mode."""
    mode = MODES[block.type]
    type_, name = block.labels
    content, rest, diags = block.body.partial(_NAMES[mode])
    named = is_identifier(type_) and is_identifier(name)
    if named and not content.attributes and not content.blocks:
        return Resource(mode=mode, type=type_, name=name, body=rest, span=block.header), diags
    found: list[Diagnostic] = [*diags]
    if not named:
        found += check_name(type_, block.label_spans[0], _TYPE_NAMES[mode])
        found += check_name(name, block.label_spans[1], _RESOURCE_NAMES[mode])
    return _with_meta(block, content, rest, found), tuple(found)


def _with_meta(block: Block, content: Content, rest: Body, found: list[Diagnostic]) -> Resource:
    found += check_repetition(content)
    provider, problems = read_provider_reference(content, "provider")
    found += problems
    depends_on, problems = read_references(content, "depends_on")
    found += problems
    lifecycle, problems = _lifecycle(block, content)
    found += problems
    connection, problems = read_connection(content, "resource")
    found += problems
    provisioners, problems = read_provisioners(content.of_type("provisioner"), connection)
    found += problems
    body, problems = escaped_body(content, rest)
    found += problems
    found += reserved_blocks(content, block.type, "locals")
    count = content.attributes.get("count")
    for_each = content.attributes.get("for_each")
    return Resource(
        mode=MODES[block.type],
        type=block.labels[0],
        name=block.labels[1],
        body=body,
        count=count.expression if count is not None else None,
        for_each=for_each.expression if for_each is not None and count is None else None,
        provider=provider,
        depends_on=depends_on,
        lifecycle=lifecycle,
        provisioners=provisioners,
        span=block.header,
    )


def _lifecycle(block: Block, content: Content) -> tuple[Lifecycle, Diagnostics]:
    blocks = content.of_type("lifecycle")
    if not blocks:
        return _NO_LIFECYCLE, ()
    first, *more = blocks
    lifecycle, diags = read_lifecycle(first, block)
    repeated = (
        duplicate("Duplicate lifecycle block", "The lifecycle block", each.header, first.header)
        for each in more
    )
    return lifecycle, (*diags, *repeated)


# -- what other blocks share -----------------------------------------------------------------------


def check_repetition(content: Content) -> Diagnostics:
    """An error if a block has both `count` and `for_each`."""
    for_each = content.attributes.get("for_each")
    if for_each is None or "count" not in content.attributes:
        return ()
    detail = 'Both "count" and "for_each" say how many instances there are. Keep one of them.'
    return (error('Invalid combination of "count" and "for_each"', detail, for_each.name_span),)


def reserved_blocks(content: Content, where: str, *types: str) -> Diagnostics:
    """An error for each block whose type the language keeps for later use."""
    summary = f"Reserved block type name in {where} block"
    detail = 'The language keeps the block type "{}" for later use; it cannot stand here.'
    return tuple(
        error(summary, detail.format(block.type), block.type_span)
        for block in content.blocks
        if block.type in types
    )


def escaped_body(content: Content, rest: Body) -> tuple[Body, Diagnostics]:
    """The body together with its `_` block, whose arguments never are meta-arguments."""
    blocks = content.of_type("_")
    if not blocks:
        return rest, ()
    first, *more = blocks
    repeated = (
        duplicate("Duplicate escaping block", 'The "_" block', each.header, first.header) for each in more
    )
    return joined(rest, first.body), tuple(repeated)
