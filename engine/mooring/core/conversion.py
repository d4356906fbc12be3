"""Values converted to the types that are asked for.

Owns what a conversion makes of a value: known, null or unknown, marks kept where they stand. Which types
convert at all, and which type several have in common, is decided in unification.py. Knows nothing of
expressions: whoever asks tells the user.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mooring.core.numbers import format_number, parse_number
from mooring.core.paths import Attr, Index, Step
from mooring.core.records import field, record
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
    has_dynamic,
)
from mooring.core.unification import (
    Mismatch,
    constraint_name,
    missing_attributes,
    required,
    resolved,
    type_mismatch,
    unify,
    unlike_elements,
    without_optional,
    wrong_length,
)
from mooring.core.values import (
    Unknown,
    Value,
    boolean,
    list_value,
    null,
    number,
    parts,
    set_value,
    string,
    unknown,
)

__all__ = [
    "Defaults",
    "Mismatch",
    "constraint_name",
    "convert",
    "refined_unknown",
    "unify",
    "with_defaults",
    "without_optional",
]


def convert(value: Value, to: Type) -> Value | Mismatch:
    """The value as a value of the type, or why that cannot be.

    `to` may be a constraint: `DYNAMIC` in it takes whatever is there (elements of a collection are brought to
    one type), optional attributes that are missing become null.
    """
    if to is DYNAMIC or value.type is to or value.type == to:
        return value
    raw = value.raw
    if raw is None or type(raw) is Unknown:
        return _convert_absent(value, to)
    match to:
        case Primitive():
            converted = _convert_primitive(value, to)
        case ListType() | SetType():
            converted = _convert_sequence(value, to)
        case MapType():
            converted = _convert_map(value, to)
        case TupleType(elements):
            converted = _convert_tuple(value, elements)
        case ObjectType():
            converted = _convert_object(value, to)
    return converted.marked(value.marks) if isinstance(converted, Value) else converted


# -- null and unknown ----------------------------------------------------------------------------


def _convert_absent(value: Value, to: Type) -> Value | Mismatch:
    mismatch = type_mismatch(value.type, to)
    if mismatch is not None:
        return mismatch
    kind = resolved(value.type, to)
    if value.is_null:
        return null(kind).marked(value.marks)
    return refined_unknown(kind, _refinement(value, kind)).marked(value.marks)


def refined_unknown(of: Type, refinement: Unknown) -> Value:
    """An unknown value; a list of known length, and anything known to be empty, is known to that extent."""
    length = refinement.min_length
    if not refinement.not_null or length != refinement.max_length:
        return unknown(of, refinement)
    if isinstance(of, ListType):
        return list_value(of.element, (unknown(of.element),) * length)
    if length == 0 and isinstance(of, SetType | MapType):
        return Value(of, ()) if isinstance(of, SetType) else Value(of, {})
    return unknown(of, refinement)


def _refinement(value: Value, to: Type) -> Unknown:
    """What is still known of an unknown value after its conversion."""
    known = value.raw
    assert isinstance(known, Unknown)
    if not isinstance(to, ListType | SetType | MapType):
        return Unknown(not_null=known.not_null)
    lowest, highest = known.min_length, known.max_length
    if isinstance(value.type, TupleType):
        lowest = highest = len(value.type.elements)
    elif isinstance(value.type, ObjectType):
        lowest = highest = len(value.type.attributes)
    if isinstance(to, SetType) and not isinstance(value.type, SetType):
        lowest = min(lowest, 1)
    return Unknown(not_null=known.not_null, min_length=lowest, max_length=highest)


# -- primitives ----------------------------------------------------------------------------------


def _convert_primitive(value: Value, to: Primitive) -> Value | Mismatch:
    kind = value.type
    if to is STRING and kind is NUMBER:
        return string(format_number(value.number))
    if to is STRING and kind is BOOL:
        return string("true" if value.raw else "false")
    if to is NUMBER and kind is STRING:
        return _to_number(value.text)
    if to is BOOL and kind is STRING:
        return _to_bool(value.text)
    return required(to, kind)


def _to_number(text: str) -> Value | Mismatch:
    read = parse_number(text)
    return number(read) if read is not None else Mismatch((), "a number is required")


def _to_bool(text: str) -> Value | Mismatch:
    if text in ("true", "1"):
        return boolean(True)  # noqa: FBT003
    if text in ("false", "0"):
        return boolean(False)  # noqa: FBT003
    if text.lower() in ("true", "false"):
        return Mismatch((), f'a bool is required, and written as text it is "{text.lower()}", in lower case')
    return Mismatch((), "a bool is required")


# -- collections ---------------------------------------------------------------------------------


def _convert_sequence(value: Value, to: ListType | SetType) -> Value | Mismatch:
    if not isinstance(value.type, ListType | SetType | TupleType):
        return required(to, value.type)
    elements = _convert_elements(value, enumerate(value.elements), to)
    if isinstance(elements, Mismatch):
        return elements
    element = _element_type(value, elements, to)
    if isinstance(to, SetType):
        return set_value(element, elements)
    return Value(ListType(element), tuple(elements))


def _convert_map(value: Value, to: MapType) -> Value | Mismatch:
    if not isinstance(value.type, MapType | ObjectType):
        return required(to, value.type)
    items = value.attributes
    elements = _convert_elements(value, items.items(), to)
    if isinstance(elements, Mismatch):
        return elements
    return Value(MapType(_element_type(value, elements, to)), dict(zip(items, elements, strict=True)))


def _element_type(value: Value, elements: list[Value], to: ListType | SetType | MapType) -> Type:
    if elements:
        return elements[0].type
    kind = resolved(value.type, to)
    assert isinstance(kind, ListType | SetType | MapType)
    return kind.element


def _convert_elements(
    value: Value, items: Iterable[tuple[int | str, Value]], to: ListType | SetType | MapType
) -> list[Value] | Mismatch:
    wanted, is_set = to.element, isinstance(value.type, SetType)
    converted: list[Value] = []
    for key, part in items:
        element = convert(part, wanted)
        if isinstance(element, Mismatch):
            return element.inside(Index(part if is_set else key))
        converted.append(element)
    if not converted:
        mismatch = type_mismatch(value.type, to)
        return mismatch if mismatch is not None else []
    return _of_one_type(converted, to) if has_dynamic(wanted) else converted


def _of_one_type(elements: list[Value], to: Type) -> list[Value] | Mismatch:
    """Elements of a collection whose element type is not given in full, brought to one type."""
    element = unify([each.type for each in elements])
    if element is None:
        return unlike_elements(to)
    alike = [convert(each, element) for each in elements]
    good = [each for each in alike if isinstance(each, Value) and each.type == element]
    return good if len(good) == len(alike) else unlike_elements(to)


# -- structures ----------------------------------------------------------------------------------


def _convert_tuple(value: Value, wanted: tuple[Type, ...]) -> Value | Mismatch:
    if not isinstance(value.type, TupleType):
        return required(TupleType(wanted), value.type)
    if len(value.elements) != len(wanted):
        return wrong_length(len(value.elements), len(wanted))
    converted: list[Value] = []
    for position, (part, to) in enumerate(zip(value.elements, wanted, strict=True)):
        element = convert(part, to)
        if isinstance(element, Mismatch):
            return element.inside(Index(position))
        converted.append(element)
    return Value(TupleType(tuple([each.type for each in converted])), tuple(converted))


def _convert_object(value: Value, to: ObjectType) -> Value | Mismatch:
    if not isinstance(value.type, ObjectType | MapType):
        return required(to, value.type)
    have = value.attributes
    missing = missing_attributes(have, to)
    if missing is not None:
        return missing
    converted: dict[str, Value] = {}
    for name, wanted in sorted(to.attributes.items()):
        part = convert(have[name], wanted) if name in have else null(without_optional(wanted))
        if isinstance(part, Mismatch):
            step: Step = Attr(name)
            return part.inside(step)
        converted[name] = part
    return Value(ObjectType({name: part.type for name, part in converted.items()}), converted)


# -- defaults of optional attributes -------------------------------------------------------------


@record(kw_only=True)
class Defaults:
    """What `optional(T, default)` says about a type and its parts.

    `values` are the defaults of an object's own attributes, already of the attributes' types. `parts` holds
    what is said inside: by attribute name, by position in a tuple, and under None for the elements of a
    collection.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    parts: Mapping[str | int | None, Defaults] = field(default_factory=dict)


