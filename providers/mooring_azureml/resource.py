"""A resource type as the SDK wants it: a `Definition` on a connection."""

from __future__ import annotations

from mooring.core.diagnostics import Diagnostics
from mooring.core.types import STRING, ObjectType
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
    Update,
    object_type,
)
from mooring_azureml.lifecycle import applying, ending, planning, reading
from mooring_azureml.lifecycle.definition import Access, Definition
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
        self._access = access
        self._bound = reading.Bound(definition=definition, access=access, object_type=type_of(definition))
        self.schema = schema_of(definition)

    def plan(self, request: PlanRequest) -> PlanResult:
        """The planned object."""
        return planning.plan(self._definition, self._access, request)

    def preflight(self, ctx: CallContext, request: Preflight) -> Diagnostics:
        """What reality says against a create or an update."""
        prior, planned = planning.plain(request.prior), planning.plain(request.planned)
        if planned is None:
            return ()
        guards = self._definition.guards
        return tuple(diag for guard in guards for diag in guard(self._access, ctx, prior, planned))

    def read(self, ctx: CallContext, request: Read) -> ReadResult:
        """The object as it is now."""
        return reading.read(self._bound, ctx, request)

    def create(self, ctx: CallContext, request: Create) -> ApplyResult:
        """Make the object."""
        return applying.create(self._bound, ctx, request)

    def update(self, ctx: CallContext, request: Update) -> ApplyResult:
        """Change the object in place."""
        return applying.update(self._bound, ctx, request)

    def delete(self, ctx: CallContext, request: Delete) -> ApplyResult:
        """Remove or detach the object."""
        return ending.delete(self._bound, ctx, request)

    def resume(self, ctx: CallContext, request: Resume) -> ApplyResult:
        """What became of an interrupted operation."""
        return ending.resume(self._bound, ctx, request)

    def import_object(self, ctx: CallContext, request: Import) -> ImportResult:
        """The object with this ARM id."""
        return reading.import_object(self._bound, ctx, request)


class ListedArmResource(ArmResource):
    """A type whose objects are refreshed through one list of their parent's children."""

    def read_many(self, ctx: CallContext, request: ReadMany) -> ReadManyResult:
        """Many objects with one paged list per parent."""
        return reading.read_many(self._bound, ctx, request)
