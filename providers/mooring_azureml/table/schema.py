"""From a table to the SDK's schema."""

from __future__ import annotations

from typing import assert_never

from mooring.sdk import Attribute, BlockSchema, NestedBlock
from mooring_azureml.table.model import Action, Block, Property, Route, Table


def block_schema(table: Table, description: str = "", *, is_nested: bool = False) -> BlockSchema:
    """The schema of a table. A property that cannot be changed in place says so in its description.

    The flag `forces_replacement` is set where every difference counts. Inside nested blocks it does not (an
    absent block means the same as one of defaults), nor for what a GET does not answer with (an import
    leaves it open): there the plan itself asks for the replacement.
    """
    return BlockSchema(
        attributes={
            part.name: _attribute(part, is_nested=is_nested) for part in table if isinstance(part, Property)
        },
        blocks={part.name: _nested(part) for part in table if isinstance(part, Block)},
        description=description,
    )


def _attribute(part: Property, *, is_nested: bool) -> Attribute:
    return Attribute(
        type=part.type,
        required=part.required,
        optional=part.is_settable and not part.required,
        computed=_is_computed(part),
        sensitive=part.sensitive,
        write_only=part.write_only,
        forces_replacement=part.forces_replacement and part.echoed and not part.write_only and not is_nested,
        description=" ".join(filter(None, (part.description, _how_changed(part)))),
    )


def _is_computed(part: Property) -> bool:
    return not part.required and (part.computed or part.default is not None or not part.is_settable)


def _how_changed(part: Property) -> str:
    match part.route:
        case Route.DECIDED:
            return "Decided by Azure."
        case Route.FIXED | Route.PLACE:
            return "Cannot be changed in place: a change replaces the resource."
        case Action():
            return f"Changed in place through the action {part.route.name}."
        case Route.LOCAL:
            return "Azure is not told: a change costs nothing."
        case Route.PUT | Route.PATCH:
            return f"Changed in place ({part.route.name})."
        case _:
            assert_never(part.route)


def _nested(part: Block) -> NestedBlock:
    single = not part.is_list
    return NestedBlock(
        block=block_schema(part.parts, part.description, is_nested=True),
        nesting=part.nesting,
        min_items=1 if part.required else 0,
        max_items=1 if single else part.max_items,
    )
