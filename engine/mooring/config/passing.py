"""What a module call passes to a variable: an argument's value in the form that the variable wants. Pure."""

from __future__ import annotations

from mooring.config.ephemerals import refuse_argument
from mooring.config.model import Variable
from mooring.core.addresses import ModuleInstance, format_module
from mooring.core.conversion import Mismatch, convert, with_defaults
from mooring.core.diagnostics import error
from mooring.core.values import Value
from mooring.lang.cells import Failed
from mooring.lang.scope import Report
from mooring.syntax.nodes import Expression


def passed(
    value: Value, variable: Variable, module: ModuleInstance, *, argument: Expression, report: Report
) -> Value:
    """The value that a variable of a module instance has for an argument. Raises `Failed` after reporting."""
    if value.is_null and variable.default is not None and not variable.nullable:
        return variable.default
    name = f"{format_module(module, '.')}var.{variable.name}"
    if variable.defaults is not None:
        value = with_defaults(value, variable.defaults)
    converted = convert(value, variable.type)
    if isinstance(converted, Mismatch):
        detail = f"The given value does not fit {name}, declared at {variable.span}: {converted}."
        report.add(error("Invalid value for input variable", detail, argument.span))
        raise Failed
    if converted.is_null and not variable.nullable:
        detail = f"The given value is null, which {name}, declared at {variable.span}, does not allow."
        report.add(error("Required variable not set", detail, argument.span))
        raise Failed
    refuse_argument(converted, variable, argument, report)
    return converted
