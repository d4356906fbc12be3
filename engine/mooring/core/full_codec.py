"""Values to and from JSON with nothing left out: unknown parts, refinements, marks at any depth.

For saved plans. Scalars stand as themselves, sequences as arrays, and everything else as an object with
one-letter keys, so that nothing in a value can be mistaken for a note about it:

| key | holds |
| --- | --- |
| `o` | the attributes of an object, the elements of a map |
| `v` | a scalar or sequence that has another key beside it |
| `u` | of an unknown value: `[not_null, prefix, min_length, max_length]` |
| `t` | the type, where the surrounding type does not tell it |
| `m` | the marks |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from mooring.core.codec import CodecError, Json, decode_type, encode_type
from mooring.core.types import DYNAMIC, ListType, MapType, ObjectType, SetType, TupleType, Type
from mooring.core.values import NO_MARKS, Raw, Unknown, Value


def encode_full(value: Value) -> Json:
    """The JSON form of a value."""
    return _encode(value, DYNAMIC)


def decode_full(of: Json) -> Value:
    """The value of a JSON form. Raises `CodecError`."""
    try:
        return _decode(of, DYNAMIC)
    except (KeyError, TypeError, ValueError, IndexError) as problem:
        raise CodecError(f"not a value: {problem!r}") from problem


def _encode(value: Value, expected: Type) -> Json:
    notes: dict[str, Json] = {}
    if value.marks:
        notes["m"] = sorted(value.marks)
    if expected is DYNAMIC and value.type is not DYNAMIC:
        notes["t"] = encode_type(value.type)
    raw = value.raw
    if type(raw) is Unknown:
        return {**notes, "u": [raw.not_null, raw.prefix, raw.min_length, raw.max_length]}
    if type(raw) is dict:
        parts: Json = {name: _encode(part, _part_type(value.type, name)) for name, part in raw.items()}
        return {**notes, "o": parts}
    content: Json
    if type(raw) is tuple:
        content = [_encode(part, _part_type(value.type, at)) for at, part in enumerate(raw)]
    else:
        content = cast("Json", raw)
    return {**notes, "v": content} if notes else content


def _part_type(of: Type, key: str | int) -> Type:
    match of:
        case ListType(element) | SetType(element) | MapType(element):
            return element
        case TupleType(elements):
            return elements[int(key)]
        case ObjectType(attributes):
            return attributes[str(key)]
        case _:
            raise CodecError("a primitive has no parts")


def _decode(of: Json, expected: Type) -> Value:
    if not isinstance(of, Mapping):
        return Value(expected, _content(of, expected))
    of_type = decode_type(of["t"]) if "t" in of else expected
    marks = frozenset(cast("Sequence[str]", of["m"])) if "m" in of else NO_MARKS
    if "u" in of:
        not_null, prefix, least, most = cast("Sequence[Json]", of["u"])
        known = Unknown(
            not_null=bool(not_null),
            prefix=str(prefix),
            min_length=cast("int", least),
            max_length=cast("int | None", most),
        )
        return Value(of_type, known, marks)
    if "o" in of:
        fields = cast("Mapping[str, Json]", of["o"])
        parts = {name: _decode(part, _part_type(of_type, name)) for name, part in fields.items()}
        return Value(of_type, parts, marks)
    return Value(of_type, _content(of["v"], of_type), marks)


def _content(of: Json, of_type: Type) -> Raw:
    if isinstance(of, list):
        return tuple([_decode(part, _part_type(of_type, at)) for at, part in enumerate(of)])
    return cast("Raw", of)
