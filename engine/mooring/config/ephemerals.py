"""Where ephemeral values may not go: into what is stored."""

from __future__ import annotations

from mooring.config.model import Module, Resource
from mooring.core.diagnostics import Diagnostics, error
from mooring.core.values import EPHEMERAL, Value, has_marks, unmark
from mooring.lang.scope import Report
from mooring.schema.model import BlockSchema
from mooring.schema.types import without_write_only
from mooring.syntax.body import Names


def refuse_ephemeral(config: Value, schema: BlockSchema, resource: Resource, report: Report) -> None:
    """Reports ephemeral values in arguments of a resource that are not write-only: the state stores them."""
    if not has_marks(config) or EPHEMERAL not in unmark(config)[1]:
        return
    stored = without_write_only(config, schema).raw
    assert isinstance(stored, dict)
    content, _, _ = resource.body.partial(Names(attributes=frozenset(schema.attributes)))
    for name, value in stored.items():
        if EPHEMERAL in unmark(value)[1]:
            attribute = content.attributes.get(name)
            where = resource.span if attribute is None else attribute.expression.span
            detail = f'"{name}" is stored, and an ephemeral value exists during one run only.'
            report.add(error("Invalid use of ephemeral value", detail, where))


def check_root_outputs(root: Module) -> Diagnostics:
    """Root outputs are stored, so none of them may be ephemeral."""
    detail = "The outputs of the root module are stored, and an ephemeral value exists during one run only."
    return tuple(
        error("Ephemeral output not allowed", detail, output.span)
        for output in root.outputs.values()
        if output.ephemeral
    )
