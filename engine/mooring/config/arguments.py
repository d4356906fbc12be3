"""Which line of the files sets an attribute: from a path inside an object to a place in its block."""

from __future__ import annotations

from mooring.config.model import Module, Resource
from mooring.core.addresses import InstanceAddress, ResourceAddress, module_path
from mooring.core.diagnostics import Diagnostic
from mooring.core.paths import Attr, Path
from mooring.core.spans import Span
from mooring.syntax.body import Block, Body, Names
from mooring.syntax.nodes import Expression, Literal, ObjectConstructor, Traversal, TupleConstructor


def resource_block(root: Module, address: ResourceAddress) -> Resource | None:
    """The block that a resource comes from; None if it is not in the configuration."""
    module = root.descendant(module_path(address.module))
    return None if module is None else module.resources.get((address.mode, address.type, address.name))


def placed(diag: Diagnostic, body: Body | None, header: Span | None) -> Diagnostic:
    """A provider's diagnostic in the files: at the argument that its path leads to, else at the header."""
    argument = _in_body(body, diag.path) if body is not None else None
    return diag.at(argument, header) if argument is not None else diag.at(header)


def placed_in(diag: Diagnostic, root: Module, address: InstanceAddress, header: Span | None) -> Diagnostic:
    """The same in the block of an instance, which may be gone, and with the instance's address."""
    resource = resource_block(root, address.resource)
    return placed(diag.of(str(address)), resource.body if resource is not None else None, header)


def place_of(resource: Resource, path: Path) -> Span | None:
    """Where the block sets the part of its object at `path`; None if it does not."""
    return _in_body(resource.body, path)


def _in_body(body: Body, path: Path) -> Span | None:
    if not path or not isinstance(path[0], Attr):
        return None
    name, rest = path[0].name, path[1:]
    content, _, _ = body.partial(Names(attributes=frozenset({name})))
    attribute = content.attributes.get(name)
    if attribute is not None:
        return _in_expression(attribute.expression, rest) or attribute.span
    return _in_blocks(body, name, rest)


def _in_blocks(body: Body, name: str, path: Path) -> Span | None:
    content, _, _ = body.partial(Names(blocks={name: (), "dynamic": ("type",)}))
    blocks = [block for block in content.blocks if block.type == name]
    if not blocks:
        generated = [block for block in content.blocks if block.type == "dynamic" and block.labels == (name,)]
        return generated[0].header if generated else None
    block, rest = _chosen(blocks, path)
    return _in_body(block.body, rest) or block.header


def _chosen(blocks: list[Block], path: Path) -> tuple[Block, Path]:
    """The block that the first step of a path leads into, and what is left of the path."""
    if not path or isinstance(path[0], Attr):
        return blocks[0], path
    key = path[0].key
    is_there = isinstance(key, int) and key < len(blocks)
    return (blocks[key], path[1:]) if is_there and isinstance(key, int) else (blocks[0], path[1:])


def _in_expression(expression: Expression, path: Path) -> Span | None:
    """The part of an object or tuple constructor that a path leads to."""
    if not path:
        return None
    step = path[0]
    key = step.name if isinstance(step, Attr) else step.key
    if isinstance(expression, ObjectConstructor):
        for item in expression.items:
            if _key_text(item.key) == key:
                return _in_expression(item.value, path[1:]) or item.key.span.to(item.value.span)
    if isinstance(expression, TupleConstructor) and isinstance(key, int) and key < len(expression.elements):
        element = expression.elements[key]
        return _in_expression(element, path[1:]) or element.span
    return None


def _key_text(key: Expression) -> str | None:
    if isinstance(key, Traversal) and not key.steps:
        return key.root
    if isinstance(key, Literal) and isinstance(key.value.raw, str):
        return key.value.raw
    return None
