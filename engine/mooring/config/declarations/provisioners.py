"""Reads `provisioner` and `connection` blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mooring.config.bodies import joined
from mooring.config.declarations.constants import QUOTED_KEYWORD
from mooring.config.model import Provisioner
from mooring.config.names import duplicate
from mooring.config.references import (
    CountRef,
    EachRef,
    PathRef,
    SelfRef,
    TerraformRef,
    parse_reference,
    references_in_body,
)
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.syntax.body import Block, Body, Content, Names
from mooring.syntax.nodes import Expression, Literal
from mooring.syntax.static import as_keyword

_NAMES: Final = Names(
    attributes=frozenset({"when", "on_failure"}),
    blocks={"connection": (), "_": (), "lifecycle": ()},
)
_REMOVED: Final = frozenset({"chef", "habitat", "puppet", "salt-masterless"})


def read_connection(content: Content, owner: str) -> tuple[Body | None, Diagnostics]:
    """The body of the one `connection` block of a resource or provisioner."""
    blocks = content.of_type("connection")
    if not blocks:
        return None, ()
    first, *more = blocks
    repeated = (
        duplicate("Duplicate connection block", f"A connection of this {owner}", each.header, first.header)
        for each in more
    )
    return first.body, tuple(repeated)


def read_provisioners(
    blocks: tuple[Block, ...], connection: Body | None
) -> tuple[tuple[Provisioner, ...], Diagnostics]:
    """The provisioners of a resource, in order; `connection` is the resource's, for those without one."""
    if not blocks:
        return (), ()
    read = [read_provisioner(block, connection) for block in blocks]
    return tuple(provisioner for provisioner, _ in read), tuple(diag for _, diags in read for diag in diags)


def read_provisioner(block: Block, shared: Body | None) -> tuple[Provisioner, Diagnostics]:
    """One provisioner."""
    content, rest, diags = block.body.partial(_NAMES)
    found: list[Diagnostic] = [*diags]
    found += _refuse_removed(block)
    when_destroy, problems = _choose(content, "when", ("create", "destroy"))
    found += problems
    continue_, problems = _choose(content, "on_failure", ("fail", "continue"))
    found += problems
    connection, problems = read_connection(content, "provisioner")
    found += problems
    escaped = content.of_type("_")
    body = joined(rest, escaped[0].body) if escaped else rest
    found += _refuse_reserved(content)
    used = connection if connection is not None else shared
    if when_destroy:
        found += _outside_references(body)
        found += _outside_references(used) if used is not None else ()
    provisioner = Provisioner(
        type=block.labels[0],
        body=body,
        connection=used,
        when_destroy=when_destroy,
        continue_on_failure=continue_,
        span=block.header,
    )
    return provisioner, tuple(found)


def _choose(content: Content, name: str, keywords: tuple[str, str]) -> tuple[bool, Diagnostics]:
    """Whether the second of two keywords was chosen."""
    attribute = content.attributes.get(name)
    if attribute is None:
        return False, ()
    keyword, diags = _keyword(attribute.expression)
    if keyword in keywords:
        return keyword == keywords[1], diags
    detail = f'"{name}" is one of these keywords: {" or ".join(keywords)}.'
    return False, (*diags, error(f'Invalid "{name}" keyword', detail, attribute.expression.span))


def _keyword(expression: Expression) -> tuple[str | None, Diagnostics]:
    keyword = as_keyword(expression)
    if keyword is None and type(expression) is Literal and isinstance(expression.value.raw, str):
        return expression.value.raw, (QUOTED_KEYWORD.at(expression.span),)
    return keyword, ()


def _refuse_removed(block: Block) -> Iterator[Diagnostic]:
    name = block.labels[0]
    if name in _REMOVED:
        detail = f'The language once had "{name}" and has it no more. Use "local-exec" or "remote-exec".'
        yield error(f'The "{name}" provisioner has been removed', detail, block.label_spans[0])


def _refuse_reserved(content: Content) -> Iterator[Diagnostic]:
    for block in content.of_type("lifecycle"):
        detail = 'The language keeps the block type "lifecycle" for later use; it cannot stand here.'
        yield error("Reserved block type name in provisioner block", detail, block.type_span)


def _outside_references(body: Body) -> Iterator[Diagnostic]:
    """What runs at destroy time can refer to its own instance only: all else may be gone by then."""
    detail = (
        "When this runs, what it refers to may be destroyed already. A destroy-time provisioner and its "
        "connection can refer to their own instance only: self, count.index, each.key."
    )
    for traversal in references_in_body(body):
        parsed = parse_reference(traversal)
        if isinstance(parsed, Diagnostic):
            yield parsed
        elif not isinstance(parsed[0], SelfRef | PathRef | TerraformRef | CountRef) and parsed[0] != EachRef(
            "key"
        ):
            yield error("Invalid reference from destroy provisioner", detail, traversal.span)
