"""Reads `variable` blocks."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mooring.config.declarations.conditions import read_conditions
from mooring.config.declarations.constants import (
    constant_value,
    in_native_terms,
    is_broken,
    read_flag,
    read_text,
    text_of,
)
from mooring.config.model import Condition, Variable
from mooring.config.names import check_name
from mooring.config.references import VariableRef, parse_reference
from mooring.core.conversion import Defaults, convert, with_defaults
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.types import BOOL, DYNAMIC, NUMBER, STRING, ListType, MapType, Type
from mooring.core.values import Value
from mooring.syntax.body import Block, Content, Names
from mooring.syntax.static import as_keyword, traversals

_NAMES: Final = Names(
    attributes=frozenset({"type", "default", "description", "sensitive", "ephemeral", "nullable"}),
    blocks={"validation": ()},
    verbatim=frozenset({"default", "description", "sensitive", "ephemeral", "nullable"}),
)
_LEGACY_TYPES: Final[Mapping[str, Type]] = MappingProxyType(
    {"list": ListType(DYNAMIC), "map": MapType(DYNAMIC)}
)
_RESERVED: Final = frozenset(
    {"source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"}
)

INVALID_DEFAULT: Final = "Invalid default value for variable"


def read_variable(block: Block) -> tuple[Variable, Diagnostics]:
    """One input variable."""
    content, diags = block.body.content(_NAMES)
    name = block.labels[0]
    found: list[Diagnostic] = [*diags, *_check_name(block)]
    description, problems = read_text(content, "description")
    found += problems
    type_, defaults, problems = _read_type(content)
    found += problems
    sensitive, problems = read_flag(content, "sensitive")
    found += problems
    ephemeral, problems = read_flag(content, "ephemeral")
    found += problems
    nullable, problems = read_flag(content, "nullable")
    found += problems
    default, problems = _read_default(content, type_, defaults, is_nullable=nullable is not False)
    found += problems
    validations, problems = read_conditions(content.of_type("validation"))
    found += problems
    found += _check_validations(name, validations)
    variable = Variable(
        name=name,
        type=type_,
        defaults=defaults,
        default=default,
        description=description or "",
        sensitive=sensitive or False,
        ephemeral=ephemeral or False,
        nullable=nullable is not False,
        takes_expressions="type" in content.attributes and type_ not in (STRING, NUMBER, BOOL),
        validations=validations,
        span=block.header,
    )
    return variable, tuple(found)


def _check_name(block: Block) -> Diagnostics:
    name, span = block.labels[0], block.label_spans[0]
    if name in _RESERVED:
        detail = f'"{name}" means something else inside a "module" block, so no variable can have this name.'
        return (error("Invalid variable name", detail, span),)
    return check_name(name, span, "Invalid variable name")


def _read_type(content: Content) -> tuple[Type, Defaults | None, Diagnostics]:
    attribute = content.attributes.get("type")
    if attribute is None or is_broken(attribute.expression):
        return DYNAMIC, None, ()
    from mooring.lang.type_expressions import parse_type

    expression = in_native_terms(attribute.expression)
    legacy = _LEGACY_TYPES.get(as_keyword(expression) or "")
    if legacy is not None:
        return legacy, None, ()
    quoted = text_of(expression)
    if quoted is not None and quoted not in ("string", *_LEGACY_TYPES):
        detail = f"A type is written as it is. Take the quotation marks away: {quoted}."
        return DYNAMIC, None, (error("Invalid legacy variable type hint", detail, expression.span),)
    constraint, diags = parse_type(expression)
    return constraint.type, constraint.defaults, diags


def _read_default(
    content: Content, type_: Type, defaults: Defaults | None, *, is_nullable: bool
) -> tuple[Value | None, Diagnostics]:
    attribute = content.attributes.get("default")
    if attribute is None:
        return None, ()
    value, diags = constant_value(attribute.expression)
    if value is None or diags:
        return value, diags
    span = attribute.expression.span
    if value.is_null and not is_nullable:
        detail = "The default is null, and nullable = false says that the value is never null."
        return None, (error(INVALID_DEFAULT, detail, span),)
    converted = convert(with_defaults(value, defaults) if defaults is not None else value, type_)
    if isinstance(converted, Value):
        return converted, ()
    detail = f"The default does not have the type of the variable: {converted}."
    return None, (error(INVALID_DEFAULT, detail, span),)


def _check_validations(name: str, validations: tuple[Condition, ...]) -> Diagnostics:
    detail = f"A validation of var.{name} looks at var.{name}, and this condition does not."
    return tuple(
        error("Invalid variable validation condition", detail, validation.condition.span)
        for validation in validations
        if not _refers_to(name, validation)
    )


def _refers_to(name: str, validation: Condition) -> bool:
    parsed = (parse_reference(traversal) for traversal in traversals(validation.condition))
    wanted = VariableRef(name)
    return any(not isinstance(each, Diagnostic) and each[0] == wanted for each in parsed)
