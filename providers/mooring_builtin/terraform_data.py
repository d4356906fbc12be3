"""`terraform_data`: keeps a value through the life of an object, exactly as Terraform 1.11 does.

The rules were learned by running Terraform 1.11.4 (`terraform show -json` of plans over every pair of null,
known, retyped and unknown values):

* a new object's `id` is known after apply; its `output` too, unless `input` is null, then `output` is null;
* an equal `input` leaves everything as it is; any other, also null or the same text as another type, leaves
  `id` and makes `output` known after apply;
* an unequal `triggers_replace` replaces the object;
* after apply `output` is `input`, with its type.

Every call is on the engine's hottest path (thousands of instances inline), so objects are built directly
from their parts; only equality looks inside a value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from mooring.core.codec import implied, loads
from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import Attr
from mooring.core.types import DYNAMIC, STRING, ObjectType
from mooring.core.values import UNKNOWN_NOT_NULL, Value, null, unknown
from mooring.sdk import (
    ApplyResult,
    Attribute,
    BlockSchema,
    CallContext,
    Create,
    Delete,
    Import,
    ImportedObject,
    ImportResult,
    Move,
    MoveResult,
    PlanRequest,
    PlanResult,
    Read,
    ReadResult,
    ResourceSchema,
    Update,
    ValidateResource,
)

RandomBytes = Callable[[int], bytes]

SCHEMA: Final = ResourceSchema(
    block=BlockSchema(
        attributes={
            "id": Attribute(type=STRING, computed=True, description="A random UUID."),
            "input": Attribute(type=DYNAMIC, optional=True, description="A value to keep."),
            "output": Attribute(type=DYNAMIC, computed=True, description="`input`, as of the last apply."),
            "triggers_replace": Attribute(
                type=DYNAMIC, optional=True, description="A value whose change replaces the object."
            ),
        }
    )
)

_OBJECT: Final = ObjectType({name: SCHEMA.block.attributes[name].type for name in SCHEMA.block.attributes})
_ID_AFTER_APPLY: Final = Value(STRING, UNKNOWN_NOT_NULL)
_TRIGGERS: Final = ((Attr("triggers_replace"),),)
_NO_OBJECT: Final = ApplyResult()


def validate(request: ValidateResource) -> Diagnostics:
    """Computed attributes must not be set."""
    attributes = request.config.attributes
    return tuple(
        Diagnostic(
            summary=f'"{name}" attribute is read-only',
            detail=f'The value of "{name}" is decided by the provider. Remove this argument.',
            path=(Attr(name),),
        )
        for name in ("id", "output")
        if not attributes[name].is_null
    )


def moved(request: Move) -> MoveResult:
    """An object of type `null_resource`, of whichever provider `null`: its triggers come along."""
    if request.source_type != "null_resource" or request.source_provider.type != "null":
        return MoveResult()
    stored = loads(request.stored)
    if request.source_version != 0 or not isinstance(stored, dict) or not isinstance(stored.get("id"), str):
        detail = "What the state holds does not have the form of a null_resource that is known here."
        return MoveResult(diagnostics=(Diagnostic(summary="Cannot move this null_resource", detail=detail),))
    triggers, nothing = stored.get("triggers"), null(DYNAMIC)
    kept = implied(triggers) if triggers else nothing
    return MoveResult(moved=_object(Value(STRING, stored["id"]), nothing, nothing, kept))


@dataclass(frozen=True, slots=True, kw_only=True)
class TerraformData:
    """The resource type. Stateless but for the source of randomness."""

    random_bytes: RandomBytes
    schema: ResourceSchema = field(default=SCHEMA, init=False)

    def plan(self, request: PlanRequest) -> PlanResult:
        """The planned object by the rules at the top of this file."""
        proposed, prior = request.proposed, request.prior
        wanted = proposed.attributes
        if prior is None:
            return PlanResult(planned=_new(wanted["input"], wanted["triggers_replace"]))
        known = prior.attributes
        if known["triggers_replace"] != wanted["triggers_replace"]:
            replacement = _new(wanted["input"], wanted["triggers_replace"])
            return PlanResult(planned=replacement, requires_replace=_TRIGGERS)
        if known["input"] != wanted["input"]:
            output = unknown(wanted["input"].type)
            changed = _object(known["id"], wanted["input"], output, wanted["triggers_replace"])
            return PlanResult(planned=changed, private=request.private)
        return PlanResult(planned=proposed, private=request.private)

    def read(self, _ctx: CallContext, request: Read) -> ReadResult:
        """The object exists nowhere but in the state."""
        return ReadResult(current=request.current, private=request.private)

    def create(self, _ctx: CallContext, request: Create) -> ApplyResult:
        """The planned object with a random id."""
        return ApplyResult(current=self._applied(request.planned), private=request.private)

    def update(self, _ctx: CallContext, request: Update) -> ApplyResult:
        """The planned object with the id it has."""
        return ApplyResult(current=self._applied(request.planned), private=request.private)

    def delete(self, _ctx: CallContext, _request: Delete) -> ApplyResult:
        """Nothing to remove."""
        return _NO_OBJECT

    def import_object(self, _ctx: CallContext, request: Import) -> ImportResult:
        """An object with any id; the next plan shows what else the files say about it."""
        nothing = null(DYNAMIC)
        current = _object(Value(STRING, request.id), nothing, nothing, nothing)
        return ImportResult(objects=(ImportedObject(type_name="terraform_data", current=current),))

    def _applied(self, planned: Value) -> Value:
        parts = planned.attributes
        identity, given, output = parts["id"], parts["input"], parts["output"]
        if not identity.is_known:
            identity = Value(STRING, _uuid(self.random_bytes(16).hex()))
        if not output.is_wholly_known:
            output = given
        return _object(identity, given, output, parts["triggers_replace"])


def _new(given: Value, triggers: Value) -> Value:
    output = given if given.is_null else unknown(given.type)
    return _object(_ID_AFTER_APPLY, given, output, triggers)


def _object(identity: Value, given: Value, output: Value, triggers: Value) -> Value:
    return Value(_OBJECT, {"id": identity, "input": given, "output": output, "triggers_replace": triggers})


def _uuid(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
