"""Whether an object that a provider hands over has the form of its schema's type.

Asked before anything else looks inside: the rules of contract.py and the codecs rely on the form. A
violation names a path and what is wrong there, never a value: it may be secret.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from mooring.core.paths import Attr, Index, Path, format_path
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
)
from mooring.core.values import Unknown, Value

_PRIMITIVES: Final = {str: STRING, bool: BOOL, int: NUMBER, float: NUMBER, Fraction: NUMBER}
_Misfit = tuple[Path, str]


@record(kw_only=True)
class Violation:
    """A rule that an object breaks at `path`; `message` says what is wrong with that part."""

    path: Path
    message: str

    def __str__(self) -> str:
        return f"{format_path(self.path) or 'the object'}: {self.message}"


def check_form(value: Value, of: Type) -> tuple[Violation, ...]:
    """The first place where a value is not of a type; nulls and unknowns are of every type.

    Where the schema allows any type, it must be of the one that it says it has. Every object of a plan comes
    through here (4 us for one of `terraform_data`), so a path is put together only where something is wrong.
    """
    found = _misfit(value, of)
    return () if found is None else (Violation(path=found[0], message=found[1]),)


def check_known_object(value: Value, of: ObjectType) -> tuple[Violation, ...]:
    """What is wrong with an object that exists: it has the form of its type, and nothing is unknown."""
    if value.is_null:
        return (Violation(path=(), message="null"),)
    found = check_form(value, of)
    if found or value.is_wholly_known:
        return found
    if not value.is_known:
        return (Violation(path=(), message="unknown, although it exists"),)
    unknown = [name for name, part in value.attributes.items() if not part.is_wholly_known]
    return tuple([Violation(path=(Attr(name),), message="unknown, although it exists") for name in unknown])


def _misfit(value: Value, of: Type) -> _Misfit | None:
    raw = value.raw
    kind = type(raw)
    if raw is None or kind is Unknown:
        return None
    if of is DYNAMIC:
        of = value.type
    if isinstance(raw, dict):
        return _misfit_of_parts(raw, of)
    if isinstance(raw, tuple):
        return _misfit_of_elements(raw, of)
    return None if _PRIMITIVES.get(kind) is of else ((), f"not {_described(of)}")


def _misfit_of_parts(raw: dict[str, Value], of: Type) -> _Misfit | None:
    if isinstance(of, MapType):
        for key, part in raw.items():
            found = _misfit(part, of.element)
            if found is not None:
                return (Index(key), *found[0]), found[1]
        return None
    if not isinstance(of, ObjectType) or raw.keys() != of.attributes.keys():
        return (), f"not {_described(of)}"
    types = of.attributes
    for name, part in raw.items():
        found = _misfit(part, types[name])
        if found is not None:
            return (Attr(name), *found[0]), found[1]
    return None


def _misfit_of_elements(raw: tuple[Value, ...], of: Type) -> _Misfit | None:
    if isinstance(of, TupleType) and len(of.elements) == len(raw):
        types = of.elements
    elif isinstance(of, ListType | SetType):
        types = (of.element,) * len(raw)
    else:
        return (), f"not {_described(of)}"
    for index, (part, wanted) in enumerate(zip(raw, types, strict=True)):
        found = _misfit(part, wanted)
        if found is not None:
            return (Index(index), *found[0]), found[1]
    return None


def _described(of: Type) -> str:
    match of:
        case Primitive():
            return f"a {of.value}"
        case ObjectType():
            return "an object of its type"
        case TupleType(elements):
            return f"a tuple of {len(elements)}"
        case _:
            return "a collection of its type"
