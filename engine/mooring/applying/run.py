"""What one run of applying works on: the evaluation with final objects, the state, the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeVar, cast

from mooring.applying.events import Observer, OpEvent
from mooring.applying.journalling import LosableJournal
from mooring.config.checking import CheckResult, check_results, checked_instance, checked_name, later_results
from mooring.config.evaluation import Configuration, Evaluation
from mooring.config.model import Resource
from mooring.config.providers import resolve_provider
from mooring.core.addresses import InstanceAddress, ModuleInstance, ProviderConfigAddress
from mooring.core.diagnostics import Diagnostic, Diagnostics, Severity, error, in_order, warning
from mooring.core.records import replace
from mooring.core.values import DYNAMIC_UNKNOWN, Value
from mooring.lang.cells import Failed, Key, NotReady
from mooring.lang.scope import Report
from mooring.planning.block import Block
from mooring.planning.check_records import encode_checks
from mooring.planning.connections import connect
from mooring.planning.ephemerals import Ephemerals
from mooring.planning.events import EphemeralEvent
from mooring.planning.model import Action, Plan, PlanMode, PlannedChange
from mooring.planning.moves import move_events
from mooring.planning.objects import object_id, value_in_state
from mooring.planning.outputs import stored_output, stored_outputs
from mooring.planning.providers import Providers, TypeInfo
from mooring.planning.restoring import restored_block
from mooring.sdk.protocols import Connection
from mooring.state.events import ChecksSet, Draft, Event, OutputsSet, Recorded, Removed
from mooring.state.model import InstanceState, OutputState, State, Status
from mooring.state.store import Journal

T = TypeVar("T")


class ApplyRun:
    """One run. Mutable, owned by the executor.

    Cells: an `InstanceAddress` is the final object, set as soon as there is one; `("block", address)` is the
    evaluated block of an instance; `("postconditions", address)` reports what does not hold of its object;
    `("connection", ...)` as in planning.
    """

    def __init__(
        self,
        plan: Plan,
        configuration: Configuration,
        providers: Providers,
        journal: Journal,
        base: State,
        *,
        random_bytes: Callable[[int], bytes],
    ) -> None:
        self.plan: Final = plan
        self.providers: Final = providers
        self.journal: Final = LosableJournal(journal)
        surroundings = replace(configuration.surroundings, applying=True)
        self.evaluation: Final = Evaluation(replace(configuration, surroundings=surroundings), self._rule)
        self.draft: Final = Draft(base)
        self._base: Final = base
        self._diagnostics: list[Diagnostics] = []
        self._deposed: dict[InstanceAddress, str] = {}
        self._random_bytes: Final = random_bytes
        self._planned: Final = frozenset(change.address for change in plan.changes)
        self._restored: Final = {each.address: each for each in plan.changes if each.config is not None}
        self._own_rules: dict[Key, Callable[[Report], object]] = {}
        self.tell: Callable[[OpEvent], None] = lambda _event: None
        cells = self.evaluation.cells
        self.ephemerals: Final = Ephemerals(cells, self._observe_ephemeral, read_only=False)
        self.observe: Observer = lambda _event: None

    # -- objects ---------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Records what refresh found and gives every object that stays as it is to the evaluation."""
        moves = tuple(move_events(self.plan.moves))
        for moved in moves:
            self.draft.apply(moved)
        found = tuple(_differences(self.draft.state(), self.plan.prior_state))
        self.journal.append_all((*moves, *found))  # together: a move may have changed the object's type
        for event in found:
            self.draft.apply(event)
        for change in self.plan.changes:
            if change.action is Action.NO_OP and change.deposed is None and change.after is not None:
                self.evaluation.cells.set(change.address, change.after)
            elif self.plan.mode is PlanMode.DESTROY and change.deposed is None and change.before is not None:
                self.evaluation.cells.set(change.address, change.before)

    def record(self, *events: Event) -> None:
        """Journals events, if it can, and takes them into the state."""
        self.journal.append_all(events)
        for event in events:
            self.draft.apply(event)

    def deposed_key(self, address: InstanceAddress) -> str:
        """The key under which this run sets aside the present object of an instance."""
        return self._deposed.setdefault(address, self._random_bytes(4).hex())

    # -- evaluation ------------------------------------------------------------------------------

    def block(self, address: InstanceAddress) -> Block | None:
        """An instance's block as it evaluates now; None if it failed and has been reported."""
        return cast("Block | None", self._settle(("block", address)))

    def connection(self, address: ProviderConfigAddress, of: InstanceAddress) -> Connection | None:
        """The connection for an instance, or what stands in; None if it failed and has been reported."""
        stand_in = self.providers.stand_in(address, of)
        return stand_in or cast("Connection | None", self._settle(("connection", address)))

    def type_info(self, change: PlannedChange) -> TypeInfo:
        """The type of a change's object, which planning has found."""
        resource = change.address.resource
        info = self.providers.type_info(change.provider.provider, resource.mode, resource.type)
        assert info is not None
        return info

    def evaluate(self, key: Key, rule: Callable[[Report], T]) -> T | None:
        """What a rule gives that reads cells; None if it failed and has been reported (`problems(key)`)."""
        self._own_rules[key] = rule
        return cast("T | None", self._settle(key))

    def _settle(self, key: Key) -> object:
        cells = self.evaluation.cells
        cells.run([key])
        return None if cells.failed(key) else cells.get(key)

    def _rule(self, key: Key) -> object:
        if type(key) is InstanceAddress and key.resource.mode == "ephemeral":
            return self.evaluation.reporting(key, lambda report: self._ephemeral(key, report))
        if type(key) is InstanceAddress:
            if key in self._planned or not self.plan.is_partial:
                raise Failed  # what it stands for failed, or was skipped
            return value_in_state(self.draft.instance(key), key, self.providers)
        assert isinstance(key, tuple)
        if key in self._own_rules:
            return self.evaluation.reporting(key, self._own_rules[key])
        rules: dict[str, Callable[..., object]] = {
            "block": self._block,
            "connection": self._connection,
            "postconditions": self._postconditions,
        }
        rule = rules.get(key[0])
        if rule is None:
            return self.evaluation.rule(key)
        return self.evaluation.reporting(key, lambda report: rule(key[1], report))

    def _connection(self, address: ProviderConfigAddress, report: Report) -> Connection:
        return connect(self.evaluation, self.providers, address, report)

    def _block(self, address: InstanceAddress, report: Report) -> Block:
        if address in self._restored:
            return restored_block(self._restored[address], self.providers, self.evaluation)
        resource = self._resource(address)
        module = self.evaluation.module(address.resource.module)
        provider = resolve_provider(self.evaluation.configuration.root, module.path, resource)
        info = self.providers.type_info(provider.provider, resource.mode, resource.type)
        assert info is not None
        scope, checked = self.evaluation.instance_scope(address), checked_instance(address)
        conditions, summary = resource.lifecycle.preconditions, "Resource precondition failed"
        self.evaluation.conditions.check(checked, conditions, scope, report, summary=summary)
        if report.has_errors:
            raise Failed
        config = self.evaluation.config_value(address, resource, info.plan, report)
        if report.has_errors:
            raise Failed
        return Block(address=address, resource=resource, provider=provider, info=info, config=config)

    def _observe_ephemeral(self, event: EphemeralEvent) -> None:
        self.observe(event)

    def _ephemeral(self, address: InstanceAddress, report: Report) -> Value:
        """What an `ephemeral` block stands for, opened by the first who needs it."""
        block = cast("Block", self.evaluation.cells.get(("block", address)))
        stand_in = self.providers.stand_in(block.provider, address)
        connection = stand_in or cast("Connection", self.evaluation.cells.get(("connection", block.provider)))
        value = self.ephemerals.value(block, connection, report)
        scope, checked = self.evaluation.instance_scope(address, value), checked_instance(address)
        conditions, summary = block.resource.lifecycle.postconditions, "Resource postcondition failed"
        self.evaluation.conditions.check(checked, conditions, scope, report, summary=summary)
        return value

    def _resource(self, address: InstanceAddress) -> Resource:
        found = self.evaluation.module(address.resource.module).resource(address.resource[1:])
        assert found is not None
        return found

    def postconditions(self, address: InstanceAddress) -> Diagnostics:
        """What the postconditions of a block say of its object, now that it is there."""
        if address in self._restored or not self._resource(address).lifecycle.postconditions:
            return ()
        cell = "postconditions", address
        self.evaluation.cells.run([cell])
        return self.evaluation.problems(cell)

    def _postconditions(self, address: InstanceAddress, report: Report) -> None:
        value = cast("Value", self.evaluation.cells.get(address))
        scope = self.evaluation.instance_scope(address, value)
        found, conditions = Report(), self._resource(address).lifecycle.postconditions
        checked, summary = checked_instance(address), "Resource postcondition failed"
        self.evaluation.conditions.check(checked, conditions, scope, found, summary=summary)
        report.extend(diag.of(str(address)) for diag in found.diagnostics)

    def nested_failed(self, change: PlannedChange, diags: Diagnostics) -> Diagnostics:
        """The data source of a `check` block could not be read: the check fails, nothing else does."""
        resource = change.address.resource
        nested = self.evaluation.module(resource.module).nested_data()
        check = next(each for each, data in nested if data.key == resource[1:])
        self.evaluation.cells.set(change.address, DYNAMIC_UNKNOWN)
        problem = next(diag for diag in diags if diag.is_error)
        checked = checked_name("check", resource.module, check.name)
        self.evaluation.conditions.nested_failed(checked, problem)
        return tuple(replace(diag, severity=Severity.WARNING, checked=checked) for diag in diags)

    def is_made(self, address: InstanceAddress) -> bool:
        """Whether an instance has its final object, whole; its postconditions may still fail."""
        cells, instance = self.evaluation.cells, self.draft.instance(address)
        current = None if instance is None else instance.current
        is_tainted = current is not None and current.status is Status.TAINTED
        return cells.has(address) and not cells.failed(address) and not is_tainted

    def object_id(self, address: InstanceAddress) -> str | None:
        """The id of an instance's final object, where it has one."""
        if not self.is_made(address):
            return None
        return object_id(cast("Value", self.evaluation.cells.get(address)))

    def why_not(self, change: PlannedChange) -> Diagnostics:
        """Why a step's block or provider could not be evaluated: what was reported, or that it was not."""
        keys = ("block", change.address), ("connection", change.provider)
        found = tuple(diag for key in keys for diag in self.evaluation.problems(key))
        detail = f"{change.address} could not be evaluated because something it refers to failed."
        return found or (error("Cannot apply", detail, change.definition),)

    # -- the end ---------------------------------------------------------------------------------

    def report(self, diags: Diagnostics) -> None:
        """Keeps what a step had to say."""
        if diags:
            self._diagnostics.append(diags)

    def conclude(self) -> tuple[State, Diagnostics]:
        """Records the outputs; the state as it is now, and everything that was said."""
        if self.plan.mode is PlanMode.REFRESH_ONLY:
            self.record(OutputsSet(outputs=self.plan.prior_state.outputs))
        elif self.plan.mode is PlanMode.UNDO:
            self.record(OutputsSet(outputs=stored_outputs(self._base, self.plan.outputs)))
        else:
            self.record(OutputsSet(outputs=dict(self._outputs())))
        self.record(ChecksSet(results=encode_checks(self._check_results())))
        found = [*self.ephemerals.close(), *(diag for diags in self._diagnostics for diag in diags)]
        found += self.journal.diagnostics
        if self.plan.is_partial:
            found.append(_partial())
        return self.draft.state(), in_order([*self.evaluation.diagnostics, *found])

    def _outputs(self) -> Iterator[tuple[str, OutputState]]:
        """Every root output as it is now; one that could not be worked out, or is not planned, stays."""
        planned = {output.name: output for output in self.plan.outputs}
        for name, stored in self._base.outputs.items():
            if name not in planned:
                yield name, stored
        cells = self.evaluation.cells
        cells.run(("output", (), name) for name, output in planned.items() if output.after is not None)
        for name, output in planned.items():
            cell = "output", (), name
            if output.after is None:
                continue
            if not cells.failed(cell):
                value = cast("Value", cells.get(cell))
                if not value.is_null:
                    yield name, stored_output(value)
            elif name in self._base.outputs:
                yield name, self._base.outputs[name]

    def _check_results(self) -> tuple[CheckResult, ...]:
        """What came of all conditions, looked at once more where the plan could not tell, and of `check`s."""
        plan, evaluation = self.plan, self.evaluation
        if not plan.checks:
            return ()
        if not plan.is_partial and plan.mode is not PlanMode.DESTROY:
            evaluation.cells.run(
                ("check", instance, name)
                for instance in _module_instances(evaluation)
                for name in evaluation.module(instance).checks
            )
        root = evaluation.configuration.root
        return later_results(plan.checks, check_results(root, evaluation.conditions.verdicts, complete=True))


