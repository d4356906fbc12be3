"""Parts of objects, rebuilt with the types that they declare.

An attribute of any type is `DYNAMIC` in the declared type of the object around it, and stays so when parts
are exchanged. A value none of whose parts changed is the same value afterwards. Must not know flags or rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mooring.core.types import MapType, ObjectType, SetType
from mooring.core.values import Unknown, Value, set_value
from mooring.schema.model import Nesting


def is_present(value: Value) -> bool:
    """Whether it is known and not null, so that it has parts."""
    return value.raw is not None and type(value.raw) is not Unknown


def attributes_of(value: Value) -> Mapping[str, Value]:
    """The attributes of an object; of one that is null or not known, none."""
    return value.attributes if type(value.raw) is dict else {}


def parts_by_key(value: Value) -> Mapping[int | str, Value]:
    """The parts of a list, set or tuple by position, of a map or object by name; of anything else, none."""
    raw = value.raw
    if type(raw) is dict:
        return {**raw}
    return dict(enumerate(raw)) if type(raw) is tuple else {}


def map_nested(value: Value, nesting: Nesting, change: Callable[[Value], Value]) -> Value:
    """The value with each of its objects changed: itself, or the elements of the collection of them."""
    if nesting in (Nesting.SINGLE, Nesting.GROUP):
        return change(value)
    if not is_present(value):
        return value
    if nesting is Nesting.MAP:
        return with_attributes(value, {key: change(each) for key, each in value.attributes.items()})
    return with_elements(value, tuple([change(each) for each in value.elements]))


def with_attributes(value: Value, parts: Mapping[str, Value]) -> Value:
    """The object or map with other parts, of the types it declares."""
    if all(part is parts[name] for name, part in value.attributes.items()):
        return value
    assert isinstance(value.type, ObjectType | MapType)
    return Value(value.type, parts, value.marks)


def with_elements(value: Value, elements: tuple[Value, ...]) -> Value:
    """The list, tuple or set with other elements, of the types it declares."""
    if all(new is old for new, old in zip(elements, value.elements, strict=True)):
        return value
    if isinstance(value.type, SetType):
        return set_value(value.type.element, elements).marked(value.marks)
    return Value(value.type, elements, value.marks)
