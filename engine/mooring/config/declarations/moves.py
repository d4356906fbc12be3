"""Reads `moved`, `removed` and `import` blocks: what happened to objects that the state knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mooring.config.declarations.constants import (
    PLAIN_REFERENCE,
    in_native_terms,
    read_flag,
    read_provider_reference,
)
from mooring.config.declarations.provisioners import read_connection, read_provisioner
from mooring.config.model import Import, Moved, Provisioner, Removed
from mooring.config.names import duplicate
from mooring.config.targets import Target, parse_target
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.syntax.body import Block, Content, Names
from mooring.syntax.nodes import AttrStep, Expression, IndexExpression, RelativeTraversal, Traversal
from mooring.syntax.static import as_traversal

_MOVED: Final = Names(attributes=frozenset({"from", "to"}), required=frozenset({"from", "to"}))
_REMOVED: Final = Names(
    attributes=frozenset({"from"}),
    required=frozenset({"from"}),
    blocks={"lifecycle": (), "provisioner": ("type",), "connection": ()},
)
_REMOVED_LIFECYCLE: Final = Names(attributes=frozenset({"destroy"}))
_IMPORT: Final = Names(
    attributes=frozenset({"to", "id", "for_each", "provider"}), required=frozenset({"to", "id"})
)


def _read_address(content: Content, name: str) -> tuple[Traversal | None, Target | None, Diagnostics]:
    """The address that an argument gives, as it is written and what it names."""
    attribute = content.attributes.get(name)
    if attribute is None:
        return None, None, ()
    traversal = as_traversal(attribute.expression)
    if traversal is None:
        return None, None, (error("Invalid expression", PLAIN_REFERENCE, attribute.expression.span),)
    target = parse_target(traversal)
    if isinstance(target, Diagnostic):
        return traversal, None, (target,)
    return traversal, target, ()


# -- moved ---------------------------------------------------------------------------------------


def read_moved(block: Block) -> tuple[Moved | None, Diagnostics]:
    """One move."""
    content, diags = block.body.content(_MOVED)
    source, source_target, problems = _read_address(content, "from")
    destination, destination_target, more = _read_address(content, "to")
    found = (*diags, *problems, *more)
    if source is None or destination is None or source_target is None or destination_target is None:
        return None, found
    if source_target.is_module != destination_target.is_module:
        detail = (
            'A resource can only become a resource, and a module a module: "from" and "to" are not alike.'
        )
        return None, (*found, error('Invalid "moved" addresses', detail, block.header))
    return Moved(from_address=source, to_address=destination, span=block.header), found


# -- removed -------------------------------------------------------------------------------------


def read_removed(block: Block) -> tuple[Removed | None, Diagnostics]:
    """One resource or module that the configuration has no more."""
    content, diags = block.body.content(_REMOVED)
    found: list[Diagnostic] = [*diags]
    address, target, problems = _read_address(content, "from")
    found += problems
    if target is not None:
        found += _refuse_keys(target)
    destroy, problems = _read_destroy(content)
    found += problems
    provisioners, problems = _read_provisioners(content, target)
    found += problems
    if address is None or target is None:
        return None, tuple(found)
    removed = Removed(from_address=address, destroy=destroy, provisioners=provisioners, span=block.header)
    return removed, tuple(found)


def _refuse_keys(target: Target) -> Iterator[Diagnostic]:
    if target.mode == "data":
        detail = "Data sources are only read, never removed. Take this block away."
        yield error("Data source address not allowed", detail, target.span)
    elif target.module_key_span is not None:
        detail = "All instances of a module are removed together. Name the module without a key."
        yield error("Module instance keys not allowed", detail, target.module_key_span)
    elif target.key_span is not None:
        detail = "All instances of a resource are removed together. Name the resource without a key."
        yield error("Resource instance keys not allowed", detail, target.key_span)


def _read_destroy(content: Content) -> tuple[bool, Diagnostics]:
    blocks = content.of_type("lifecycle")
    if not blocks:
        return True, ()
    first, *more = blocks
    lifecycle, diags = first.body.content(_REMOVED_LIFECYCLE)
    destroy, problems = read_flag(lifecycle, "destroy")
    repeated = (
        duplicate("Duplicate lifecycle block", "The lifecycle block", each.header, first.header)
        for each in more
    )
    return destroy is not False, (*diags, *problems, *repeated)


def _read_provisioners(
    content: Content, target: Target | None
) -> tuple[tuple[Provisioner, ...], Diagnostics]:
    connection, diags = read_connection(content, "block")
    found: list[Diagnostic] = [*diags]
    read: list[Provisioner] = []
    for block in content.of_type("provisioner"):
        provisioner, problems = read_provisioner(block, connection)
        found += problems
        if not provisioner.when_destroy:
            detail = (
                "What is removed is not created any more: only provisioners with when = destroy make sense."
            )
            found.append(error("Invalid provisioner block", detail, block.header))
        elif target is not None and (target.is_module or target.mode != "managed"):
            detail = "Only a managed resource that is removed can have provisioners."
            found.append(error("Invalid provisioner block", detail, block.header))
        else:
            read.append(provisioner)
    return tuple(read), tuple(found)


# -- import --------------------------------------------------------------------------------------


def read_import(block: Block) -> tuple[Import | None, Diagnostics]:
    """One object to take over."""
    content, diags = block.body.content(_IMPORT)
    found: list[Diagnostic] = [*diags]
    to, id_ = content.attributes.get("to"), content.attributes.get("id")
    if to is not None:
        problems = _check_import_target(to.expression)
        found += problems
        if problems or _is_data(to.expression):
            found.append(error("Invalid import address", "Only managed resources can be imported.", to.span))
    provider, problems = read_provider_reference(content, "provider")
    found += problems
    if to is None or id_ is None:
        return None, tuple(found)
    for_each = content.attributes.get("for_each")
    read = Import(
        to=in_native_terms(to.expression),
        id=id_.expression,
        for_each=for_each.expression if for_each is not None else None,
        provider=provider,
        span=block.header,
    )
    return read, tuple(found)


def without_keys(expression: Expression) -> Traversal | None:
    """The address of an `import` with its indexes left out, evaluated ones too; None if it is no address."""
    match expression:
        case Traversal(root, root_span, steps, span):
            return Traversal(
                root, root_span, tuple(step for step in steps if isinstance(step, AttrStep)), span
            )
        case IndexExpression(collection, _, span):
            inner = without_keys(collection)
            return Traversal(inner.root, inner.root_span, inner.steps, span) if inner is not None else None
        case RelativeTraversal(source, steps, span):
            inner = without_keys(source)
            named = tuple(step for step in steps if isinstance(step, AttrStep))
            return (
                Traversal(inner.root, inner.root_span, inner.steps + named, span)
                if inner is not None
                else None
            )
        case _:
            return None


def _check_import_target(expression: Expression) -> Diagnostics:
    traversal = as_traversal(expression) or without_keys(expression)
    if traversal is None:
        return (error("Invalid expression", PLAIN_REFERENCE, expression.span),)
    target = parse_target(traversal)
    if isinstance(target, Diagnostic):
        return (target,)
    if target.is_module:
        detail = "A module cannot be imported. Name a resource inside it."
        return (error("Invalid address", detail, traversal.span),)
    return ()


def _is_data(expression: Expression) -> bool:
    traversal = as_traversal(expression) or without_keys(expression)
    target = parse_target(traversal) if traversal is not None else None
    return isinstance(target, Target) and target.mode == "data"