def _module_instances(evaluation: Evaluation) -> list[ModuleInstance]:
    """Every module instance; how often a module is called is worked out where no step has needed it."""
    while True:
        try:
            return evaluation.module_instances()
        except NotReady as stopped:
            evaluation.cells.run(stopped.needs)


def _partial() -> Diagnostic:
    detail = (
        "The plan was made with -target or -exclude, so changes that the configuration asks for may be "
        "missing, and outputs may not be up to date. See what is left with: moor plan."
    )
    return warning("Applied changes may be incomplete", detail)


def _differences(before: State, after: State) -> Iterator[Event]:
    """The events that turn one state's objects into another's: what refresh found, what has moved."""
    for address, instance in after.instances.items():
        old = before.instances.get(address)
        if old is not instance:
            yield from _instance_differences(address, old, instance)
    for address, old in before.instances.items():
        if address not in after.instances:
            yield from (Removed(address=address, deposed=key) for key in old.deposed)
            if old.current is not None:
                yield Removed(address=address)


def _instance_differences(
    address: InstanceAddress, old: InstanceState | None, new: InstanceState
) -> Iterator[Event]:
    provider = new.provider
    if new.current is not None and (old is None or old.current != new.current):
        yield Recorded(address=address, provider=provider, object=new.current)
    elif new.current is None and old is not None and old.current is not None:
        yield Removed(address=address)
    known = old.deposed if old is not None else {}
    for key, each in new.deposed.items():
        if known.get(key) != each:
            yield Recorded(address=address, provider=provider, deposed=key, object=each)
    yield from (Removed(address=address, deposed=key) for key in known if key not in new.deposed)
