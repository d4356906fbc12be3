"""Configuration to objects: a body, read with a schema, becomes a value of the schema's object type.

What is wrong is reported and decoding goes on, with a value that is not known in place of what could not be
read. Meta-arguments are no concern of schemas: the caller has taken them out of the body. Must not know how
expressions are evaluated: that is handed in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mooring.core.conversion import Mismatch, convert
from mooring.core.diagnostics import error, warning
from mooring.core.spans import Span
from mooring.core.types import DYNAMIC, ListType, MapType, SetType, Type
from mooring.core.values import Value, list_value, map_value, object_value, set_value, tuple_value, unknown
from mooring.schema.dynamic import (
    NO_ITERATORS,
    Evaluate,
    Iterators,
    Occurrence,
    Occurrences,
    Report,
    find_occurrences,
)
from mooring.schema.model import Attribute, Nesting
from mooring.schema.plan import BlockPlan, NestedPlan
from mooring.syntax.body import Attribute as AttributeNode
from mooring.syntax.body import Body, Content


def decode_body(
    body: Body, plan: BlockPlan, evaluate: Evaluate, report: Report, iterators: Iterators = NO_ITERATORS
) -> Value:
    """The object that a body stands for.

    What is not set is null. What is not allowed, missing, of the wrong type or too often is reported.
    """
    content, diags = body.content(plan.names)
    for diag in diags:
        report(diag)
    parts = dict(plan.empty.attributes)
    types, watched = plan.types, plan.watched
    for name, attribute in content.attributes.items():
        value = evaluate(attribute.expression, iterators)
        of = types[name]
        parts[name] = value if of is DYNAMIC or value.type is of else _convert(value, of, attribute, report)
        if name in watched:
            _watch(parts[name], watched[name], attribute, report)
    if plan.nested or content.blocks:
        _decode_blocks(parts, content, plan, (evaluate, report, iterators))
    return Value(plan.type, parts)


def _convert(value: Value, of: Type, attribute: AttributeNode, report: Report) -> Value:
    converted = convert(value, of)
    if not isinstance(converted, Mismatch):
        return converted
    subject = attribute.expression.span
    detail = f'Inappropriate value for attribute "{attribute.name}": {converted}.'
    report(error("Incorrect attribute value type", detail, subject, context=attribute.span))
    return unknown(of)


def _watch(value: Value, attribute: Attribute, node: AttributeNode, report: Report) -> None:
    if attribute.required and value.is_null:
        detail = f'The argument "{node.name}" is required, but it is set to null.'
        report(error("Missing required argument", detail, node.expression.span, context=node.span))
    if attribute.deprecated:
        report(warning("Argument is deprecated", attribute.deprecated, node.expression.span))


# -- nested blocks -------------------------------------------------------------------------------

_Surroundings = tuple[Evaluate, Report, Iterators]


def _decode_blocks(
    parts: dict[str, Value], content: Content, plan: BlockPlan, surroundings: _Surroundings
) -> None:
    found = find_occurrences(content.blocks, plan.names.blocks, *surroundings)
    for name, nested in plan.nested.items():
        occurrences = found[name]
        if occurrences.found or not occurrences.is_complete or nested.schema.min_items:
            _check_count(name, nested, occurrences, content.missing_item, surroundings[1])
            value = _decode_nested(name, nested, occurrences, surroundings)
            parts[name] = value.marked(occurrences.marks)


def _decode_nested(
    name: str, nested: NestedPlan, occurrences: Occurrences, surroundings: _Surroundings
) -> Value:
    evaluate, report, _ = surroundings
    objects = [
        decode_body(each.body, nested.plan, evaluate, report, each.iterators) for each in occurrences.found
    ]
    if not occurrences.is_complete:
        return unknown(nested.type)
    if not objects:
        return nested.absent
    match nested.schema.nesting:
        case Nesting.SINGLE | Nesting.GROUP:
            return objects[0]
        case Nesting.MAP:
            return _map(nested.type, _by_label(name, occurrences.found, objects, report))
        case Nesting.LIST | Nesting.SET:
            return _sequence(nested.type, objects)


def _sequence(of: Type, objects: Sequence[Value]) -> Value:
    if isinstance(of, SetType):
        return set_value(of.element, objects)
    return list_value(of.element, objects) if isinstance(of, ListType) else tuple_value(objects)


def _map(of: Type, objects: Mapping[str, Value]) -> Value:
    return map_value(of.element, objects) if isinstance(of, MapType) else object_value(objects)


def _by_label(
    name: str, found: Sequence[Occurrence], objects: Sequence[Value], report: Report
) -> Mapping[str, Value]:
    keyed: dict[str, Value] = {}
    for occurrence, value in zip(found, objects, strict=True):
        key = occurrence.labels[0]
        if key in keyed:
            detail = f'There is another block of type "{name}" with the label "{key}"; labels must be unique.'
            report(error(f"Duplicate {name} block", detail, occurrence.span))
        keyed.setdefault(key, value)
    return keyed


def _check_count(
    name: str, nested: NestedPlan, occurrences: Occurrences, missing_item: Span, report: Report
) -> None:
    """Too few or too many blocks; too few is not said while it is not known how many there are."""
    found, schema = occurrences.found, nested.schema
    is_one = schema.nesting in (Nesting.SINGLE, Nesting.GROUP)
    limit = 1 if is_one else schema.max_items
    if occurrences.is_complete and len(found) < schema.min_items:
        report(error(*_too_few(name, schema.min_items, is_one=is_one), missing_item))
    if limit and len(found) > limit:
        excess = found[limit]
        report(error(*_too_many(name, limit, found[0].span, is_one=is_one), excess.span))


def _too_few(name: str, least: int, *, is_one: bool) -> tuple[str, str]:
    if is_one:
        return f"Missing {name} block", f"A {name} block is required."
    return f"Insufficient {name} blocks", f'At least {least} "{name}" blocks are required.'


def _too_many(name: str, most: int, first: Span, *, is_one: bool) -> tuple[str, str]:
    if is_one:
        detail = f"There can be one {name} block here, and there is one at {first} already."
        return f"Duplicate {name} block", detail
    return f"Too many {name} blocks", f'No more than {most} "{name}" blocks are allowed.'
