"""The conformance suite: what every provider must do, checked against the provider itself.

A `Kit` says how to reach a provider and gives a configuration for each resource type; `violations(kit)`
lives every object from plan to delete and returns what went against the contract of
`mooring.sdk.protocols`, nothing when all is well. Needs no test framework:

    def test_the_provider_keeps_the_contract() -> None:
        assert [str(one) for one in violations(kit)] == []

Providers that talk to a service are run against something that behaves like it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from mooring.core.codec import Plain, decode, dumps, encode, from_python, loads
from mooring.core.diagnostics import Diagnostic, has_errors
from mooring.core.paths import Path, format_path
from mooring.core.records import record
from mooring.core.values import Value
from mooring.schema.changes import changed_paths, is_same, replacement_paths
from mooring.schema.contract import check_applied, check_planned
from mooring.schema.model import Attribute, BlockSchema, NestedBlock, Nesting, ProviderSchema
from mooring.schema.proposed import planned_create, proposed_object
from mooring.schema.types import object_type, without_write_only
from mooring.sdk.context import CallContext
from mooring.sdk.protocols import (
    Connection,
    Imports,
    Plans,
    Preflights,
    Provider,
    ReadsMany,
    ResourceType,
    ValidatesResources,
)
from mooring.sdk.requests import (
    ApplyResult,
    Create,
    Delete,
    Import,
    PlanRequest,
    PlanResult,
    Preflight,
    Private,
    Read,
    ReadMany,
    Update,
    ValidateResource,
)


@record(kw_only=True)
class Case:
    """One object: how it is configured, and then changed, in place, step by step.

    `is_named` types have names: a second create of the same must fail. `import_attribute` is what its import
    id is; `imports_exactly` is false for a type whose service does not answer with all that was given.
    """

    type_name: str
    config: Mapping[str, Plain]
    changes: tuple[Mapping[str, Plain], ...] = ()
    is_named: bool = True
    import_attribute: str | None = "id"
    imports_exactly: bool = True


@record(kw_only=True)
class Kit:
    """A provider under test.

    `connect(read_only)` opens a connection; all of them reach the same service. `cases` are created in order
    and deleted in reverse. `count_writes` counts the writes that the service has seen, where that is known.
    """

    provider: Provider
    connect: Callable[[bool], Connection]
    cases: tuple[Case, ...]
    count_writes: Callable[[], int] | None = None


@record(kw_only=True)
class Violation:
    """A rule that a resource type broke; `detail` holds no values, which may be sensitive."""

    type_name: str
    rule: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.type_name}: {self.rule}{': ' if self.detail else ''}{self.detail}"


def violations(kit: Kit) -> tuple[Violation, ...]:
    """Everything that is against the contract."""
    schema = kit.provider.schema()
    found = [*check_schema(schema), *_check_names(kit), *_check_cases(kit)]
    connection = kit.connect(False)  # noqa: FBT003  (the protocol is positional)
    lives: list[_Life] = []
    for case in kit.cases:
        if case.type_name not in schema.resources:
            continue
        life = _Life(kit=kit, case=case, kind=connection.resource(case.type_name))
        lives.append(life)
        found.extend(life.begin())
    for life in reversed(lives):
        found.extend(life.end())
    connection.close()
    return tuple(found)


def _check_names(kit: Kit) -> Iterator[Violation]:
    schema, prefix = kit.provider.schema(), f"{kit.provider.name}_"
    for name in sorted({*schema.resources, *schema.data_sources}):
        if not name.startswith(prefix):
            yield Violation(type_name=name, rule="type names begin with the provider's name")


def _check_cases(kit: Kit) -> Iterator[Violation]:
    """What is not tried is not known to be right."""
    offered, tried = set(kit.provider.schema().resources), {case.type_name for case in kit.cases}
    for name in sorted(offered - tried):
        yield Violation(type_name=name, rule="every resource type has a case")
    for name in sorted(tried - offered):
        yield Violation(type_name=name, rule="the type of a case is in the schema")


# -- schemas -------------------------------------------------------------------------------------

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")


def check_schema(schema: ProviderSchema) -> Iterator[Violation]:
    """Contradictions inside a provider's schema."""
    yield from _check_block("provider", schema.provider)
    for name, resource in {**schema.resources, **schema.data_sources, **schema.ephemerals}.items():
        yield from _check_block(name, resource.block)
        if min(resource.timeouts.create, resource.timeouts.delete, resource.timeouts.update) <= 0:
            yield Violation(type_name=name, rule="timeouts are positive")


def _check_block(where: str, block: BlockSchema) -> Iterator[Violation]:
    for name in block.attributes.keys() & block.blocks.keys():
        yield Violation(type_name=where, rule="a name is an attribute or a block", detail=name)
    for name, attribute in block.attributes.items():
        yield from _check_attribute(f"{where}.{name}", name, attribute)
    for name, nested in block.blocks.items():
        yield from _check_nested(f"{where}.{name}", name, nested)


