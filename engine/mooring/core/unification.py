"""What types convert to what, and the type that several can all convert to.

Owns rules between types alone; conversion.py applies them to values. The rules are Terraform's, found by
observation (tests/conformance holds the cases): conversions are the "unsafe" ones, in which a string may turn
out not to be the number that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from mooring.core.paths import Attr, Index, Path, Step
from mooring.core.records import record
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
    friendly_name,
)


@record
class Mismatch:
    """Why something does not convert: `message` is said of the part at `path`.

    Its text names the steps too: `attribute "size": element 0: a number is required`.
    """

    path: Path
    message: str

    def inside(self, step: Step) -> Mismatch:
        """The same mismatch seen from the value that has this part at `step`."""
        return Mismatch((step, *self.path), self.message)

    def __str__(self) -> str:
        return "".join(map(_step_text, self.path)) + self.message


def _step_text(step: Step) -> str:
    if isinstance(step, Attr):
        return f'attribute "{step.name}": '
    if isinstance(step.key, str):
        return f'element "{step.key}": '
    return f"element {step.key}: " if isinstance(step.key, int) else "set element: "


_PRIMITIVE_CONVERSIONS: Final = frozenset(
    {(STRING, NUMBER), (STRING, BOOL), (NUMBER, STRING), (BOOL, STRING)}
)


def constraint_name(of: Type) -> str:
    """What messages call a type that is asked for: `any` is no type, but a demand."""
    if of is DYNAMIC:
        return "any type"
    if isinstance(of, ListType | SetType | MapType) and of.element is DYNAMIC:
        return friendly_name(of).replace("dynamic", "any single type")
    return friendly_name(of)


def required(to: Type, have: Type) -> Mismatch:
    """The plain mismatch of two types."""
    return Mismatch((), f"{constraint_name(to)} required, but have {friendly_name(have)}")


def without_optional(of: Type) -> Type:
    """The type of the values that a constraint lets through: no attribute is optional in it."""
    match of:
        case Primitive():
            return of
        case ListType(element):
            return ListType(without_optional(element))
        case SetType(element):
            return SetType(without_optional(element))
        case MapType(element):
            return MapType(without_optional(element))
        case TupleType(elements):
            return TupleType(tuple([without_optional(element) for element in elements]))
        case ObjectType(attributes):
            return ObjectType({name: without_optional(attributes[name]) for name in sorted(attributes)})


# -- whether a type converts ---------------------------------------------------------------------


def type_mismatch(have: Type, to: Type) -> Mismatch | None:
    """Why no value of type `have` can convert to `to`; None if some can."""
    if to is DYNAMIC or have is DYNAMIC or have == to:
        return None
    match have, to:
        case Primitive(), Primitive():
            return None if (have, to) in _PRIMITIVE_CONVERSIONS else required(to, have)
        case ((ListType(element) | SetType(element)), (ListType(wanted) | SetType(wanted))):
            return _element_mismatch(element, wanted, to)
        case MapType(element), MapType(wanted):
            return _element_mismatch(element, wanted, to)
        case TupleType(elements), (ListType(wanted) | SetType(wanted)):
            return _parts_mismatch(enumerate(elements), wanted, to)
        case ObjectType(attributes), MapType(wanted):
            return _parts_mismatch(attributes.items(), wanted, to)
        case MapType(element), ObjectType():
            return _map_mismatch(element, to)
        case TupleType(elements), TupleType(wanted_elements):
            return _tuple_mismatch(elements, wanted_elements)
        case ObjectType(attributes), ObjectType():
            return _object_mismatch(attributes, to)
        case _:
            return required(to, have)


def _element_mismatch(have: Type, to: Type, collection: Type) -> Mismatch | None:
    found = type_mismatch(have, to)
    if found is None:
        return None
    kind = friendly_name(collection).split(" ", maxsplit=1)[0]
    return Mismatch((), f"incorrect {kind} element type: {found}")


def _parts_mismatch(parts: Iterable[tuple[int | str, Type]], to: Type, collection: Type) -> Mismatch | None:
    items = list(parts)
    if to is DYNAMIC:
        return (
            None if not items or _element_type([part for _, part in items]) else unlike_elements(collection)
        )
    for key, part in items:
        found = type_mismatch(part, to)
        if found is not None:
            return found.inside(Index(key))
    return None


def _map_mismatch(element: Type, to: ObjectType) -> Mismatch | None:
    for name, wanted in to.attributes.items():
        found = type_mismatch(element, wanted)
        if found is not None:
            return found.inside(Attr(name))
    return None


def _tuple_mismatch(have: Sequence[Type], to: Sequence[Type]) -> Mismatch | None:
    if len(have) != len(to):
        return wrong_length(len(have), len(to))
    for position, (part, wanted) in enumerate(zip(have, to, strict=True)):
        found = type_mismatch(part, wanted)
        if found is not None:
            return found.inside(Index(position))
    return None


def _object_mismatch(have: Mapping[str, Type], to: ObjectType) -> Mismatch | None:
    missing = missing_attributes(have, to)
    if missing is not None:
        return missing
    for name, wanted in to.attributes.items():
        found = type_mismatch(have[name], wanted) if name in have else None
        if found is not None:
            return found.inside(Attr(name))
    return None


def wrong_length(have: int, to: int) -> Mismatch:
    """A tuple has more or fewer elements than wanted."""
    return Mismatch((), f"tuple of length {to} required, but have {have} elements")


def unlike_elements(collection: Type) -> Mismatch:
    """Elements of a list, set or map of `any` have no type in common."""
    kind = friendly_name(collection).split(" ", maxsplit=1)[0]
    return Mismatch((), f"all {kind} elements must have the same type")


def missing_attributes(have: Mapping[str, object], to: ObjectType) -> Mismatch | None:
    """Whether attributes that are not optional are missing."""
    names = [f'"{name}"' for name in sorted(to.attributes) if name not in have and name not in to.optional]
    if not names:
        return None
    if len(names) == 1:
        return Mismatch((), f"attribute {names[0]} is required")
    return Mismatch((), f"attributes {', '.join(names[:-1])} and {names[-1]} are required")


def _element_type(parts: Sequence[Type]) -> Type | None:
    """The type of the elements of a collection made of parts of these types; None if there is none."""
    found = unify(parts)
    if found is DYNAMIC and any(part is not DYNAMIC for part in parts):
        return None
    return found


def resolved(have: Type, to: Type) -> Type:
    """The type that a value of type `have` gets when it converts to `to`: `any` becomes what is there."""
    if to is DYNAMIC:
        return have
    match have, to:
        case ((ListType(element) | SetType(element)), ListType(wanted)):
            return ListType(resolved(element, wanted))
        case ((ListType(element) | SetType(element)), SetType(wanted)):
            return SetType(resolved(element, wanted))
        case MapType(element), MapType(wanted):
            return MapType(resolved(element, wanted))
        case TupleType(elements), ListType(wanted):
            return ListType(_resolved_element(elements, wanted))
        case TupleType(elements), SetType(wanted):
            return SetType(_resolved_element(elements, wanted))
        case ObjectType(attributes), MapType(wanted):
            return MapType(_resolved_element(tuple(attributes.values()), wanted))
        case TupleType(elements), TupleType(wanted_elements) if len(elements) == len(wanted_elements):
            return TupleType(tuple(map(resolved, elements, wanted_elements)))
        case ObjectType(attributes), ObjectType(wanted_attributes):
            return ObjectType(
                {
                    name: resolved(attributes[name], wanted)
                    if name in attributes
                    else without_optional(wanted)
                    for name, wanted in sorted(wanted_attributes.items())
                }
            )
        case _:
            return without_optional(to)


def _resolved_element(parts: Sequence[Type], to: Type) -> Type:
    found = unify([resolved(part, to) for part in parts]) if parts else None
    return found if found is not None else without_optional(to)


# -- a type in common ----------------------------------------------------------------------------


def unify(types: Sequence[Type]) -> Type | None:
    """The type that values of all these types convert to, chosen as Terraform chooses; None if there is none.

    Structures of one kind get a new type of that kind, or a collection if their parts differ in number or
    name. Otherwise one of the types is taken: a list before a set before a tuple, a map before an object,
    a string before other primitives, and `DYNAMIC` last.
    """
    if not types:
        return None
    first = types[0]
    if all(each is first or each == first for each in types):
        return first
    solid = [each for each in types if each is not DYNAMIC]
    kinds = frozenset(map(type, solid))
    unify_alike = _ALIKE.get(kinds)
    if unify_alike is not None:
        return unify_alike(solid) if len(solid) == len(types) else DYNAMIC
    unify_mixed = _MIXED.get(kinds)
    found = unify_mixed(solid) if unify_mixed is not None else None
    return found if found is not None else _choose(types)


_Unify = Callable[[Sequence[Type]], Type | None]


def _unify_elements(types: Iterable[Type]) -> Type | None:
    return unify([each.element for each in types if isinstance(each, ListType | SetType | MapType)])


def _unify_lists(types: Sequence[Type]) -> Type | None:
    element = _unify_elements(types)
    return ListType(element) if element is not None else None


def _unify_sets(types: Sequence[Type]) -> Type | None:
    element = _unify_elements(types)
    return SetType(element) if element is not None else None


def _unify_maps(types: Sequence[Type]) -> Type | None:
    element = _unify_elements(types)
    return MapType(element) if element is not None else None


def _unify_tuples(types: Sequence[Type]) -> Type | None:
    rows = [each.elements for each in types if isinstance(each, TupleType)]
    if len({len(row) for row in rows}) > 1:
        element = unify([part for row in rows for part in row])
        return ListType(element) if element is not None else None
    columns = [unify(column) for column in zip(*rows, strict=True)]
    return TupleType(tuple([each for each in columns if each])) if all(columns) else None


def _unify_objects(types: Sequence[Type]) -> Type | None:
    rows = [each.attributes for each in types if isinstance(each, ObjectType)]
    names = rows[0].keys()
    if any(row.keys() != names for row in rows):
        element = unify([part for row in rows for part in row.values()])
        return MapType(element) if element is not None else None
    columns = {name: unify([row[name] for row in rows]) for name in sorted(names)}
    found = {name: each for name, each in columns.items() if each is not None}
    return ObjectType(found) if len(found) == len(columns) else None


def _unify_lists_and_tuples(types: Sequence[Type]) -> Type | None:
    lists: list[Type] = []
    for each in types:
        parts = each.elements if isinstance(each, TupleType) else ()
        element = unify(parts) if parts else DYNAMIC
        if element is None:
            return None
        lists.append(ListType(element) if isinstance(each, TupleType) else each)
    return _unify_lists([each for each in lists if each != ListType(DYNAMIC)] or lists)


def _unify_maps_and_objects(types: Sequence[Type]) -> Type | None:
    maps: list[Type] = []
    for each in types:
        parts = tuple(each.attributes.values()) if isinstance(each, ObjectType) else ()
        element = unify(parts) if parts else DYNAMIC
        if element is None:
            return None
        maps.append(MapType(element) if isinstance(each, ObjectType) else each)
    return _unify_maps([each for each in maps if each != MapType(DYNAMIC)] or maps)


_ALIKE: Final[Mapping[frozenset[type], _Unify]] = {
    frozenset({ListType}): _unify_lists,
    frozenset({SetType}): _unify_sets,
    frozenset({MapType}): _unify_maps,
    frozenset({TupleType}): _unify_tuples,
    frozenset({ObjectType}): _unify_objects,
}
"""What is of one kind stays of one kind, or has no type in common."""
_MIXED: Final[Mapping[frozenset[type], _Unify]] = {
    frozenset({ListType, TupleType}): _unify_lists_and_tuples,
    frozenset({MapType, ObjectType}): _unify_maps_and_objects,
}


def _choose(types: Sequence[Type]) -> Type | None:
    for candidate in sorted(dict.fromkeys(types), key=_preference):
        if all(type_mismatch(each, candidate) is None for each in types):
            return candidate
    return None


def _preference(of: Type) -> int:
    match of:
        case ListType() | MapType():
            return 0
        case SetType():
            return 1
        case TupleType() | ObjectType():
            return 2
        case Primitive():
            return 5 if of is DYNAMIC else 3 if of is STRING else 4
