"""Reads `override_resource`, `override_data` and `override_module` blocks."""

from __future__ import annotations

from typing import Final

from mooring.config.declarations.constants import constant_value, is_broken, reference_or_quoted
from mooring.config.names import duplicate
from mooring.config.targets import Target, parse_target
from mooring.config.test_files.model import Override, OverrideKind
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.types import MapType, ObjectType
from mooring.core.values import EMPTY_OBJECT_VALUE, Value
from mooring.syntax.body import Block, Content, Names
from mooring.syntax.static import as_keyword

DURING: Final = "override_during"
OVERRIDES: Final[dict[str, OverrideKind]] = {
    "override_resource": "resource",
    "override_data": "data",
    "override_module": "module",
}
_WANTED: Final = {"resource": "resources", "data": "data sources", "module": "modules"}


def read_overrides(
    blocks: tuple[Block, ...], *, during_plan: bool = False
) -> tuple[tuple[Override, ...], Diagnostics]:
    """The overrides among some blocks; two of one kind and target are an error."""
    read: dict[tuple[str, str], Override] = {}
    found: list[Diagnostic] = []
    for block in blocks:
        if block.type not in OVERRIDES:
            continue
        override, diags = _read_override(block, during_plan=during_plan)
        found += diags
        if override is None:
            continue
        first = read.setdefault((block.type, str(override.target)), override)
        if first is not override:
            what = f"Something that stands in for {override.target}"
            found.append(duplicate(f"Duplicate {block.type} block", what, block.header, first.span))
    return tuple(read.values()), tuple(found)


def _read_override(block: Block, *, during_plan: bool) -> tuple[Override | None, Diagnostics]:
    kind = OVERRIDES[block.type]
    argument = "outputs" if kind == "module" else "values"
    content, diags = block.body.content(Names(attributes=frozenset({"target", argument, DURING})))
    values, problems = read_values(content, argument)
    during, more = read_during(content, default=during_plan)
    found: list[Diagnostic] = [*diags, *problems, *more]
    target, problems = _read_target(content, block, kind)
    found += problems
    if target is None:
        return None, tuple(found)
    override = Override(kind=kind, target=target, values=values, during_plan=during, span=block.header)
    return override, tuple(found)


def _read_target(content: Content, block: Block, kind: OverrideKind) -> tuple[Target | None, Diagnostics]:
    attribute = content.attributes.get("target")
    if attribute is None:
        detail = f'A {block.type} block says with "target" what it stands in for.'
        return None, (error("Missing target attribute", detail, block.header),)
    traversal, diags = reference_or_quoted(attribute.expression)
    if traversal is None:
        return None, diags
    target = parse_target(traversal)
    if isinstance(target, Diagnostic):
        return None, (*diags, target)
    named: OverrideKind = "module" if target.is_module else "data" if target.mode == "data" else "resource"
    if named == kind:
        return target, diags
    detail = f"An {block.type} block stands in for {_WANTED[kind]}; {target} is none."
    return None, (*diags, error("Invalid override target", detail, attribute.span))


def read_values(content: Content, argument: str) -> tuple[Value, Diagnostics]:
    """The constant object of an argument; an empty one if it is not there or wrong."""
    attribute = content.attributes.get(argument)
    if attribute is None or is_broken(attribute.expression):
        return EMPTY_OBJECT_VALUE, ()
    value, diags = constant_value(attribute.expression)
    if value is None:
        return EMPTY_OBJECT_VALUE, diags
    if isinstance(value.type, ObjectType | MapType) and type(value.raw) is dict:
        return value, diags
    detail = f'"{argument}" takes an object written out: {argument} = {{ NAME = VALUE }}.'
    return EMPTY_OBJECT_VALUE, (*diags, error(f"Invalid {argument} attribute", detail, attribute.span))


def read_during(content: Content, *, default: bool) -> tuple[bool, Diagnostics]:
    """Whether values are known to the plan already: `override_during`."""
    attribute = content.attributes.get(DURING)
    if attribute is None:
        return default, ()
    word = as_keyword(attribute.expression)
    if word in {"plan", "apply"}:
        return word == "plan", ()
    detail = f'"{DURING}" is plan or apply, without quotation marks.'
    return default, (error("Invalid override_during value", detail, attribute.span),)
