"""Maps and objects: keys, values, looking up, merging."""

from __future__ import annotations

from typing import Final

from mooring.core.conversion import Mismatch, convert
from mooring.core.types import (
    DYNAMIC,
    EMPTY_OBJECT,
    STRING,
    ListType,
    MapType,
    ObjectType,
    TupleType,
    Type,
    friendly_name,
)
from mooring.core.values import (
    NO_MARKS,
    UNKNOWN_NOT_NULL,
    Marks,
    Unknown,
    Value,
    list_value,
    map_value,
    object_value,
    string,
    tuple_value,
    unknown,
)
from mooring.lang.functions.model import ArgumentError, Call, CallError, Function, Parameter

_STRINGS: Final = ListType(STRING)

# -- keys and values -----------------------------------------------------------------------------


def _keys_type(call: Call) -> Type:
    kind = call[0].type
    if isinstance(kind, MapType):
        return _STRINGS
    if isinstance(kind, ObjectType):
        return TupleType((STRING,) * len(kind.attributes))
    raise ArgumentError(0, f"a map or an object is required, but have {friendly_name(kind)}")


def _keys(call: Call) -> Value:
    of = call[0]
    if isinstance(of.type, ObjectType):
        return tuple_value(string(name) for name in sorted(of.type.attributes)).marked(of.marks)
    if type(of.raw) is Unknown:
        return unknown(_STRINGS, UNKNOWN_NOT_NULL).marked(of.marks)
    return list_value(STRING, [string(name) for name in of.attributes]).marked(of.marks)


def _values_type(call: Call) -> Type:
    kind = call[0].type
    if isinstance(kind, MapType):
        return ListType(kind.element)
    if isinstance(kind, ObjectType):
        return TupleType(tuple([kind.attributes[name] for name in sorted(kind.attributes)]))
    raise CallError(f"a map or an object is required, but have {friendly_name(kind)}")


def _values(call: Call) -> Value:
    return Value(call.returns, tuple(call[0].attributes.values()), call[0].marks)


# -- lookup --------------------------------------------------------------------------------------


def _lookup_type(call: Call) -> Type:
    if len(call) > 3:
        raise CallError(f"two or three arguments are required, but {len(call)} are given")
    kind, key = call[0].type, call[1].raw
    if isinstance(kind, MapType):
        if len(call) == 3 and isinstance(convert(call[2], kind.element), Mismatch):
            raise ArgumentError(2, "it must be of the type that the elements of the map have")
        return kind.element
    if not isinstance(kind, ObjectType):
        raise ArgumentError(0, "a map is required")
    if type(key) is not str:
        return DYNAMIC
    if key in kind.attributes:
        return kind.attributes[key]
    if len(call) == 3:
        return call[2].type
    raise ArgumentError(0, f'the object has no attribute "{key}"')


def _lookup(call: Call) -> Value:
    of, key = call[0], call[1]
    marks = of.marks | key.marks
    raw = of.raw
    if type(raw) is Unknown or type(key.raw) is Unknown:
        return unknown(call.returns).marked(marks)
    if type(raw) is dict and key.text in raw:
        return of.attributes[key.text].marked(marks)
    if len(call) < 3:
        raise CallError(f'there is no element with the key "{key.text}", and no default is given')
    converted = convert(call[2], call.returns)
    assert isinstance(converted, Value)
    return converted.marked(marks)


# -- merge ---------------------------------------------------------------------------------------


def _merge_type(call: Call) -> Type:
    if not len(call):
        return EMPTY_OBJECT
    attributes: dict[str, Type] = {}
    for each in call.arguments:
        kind = each.type
        if kind is DYNAMIC:
            return DYNAMIC
        if not isinstance(kind, MapType | ObjectType):
            raise CallError(f"the arguments must be maps or objects, but have {friendly_name(kind)}")
        if each.is_null:
            continue
        if isinstance(kind, ObjectType):
            attributes.update(kind.attributes)
        elif not each.is_known:
            return DYNAMIC
        else:
            attributes.update(dict.fromkeys(each.attributes, kind.element))
    first = call[0].type
    if all(each.type == first for each in call.arguments):
        return first
    return ObjectType({name: attributes[name] for name in sorted(attributes)})


def _merge(call: Call) -> Value:
    merged: dict[str, Value] = {}
    marks: Marks = NO_MARKS
    is_known = True
    for each in call.arguments:
        marks |= each.marks
        if type(each.raw) is Unknown:
            is_known = False
        elif each.raw is not None:
            merged.update(each.attributes)
    if not is_known:
        return unknown(call.returns, UNKNOWN_NOT_NULL).marked(marks)
    if isinstance(call.returns, MapType):
        return map_value(call.returns.element, merged).marked(marks)
    return object_value(merged).marked(marks)


