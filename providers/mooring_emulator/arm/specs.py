r"""Shapes from Azure's published specifications.

Reads `specs/*.json`: the resource types of Azure/bicep-types-az (MIT), one node `{type, flags, doc}` per
property. A type is a name with limits (`int{"minValue": 0}`), a union of literals (`'Linux' | 'Windows' |
string`), or an object: `{"[]": item}`, properties by name with `*` for any other, or a discriminated union
`{_base, _discriminator, _variants}`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from mooring_emulator.arm.shapes import Anything, Field, Flag, ListOf, Record, Shape, Text, Whole
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
    nodes = decode((_FOLDER / file_name).read_bytes())
    properties = nodes["properties"]["type"]
    envelope = {name: node for name, node in nodes.items() if name not in {"name", "properties"}}
    return TypeSpec(envelope=_record(envelope), variants=_variants(properties))


def _variants(node: JsonObject) -> Variants:
    if "_variants" not in node:
        return {"": _record(node)}
    return {name: _record({**node["_base"], **own}) for name, own in node["_variants"].items()}


def _record(nodes: JsonObject) -> Record:
    fields = {name.lower(): _field(name, node) for name, node in nodes.items() if name != "*"}
    return Record(fields=fields, others=_shape(nodes["*"]) if "*" in nodes else None)


def _field(name: str, node: JsonObject) -> Field:
    flags = node.get("flags", ())
    is_flagged = isinstance(node["type"], str) and '"sensitive"' in node["type"]
    return Field(
        name=name,
        shape=_shape(node["type"]),
        is_required="required" in flags,
        is_read_only="readOnly" in flags,
        is_secret=is_flagged or name in _UNFLAGGED_SECRETS,
    )


def _shape(node: Json) -> Shape:
    if isinstance(node, str):
        return _simple(node)
    if "[]" in node:
        return ListOf(item=_shape(node["[]"]))
    if "_variants" in node:
        return Anything()
    return _record(node)


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
        case "boolean":
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
