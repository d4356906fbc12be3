"""Values to and from JSON and plain Python.

Three forms:

* the *typed* form (`encode`, `decode`): JSON data whose type is known from elsewhere, as Terraform's state
  holds objects; a part of type `DYNAMIC` stands as `{"type": ..., "value": ...}`;
* the *type* form (`encode_type`, `decode_type`): `"string"`, `["list", "string"]`, `["object", {...}]`;
* the *plain* form (`to_python`, `from_python`): what provider code likes to handle; a part not known yet is
  `UNKNOWN`.

JSON data is what `loads` returns and `dumps` takes: `None`, `bool`, `str`, `int`, `Fraction` or `float`,
lists, dictionaries. Numbers keep all their digits in both directions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final

import msgspec

from mooring.core.numbers import PRECISION, Number, format_number, parse_number
from mooring.core.text import composed
from mooring.core.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
)
from mooring.core.values import (
    UNKNOWN,
    Unknown,
    Value,
    boolean,
    list_value,
    map_value,
    null,
    number,
    object_value,
    set_value,
    string,
    tuple_value,
    unknown,
)

_TYPE_NAMES: Final = {kind.value: kind for kind in Primitive}

Json = None | bool | int | float | Fraction | str | Sequence["Json"] | Mapping[str, "Json"]
Plain = None | bool | int | float | Fraction | str | Unknown | Sequence["Plain"] | Mapping[str, "Plain"]


class CodecError(ValueError):
    """Stored data does not have the expected form; the text says what was found where."""


def loads(text: bytes | str) -> Json:
    """JSON data with exact numbers. Raises `ValueError` for text that is not JSON."""
    parsed: Json = json.loads(text, parse_float=_read_number)
    return parsed


def _read_number(text: str) -> Number:
    read = parse_number(text)
    if read is None:
        raise ValueError(f"not a number: {text}")
    return read


def dumps(of: Json, *, indent: bool = False) -> bytes:
    """JSON text; with two-space indentation if asked for. Keys keep their order."""
    text = msgspec.json.encode(of, enc_hook=_write_number)
    return msgspec.json.format(text, indent=2) if indent else text


def _write_number(of: object) -> object:
    if isinstance(of, Fraction):
        return msgspec.Raw(format_number(of).encode())
    raise TypeError(f"no JSON form for {type(of).__name__}")


# -- types ---------------------------------------------------------------------------------------


def encode_type(of: Type) -> Json:
    """The type form."""
    match of:
        case Primitive():
            return of.value
        case ListType(element):
            return ["list", encode_type(element)]
        case SetType(element):
            return ["set", encode_type(element)]
        case MapType(element):
            return ["map", encode_type(element)]
        case TupleType(elements):
            return ["tuple", [encode_type(element) for element in elements]]
        case ObjectType(attributes, optional):
            fields: Json = {name: encode_type(attributes[name]) for name in sorted(attributes)}
            return ["object", fields, sorted(optional)] if optional else ["object", fields]


def decode_type(of: Json) -> Type:
    """The type of a type form. Raises `CodecError`."""
    match of:
        case str() if of in _TYPE_NAMES:
            return _TYPE_NAMES[of]
        case ["list", element]:
            return ListType(decode_type(element))
        case ["set", element]:
            return SetType(decode_type(element))
        case ["map", element]:
            return MapType(decode_type(element))
        case ["tuple", [*elements]]:
            return TupleType(tuple(decode_type(element) for element in elements))
        case ["object", dict(fields), *optional]:
            names = frozenset(str(name) for name in _items(optional[0] if optional else [], "list"))
            return ObjectType({name: decode_type(field) for name, field in fields.items()}, names)
        case _:
            raise CodecError(f"not a type: {of!r}")


# -- the typed form ------------------------------------------------------------------------------


def encode(value: Value, of: Type) -> Json:
    """The typed form of a wholly known value; marks are left out. `of` is the type it will be read with."""
    raw = value.raw
    if of is DYNAMIC and raw is not None:
        return {"type": encode_type(value.type), "value": encode(value, value.type)}
    if raw is None or type(raw) is str or type(raw) is bool:
        return raw
    match of:
        case ListType(element) | SetType(element):
            return [encode(part, element) for part in value.elements]
        case MapType(element):
            return {key: encode(part, element) for key, part in value.attributes.items()}
        case ObjectType(attributes):
            return {name: encode(part, attributes[name]) for name, part in value.attributes.items()}
        case TupleType(elements):
            return [encode(part, kind) for part, kind in zip(value.elements, elements, strict=True)]
        case Primitive():
            if type(raw) is Unknown:
                raise CodecError("a value not known yet has no stored form")
            return _written(value.number)


def _written(number: Number) -> Json:
    """A whole number past the precision is written with the digits that count, as a fraction is."""
    return Fraction(number) if isinstance(number, int) and number.bit_length() > PRECISION else number


def decode(of: Json, as_type: Type) -> Value:
    """The value of a typed form. Raises `CodecError` where data and type do not agree."""
    if as_type is DYNAMIC:
        return _decode_dynamic(of)
    if of is None:
        return null(as_type)
    match as_type:
        case Primitive():
            return _decode_primitive(of, as_type)
        case ListType(element):
            return list_value(element, [decode(part, element) for part in _items(of, "list")])
        case SetType(element):
            return set_value(element, [decode(part, element) for part in _items(of, "set")])
        case MapType(element):
            return map_value(element, {key: decode(part, element) for key, part in _fields(of).items()})
        case TupleType(elements):
            return tuple_value(
                decode(part, kind) for part, kind in zip(_items(of, "tuple"), elements, strict=True)
            )
        case ObjectType(attributes):
            return _decode_object(_fields(of), attributes)


def _decode_dynamic(of: Json) -> Value:
    match of:
        case None:
            return null(DYNAMIC)
        case {"type": kind, "value": content}:
            return decode(content, decode_type(kind))
        case _:
            raise CodecError("a value of any type must stand with its type")


def _decode_primitive(of: Json, as_type: Primitive) -> Value:
    if as_type is STRING and isinstance(of, str):
        return string(of)
    if as_type is BOOL and isinstance(of, bool):
        return boolean(of)
    if as_type is NUMBER and isinstance(of, int | float | Fraction) and not isinstance(of, bool):
        return number(of)
    raise CodecError(f"{as_type.value} required, found {type(of).__name__}")


def _decode_object(fields: Mapping[str, Json], attributes: Mapping[str, Type]) -> Value:
    unexpected = fields.keys() - attributes.keys()
    if unexpected:
        raise CodecError(f"unsupported attribute {min(unexpected)!r}")
    return Value(
        ObjectType(attributes),
        {name: decode(fields.get(name), attributes[name]) for name in sorted(attributes)},
    )


def _items(of: Json, what: str) -> Sequence[Json]:
    if isinstance(of, Sequence) and not isinstance(of, str):
        return of
    raise CodecError(f"{what} required, found {type(of).__name__}")


def _fields(of: Json) -> Mapping[str, Json]:
    if isinstance(of, Mapping):
        return of
    raise CodecError(f"object required, found {type(of).__name__}")


# -- plain JSON of unknown type ------------------------------------------------------------------


def implied(of: Json) -> Value:
    """The value that JSON data stands for by itself: lists become tuples, dictionaries objects."""
    match of:
        case None:
            return null(DYNAMIC)
        case bool():
            return boolean(of)
        case str():
            return string(composed(of))
        case int() | float() | Fraction():
            return number(of)
        case Mapping():
            return object_value({composed(key): implied(of[key]) for key in of})
        case _:
            return tuple_value(implied(part) for part in of)


# -- plain Python --------------------------------------------------------------------------------


def to_python(value: Value) -> Plain:
    """The plain form; marks are left out, so the caller must not show it."""
    raw = value.raw
    if type(raw) is tuple:
        return [to_python(part) for part in raw]
    if type(raw) is dict:
        return {name: to_python(part) for name, part in raw.items()}
    return UNKNOWN if type(raw) is Unknown else value.raw  # type: ignore[return-value]  # a primitive now


def from_python(of: Plain, as_type: Type) -> Value:
    """The value of a plain form. Attributes that are not there are null. Raises `CodecError`."""
    if isinstance(of, Unknown):
        return unknown(as_type, of)
    match as_type:
        case Primitive() if as_type is DYNAMIC:
            return _implied_plain(of)
        case ListType(element) | SetType(element) if of is not None:
            make = list_value if isinstance(as_type, ListType) else set_value
            return make(element, [from_python(part, element) for part in _plain_items(of)])
        case MapType(element) if isinstance(of, Mapping):
            return map_value(element, {key: from_python(part, element) for key, part in of.items()})
        case ObjectType(attributes) if isinstance(of, Mapping):
            parts = {name: from_python(of.get(name), attributes[name]) for name in sorted(attributes)}
            return Value(ObjectType(attributes), parts)
        case TupleType(elements) if of is not None:
            pairs = zip(_plain_items(of), elements, strict=True)
            return tuple_value(from_python(part, kind) for part, kind in pairs)
        case _:
            return decode(of, as_type)  # type: ignore[arg-type]  # a primitive or null


def _plain_items(of: Plain) -> Iterable[Plain]:
    if isinstance(of, Sequence) and not isinstance(of, str):
        return of
    raise CodecError(f"sequence required, found {type(of).__name__}")


def _implied_plain(of: Plain) -> Value:
    if isinstance(of, Unknown):
        return unknown(DYNAMIC)
    if isinstance(of, Mapping):
        return object_value({name: _implied_plain(part) for name, part in of.items()})
    if isinstance(of, Sequence) and not isinstance(of, str):
        return tuple_value(_implied_plain(part) for part in of)
    return implied(of)
