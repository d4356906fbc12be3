"""The conformance suite finds what it is for: each broken provider breaks the rule that it breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import pytest

from mooring.core.diagnostics import Diagnostics, error
from mooring.core.records import replace
from mooring.core.types import STRING
from mooring.core.values import Value, string, unknown
from mooring.sdk import (
    ApplyResult,
    Attribute,
    BlockSchema,
    CallContext,
    Configure,
    ConfigureResult,
    Connection,
    Create,
    DataSource,
    Delete,
    PlanRequest,
    PlanResult,
    ProviderSchema,
    Read,
    ReadResult,
    ResourceSchema,
    Update,
    ValidateProvider,
)
from mooring.sdk.testing import Case, Kit, check_schema, violations

_BLOCK: Final = BlockSchema(
    attributes={
        "name": Attribute(type=STRING, required=True, forces_replacement=True),
        "text": Attribute(type=STRING, optional=True),
        "secret": Attribute(type=STRING, optional=True, write_only=True),
        "etag": Attribute(type=STRING, computed=True),
    }
)


@dataclass
class Shelf:
    """A resource type that keeps its objects in memory, and a provider, and a connection."""

    objects: dict[str, Value] = field(default_factory=dict)
    writes: int = 0
    read_only: bool = False
    name: str = "shelf"
    is_blocking: bool = False
    schema_of_type: ResourceSchema = field(default_factory=lambda: ResourceSchema(block=_BLOCK))

    # -- provider and connection -----------------------------------------------------------------

    def validate(self, _request: ValidateProvider) -> Diagnostics:
        return ()

    def configure(self, request: Configure) -> ConfigureResult:
        return ConfigureResult(connection=self.connect(request.read_only))

    def connect(self, _read_only: bool) -> Connection:  # noqa: FBT001
        return _Connection(self)

    def resource_schema(self) -> ProviderSchema:
        return ProviderSchema(resources={"shelf_item": self.schema_of_type})

    # -- resource type ---------------------------------------------------------------------------

    def plan(self, request: PlanRequest) -> PlanResult:
        return PlanResult(planned=request.proposed, private=request.private)

    def read(self, request: Read) -> ReadResult:
        current = self.objects.get(request.current.attributes["name"].text)
        return ReadResult(current=current, private=request.private)

    def create(self, ctx: CallContext, request: Create) -> ApplyResult:
        name = request.planned.attributes["name"].text
        if ctx.read_only or self.read_only:
            return ApplyResult(diagnostics=(error("Read-only"),))
        if name in self.objects:
            return ApplyResult(diagnostics=(error("Exists"),))
        return self.put(name, request.planned)

    def update(self, request: Update) -> ApplyResult:
        return self.put(request.prior.attributes["name"].text, request.planned)

    def put(self, name: str, planned: Value) -> ApplyResult:
        self.writes += 1
        etag = planned.attributes["etag"]
        parts = {**planned.attributes, "etag": etag if etag.is_known else string("e1")}
        self.objects[name] = Value(planned.type, parts)
        return ApplyResult(current=self.objects[name])

    def delete(self, request: Delete) -> ApplyResult:
        self.writes += 1
        self.objects.pop(request.prior.attributes["name"].text, None)
        return ApplyResult()


@dataclass
class _Connection:
    shelf: Shelf
    is_blocking: bool = False
    read_only: bool = False

    def resource(self, _type_name: str) -> _Type:
        return _Type(self.shelf, read_only=self.read_only)

    def data_source(self, type_name: str) -> DataSource:
        raise KeyError(type_name)

    def close(self) -> None:
        pass


@dataclass
class _Type:
    shelf: Shelf
    read_only: bool

    @property
    def schema(self) -> ResourceSchema:
        return self.shelf.schema_of_type

    def plan(self, request: PlanRequest) -> PlanResult:
        return self.shelf.plan(request)

    def read(self, _ctx: CallContext, request: Read) -> ReadResult:
        return self.shelf.read(request)

    def create(self, ctx: CallContext, request: Create) -> ApplyResult:
        return self.shelf.create(replace(ctx, read_only=ctx.read_only or self.read_only), request)

    def update(self, _ctx: CallContext, request: Update) -> ApplyResult:
        return self.shelf.update(request)

    def delete(self, _ctx: CallContext, request: Delete) -> ApplyResult:
        return self.shelf.delete(request)


@dataclass
class _Provider:
    shelf: Shelf
    name: str = "shelf"

    def schema(self) -> ProviderSchema:
        return self.shelf.resource_schema()

    def validate(self, request: ValidateProvider) -> Diagnostics:
        return self.shelf.validate(request)

    def configure(self, request: Configure) -> ConfigureResult:
        return self.shelf.configure(request)


def _rules(shelf: Shelf) -> list[str]:
    case = Case(
        type_name="shelf_item",
        config={"name": "a", "text": "x", "secret": "s"},
        changes=({"name": "a", "text": "y", "secret": "s"},),
    )
    kit = Kit(
        provider=_Provider(shelf),
        connect=lambda read_only: _Connection(shelf, read_only=read_only),
        cases=(case,),
        count_writes=lambda: shelf.writes,
    )
    return [one.rule for one in violations(kit)]


class Forgetful(Shelf):
    def read(self, _request: Read) -> ReadResult:
        return ReadResult()


class Drifting(Shelf):
    def read(self, request: Read) -> ReadResult:
        result = super().read(request)
        if result.current is None:
            return result
        parts = {**result.current.attributes, "text": string("other")}
        return replace(result, current=Value(result.current.type, parts))


class Adopting(Shelf):
    def create(self, ctx: CallContext, request: Create) -> ApplyResult:
        if ctx.read_only:
            return super().create(ctx, request)
        return self.put(request.planned.attributes["name"].text, request.planned)


class Indiscreet(Shelf):
    def create(self, ctx: CallContext, request: Create) -> ApplyResult:
        result = super().create(ctx, request)
        if result.current is None:
            return result
        return replace(result, current=request.config)


class Undecided(Shelf):
    def put(self, name: str, planned: Value) -> ApplyResult:
        super().put(name, planned)
        return ApplyResult(current=planned)


class Moody(Shelf):
    def plan(self, request: PlanRequest) -> PlanResult:
        self.writes += 1
        parts = {**request.proposed.attributes, "etag": string(str(self.writes))}
        return PlanResult(planned=Value(request.proposed.type, parts))


class Unruly(Shelf):
    def plan(self, request: PlanRequest) -> PlanResult:
        parts = {**request.proposed.attributes, "text": string("not asked for")}
        return PlanResult(planned=Value(request.proposed.type, parts))


class Restless(Shelf):
    def plan(self, request: PlanRequest) -> PlanResult:
        parts = {**request.proposed.attributes, "etag": unknown(STRING)}
        return PlanResult(planned=Value(request.proposed.type, parts))


class Clinging(Shelf):
    def delete(self, request: Delete) -> ApplyResult:
        if request.prior.attributes["name"].text not in self.objects:
            return ApplyResult(diagnostics=(error("Not found"),))
        return super().delete(request)


class Writing(Shelf):
    def create(self, ctx: CallContext, request: Create) -> ApplyResult:
        return super().create(replace(ctx, read_only=False), request)


def test_a_good_provider_has_nothing_against_it() -> None:
    assert _rules(Shelf()) == []


@pytest.mark.parametrize(
    ("shelf", "rule"),
    [
        (Forgetful, "read after create finds the object"),
        (Drifting, "read after create shows no drift"),
        (Adopting, "a second create fails"),
        (Indiscreet, "create returns no write-only value"),
        (Undecided, "create does what was planned"),
        (Moody, "planning is pure: the same question has the same answer"),
        (Unruly, "the plan keeps the contract"),
        (Restless, "the plan after create is a no-op"),
        (Clinging, "delete of what is absent succeeds"),
        (Writing, "read-only calls send no writes"),
    ],
)
def test_a_broken_provider_is_found_out(shelf: Callable[[], Shelf], rule: str) -> None:
    assert rule in _rules(shelf())


@pytest.mark.parametrize(
    "attribute",
    [
        Attribute(type=STRING),
        Attribute(type=STRING, required=True, optional=True),
        Attribute(type=STRING, required=True, computed=True),
        Attribute(type=STRING, optional=True, computed=True, write_only=True),
    ],
)
def test_flags_that_contradict_each_other_are_found(attribute: Attribute) -> None:
    block = BlockSchema(attributes={"odd": attribute})

    assert list(check_schema(ProviderSchema(provider=block))) != []


def test_a_violation_reads_as_a_sentence() -> None:
    shelf = Clinging()
    case = Case(type_name="shelf_item", config={"name": "a"})
    kit = Kit(provider=_Provider(shelf), connect=lambda _: _Connection(shelf), cases=(case,))

    assert [str(one) for one in violations(kit)] == [
        "shelf_item: delete of what is absent succeeds: Not found: "
    ]


def test_a_type_without_a_case_and_a_case_without_a_type_are_told() -> None:
    shelf = Shelf()
    cases = (Case(type_name="shelf_itme", config={"name": "a"}),)
    kit = Kit(provider=_Provider(shelf), connect=lambda _: _Connection(shelf), cases=cases)

    assert [str(one) for one in violations(kit)] == [
        "shelf_item: every resource type has a case",
        "shelf_itme: the type of a case is in the schema",
    ]


def test_a_type_that_does_not_bear_the_name_of_its_provider_is_told() -> None:
    shelf = Shelf()
    case = Case(type_name="shelf_item", config={"name": "a"})
    provider = _Provider(shelf, name="cupboard")
    kit = Kit(provider=provider, connect=lambda _: _Connection(shelf), cases=(case,))

    assert [str(one) for one in violations(kit)] == ["shelf_item: type names begin with the provider's name"]


def test_a_violation_names_the_attribute_as_it_is_written() -> None:
    shelf = Drifting()
    case = Case(type_name="shelf_item", config={"name": "a"})
    kit = Kit(provider=_Provider(shelf), connect=lambda _: _Connection(shelf), cases=(case,))

    assert "shelf_item: read after create shows no drift: text" in [str(one) for one in violations(kit)]
