"""A data source: a resource type's table read by place, with everything else computed."""

from __future__ import annotations

from mooring.core.codec import from_python
from mooring.core.diagnostics import Diagnostic
from mooring.core.types import STRING
from mooring.sdk import (
    Attribute,
    BlockSchema,
    CallContext,
    ReadData,
    ReadDataResult,
    ResourceSchema,
    object_type,
)
from mooring_azureml.arm.port import ArmError
from mooring_azureml.arm.problems import explain_lookup
from mooring_azureml.lifecycle.definition import Access, Definition
from mooring_azureml.lifecycle.planning import plain
from mooring_azureml.lifecycle.reading import Bound, is_of_type
from mooring_azureml.resource import type_of
from mooring_azureml.table.model import Block, Property, Route


def lookup_schema(definition: Definition) -> ResourceSchema:
    """What is part of the id is required, all else is computed; blocks are object attributes here."""
    types = type_of(definition).attributes
    attributes = {"id": Attribute(type=STRING, computed=True, description="The ARM id.")}
    for part in definition.table:
        if isinstance(part, Property) and (part.write_only or part.route is Route.LOCAL):
            continue
        is_place = isinstance(part, Property) and part.route is Route.PLACE
        attributes[part.name] = Attribute(
            type=types[part.name],
            required=is_place,
            computed=not is_place,
            sensitive=not isinstance(part, Block) and part.sensitive,
            description=part.description,
        )
    return ResourceSchema(block=BlockSchema(attributes=attributes, description=definition.description))


class ArmLookup:
    """The data source of a definition."""

    def __init__(self, definition: Definition, access: Access) -> None:
        self._bound = Bound(definition=definition, access=access, object_type=type_of(definition))
        self.schema = lookup_schema(definition)

    def read(self, ctx: CallContext, request: ReadData) -> ReadDataResult:
        """The resource; one that does not exist is an error."""
        bound, config = self._bound, plain(request.config) or {}
        resource_id = bound.definition.placement.id_of(bound.access.subscription_id, config)
        if resource_id is None:
            return ReadDataResult(diagnostics=(_no_place(bound.definition),))
        found = bound.find(ctx, resource_id)
        if isinstance(found, ArmError):
            problem = explain_lookup(found, bound.attempt("reading", resource_id))
            return ReadDataResult(diagnostics=(problem,))
        if not is_of_type(bound.definition, found):
            return ReadDataResult(diagnostics=(_no_place(bound.definition),))
        current = bound.object_of(found, {**config, "id": resource_id})
        shown = object_type(self.schema.block)
        told = {name: current.get(name) for name in shown.attributes}
        return ReadDataResult(current=from_python(told, shown))


def _no_place(definition: Definition) -> Diagnostic:
    return Diagnostic(
        summary="Resource not found", detail=f"There is no {definition.noun} at this place in Azure."
    )
