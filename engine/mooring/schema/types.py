"""What follows from a schema alone: the type of its objects, its empty object, what its flags ask for.

Everything here is computed from a `BlockSchema` each time it is asked; who needs it often keeps it (see
plan.py). Must not know configuration or states.
"""

from __future__ import annotations

from collections.abc import Callable

from mooring.core.types import DYNAMIC, ListType, MapType, ObjectType, SetType, Type, has_dynamic
from mooring.core.values import (
    EMPTY_OBJECT_VALUE,
    EMPTY_TUPLE_VALUE,
    ONLY_SENSITIVE,
    Value,
    list_value,
    map_value,
    null,
    set_value,
)
from mooring.schema.model import Attribute, BlockSchema, NestedAttributes, NestedBlock, Nesting
from mooring.schema.parts import is_present, map_nested, with_attributes

Rewrite = Callable[[Value, Attribute], Value]


def object_type(block: BlockSchema) -> ObjectType:
    """The type of the objects that a schema describes: attributes and nested blocks by name."""
    parts: dict[str, Type] = {name: attribute.type for name, attribute in block.attributes.items()}
    parts.update({name: nested_type(nested) for name, nested in block.blocks.items()})
    return ObjectType({name: parts[name] for name in sorted(parts)})


def nested_type(nested: NestedBlock) -> Type:
    """The type of what a nested block type adds to the object around it.

    Where the objects of a list or map may differ in type (an attribute of them is of any type), the
    collection becomes a tuple or an object, whose type is not decided beforehand.
    """
    element = object_type(nested.block)
    match nested.nesting:
        case Nesting.SINGLE | Nesting.GROUP:
            return element
        case Nesting.SET:
            return SetType(element)
        case Nesting.LIST:
            return DYNAMIC if has_dynamic(element) else ListType(element)
        case Nesting.MAP:
            return DYNAMIC if has_dynamic(element) else MapType(element)


def empty_object(block: BlockSchema) -> Value:
    """The object of an empty body: attributes are null, collections of blocks empty, groups present."""
    parts = {name: null(attribute.type) for name, attribute in block.attributes.items()}
    parts.update({name: absent_blocks(nested) for name, nested in block.blocks.items()})
    return Value(object_type(block), {name: parts[name] for name in sorted(parts)})


def absent_blocks(nested: NestedBlock) -> Value:
    """What stands for a nested block type that does not occur."""
    of = nested_type(nested)
    match nested.nesting:
        case Nesting.SINGLE:
            return null(of)
        case Nesting.GROUP:
            return empty_object(nested.block)
        case Nesting.LIST:
            return list_value(of.element, ()) if isinstance(of, ListType) else EMPTY_TUPLE_VALUE
        case Nesting.SET:
            assert isinstance(of, SetType)
            return set_value(of.element, ())
        case Nesting.MAP:
            return map_value(of.element, {}) if isinstance(of, MapType) else EMPTY_OBJECT_VALUE


# -- flags ---------------------------------------------------------------------------------------


def has_flag(block: BlockSchema, flag: Callable[[Attribute], bool]) -> bool:
    """Whether any attribute, at any depth, has a flag: `has_flag(block, is_sensitive)`."""
    if any(_attribute_has(attribute, flag) for attribute in block.attributes.values()):
        return True
    return any(has_flag(nested.block, flag) for nested in block.blocks.values())


def _attribute_has(attribute: Attribute, flag: Callable[[Attribute], bool]) -> bool:
    if flag(attribute):
        return True
    if attribute.nested is None:
        return False
    return any(_attribute_has(inner, flag) for inner in attribute.nested.attributes.values())


def is_sensitive(attribute: Attribute) -> bool:
    """The value must not be shown."""
    return attribute.sensitive


def is_write_only(attribute: Attribute) -> bool:
    """The value must not be stored."""
    return attribute.write_only


def is_computed(attribute: Attribute) -> bool:
    """The provider may decide the value."""
    return attribute.computed


def is_read_only(attribute: Attribute) -> bool:
    """The provider alone decides the value."""
    return attribute.computed and not attribute.optional


# -- rewriting by flag ---------------------------------------------------------------------------


def mark_sensitive(value: Value, block: BlockSchema) -> Value:
    """The object with every attribute that the schema calls sensitive marked so."""
    return rewrite_attributes(value, block, _mark)


def without_write_only(value: Value, block: BlockSchema) -> Value:
    """The object as it may be planned and stored: every write-only attribute is null."""
    return rewrite_attributes(value, block, _clear)


def _mark(value: Value, attribute: Attribute) -> Value:
    return value.marked(ONLY_SENSITIVE) if attribute.sensitive else value


def _clear(value: Value, attribute: Attribute) -> Value:
    is_there = not value.is_null or bool(value.marks)
    return null(attribute.type) if attribute.write_only and is_there else value


def rewrite_attributes(value: Value, block: BlockSchema, rewrite: Rewrite) -> Value:
    """The object with each attribute rewritten; of an attribute with nested ones, the inner ones first."""
    if not is_present(value):
        return value
    parts: dict[str, Value] = {}
    for name, part in value.attributes.items():
        attribute = block.attributes.get(name)
        if attribute is not None:
            parts[name] = _rewrite_attribute(part, attribute, rewrite)
        else:
            parts[name] = _rewrite_blocks(part, block.blocks[name], rewrite)
    return with_attributes(value, parts)


def _rewrite_attribute(value: Value, attribute: Attribute, rewrite: Rewrite) -> Value:
    nested = attribute.nested
    if nested is not None:
        value = map_nested(value, nested.nesting, lambda each: _rewrite_nested(each, nested, rewrite))
    return rewrite(value, attribute)


def _rewrite_nested(value: Value, nested: NestedAttributes, rewrite: Rewrite) -> Value:
    if not is_present(value):
        return value
    parts = {
        name: _rewrite_attribute(part, nested.attributes[name], rewrite)
        for name, part in value.attributes.items()
    }
    return with_attributes(value, parts)


def _rewrite_blocks(value: Value, nested: NestedBlock, rewrite: Rewrite) -> Value:
    return map_nested(value, nested.nesting, lambda each: rewrite_attributes(each, nested.block, rewrite))