def _check_attribute(where: str, name: str, attribute: Attribute) -> Iterator[Violation]:
    if not _NAME.fullmatch(name):
        yield Violation(type_name=where, rule="names are lower case with underscores")
    flags = attribute.required, attribute.optional, attribute.computed
    if flags not in {(True, False, False), (False, True, False), (False, False, True), (False, True, True)}:
        yield Violation(type_name=where, rule="required, optional and computed agree")
    if attribute.write_only and (attribute.computed or attribute.forces_replacement):
        yield Violation(type_name=where, rule="write-only attributes have no value to keep or compare")


def _check_nested(where: str, name: str, nested: NestedBlock) -> Iterator[Violation]:
    if not _NAME.fullmatch(name):
        yield Violation(type_name=where, rule="names are lower case with underscores")
    is_single = nested.nesting in (Nesting.SINGLE, Nesting.GROUP)
    if (is_single and nested.max_items > 1) or 0 < nested.max_items < nested.min_items:
        yield Violation(type_name=where, rule="min_items and max_items agree")
    yield from _check_block(where, nested.block)


# -- lives ---------------------------------------------------------------------------------------


@record
class _Object:
    """What a state would hold."""

    value: Value
    private: Private


@dataclass(slots=True, kw_only=True)
class _Life:
    """One object from its plan to its end. Mutable: the object as it is now."""

    kit: Kit
    case: Case
    kind: ResourceType
    _now: _Object | None = field(default=None, init=False)

    @property
    def _block(self) -> BlockSchema:
        return self.kind.schema.block

    def begin(self) -> Iterator[Violation]:
        """Plan, create, look, change."""
        config = self._value(self.case.config)
        yield from self._check_valid(config)
        planned = self._plan(config, None)
        yield from self._check_plan(config, None, planned)
        yield from self._refuse_writes(config, planned.planned)
        yield from self._create(config, planned)
        if self._now is None or not self._now.value.is_wholly_known:
            return
        yield from self._check_at_rest(config, "after create")
        yield from self._create_again(config, planned)
        for change in self.case.changes:
            yield from self._change(self._value(change))
        yield from self._import(self._value((self.case.config, *self.case.changes)[-1]))

    def end(self) -> Iterator[Violation]:
        """Delete, twice: what is absent is deleted already."""
        last = self._now
        if last is None:
            return
        for rule in ("delete succeeds", "delete of what is absent succeeds"):
            gone = self.kind.delete(CallContext(), Delete(prior=last.value, private=last.private))
            if has_errors(gone.diagnostics) or gone.current is not None:
                yield self._violation(rule, _said(gone.diagnostics))
        if not self.case.is_named:
            return
        read = self.kind.read(CallContext(), Read(current=last.value, private=last.private))
        if read.current is not None or has_errors(read.diagnostics):
            yield self._violation("read after delete finds nothing", _said(read.diagnostics))

    # -- parts -----------------------------------------------------------------------------------

    def _value(self, of: Mapping[str, Plain]) -> Value:
        return from_python(of, object_type(self._block))

    def _violation(self, rule: str, detail: object = "") -> Violation:
        return Violation(type_name=self.case.type_name, rule=rule, detail=str(detail))

    def _violation_at(self, rule: str, path: Path) -> Violation:
        return self._violation(rule, format_path(path).lstrip("."))

    def _check_valid(self, config: Value) -> Iterator[Violation]:
        provider = self.kit.provider
        if not isinstance(provider, ValidatesResources):
            return
        diags = provider.validate_resource(self.case.type_name, ValidateResource(config=config))
        if has_errors(diags):
            yield self._violation("the configuration is valid", _said(diags))

    def _plan(self, config: Value, now: _Object | None) -> PlanResult:
        prior = now.value if now is not None else None
        private = now.private if now is not None else b""
        block = self._block
        proposed = planned_create(block, config) if prior is None else proposed_object(block, prior, config)
        if not isinstance(self.kind, Plans):
            return PlanResult(planned=proposed, private=private)
        return self.kind.plan(PlanRequest(config=config, prior=prior, proposed=proposed, private=private))

    def _check_plan(self, config: Value, now: _Object | None, planned: PlanResult) -> Iterator[Violation]:
        if has_errors(planned.diagnostics):
            yield self._violation("the plan has no errors", _said(planned.diagnostics))
        prior = now.value if now is not None else None
        for broken in check_planned(self._block, prior, config, planned.planned):
            yield self._violation("the plan keeps the contract", broken)
        if self._plan(config, now) != planned:
            yield self._violation("planning is pure: the same question has the same answer")
        if isinstance(self.kind, Preflights):
            request = Preflight(config=config, prior=prior, planned=planned.planned)
            diags = self.kind.preflight(CallContext(read_only=True), request)
            if has_errors(diags):
                yield self._violation("the preflight has nothing against it", _said(diags))

    def _create(self, config: Value, planned: PlanResult) -> Iterator[Violation]:
        request = Create(config=config, planned=planned.planned, private=planned.private)
        yield from self._take(self.kind.create(CallContext(), request), planned, "create")

    def _take(self, result: ApplyResult, planned: PlanResult, what: str) -> Iterator[Violation]:
        """Take over what an operation left, and check it against the plan."""
        if has_errors(result.diagnostics) or result.current is None:
            yield self._violation(f"{what} succeeds", _said(result.diagnostics))
        if result.current is None:
            return
        for broken in check_applied(self._block, planned.planned, result.current):
            yield self._violation(f"{what} does what was planned", broken)
        if not is_same(without_write_only(result.current, self._block), result.current):
            yield self._violation(f"{what} returns no write-only value")
        self._now = _Object(result.current, result.private)

    def _check_at_rest(self, config: Value, when: str) -> Iterator[Violation]:
        now = self._now
        assert now is not None
        yield from self._check_reads(now, when)
        planned = self._plan(config, now)
        yield from self._check_plan(config, now, planned)
        for path in changed_paths(now.value, planned.planned):
            yield self._violation_at(f"the plan {when} is a no-op", path)
        stored = loads(dumps(encode(now.value, object_type(self._block))))
        if not is_same(decode(stored, object_type(self._block)), now.value):
            yield self._violation("the object survives the state")

    def _check_reads(self, now: _Object, when: str) -> Iterator[Violation]:
        request = Read(current=now.value, private=now.private)
        results = [self.kind.read(CallContext(read_only=True), request)]
        if isinstance(self.kind, ReadsMany):
            many = self.kind.read_many(CallContext(read_only=True), ReadMany(objects=(request, request)))
            if len(many.results) != 2:
                yield self._violation("read_many answers each request")
            results.extend(many.results)
        for result in results:
            if result.current is None or has_errors(result.diagnostics):
                yield self._violation(f"read {when} finds the object", _said(result.diagnostics))
                continue
            for path in changed_paths(now.value, result.current):
                yield self._violation_at(f"read {when} shows no drift", path)
            if result.private != now.private:
                yield self._violation("read keeps the private part")

    def _create_again(self, config: Value, planned: PlanResult) -> Iterator[Violation]:
        if not self.case.is_named:
            return
        again = self.kind.create(CallContext(), Create(config=config, planned=planned.planned))
        if not has_errors(again.diagnostics):
            yield self._violation("a second create fails")

    def _change(self, config: Value) -> Iterator[Violation]:
        now = self._now
        assert now is not None
        planned = self._plan(config, now)
        yield from self._check_plan(config, now, planned)
        if is_same(now.value, planned.planned):
            yield self._violation("a changed configuration makes a change")
        for path in replacement_paths(self._block, now.value, planned.planned, planned.requires_replace):
            yield self._violation_at("the change is made in place", path)
        request = Update(config=config, prior=now.value, planned=planned.planned, private=planned.private)
        yield from self._take(self.kind.update(CallContext(), request), planned, "update")
        if self._now is not None and self._now.value.is_wholly_known:
            yield from self._check_at_rest(config, "after update")

    def _import(self, config: Value) -> Iterator[Violation]:
        now, attribute = self._now, self.case.import_attribute
        if attribute is None or now is None or not isinstance(self.kind, Imports):
            return
        id_ = now.value.attributes[attribute].text
        found = yield from self._imported(self.kind, Import(id=id_))
        if found is None or not self.case.imports_exactly:
            return
        planned = self._plan(config, found)
        for path in replacement_paths(self._block, found.value, planned.planned, planned.requires_replace):
            yield self._violation_at("an imported object is not replaced", path)
        found = yield from self._imported(self.kind, Import(id=id_, config=config))
        if found is not None and not is_same(found.value, self._plan(config, found).planned):
            yield self._violation("an object that is imported with its block needs no change")

    def _imported(self, kind: Imports, request: Import) -> Generator[Violation, None, _Object | None]:
        """The object as it is read right after its import."""
        imported = kind.import_object(CallContext(), request)
        if has_errors(imported.diagnostics) or len(imported.objects) != 1:
            yield self._violation("the object can be imported", _said(imported.diagnostics))
            return None
        found = imported.objects[0]
        read = self.kind.read(CallContext(), Read(current=found.current, private=found.private))
        if read.current is None:
            yield self._violation("an imported object can be read", _said(read.diagnostics))
            return None
        return _Object(read.current, read.private)

    def _refuse_writes(self, config: Value, planned: Value) -> Iterator[Violation]:
        """On a read-only connection, and in a read-only call, a create fails and sends nothing."""
        count = self.kit.count_writes
        if count is None:
            return
        before = count()
        guarded = self.kit.connect(True)  # noqa: FBT003  (the protocol is positional)
        kinds = (
            (guarded.resource(self.case.type_name), CallContext()),
            (self.kind, CallContext(read_only=True)),
        )
        for kind, ctx in kinds:
            result = kind.create(ctx, Create(config=config, planned=planned))
            if not has_errors(result.diagnostics):
                yield self._violation("a read-only create fails")
        guarded.close()
        if count() != before:
            yield self._violation("read-only calls send no writes")


def _said(diags: Iterable[Diagnostic]) -> str:
    return "; ".join(f"{one.summary}: {one.detail}" for one in diags)


__all__ = ["Case", "Kit", "Violation", "check_schema", "violations"]
