"""Where ephemeral values may not go: into what is stored."""

from __future__ import annotations

from typing import Final

from mooring.config.model import Module, Resource, Variable
from mooring.core.diagnostics import Diagnostics, error
from mooring.core.values import EPHEMERAL, Value, has_marks, unmark
from mooring.lang.scope import Report
from mooring.schema.model import BlockSchema
from mooring.schema.types import without_write_only
from mooring.syntax.body import Names
from mooring.syntax.nodes import Expression

EPHEMERAL_NOT_ALLOWED: Final = "Ephemeral value not allowed"


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


def refuse_argument(value: Value, variable: Variable, argument: Expression, report: Report) -> None:
    """Reports an ephemeral value for a variable of a called module that does not take any."""
    if not variable.ephemeral and has_marks(value) and EPHEMERAL in unmark(value)[1]:
        detail = (
            f"The value comes from something ephemeral, which exists during one run only, and var."
            f'{variable.name} is not declared for that. If the module may have it, add "ephemeral = true" to '
            f"the variable, at {variable.span}."
        )
        report.add(error(EPHEMERAL_NOT_ALLOWED, detail, argument.span))


def check_root_outputs(root: Module) -> Diagnostics:
    """Root outputs are stored, so none of them may be ephemeral."""
    detail = "The outputs of the root module are stored, and an ephemeral value exists during one run only."
    return tuple(
        error("Ephemeral output not allowed", detail, output.span)
        for output in root.outputs.values()
        if output.ephemeral
    )
