"""What can be said of a block's body from its schema alone, before anything is evaluated.

Owns names, required arguments, numbers of blocks and `dynamic` blocks, and where references in a body lead
into a resource's attributes. Types of values are the evaluation's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mooring.config.names import did_you_mean
from mooring.core.diagnostics import Diagnostic, error
from mooring.core.types import DYNAMIC, Primitive
from mooring.schema.model import BlockSchema, NestedBlock, Nesting
from mooring.syntax.body import Block, Body, Content, Names
from mooring.syntax.nodes import AttrStep, Expression, Traversal, TraversalStep
from mooring.syntax.static import as_keyword, traversals

DYNAMIC_BLOCK: Final = "dynamic"
_DYNAMIC_NAMES: Final = Names(
    attributes=frozenset({"for_each", "iterator", "labels"}),
    required=frozenset({"for_each"}),
    blocks={"content": ()},
)
_NO_NAMES: Final[frozenset[str]] = frozenset()


@dataclass(slots=True)
class BodyFindings:
    """What a walk through one body found: references to what is outside of it, and problems."""

    references: list[Traversal]
    diagnostics: list[Diagnostic]


class SchemaNames:
    """The names that schemas stand for, made once for each. Private to one run of the checks."""

    def __init__(self) -> None:
        self._made: Final[dict[int, tuple[BlockSchema, Names]]] = {}

    def of(self, schema: BlockSchema) -> Names:
        """The names to read a body of this schema with, `dynamic` blocks included."""
        made = self._made.get(id(schema))
        if made is None:
            made = schema, _names(schema)  # the schema is kept, so that its id stays its own
            self._made[id(schema)] = made
        return made[1]


def _names(schema: BlockSchema) -> Names:
    labels: dict[str, tuple[str, ...]] = {
        name: ("key",) if nested.nesting is Nesting.MAP else () for name, nested in schema.blocks.items()
    }
    required = {name for name, attribute in schema.attributes.items() if attribute.required}
    return Names(
        attributes=frozenset(schema.attributes),
        required=frozenset(required),
        blocks={**labels, DYNAMIC_BLOCK: ("type",)},
    )


def walk_body(
    body: Body,
    schema: BlockSchema,
    names: SchemaNames,
    into: BodyFindings,
    iterators: frozenset[str] = _NO_NAMES,
) -> None:
    """Checks a body and everything nested in it; `iterators` are names of the `dynamic` blocks around it."""
    content, diags = body.content(names.of(schema))
    if diags:
        into.diagnostics += diags
    for attribute in content.attributes.values():
        _collect(attribute.expression, iterators, into)
    if content.blocks or schema.blocks:
        _walk_blocks(content, schema, names, into, iterators)


def _collect(expression: Expression, iterators: frozenset[str], into: BodyFindings) -> None:
    found = traversals(expression)
    if iterators:
        into.references += (traversal for traversal in found if traversal.root not in iterators)
    else:
        into.references += found


def _walk_blocks(
    content: Content,
    schema: BlockSchema,
    names: SchemaNames,
    into: BodyFindings,
    iterators: frozenset[str],
) -> None:
    generated: set[str] = set()
    for block in content.blocks:
        if block.type != DYNAMIC_BLOCK:
            walk_body(block.body, schema.blocks[block.type].block, names, into, iterators)
            continue
        nested = schema.blocks.get(block.labels[0])
        generated.add(block.labels[0])
        if nested is None:
            into.diagnostics.append(_unsupported_dynamic(block, schema))
        else:
            _walk_dynamic(block, nested, names, into, iterators)
    for name, nested in schema.blocks.items():
        into.diagnostics += _check_number(name, nested, content, is_generated=name in generated)


# -- dynamic blocks ------------------------------------------------------------------------------


def _walk_dynamic(
    block: Block,
    nested: NestedBlock,
    names: SchemaNames,
    into: BodyFindings,
    iterators: frozenset[str],
) -> None:
    content, diags = block.body.content(_DYNAMIC_NAMES)
    into.diagnostics += diags
    for name, attribute in content.attributes.items():
        if name == "for_each":
            _collect(attribute.expression, iterators, into)
    iterator = content.attributes.get("iterator")
    inner = iterators | {_iterator_name(block, iterator.expression if iterator else None, into)}
    labels = content.attributes.get("labels")
    if labels is not None:
        _collect(labels.expression, inner, into)
    bodies = content.of_type("content")
    if not bodies:
        detail = 'A "dynamic" block has a "content" block: the body of each block that it makes.'
        into.diagnostics.append(error("Missing dynamic content block", detail, content.missing_item))
    for extra in bodies[1:]:
        detail = 'A "dynamic" block has one "content" block.'
        into.diagnostics.append(error("Extraneous dynamic content block", detail, extra.header))
    for each in bodies[:1]:
        walk_body(each.body, nested.block, names, into, inner)


def _iterator_name(block: Block, expression: Expression | None, into: BodyFindings) -> str:
    if expression is None:
        return block.labels[0]
    name = as_keyword(expression)
    if name is None:
        detail = "The iterator is the name that stands for the current element: a single word."
        into.diagnostics.append(error("Invalid dynamic iterator name", detail, expression.span))
    return name or block.labels[0]


def _unsupported_dynamic(block: Block, schema: BlockSchema) -> Diagnostic:
    name = block.labels[0]
    detail = f'A block of type "{name}" is not expected here.{did_you_mean(name, schema.blocks)}'
    return error("Unsupported block type", detail, block.label_spans[0])


# -- numbers of blocks ---------------------------------------------------------------------------


def _check_number(
    name: str, nested: NestedBlock, content: Content, *, is_generated: bool
) -> Iterator[Diagnostic]:
    """Errors for too many or too few blocks of a type; what `dynamic` makes is not counted."""
    blocks = content.of_type(name)
    if nested.nesting in (Nesting.SINGLE, Nesting.GROUP):
        for extra in blocks[1:]:
            detail = f'There can be one "{name}" block, and it stands at {blocks[0].header}.'
            yield error(f"Duplicate {name} block", detail, extra.header)
        if nested.min_items and not blocks and not is_generated:
            yield error(f"Missing {name} block", f'A "{name}" block is required here.', content.missing_item)
        return
    if nested.nesting is Nesting.MAP:
        yield from _check_keys(name, blocks)
    if len(blocks) < nested.min_items and not is_generated:
        detail = f'At least {nested.min_items} "{name}" blocks are required here.'
        yield error(f"Insufficient {name} blocks", detail, content.missing_item)
    if 0 < nested.max_items < len(blocks):
        detail = f'There can be {nested.max_items} "{name}" blocks at most.'
        yield error(f"Too many {name} blocks", detail, blocks[nested.max_items].header)


def _check_keys(name: str, blocks: tuple[Block, ...]) -> Iterator[Diagnostic]:
    first: dict[str, Block] = {}
    for block in blocks:
        same = first.setdefault(block.labels[0], block)
        if same is not block:
            detail = f'A "{name}" block "{block.labels[0]}" stands at {same.header} already.'
            yield error(f"Duplicate {name} block", detail, block.header)


# -- references into objects -----------------------------------------------------------------------


def check_steps(steps: tuple[TraversalStep, ...], schema: BlockSchema) -> Diagnostic | None:
    """An error if steps into an object of this schema lead nowhere; None where only evaluation can tell."""
    if not steps:
        return None
    step, *rest = steps
    name = step.name if isinstance(step, AttrStep) else step.key.raw
    if not isinstance(name, str):
        return None
    attribute = schema.attributes.get(name)
    if attribute is not None:
        return _check_attribute_steps(tuple(rest), attribute.type)
    nested = schema.blocks.get(name)
    if nested is None:
        known = [*schema.attributes, *schema.blocks]
        detail = f'There is no argument, block or result of the name "{name}".{did_you_mean(name, known)}'
        return error("Unsupported attribute", detail, step.span)
    if nested.nesting in (Nesting.SINGLE, Nesting.GROUP):
        return check_steps(tuple(rest), nested.block)
    if rest and nested.nesting is not Nesting.SET and not isinstance(rest[0], AttrStep):
        return check_steps(tuple(rest[1:]), nested.block)
    return None


def _check_attribute_steps(steps: tuple[TraversalStep, ...], kind: object) -> Diagnostic | None:
    """What has no parts has no attributes and no indices."""
    if not steps or not isinstance(kind, Primitive) or kind is DYNAMIC:
        return None
    if isinstance(steps[0], AttrStep):
        return error("Unsupported attribute", f"A {kind.value} has no attributes.", steps[0].span)
    return error("Invalid index", f"A {kind.value} has no elements.", steps[0].span)
