"""The declaration of an object that exists: its block as `fmt` would lay it out.

Only arguments that can be set are written, none that are null. What must not be written down (sensitive and
write-only arguments) becomes null with a remark. python-hcl2's writer was tried for this and lost: labels
and strings must be quoted and escaped for it beforehand, it has no heredocs and no comments. The formatter
does the layout, so the result is by construction what `fmt` gives. Must not know where the object is from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from mooring.config.literals import literal, object_literal
from mooring.core.addresses import quote
from mooring.core.spans import Source
from mooring.core.values import SENSITIVE, Value, unmark
from mooring.schema.model import Attribute, BlockSchema, NestedAttributes, NestedBlock, Nesting
from mooring.syntax.format import format_text

_IDENTITY: Final = "id"


def resource_text(
    type_: str, name: str, value: Value, schema: BlockSchema, provider: str | None = None
) -> str:
    """The `resource` block that describes an object, which is not null; `provider` is its meta-argument."""
    chosen = f"provider = {provider}\n\n" if provider is not None else ""
    body = _body(value, schema, is_outermost=True)
    inside = f"\n{chosen}{body}" if chosen or body else ""
    text = f"resource {quote(type_)} {quote(name)} {{{inside}}}\n"
    formatted, _ = format_text(Source("", text))
    assert formatted is not None, "what is written can be read"
    return formatted


def _body(value: Value, schema: BlockSchema, *, is_outermost: bool = False) -> str:
    attributes = value.attributes
    lines = [
        line
        for name, attribute in schema.attributes.items()
        if _can_be_set(attribute) and not (is_outermost and name == _IDENTITY and not attribute.required)
        for line in _argument(name, attribute, attributes[name])
    ]
    blocks = [
        text for name, block in schema.blocks.items() for text in _blocks(name, block, attributes[name])
    ]
    return "\n".join(["".join(lines), *blocks]) if lines else "\n".join(blocks)


def _can_be_set(attribute: Attribute) -> bool:
    return attribute.required or attribute.optional


def _argument(name: str, attribute: Attribute, value: Value) -> Iterator[str]:
    if attribute.write_only or _is_secret(attribute, value):
        if attribute.write_only or not value.is_null or attribute.required:
            kind = "write-only" if attribute.write_only else "sensitive"
            yield f"# {name} is {kind}, so its value is not written here.\n{name} = null\n"
    elif not value.is_null:
        yield f"{name} = {_expression(attribute, value)}\n"
    elif attribute.required:
        yield f"{name} = null\n"


def _is_secret(attribute: Attribute, value: Value) -> bool:
    return attribute.sensitive or SENSITIVE in unmark(value)[1]


def _expression(attribute: Attribute, value: Value) -> str:
    nested = attribute.nested
    return literal(value) if nested is None else _nested_expression(nested, value)


def _nested_expression(nested: NestedAttributes, value: Value) -> str:
    """Object attributes with flags of their own: only what can be set of them."""
    match nested.nesting:
        case Nesting.SINGLE | Nesting.GROUP:
            return _object(nested.attributes, value)
        case Nesting.MAP:
            items = value.attributes.items()
            return object_literal((key, _object(nested.attributes, each)) for key, each in items)
        case Nesting.LIST | Nesting.SET:
            elements = "".join(f"{_object(nested.attributes, each)},\n" for each in value.elements)
            return f"[\n{elements}]" if elements else "[]"


def _object(attributes: Mapping[str, Attribute], value: Value) -> str:
    if value.is_null:
        return "null"
    lines = [
        line
        for name, attribute in attributes.items()
        if _can_be_set(attribute)
        for line in _argument(name, attribute, value.attributes[name])
    ]
    return f"{{\n{''.join(lines)}}}" if lines else "{}"


# -- nested blocks -------------------------------------------------------------------------------


def _blocks(name: str, nested: NestedBlock, value: Value) -> Iterator[str]:
    if value.is_null:
        if any(attribute.write_only for attribute in nested.block.attributes.values()):
            yield f"# {name} has write-only arguments. Nobody can read whether it is there; if so, add it.\n"
        return
    match nested.nesting:
        case Nesting.SINGLE | Nesting.GROUP:
            body = _body(value, nested.block)
            if body or nested.nesting is Nesting.SINGLE:
                yield f"{name} {{\n{body}}}\n"
        case Nesting.MAP:
            for key, each in value.attributes.items():
                yield f"{name} {quote(key)} {{\n{_body(each, nested.block)}}}\n"
        case Nesting.LIST | Nesting.SET:
            for each in value.elements:
                yield f"{name} {{\n{_body(each, nested.block)}}}\n"
