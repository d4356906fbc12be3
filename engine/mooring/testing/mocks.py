"""Providers that make nothing: objects of the real schemas with values that are given or made up.

What stands in for a provider satisfies the SDK's protocols, so planner and executor treat it as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import assert_never

from mooring.core.conversion import Mismatch, convert
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.records import record
from mooring.core.spans import Span
from mooring.core.types import ListType, MapType, ObjectType, Primitive, SetType, TupleType, Type
from mooring.core.values import (
    EMPTY_OBJECT_VALUE,
    Value,
    boolean,
    list_value,
    map_value,
    null,
    number,
    object_value,
    set_value,
    string,
    tuple_value,
    unknown,
)
from mooring.schema.model import Attribute, BlockSchema, NestedBlock, ResourceSchema
from mooring.schema.parts import is_present, map_nested
from mooring.sdk.context import CallContext
from mooring.sdk.ephemerals import Close, Open, OpenResult
from mooring.sdk.requests import (
    ApplyResult,
    Create,
    Delete,
    PlanRequest,
    PlanResult,
    Read,
    ReadData,
    ReadDataResult,
    ReadResult,
    Update,
)

TEXT_LENGTH = 8
RandomText = Callable[[int], str]


@record(kw_only=True, eq=False)
class Answers:
    """What is computed for objects: attributes that are given, and where. Others are made up."""

    values: Value = EMPTY_OBJECT_VALUE
    during_plan: bool = False
    span: Span | None = None


@record(kw_only=True, eq=False)
class MockResource:
    """A resource type whose objects exist in the state alone."""

    schema: ResourceSchema
    answers: Answers
    random_text: RandomText

    def plan(self, request: PlanRequest) -> PlanResult:
        """What is computed is known only after apply, unless the answers are given to the plan already."""
        if request.prior is not None or not self.answers.during_plan:
            return PlanResult(planned=request.proposed, private=request.private)
        planned, diags = self._completed(request.proposed)
        return PlanResult(planned=planned, private=request.private, diagnostics=diags)

    def read(self, _ctx: CallContext, request: Read) -> ReadResult:
        """Nothing changes by itself."""
        return ReadResult(current=request.current, private=request.private)

    def create(self, _ctx: CallContext, request: Create) -> ApplyResult:
        """The object as planned, with everything computed."""
        current, diags = self._completed(request.planned)
        return ApplyResult(current=None if diags else current, private=request.private, diagnostics=diags)

    def update(self, _ctx: CallContext, request: Update) -> ApplyResult:
        """The object as planned, with everything computed."""
        current, diags = self._completed(request.planned)
        return ApplyResult(
            current=request.prior if diags else current, private=request.private, diagnostics=diags
        )

    def delete(self, _ctx: CallContext, request: Delete) -> ApplyResult:  # noqa: ARG002 - the protocol
        """There was nothing."""
        return ApplyResult()

    def _completed(self, planned: Value) -> tuple[Value, Diagnostics]:
        return complete(planned, self.schema.block, self.answers, self.random_text)


@record(kw_only=True, eq=False)
class MockDataSource:
    """A data source that finds what it is told to find."""

    schema: ResourceSchema
    answers: Answers
    random_text: RandomText

    def read(self, _ctx: CallContext, request: ReadData) -> ReadDataResult:
        """What was asked for, with everything computed."""
        found, diags = complete(request.config, self.schema.block, self.answers, self.random_text)
        return ReadDataResult(current=None if diags else found, diagnostics=diags)


@record(kw_only=True, eq=False)
class MockEphemeral:
    """An ephemeral resource that opens nothing."""

    schema: ResourceSchema
    answers: Answers
    random_text: RandomText

    def open(self, _ctx: CallContext, request: Open) -> OpenResult:
        """What was asked for, with everything computed."""
        opened, diags = complete(request.config, self.schema.block, self.answers, self.random_text)
        return OpenResult(current=None if diags else opened, diagnostics=diags)

    def close(self, _ctx: CallContext, request: Close) -> Diagnostics:  # noqa: ARG002 - the protocol
        """There was nothing."""
        return ()


# -- computing -----------------------------------------------------------------------------------


def complete(
    value: Value, block: BlockSchema, answers: Answers, random_text: RandomText
) -> tuple[Value, Diagnostics]:
    """The object with a value for every computed attribute that has none yet."""
    if not isinstance(answers.values.type, ObjectType | MapType) or type(answers.values.raw) is not dict:
        detail = "What stands in for computed attributes is an object: { NAME = VALUE }."
        return value, (error("Invalid replacement value", detail, answers.span),)
    work = _Completion(answers.span, random_text)
    completed = work.block(value, block, answers.values)
    return completed, tuple(work.found)


class _Completion:
    """One completion. Mutable, private to `complete`."""

    def __init__(self, span: Span | None, random_text: RandomText) -> None:
        self.found: list[Diagnostic] = []
        self._span = span
        self._random_text = random_text

    def block(self, value: Value, block: BlockSchema, given: Value) -> Value:
        """An object of a block."""
        if not is_present(value):
            return value
        known = given.raw if type(given.raw) is dict else {}
        parts = dict(value.attributes)
        for name, attribute in block.attributes.items():
            parts[name] = self._attribute(parts[name], name, attribute, known)
        for name, nested in block.blocks.items():
            parts[name] = self._blocks(parts[name], nested, known.get(name, EMPTY_OBJECT_VALUE))
        return Value(value.type, parts, value.marks)

    def _blocks(self, value: Value, nested: NestedBlock, given: Value) -> Value:
        return map_nested(value, nested.nesting, lambda each: self.block(each, nested.block, given))

    def _attribute(self, value: Value, name: str, attribute: Attribute, given: Mapping[str, Value]) -> Value:
        nested = attribute.nested
        if nested is not None and is_present(value):
            inner, schema = given.get(name, EMPTY_OBJECT_VALUE), BlockSchema(attributes=nested.attributes)
            return map_nested(value, nested.nesting, lambda each: self.block(each, schema, inner))
        is_open = value.is_null or not value.is_known
        if not attribute.computed or not is_open:
            return value
        wanted = given.get(name)
        if wanted is None:
            return made_up(attribute.type, self._random_text)
        converted = convert(wanted, attribute.type)
        if not isinstance(converted, Mismatch):
            return converted
        detail = f'What stands in for "{name}" (at {self._span}) does not suit it: {converted}.'
        self.found.append(error("Failed to compute attribute", detail))
        return unknown(attribute.type)


def made_up(of: Type, random_text: RandomText) -> Value:
    """Some value of a type: small, and of a text one that no other has."""
    match of:
        case ListType(element):
            return list_value(element, ())
        case SetType(element):
            return set_value(element, ())
        case MapType(element):
            return map_value(element, {})
        case TupleType(elements):
            return tuple_value([made_up(each, random_text) for each in elements])
        case ObjectType(attributes):
            return object_value({name: made_up(each, random_text) for name, each in attributes.items()})
        case Primitive.STRING:
            return string(random_text(TEXT_LENGTH))
        case Primitive.NUMBER:
            return number(0)
        case Primitive.BOOL:
            return boolean(False)  # noqa: FBT003 - the value itself
        case Primitive.DYNAMIC:
            return null(of)
        case _:
            assert_never(of)
