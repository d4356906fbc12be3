"""How long an operation may take: what the type says, or the `timeouts` block of the object.

A provider offers the block by putting `TIMEOUTS` among the blocks of a type. Its texts are durations as Go
writes them, which is what Terraform's providers take: `30m`, `1h30m`.
"""

from __future__ import annotations

from typing import Final

from mooring.core.durations import parse_duration
from mooring.core.records import replace
from mooring.core.types import STRING
from mooring.core.values import Value
from mooring.schema.model import Attribute, BlockSchema, NestedBlock, Nesting, ResourceSchema, Timeouts

BLOCK: Final = "timeouts"
OPERATIONS: Final = ("create", "read", "update", "delete")
TIMEOUTS: Final = NestedBlock(
    nesting=Nesting.SINGLE,
    max_items=1,
    block=BlockSchema(
        attributes={
            operation: Attribute(
                type=STRING, optional=True, description=f"How long a {operation} may take: `30m`, `1h30m`."
            )
            for operation in OPERATIONS
        },
        description="How long operations may take.",
    ),
)


def timeouts_of(schema: ResourceSchema, value: Value | None) -> Timeouts:
    """The type's timeouts, with those that an object or a configuration names in their places."""
    if value is None or value.is_null or BLOCK not in schema.block.blocks:
        return schema.timeouts
    given = value.attributes[BLOCK]
    if given.is_null or not given.is_known:
        return schema.timeouts
    lengths = {operation: seconds_of(given.attributes[operation]) for operation in OPERATIONS}
    return replace(
        schema.timeouts, **{name: length for name, length in lengths.items() if length is not None}
    )


def seconds_of(text: Value) -> float | None:
    """The length that a text names; None for one that is null, unknown, or no length."""
    if text.is_null or not text.is_known:
        return None
    length = parse_duration(text.text)
    return float(length) if length is not None and length > 0 else None
