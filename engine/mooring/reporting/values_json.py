"""Values in the JSON forms of plans and states: content, what is unknown in it, what is sensitive in it.

The content form shows sensitive values as they are: Terraform's machine formats do, and say beside it which
they are. It must not be used for anything that people or logs see.
"""

from __future__ import annotations

from mooring.core.codec import Json
from mooring.core.types import ListType, MapType, ObjectType, Primitive, SetType, TupleType
from mooring.core.values import SENSITIVE, Value, parts


def content(value: Value | None) -> Json:
    """The value; unknown members of objects are left out, unknown elements are null."""
    if value is None or value.raw is None or not value.is_known:
        return None
    raw = value.raw
    if isinstance(raw, str | bool):
        return raw
    if type(raw) is tuple:
        return [content(part) for part in value.elements]
    if type(raw) is dict:
        return {key: content(part) for key, part in value.attributes.items() if part.is_known}
    return value.number


def unknowns(value: Value | None) -> Json:
    """`true` where it is unknown; containers are kept, members that are known are left out."""
    if value is None:
        return False
    if not value.is_known:
        return True
    if type(value.raw) is tuple:
        return [unknowns(part) for part in value.elements]
    if type(value.raw) is dict:
        shapes = {key: unknowns(part) for key, part in value.attributes.items()}
        return {key: shape for key, shape in shapes.items() if shape is not False}
    return False


def sensitives(value: Value | None) -> Json:
    """`true` where it is sensitive; containers are kept, members that are not are left out."""
    if value is None:
        return False
    if SENSITIVE in value.marks:
        return True
    if type(value.raw) is tuple:
        return [sensitives(part) for part in value.elements]
    if type(value.raw) is dict:
        shapes = {key: sensitives(part) for key, part in value.attributes.items()}
        return {key: shape for key, shape in shapes.items() if shape is not False}
    return False if value.is_known else _empty_shape(value)


def _empty_shape(value: Value) -> Json:
    match value.type:
        case ListType() | SetType() | TupleType():
            return []
        case MapType() | ObjectType():
            return {}
        case Primitive():
            return False


def has_sensitive(value: Value | None) -> bool:
    """Whether the value or a part of it is sensitive."""
    return value is not None and (
        SENSITIVE in value.marks or any(has_sensitive(part) for part in parts(value))
    )