def with_defaults(value: Value, defaults: Defaults) -> Value:
    """The value with each missing or null attribute that has a default set to it, at any depth.

    To be applied before `convert`: lists come back as tuples and maps as objects where something changed.
    """
    raw = value.raw
    if type(raw) is tuple:
        return _elements_with_defaults(value, defaults)
    if type(raw) is dict:
        return _attributes_with_defaults(value, defaults)
    return value


def _inside(defaults: Defaults, key: str | int) -> Defaults | None:
    return defaults.parts.get(key, defaults.parts.get(None))


def _elements_with_defaults(value: Value, defaults: Defaults) -> Value:
    elements = tuple(
        part if (inner := _inside(defaults, position)) is None else with_defaults(part, inner)
        for position, part in enumerate(value.elements)
    )
    if all(map(_is_same, elements, value.elements)):
        return value
    return Value(TupleType(tuple([each.type for each in elements])), elements, value.marks)


def _is_same(one: Value, other: Value) -> bool:
    return one is other


def _attributes_with_defaults(value: Value, defaults: Defaults) -> Value:
    have = dict(value.attributes)
    for name, default in defaults.values.items():
        if name not in have or have[name].is_null:
            have[name] = default
    for name, part in have.items():
        inner = _inside(defaults, name)
        if inner is not None:
            have[name] = with_defaults(part, inner)
    if len(have) == len(value.attributes) and all(map(_is_same, have.values(), parts(value))):
        return value
    ordered = {name: have[name] for name in sorted(have)}
    return Value(ObjectType({name: part.type for name, part in ordered.items()}), ordered, value.marks)
