"""The shape of a JSON value, and making a value conform to it.

Owns the shape values (a closed sum) and what is done with them: canonical spelling of names and enum values,
dropping what is read-only or unknown, collecting every problem; redaction of secrets; explicit nulls. Must
not know where shapes come from (`specs` reads them) or HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from mooring_emulator.codec import Json, JsonObject


_FLAGS: Mapping[str, bool] = {"true": True, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A string. `choices` maps lower case to the canonical spelling; empty means any string."""

    pattern: re.Pattern[str] | None = None
    choices: Mapping[str, str]
    min_length: int = 0
    max_length: int = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """An integer within inclusive bounds."""

    minimum: int = -(2**31)
    maximum: int = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number, whole or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A boolean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anything:
    """Any JSON value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOf:
    """An array."""

    item: Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A member of a record."""

    name: str
    shape: Shape
    is_required: bool = False
    is_read_only: bool = False
    is_secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An object: fields by lower-case name.

    Other members have the shape `others`, or are dropped when that is None.
    """

    fields: Mapping[str, Field]
    others: Shape | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OneOf:
    """An object whose member `discriminator` says which of the records it is, by lower-case value."""

    discriminator: str
    variants: Mapping[str, Record]

    def variant(self, value: Json) -> Record | None:
        """Give the record that a value claims to be."""
        folded = self.discriminator.lower()
        found = (member for name, member in value.items() if name.lower() == folded)
        return self.variants.get(str(next(found, "")).lower())


Shape: TypeAlias = Text | Whole | Number | Flag | Anything | ListOf | Record | OneOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a value, and where: `properties.scaleSettings.maxNodeCount`."""

    path: str
    message: str


def record(*fields: Field) -> Record:
    """Build a record whose unknown members are kept as they are."""
    return Record(fields={field.name.lower(): field for field in fields}, others=Anything())


def closed(*names: str) -> Record:
    """Build a record of members that are anything; unknown members are dropped, as the services do."""
    return Record(fields={name.lower(): Field(name=name, shape=Anything()) for name in names})


def reference() -> Record:
    """Build the shape of a reference to another resource, `{"id": ...}`."""
    return record(Field(name="id", shape=Text(choices={}), is_required=True))


def conform(shape: Shape, value: Json, path: str) -> tuple[Json, tuple[Problem, ...]]:
    """Give the value in canonical spelling, without read-only and unknown members, and its problems."""
    match shape:
        case Text():
            return _conform_text(shape, value, path)
        case Whole():
            return _conform_whole(shape, value, path)
        case Number():
            return _conform_number(value, path)
        case Flag():
            return _conform_flag(value, path)
        case ListOf(item=item):
            return _conform_list(item, value, path)
        case Record():
            return _conform_record(shape, value, path)
        case OneOf():
            return _conform_one(shape, value, path)
        case Anything():
            return value, ()


def redact(shape: Shape, value: Json) -> Json:
    """Give the value with null in the place of every secret."""
    match shape, value:
        case Record(fields=fields), dict():
            return {name: _redact_member(fields.get(name.lower()), member) for name, member in value.items()}
        case OneOf(), dict():
            return redact(shape.variant(value) or Anything(), value)
        case ListOf(item=item), list():
            return [redact(item, member) for member in value]
        case _:
            return value


def with_nulls(shape: Shape, value: Json) -> Json:
    """Give the value with an explicit null for every absent field, as the live service answers."""
    match shape, value:
        case Record(fields=fields), dict():
            nulls: JsonObject = {field.name: None for field in fields.values()}
            members = {name: _member_with_nulls(fields, name, member) for name, member in value.items()}
            return nulls | members
        case OneOf(), dict():
            return with_nulls(shape.variant(value) or Anything(), value)
        case ListOf(item=item), list():
            return [with_nulls(item, member) for member in value]
        case _:
            return value


def _redact_member(field: Field | None, member: Json) -> Json:
    if field is None:
        return member
    return None if field.is_secret else redact(field.shape, member)


def _member_with_nulls(fields: Mapping[str, Field], name: str, member: Json) -> Json:
    field = fields.get(name.lower())
    return with_nulls(field.shape, member) if field else member


