r"""Shapes from Azure's published specifications.

Reads `specs/*.json`: the resource types of Azure/bicep-types-az (MIT), one node `{type, flags, doc}` per
property. A type is a name with limits (`int{"minValue": 0}`), a union of literals (`'Linux' | 'Windows' |
string`), `#Name` for a type with a name, or an object: `{"[]": item}`, properties by name with `*` for any
other, or a discriminated union `{_base, _discriminator, _variants}`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from mooring_emulator.arm.shapes import (
    Anything,
    Field,
    Flag,
    ListOf,
    Number,
    OneOf,
    Record,
    Shape,
    Text,
    Whole,
)
from mooring_emulator.codec import Json, JsonObject, decode

_UNFLAGGED_SECRETS = frozenset({"password", "databricksAccessToken"})
"""Secrets by their nature that the specifications do not flag as sensitive (facts.md section 2)."""

_FOLDER = Path(__file__).parent.parent / "specs"
_LITERAL = re.compile(r"'([^']*)'")

Variants: TypeAlias = Mapping[str, Record]
"""The objects of a discriminated union, by the discriminator's value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeSpec:
    """A resource type's specification.

    `envelope` is without `name` and `properties`, `variants` are those of `properties`. A type whose
    properties have no discriminator has the one variant `""`.
    """

    envelope: Record
    variants: Variants


def load_spec(file_name: str) -> TypeSpec:
    """Read one specification that ships with the package."""
    nodes = load_json(file_name)
    reader = _Reader({}, None)
    properties = nodes["properties"]["type"]
    envelope = {name: node for name, node in nodes.items() if name not in {"name", "properties"}}
    return TypeSpec(envelope=reader.record(envelope), variants=reader.variants(properties))


class Bodies:
    """What clients may send of the types of one file, each read when it is first asked for.

    Mutable only in what it has read already. Members that the specification does not have are dropped, or
    kept with `keeps_unknown`.
    """

    def __init__(self, file_name: str, *, keeps_unknown: bool = False) -> None:
        self._file_name = file_name
        self._others = Anything() if keeps_unknown else None
        self._nodes: JsonObject = {}
        self._records: dict[str, Record | None] = {}

    def record(self, path: str) -> Record | None:
        """Give the shape of a resource's body, None for a type the file does not have."""
        if path not in self._records:
            self._nodes = self._nodes or load_json(self._file_name)
            node = self._nodes["resources"].get(path)
            reader = _Reader(self._nodes["types"], self._others)
            self._records[path] = None if node is None else reader.record(node)
        return self._records[path]


def load_json(file_name: str) -> JsonObject:
    """Read a file that ships with the package."""
    nodes: JsonObject = decode((_FOLDER / file_name).read_bytes())
    return nodes


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads nodes: with types by name, and the shape of members that a record does not have."""

    types: JsonObject
    others: Shape | None

    def variants(self, node: JsonObject) -> Variants:
        if "_variants" not in node:
            return {"": self.record(node)}
        return {name: self.record({**node["_base"], **own}) for name, own in node["_variants"].items()}

    def record(self, nodes: JsonObject) -> Record:
        fields = {name.lower(): self._field(name, node) for name, node in nodes.items() if name != "*"}
        return Record(fields=fields, others=self._shape(nodes["*"]) if "*" in nodes else self.others)

    def _field(self, name: str, node: JsonObject) -> Field:
        flags = node.get("flags", ())
        is_flagged = isinstance(node["type"], str) and '"sensitive"' in node["type"]
        return Field(
            name=name,
            shape=self._shape(node["type"]),
            is_required="required" in flags,
            is_read_only="readOnly" in flags,
            is_secret=is_flagged or name in _UNFLAGGED_SECRETS,
        )

    def _shape(self, node: Json) -> Shape:
        if isinstance(node, str):
            return self._shape(self.types[node[1:]]) if node.startswith("#") else _simple(node)
        if "[]" in node:
            return ListOf(item=self._shape(node["[]"]))
        if "_variants" in node:
            variants = {name.lower(): record for name, record in self.variants(node).items()}
            return OneOf(discriminator=node["_discriminator"], variants=variants)
        return self.record(node)


def _simple(text: str) -> Shape:
    if text.startswith("'"):
        names = _LITERAL.findall(text)
        return Text(choices={name.lower(): name for name in names})
    name, _, limits = text.partition("{")
    bounds = decode("{" + limits) if limits else {}
    match name:
        case "string":
            return _text(bounds)
        case "int":
            return Whole(minimum=bounds.get("minValue", -(2**31)), maximum=bounds.get("maxValue", 2**31 - 1))
        case "number":
            return Number()
        case "boolean" | "bool":
            return Flag()
        case _:
            return Anything()


def _text(bounds: JsonObject) -> Text:
    pattern = bounds.get("pattern")
    return Text(
        pattern=re.compile(pattern) if pattern else None,
        choices={},
        min_length=bounds.get("minLength", 0),
        max_length=bounds.get("maxLength", 2**31),
    )