# -- making maps ---------------------------------------------------------------------------------


def _transpose(call: Call) -> Value:
    turned: dict[str, list[Value]] = {}
    for key, elements in call[0].attributes.items():
        if elements.is_null:
            raise CallError(f'the list under the key "{key}" is null')
        for each in elements.elements:
            if each.is_null:
                raise CallError(f'the list under the key "{key}" has an element that is null')
            turned.setdefault(each.text, []).append(string(key))
    return map_value(_STRINGS, {key: list_value(STRING, turned[key]) for key in turned})


def _zip_type(call: Call) -> Type:
    keys, kind = call[0], call[1].type
    if isinstance(kind, ListType):
        return MapType(kind.element)
    if not isinstance(kind, TupleType):
        raise CallError("the values must be a list or a tuple")
    if not keys.is_wholly_known:
        return DYNAMIC
    _check_lengths(len(keys.elements), len(kind.elements))
    names = [_zip_key(key) for key in keys.elements]
    found = dict(zip(names, kind.elements, strict=True))
    return ObjectType({name: found[name] for name in sorted(found)})


def _check_lengths(keys: int, values: int) -> None:
    if keys != values:
        raise CallError(f"there are {keys} keys, but {values} values")


def _zip_key(key: Value) -> str:
    if key.is_null:
        raise CallError("a key must not be null")
    return key.text


def _zip(call: Call) -> Value:
    keys, values = call[0], call[1]
    marks = keys.marks | values.marks
    if not keys.is_wholly_known or type(values.raw) is Unknown:
        return unknown(call.returns, UNKNOWN_NOT_NULL).marked(marks)
    _check_lengths(len(keys.elements), len(values.elements))
    for key in keys.elements:
        marks |= key.marks
    items = dict(zip([_zip_key(key) for key in keys.elements], values.elements, strict=True))
    if isinstance(call.returns, MapType):
        return map_value(call.returns.element, items).marked(marks)
    return object_value(items).marked(marks)


FUNCTIONS: Final = (
    Function(
        name="keys",
        description="The keys of a map, or names of an object's attributes, sorted.",
        parameters=(
            Parameter(name="inputMap", description="A map or object.", allow_unknown=True, allow_marked=True),
        ),
        returns=_keys_type,
        body=_keys,
    ),
    Function(
        name="values",
        description="The values of a map, or of an object's attributes, in the order of keys.",
        parameters=(Parameter(name="mapping", description="A map or object.", allow_marked=True),),
        returns=_values_type,
        body=_values,
    ),
    Function(
        name="lookup",
        description="The value at a key, or a default if there is none.",
        parameters=(
            Parameter(name="inputMap", description="A map or object.", allow_marked=True, allow_unknown=True),
            Parameter(
                name="key",
                description="The key or attribute name.",
                type=STRING,
                allow_marked=True,
                allow_unknown=True,
            ),
        ),
        variadic=Parameter(
            name="default",
            description="What to give if the key is missing; one value at most.",
            allow_null=True,
            allow_unknown=True,
            allow_dynamic=True,
            allow_marked=True,
        ),
        returns=_lookup_type,
        body=_lookup,
        nullable=True,
    ),
    Function(
        name="merge",
        description="Several maps or objects in one; where keys repeat, the last wins.",
        variadic=Parameter(
            name="maps",
            description="Maps, objects or null, which counts as empty.",
            allow_null=True,
            allow_unknown=True,
            allow_dynamic=True,
            allow_marked=True,
        ),
        returns=_merge_type,
        body=_merge,
    ),
    Function(
        name="transpose",
        description="Keys and values swapped: for each string, the keys that listed it.",
        parameters=(
            Parameter(
                name="values", description="A map of lists of strings.", type=MapType(_STRINGS), whole=True
            ),
        ),
        returns=MapType(_STRINGS),
        body=_transpose,
    ),
    Function(
        name="zipmap",
        description="A map or object made of keys and their values.",
        parameters=(
            Parameter(
                name="keys", description="The keys.", type=_STRINGS, allow_marked=True, allow_unknown=True
            ),
            Parameter(
                name="values",
                description="The value of each key, in the same order.",
                allow_marked=True,
                allow_unknown=True,
            ),
        ),
        returns=_zip_type,
        body=_zip,
    ),
)
