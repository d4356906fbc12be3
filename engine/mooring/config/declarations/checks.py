"""Reads `check` blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mooring.config.declarations.conditions import read_condition
from mooring.config.declarations.resources import read_resource
from mooring.config.model import Check, Resource
from mooring.config.names import check_name
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.spans import Span
from mooring.syntax.body import Block, Names

_NAMES: Final = Names(blocks={"data": ("type", "name"), "assert": ()})
_META: Final = Names(attributes=frozenset({"count", "for_each"}), blocks={"lifecycle": ()})


def read_check(block: Block) -> tuple[Check | None, Diagnostics]:
    """One check: its assertions, and the data source that only it reads."""
    content, diags = block.body.content(_NAMES)
    found: list[Diagnostic] = [*diags]
    found += check_name(block.labels[0], block.label_spans[0], "Invalid check block name")
    data, problems = _read_data(content.of_type("data"))
    found += problems
    read = [read_condition(each) for each in content.of_type("assert")]
    found += (diag for _, problems in read for diag in problems)
    assertions = tuple(condition for condition, problems in read if condition is not None and not problems)
    if not assertions:
        detail = "A check without an assert block checks nothing."
        found.append(error("Zero assert blocks", detail, block.header))
    return Check(name=block.labels[0], assertions=assertions, data=data, span=block.header), tuple(found)


def _read_data(blocks: tuple[Block, ...]) -> tuple[Resource | None, Diagnostics]:
    found: list[Diagnostic] = []
    read: list[Resource] = []
    first: Span | None = None
    for block in blocks:
        resource, problems = read_resource(block)
        refused = tuple(_refuse_meta(block))
        found += (*problems, *refused)
        if refused:
            continue
        if first is None:
            first = block.header
            read.append(resource)
        else:
            detail = f"A check can read one data source, and this one has that at {first} already."
            found.append(error("Multiple data resource blocks", detail, block.header))
    return (read[0] if read else None), tuple(found)


def _refuse_meta(block: Block) -> Iterator[Diagnostic]:
    content, _, _ = block.body.partial(_META)
    for name in ("count", "for_each"):
        attribute = content.attributes.get(name)
        if attribute is not None:
            detail = "The data source of a check has one instance always."
            yield error(f'Invalid "{name}" attribute', detail, attribute.name_span)
    for lifecycle in content.blocks:
        detail = "The data source of a check has no lifecycle of its own."
        yield error("Invalid lifecycle block", detail, lifecycle.header)
