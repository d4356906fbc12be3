"""A resource type as the SDK wants it: a `Definition` on a connection."""

from __future__ import annotations

from dataclasses import replace

from mooring.core.diagnostics import Diagnostics
from mooring.core.types import STRING, ObjectType
from mooring.core.values import Value
from mooring.sdk import (
    ApplyResult,
    Attribute,
    BlockSchema,
    CallContext,
    Create,
    Delete,
    Import,
    ImportResult,
    PlanRequest,
    PlanResult,
    Preflight,
    Read,
    ReadMany,
    ReadManyResult,
    ReadResult,
    ResourceSchema,
    Resume,
    ReviewedObject,
    Update,
    object_type,
)
from mooring_azureml.arm.ids import same_id
from mooring_azureml.lifecycle import applying, ending, planning, reading
from mooring_azureml.lifecycle.definition import Access, Definition
from mooring_azureml.table.model import Fields
from mooring_azureml.table.schema import block_schema

_ID = Attribute(type=STRING, computed=True, description="The ARM id; known when the plan is made.")


def schema_of(definition: Definition) -> ResourceSchema:
    """The schema: the table's, and the id."""
    table = block_schema(definition.table, definition.description)
    return ResourceSchema(
        block=BlockSchema(
            attributes={"id": _ID, **table.attributes}, blocks=table.blocks, description=table.description
        ),
        verbs=definition.verbs,
        timeouts=definition.timeouts,
    )


def type_of(definition: Definition) -> ObjectType:
    """The type of its objects."""
    return object_type(schema_of(definition).block)


class ArmResource:
    """Required: five methods. Able to: plan, preflight, import, resume."""

    def __init__(self, definition: Definition, access: Access) -> None:
        self._definition = definition
        self._access = access = definition.reach(access)
        self._bound = reading.Bound(definition=definition, access=access, object_type=type_of(definition))
        self.schema = schema_of(definition)

    def _bound_to(self, of: Value | None) -> reading.Bound:
        """The type on its connection; where it depends on the object, for this one."""
        return self._bound.for_object(planning.plain(of) or {})

    def plan(self, request: PlanRequest) -> PlanResult:
        """The planned object."""
        bound = self._bound_to(request.config)
        return planning.plan(bound.definition, self._access, bound.object_type, request)

    def preflight(self, ctx: CallContext, request: Preflight) -> Diagnostics:
        """What reality says against a create or an update."""
        prior, planned = planning.plain(request.prior), planning.plain(request.planned)
        if planned is None:
            return ()
        access = replace(self._access, coming=lambda wanted: _planned(request.beside, wanted))
        guards = self._definition.guards
        return tuple(diag for guard in guards for diag in guard(access, ctx, prior, planned))

    def read(self, ctx: CallContext, request: Read) -> ReadResult:
        """The object as it is now."""
        return reading.read(self._bound_to(request.current), ctx, request)

    def create(self, ctx: CallContext, request: Create) -> ApplyResult:
        """Make the object."""
        return applying.create(self._bound_to(request.planned), ctx, request)

    def update(self, ctx: CallContext, request: Update) -> ApplyResult:
        """Change the object in place."""
        return applying.update(self._bound_to(request.planned), ctx, request)

    def delete(self, ctx: CallContext, request: Delete) -> ApplyResult:
        """Remove or detach the object."""
        return ending.delete(self._bound_to(request.prior), ctx, request)

    def resume(self, ctx: CallContext, request: Resume) -> ApplyResult:
        """What became of an interrupted operation."""
        return ending.resume(self._bound_to(request.planned or request.prior), ctx, request)

    def import_object(self, ctx: CallContext, request: Import) -> ImportResult:
        """The object with this ARM id."""
        return reading.import_object(self._bound, ctx, request)


def _planned(objects: tuple[ReviewedObject, ...], resource_id: str) -> Fields | None:
    """The object with an id that the same plan makes."""
    values = (one.planned for one in objects if one.planned is not None)
    found = next((one for one in values if _has_id(one, resource_id)), None)
    return planning.plain(found)


def _has_id(value: Value, resource_id: str) -> bool:
    found = value.attributes.get("id")
    return found is not None and isinstance(found.raw, str) and same_id(found.raw, resource_id)


class ListedArmResource(ArmResource):
    """A type whose objects are refreshed through one list of their parent's children."""

    def read_many(self, ctx: CallContext, request: ReadMany) -> ReadManyResult:
        """Many objects with one paged list per parent."""
        return reading.read_many(self._bound, ctx, request)
