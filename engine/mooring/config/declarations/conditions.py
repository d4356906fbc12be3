"""Reads `validation`, `precondition`, `postcondition` and `assert` blocks."""

from __future__ import annotations

from typing import Final

from mooring.config.model import Condition
from mooring.core.diagnostics import Diagnostics, error
from mooring.syntax.body import Block, Names
from mooring.syntax.static import traversals

_NAMES: Final = Names(
    attributes=frozenset({"condition", "error_message"}), required=frozenset({"condition", "error_message"})
)


def read_condition(block: Block) -> tuple[Condition | None, Diagnostics]:
    """One condition; it must refer to something, or it would check nothing."""
    content, diags = block.body.content(_NAMES)
    condition = content.attributes.get("condition")
    message = content.attributes.get("error_message")
    if condition is not None and not any(True for _ in traversals(condition.expression)):
        detail = "The condition refers to nothing, so its result would always be the same."
        summary = f"Invalid {block.type} expression"
        diags = (*diags, error(summary, detail, condition.expression.span))
    if condition is None or message is None:
        return None, diags
    read = Condition(condition=condition.expression, error_message=message.expression, span=block.header)
    return read, diags


def read_conditions(blocks: tuple[Block, ...]) -> tuple[tuple[Condition, ...], Diagnostics]:
    """Those of some blocks that have a condition and a message."""
    if not blocks:
        return (), ()
    read = [read_condition(block) for block in blocks]
    conditions = tuple(condition for condition, _ in read if condition is not None)
    return conditions, tuple(diag for _, diags in read for diag in diags)
