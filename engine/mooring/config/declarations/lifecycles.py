"""Reads `lifecycle` blocks of resources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mooring.config.declarations.conditions import read_conditions
from mooring.config.declarations.constants import (
    MODES,
    expect_list,
    in_native_terms,
    read_flag,
    reference_or_quoted,
)
from mooring.config.model import Condition, Lifecycle
from mooring.config.references import CountRef, EachRef, ResourceRef, parse_reference
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.syntax.body import Block, Content, Names
from mooring.syntax.nodes import Expression, Literal, Traversal
from mooring.syntax.static import as_keyword, traversals

_MANAGED_ONLY: Final = ("create_before_destroy", "prevent_destroy", "ignore_changes", "replace_triggered_by")
_NAMES: Final = Names(attributes=frozenset(_MANAGED_ONLY), blocks={"precondition": (), "postcondition": ()})
_KINDS: Final = {"data": "data resource", "ephemeral": "ephemeral resource"}


def read_lifecycle(block: Block, owner: Block) -> tuple[Lifecycle, Diagnostics]:
    """The `lifecycle` block of the resource block `owner`."""
    content, diags = block.body.content(_NAMES)
    found: list[Diagnostic] = [*diags]
    if owner.type != "resource":
        found += _refuse_arguments(content, owner.type)
    create_before_destroy, problems = read_flag(content, "create_before_destroy")
    found += problems
    prevent_destroy, problems = read_flag(content, "prevent_destroy")
    found += problems
    ignore_changes, problems = _ignore_changes(content)
    found += problems
    triggers, problems = _triggers(content)
    found += problems
    preconditions, problems = _conditions(content, "precondition", owner)
    found += problems
    postconditions, problems = _conditions(content, "postcondition", owner)
    found += problems
    lifecycle = Lifecycle(
        create_before_destroy=create_before_destroy,
        prevent_destroy=prevent_destroy or False,
        ignore_changes=ignore_changes,
        replace_triggered_by=triggers,
        preconditions=preconditions,
        postconditions=postconditions,
    )
    return lifecycle, tuple(found)


def _refuse_arguments(content: Content, owner_type: str) -> Iterator[Diagnostic]:
    kind = _KINDS[owner_type]
    for name in _MANAGED_ONLY:
        attribute = content.attributes.get(name)
        if attribute is not None:
            detail = f'Only "resource" blocks can have "{name}"; for {kind}s it has no meaning.'
            yield error(f"Invalid {kind} lifecycle argument", detail, attribute.name_span)


# -- ignore_changes ------------------------------------------------------------------------------


def _ignore_changes(content: Content) -> tuple[tuple[Traversal, ...] | None, Diagnostics]:
    """The ignored attributes; None for `all`."""
    attribute = content.attributes.get("ignore_changes")
    if attribute is None:
        return (), ()
    if as_keyword(attribute.expression) == "all":
        return None, ()
    elements, diags = expect_list(attribute.expression)
    found: list[Diagnostic] = [*diags]
    if any(_is_wildcard(element) for element in elements):
        return (), (*found, *_refuse_wildcard(attribute.expression, elements))
    read: list[Traversal] = []
    for element in elements:
        traversal, problems = reference_or_quoted(element)
        found += problems
        if traversal is not None:
            read.append(traversal)
    return tuple(read), tuple(found)


def _is_wildcard(element: Expression) -> bool:
    return type(element) is Literal and element.value.raw == "*"


def _refuse_wildcard(expression: Expression, elements: tuple[Expression, ...]) -> Iterator[Diagnostic]:
    detail = 'To ignore changes of every attribute write "ignore_changes = all".'
    yield error("Invalid ignore_changes wildcard", detail, expression.span)
    if len(elements) > 1:
        wildcard = next(element for element in elements if _is_wildcard(element))
        detail = '"*" stands for every attribute, so no others can be named beside it.'
        yield error("Invalid ignore_changes ruleset", detail, wildcard.span)


# -- replace_triggered_by ------------------------------------------------------------------------


def _triggers(content: Content) -> tuple[tuple[Expression, ...], Diagnostics]:
    attribute = content.attributes.get("replace_triggered_by")
    if attribute is None:
        return (), ()
    written, diags = expect_list(attribute.expression)
    elements = tuple(in_native_terms(element) for element in written)
    for element in elements:
        problems = tuple(_check_trigger(element))
        if problems:
            return (), (*diags, *problems)
    return elements, diags


def _check_trigger(expression: Expression) -> Iterator[Diagnostic]:
    """Problems of one trigger: it must refer to exactly one resource."""
    resources = 0
    for traversal in traversals(expression):
        parsed = parse_reference(traversal)
        if isinstance(parsed, Diagnostic):
            yield parsed
            continue
        match parsed[0]:
            case ResourceRef():
                resources += 1
            case EachRef("key") | CountRef("index"):
                pass
            case EachRef():
                detail = 'Of "each" only each.key can be used here.'
                yield error(
                    "Invalid each reference in replace_triggered_by expression", detail, expression.span
                )
            case CountRef():
                detail = 'Of "count" only count.index can be used here.'
                yield error(
                    "Invalid count reference in replace_triggered_by expression", detail, expression.span
                )
            case _:
                detail = "A replacement is triggered by a resource, which count.index or each.key may select."
                yield error("Invalid reference in replace_triggered_by expression", detail, expression.span)
    if resources != 1:
        wanted = "a resource" if resources == 0 else "one resource only"
        detail = f"Each item must refer to {wanted}, or to one of its attributes."
        yield error("Invalid replace_triggered_by expression", detail, expression.span)


# -- conditions ----------------------------------------------------------------------------------


def _conditions(content: Content, kind: str, owner: Block) -> tuple[tuple[Condition, ...], Diagnostics]:
    blocks = content.of_type(kind)
    if not blocks:
        return (), ()
    conditions, diags = read_conditions(blocks)
    return conditions, (*diags, *_refuse_own_name(conditions, kind, owner))


def _refuse_own_name(conditions: tuple[Condition, ...], kind: str, owner: Block) -> Iterator[Diagnostic]:
    """A condition names its own resource by `self`, and not before the resource is there."""
    prefix = "" if owner.type == "resource" else f"{owner.type}."
    detail = f"A {kind} of {prefix}{'.'.join(owner.labels)} cannot refer to the resource by its name."
    if kind == "postcondition":
        detail += ' Write "self".'
    for condition in conditions:
        for expression in (condition.condition, condition.error_message):
            if any(_names_owner(traversal, owner) for traversal in traversals(expression)):
                yield error(f"Invalid reference in {kind}", detail, expression.span)


def _names_owner(traversal: Traversal, owner: Block) -> bool:
    parsed = parse_reference(traversal)
    if isinstance(parsed, Diagnostic) or not isinstance(parsed[0], ResourceRef):
        return False
    of = parsed[0]
    return (of.mode, of.type, of.name) == (MODES[owner.type], *owner.labels)
