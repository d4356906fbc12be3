"""Reads `locals` and `output` blocks."""

from __future__ import annotations

from typing import Final

from mooring.config.declarations.conditions import read_conditions
from mooring.config.declarations.constants import read_flag, read_references, read_text
from mooring.config.model import Local, Output
from mooring.config.names import check_name
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.syntax.body import Block, Names

_OUTPUT: Final = Names(
    attributes=frozenset({"value", "description", "sensitive", "ephemeral", "depends_on"}),
    required=frozenset({"value"}),
    blocks={"precondition": (), "postcondition": ()},
    verbatim=frozenset({"description", "sensitive", "ephemeral"}),
)


def read_locals(block: Block) -> tuple[tuple[Local, ...], Diagnostics]:
    """The named expressions of one `locals` block, in the order of the file."""
    attributes, diags = block.body.just_attributes()
    found = list(diags)
    for attribute in attributes.values():
        found += check_name(attribute.name, attribute.name_span, "Invalid local value name")
    read = (
        Local(name=name, expression=attribute.expression, span=attribute.span)
        for name, attribute in attributes.items()
    )
    return tuple(read), tuple(found)


def read_output(block: Block) -> tuple[Output | None, Diagnostics]:
    """One output."""
    content, diags = block.body.content(_OUTPUT)
    found: list[Diagnostic] = [*diags]
    name = block.labels[0]
    found += check_name(name, block.label_spans[0], "Invalid output name")
    description, problems = read_text(content, "description")
    found += problems
    sensitive, problems = read_flag(content, "sensitive")
    found += problems
    ephemeral, problems = read_flag(content, "ephemeral")
    found += problems
    depends_on, problems = read_references(content, "depends_on")
    found += problems
    preconditions, problems = read_conditions(content.of_type("precondition"))
    found += problems
    found += [_refuse_postcondition(each) for each in content.of_type("postcondition")]
    value = content.attributes.get("value")
    if value is None:
        return None, tuple(found)
    output = Output(
        name=name,
        expression=value.expression,
        description=description or "",
        sensitive=sensitive or False,
        ephemeral=ephemeral or False,
        depends_on=depends_on,
        preconditions=preconditions,
        span=block.header,
    )
    return output, tuple(found)


def _refuse_postcondition(block: Block) -> Diagnostic:
    detail = 'An output can have preconditions only. To check its value, use a "check" block.'
    return error("Postconditions are not allowed", detail, block.header)
