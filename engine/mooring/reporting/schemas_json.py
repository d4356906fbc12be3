"""Provider schemas as JSON: the form of `terraform providers schema -json`, format version 1.0."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mooring.core.addresses import ProviderAddress
from mooring.core.codec import Json, encode_type
from mooring.schema.model import (
    Attribute,
    BlockSchema,
    NestedAttributes,
    NestedBlock,
    ProviderSchema,
    ResourceSchema,
)

SCHEMAS_FORMAT: Final = "1.0"
_FLAGS: Final = ("required", "optional", "computed", "sensitive", "write_only")


def schemas_json(schemas: Mapping[ProviderAddress, ProviderSchema]) -> Json:
    """The schemas of these providers."""
    forms: dict[str, Json] = {str(address): _provider(schemas[address]) for address in sorted(schemas)}
    return (
        {"format_version": SCHEMAS_FORMAT, "provider_schemas": forms}
        if forms
        else {"format_version": SCHEMAS_FORMAT}
    )


def _provider(schema: ProviderSchema) -> Json:
    form: dict[str, Json] = {"provider": {"version": 0, "block": _block(schema.provider)}}
    for name, types in (
        ("resource_schemas", schema.resources),
        ("data_source_schemas", schema.data_sources),
        ("ephemeral_resource_schemas", schema.ephemerals),
    ):
        if types:
            form[name] = {each: _resource(types[each]) for each in sorted(types)}
    return form


def _resource(schema: ResourceSchema) -> Json:
    return {"version": schema.version, "block": _block(schema.block)}


def _block(schema: BlockSchema) -> Json:
    form: dict[str, Json] = {}
    if schema.attributes:
        form["attributes"] = {name: _attribute(schema.attributes[name]) for name in sorted(schema.attributes)}
    if schema.blocks:
        form["block_types"] = {name: _nested(schema.blocks[name]) for name in sorted(schema.blocks)}
    if schema.description:
        form["description"] = schema.description
    form["description_kind"] = "plain"
    if schema.deprecated:
        form["deprecated"] = True
    return form


def _attribute(attribute: Attribute) -> Json:
    form: dict[str, Json] = {}
    if attribute.nested is None:
        form["type"] = encode_type(attribute.type)
    else:
        form["nested_type"] = _nested_type(attribute.nested)
    if attribute.description:
        form["description"] = attribute.description
    form["description_kind"] = "plain"
    form |= {flag: True for flag in _FLAGS if getattr(attribute, flag)}
    if attribute.deprecated:
        form["deprecated"] = True
    return form


def _nested_type(nested: NestedAttributes) -> Json:
    attributes = {name: _attribute(nested.attributes[name]) for name in sorted(nested.attributes)}
    return {"attributes": attributes, "nesting_mode": nested.nesting.value}


def _nested(nested: NestedBlock) -> Json:
    form: dict[str, Json] = {"nesting_mode": nested.nesting.value, "block": _block(nested.block)}
    if nested.min_items:
        form["min_items"] = nested.min_items
    if nested.max_items:
        form["max_items"] = nested.max_items
    return form