def _conform_flag(value: Json, path: str) -> tuple[Json, tuple[Problem, ...]]:
    """Take the words true and false too, as the services do: azure-ai-ml's template sends them."""
    word = _FLAGS.get(value.lower()) if isinstance(value, str) else value
    return (value, _wrong(path, value, "a boolean")) if not isinstance(word, bool) else (word, ())


def _conform_text(shape: Text, value: Json, path: str) -> tuple[Json, tuple[Problem, ...]]:
    if not isinstance(value, str):
        return value, _wrong(path, value, "a string")
    if shape.choices:
        return _choose(shape.choices, value, path)
    if not shape.min_length <= len(value) <= shape.max_length:
        limits = f"{shape.min_length} to {shape.max_length} characters"
        return value, (Problem(path=path, message=f"The value of '{path}' must have {limits}."),)
    if shape.pattern and not shape.pattern.search(value):
        message = f"The value of '{path}' does not match the pattern '{shape.pattern.pattern}'."
        return value, (Problem(path=path, message=message),)
    return value, ()


def _choose(choices: Mapping[str, str], value: str, path: str) -> tuple[Json, tuple[Problem, ...]]:
    chosen = choices.get(value.replace(" ", "").lower())
    if chosen is not None:
        return chosen, ()
    allowed = ", ".join(choices.values())
    message = f"The value '{value}' of '{path}' is not valid. Possible values are: {allowed}."
    return value, (Problem(path=path, message=message),)


def _conform_whole(shape: Whole, value: Json, path: str) -> tuple[Json, tuple[Problem, ...]]:
    if isinstance(value, bool) or not isinstance(value, int):
        return value, _wrong(path, value, "an integer")
    if shape.minimum <= value <= shape.maximum:
        return value, ()
    message = f"The value {value} of '{path}' must be between {shape.minimum} and {shape.maximum}."
    return value, (Problem(path=path, message=message),)


def _conform_number(value: Json, path: str) -> tuple[Json, tuple[Problem, ...]]:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value, () if is_number else _wrong(path, value, "a number")


def _conform_one(shape: OneOf, value: Json, path: str) -> tuple[Json, tuple[Problem, ...]]:
    if not isinstance(value, dict):
        return value, _wrong(path, value, "an object")
    variant = shape.variant(value)
    if variant is not None:
        return _conform_record(variant, value, path)
    key = shape.discriminator.lower()
    named = [variant.fields[key].shape for variant in shape.variants.values()]
    choices = {
        name: value for each in named if isinstance(each, Text) for name, value in each.choices.items()
    }
    field = Field(name=shape.discriminator, shape=Text(choices=choices), is_required=True)
    return _conform_record(Record(fields={key: field}), value, path)


def _conform_list(item: Shape, value: Json, path: str) -> tuple[Json, tuple[Problem, ...]]:
    if not isinstance(value, list):
        return value, _wrong(path, value, "an array")
    pairs = [conform(item, member, f"{path}[{index}]") for index, member in enumerate(value)]
    return [member for member, _ in pairs], tuple(problem for _, found in pairs for problem in found)


def _conform_record(shape: Record, value: Json, path: str) -> tuple[Json, tuple[Problem, ...]]:
    if not isinstance(value, dict):
        return value, _wrong(path, value, "an object")
    members: JsonObject = {}
    problems: list[Problem] = []
    for name, member in value.items():
        field = shape.fields.get(name.lower()) or _other(shape, name)
        if field is None or field.is_read_only or member is None:
            continue
        members[field.name], found = conform(field.shape, member, _below(path, field.name))
        problems.extend(found)
    problems.extend(_missing(shape, members, path))
    return members, tuple(problems)


def _other(shape: Record, name: str) -> Field | None:
    return Field(name=name, shape=shape.others) if shape.others is not None else None


def _missing(shape: Record, members: Mapping[str, Json], path: str) -> list[Problem]:
    required = (field for field in shape.fields.values() if field.is_required and not field.is_read_only)
    missing = [_below(path, field.name) for field in required if field.name not in members]
    return [Problem(path=place, message=f"The {place} field is required.") for place in missing]


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _wrong(path: str, value: Json, wanted: str) -> tuple[Problem, ...]:
    message = f"Error converting the value of '{path}': expected {wanted}, found {type(value).__name__}."
    return (Problem(path=path, message=message),)
