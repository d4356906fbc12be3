"""JSON values as expressions: the nodes of native syntax, with spans in the JSON text.

A string is a template, unless it is taken verbatim. Mistakes inside a template are reported where they stand
in the JSON text, whatever escapes come before.
"""

from __future__ import annotations

from mooring.core.diagnostics import Diagnostic, error
from mooring.core.records import replace
from mooring.core.values import DYNAMIC_UNKNOWN, NULL, boolean, number, string
from mooring.syntax.cursor import Fragment
from mooring.syntax.fragments import parse_template_fragment
from mooring.syntax.json_reader import (
    JsonArray,
    JsonInvalid,
    JsonKeyword,
    JsonNumber,
    JsonObject,
    JsonString,
    JsonValue,
)
from mooring.syntax.json_strings import decoded_offsets
from mooring.syntax.nodes import Expression, Literal, ObjectConstructor, ObjectItem, TupleConstructor


def to_expression(of: JsonValue, diags: list[Diagnostic], *, verbatim: bool = False) -> Expression:
    """The expression of a JSON value; mistakes in templates and repeated names are added to `diags`."""
    match of:
        case JsonString():
            return Literal(string(of.text), of.span, quoted=True) if verbatim else _template(of, diags)
        case JsonNumber(number=content):
            return Literal(number(content), of.span)
        case JsonKeyword(value=truth):
            return Literal(NULL if truth is None else boolean(truth), of.span)
        case JsonArray():
            elements = tuple([to_expression(item, diags, verbatim=verbatim) for item in of.items])
            return TupleConstructor(elements, of.span)
        case JsonObject():
            return _object(of, diags, verbatim=verbatim)
        case JsonInvalid():
            return Literal(DYNAMIC_UNKNOWN, of.span)


def _template(of: JsonString, diags: list[Diagnostic]) -> Expression:
    if "${" not in of.text and "%{" not in of.text:
        return Literal(string(of.text), of.span, quoted=True)
    source, start, end = of.span
    offsets = decoded_offsets(source.text[start + 1 : end - 1], start + 1)
    # Normalisation may have changed the number of characters; then positions are those of the whole string.
    if len(offsets) != len(of.text) + 1:
        offsets = [*([start + 1] * len(of.text)), end - 1]
    expression, found = parse_template_fragment(Fragment(source, of.text, offsets))
    diags.extend(replace(diag, is_late=True) for diag in found)
    return expression


def _object(of: JsonObject, diags: list[Diagnostic], *, verbatim: bool) -> ObjectConstructor:
    first: dict[str, JsonString] = {}
    items: list[ObjectItem] = []
    for member in of.members:
        name = member.name
        if first.setdefault(name.text, name) is not name:
            detail = f'The attribute "{name.text}" has a value already, at {first[name.text].span}.'
            diags.append(error("Duplicate object attribute", detail, name.span))
            continue
        key = to_expression(name, diags, verbatim=verbatim)
        items.append(ObjectItem(key, to_expression(member.value, diags, verbatim=verbatim)))
    return ObjectConstructor(tuple(items), of.span, of.opening)
