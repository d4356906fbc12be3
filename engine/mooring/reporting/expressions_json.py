"""Expressions in the JSON form of a configuration: a constant value, or the references in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mooring.config.declarations.constants import constant_value
from mooring.core.addresses import quote
from mooring.core.codec import Json
from mooring.reporting.values_json import content
from mooring.schema.model import BlockSchema, Nesting
from mooring.syntax.body import Block, Body, Names
from mooring.syntax.nodes import AttrStep, Expression, Traversal, TraversalStep
from mooring.syntax.static import function_calls, traversals

_STEPS_OF_NAMES = {"data": 2, "ephemeral": 2, "self": 0}


def expression_json(expression: Expression) -> dict[str, Json]:
    """`constant_value`, `references`, or neither where functions are called on constants."""
    found = list(references(traversals(expression)))
    if found:
        return {"references": found}
    if next(function_calls(expression), None) is not None:
        return {}
    value, _ = constant_value(expression)
    return {} if value is None else {"constant_value": content(value)}


def references(found: Iterable[Traversal]) -> Iterator[str]:
    """Each reference from its full length down to the name that is declared somewhere."""
    for traversal in found:
        root, steps = traversal.root, traversal.steps
        if root == "resource" and steps and isinstance(steps[0], AttrStep):
            root, steps = steps[0].name, steps[1:]
        named = _STEPS_OF_NAMES.get(root, 1)
        for length in range(len(steps), min(named, len(steps)) - 1, -1):
            yield _text(root, steps[:length])


def _text(root: str, steps: Iterable[TraversalStep]) -> str:
    text = root
    for step in steps:
        if isinstance(step, AttrStep):
            text += f".{step.name}"
        else:
            raw = step.key.raw
            text += f"[{quote(raw)}]" if isinstance(raw, str) else f"[{raw}]"
    return text


def body_json(body: Body, schema: BlockSchema) -> dict[str, Json]:
    """The expressions of a body, as its schema names them."""
    labels = {
        name: ("key",) if nested.nesting is Nesting.MAP else () for name, nested in schema.blocks.items()
    }
    content_, _, _ = body.partial(Names(attributes=frozenset(schema.attributes), blocks=labels))
    form: dict[str, Json] = {
        name: expression_json(content_.attributes[name].expression) for name in sorted(content_.attributes)
    }
    for name in sorted(schema.blocks):
        blocks = content_.of_type(name)
        if blocks:
            form[name] = _blocks_json(blocks, schema.blocks[name].block, schema.blocks[name].nesting)
    return form


def _blocks_json(blocks: tuple[Block, ...], schema: BlockSchema, nesting: Nesting) -> Json:
    if nesting in {Nesting.SINGLE, Nesting.GROUP}:
        return body_json(blocks[0].body, schema)
    if nesting is Nesting.MAP:
        return {block.labels[0]: body_json(block.body, schema) for block in blocks if block.labels}
    return [body_json(block.body, schema) for block in blocks]
