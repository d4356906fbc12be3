"""Everything about a schema that decoding asks for again and again, worked out once.

A `BlockPlan` is made once per resource type and kept by whoever decodes (the planner, per run). Must not
know bodies or expressions.
"""

from __future__ import annotations

from collections.abc import Mapping

from mooring.core.records import record
from mooring.core.types import ObjectType, Type
from mooring.core.values import Value
from mooring.schema.model import Attribute, BlockSchema, NestedBlock, Nesting
from mooring.schema.types import (
    absent_blocks,
    empty_object,
    has_flag,
    is_sensitive,
    is_write_only,
    nested_type,
    object_type,
)
from mooring.syntax.body import Names


@record(kw_only=True, eq=False)
class NestedPlan:
    """A nested block type: its plan, the type of its collection, what stands for none of it."""

    schema: NestedBlock
    plan: BlockPlan
    type: Type
    absent: Value


@record(kw_only=True, eq=False)
class BlockPlan:
    """A schema, worked out: object type, empty object, the names a body may hold.

    `watched` are the attributes of which decoding checks more than the type: required or deprecated ones.
    """

    block: BlockSchema
    type: ObjectType
    empty: Value
    names: Names
    types: Mapping[str, Type]
    watched: Mapping[str, Attribute]
    nested: Mapping[str, NestedPlan]
    has_sensitive: bool
    has_write_only: bool


def plan_block(block: BlockSchema) -> BlockPlan:
    """The plan of a schema."""
    attributes = block.attributes
    return BlockPlan(
        block=block,
        type=object_type(block),
        empty=empty_object(block),
        names=_names(block),
        types={name: attribute.type for name, attribute in attributes.items()},
        watched={name: each for name, each in attributes.items() if each.required or each.deprecated},
        nested={name: _plan_nested(nested) for name, nested in block.blocks.items()},
        has_sensitive=has_flag(block, is_sensitive),
        has_write_only=has_flag(block, is_write_only),
    )


def _plan_nested(nested: NestedBlock) -> NestedPlan:
    return NestedPlan(
        schema=nested, plan=plan_block(nested.block), type=nested_type(nested), absent=absent_blocks(nested)
    )


def _names(block: BlockSchema) -> Names:
    """`dynamic` is always understood, so that one for an unknown block type is reported as such."""
    labels: dict[str, tuple[str, ...]] = {"dynamic": ("type",)}
    for name, nested in block.blocks.items():
        labels[name] = ("key",) if nested.nesting is Nesting.MAP else ()
    return Names(
        attributes=frozenset(block.attributes),
        required=frozenset(name for name, each in block.attributes.items() if each.required),
        blocks=labels,
    )
