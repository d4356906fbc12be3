"""From plain fields to the value of an object, where an attribute may be of any type."""

from __future__ import annotations

from mooring.core.codec import from_python, to_python
from mooring.core.types import DYNAMIC, ObjectType
from mooring.core.values import Value
from mooring_azureml.table.model import Fields


def object_value(fields: Fields, of: ObjectType, *likes: Value | None) -> Value:
    """The value; an attribute of any type is taken from the first of `likes` that has the same content.

    Plain content does not tell a list from a tuple, nor a map from an object: the values of the files do.
    """
    made = from_python(fields, of)
    known = [like for like in likes if like is not None and not like.is_null]
    kept = {
        name: same
        for name, kind in of.attributes.items()
        if kind is DYNAMIC and (same := _same(name, fields, known)) is not None
    }
    return Value(made.type, {**made.attributes, **kept}) if kept else made


def _same(name: str, fields: Fields, likes: list[Value]) -> Value | None:
    candidates = (like.attributes[name] for like in likes)
    return next((one for one in candidates if to_python(one) == fields.get(name)), None)
