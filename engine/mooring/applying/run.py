"""What one run of applying works on: the evaluation with final objects, the state, the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, cast
from uuid import uuid4

from mooring.config.conditions import check_condition
from mooring.config.evaluation import Configuration, Evaluation
from mooring.config.model import Resource
from mooring.config.providers import resolve_provider
from mooring.core.addresses import InstanceAddress, ProviderConfigAddress
from mooring.core.codec import encode
from mooring.core.diagnostics import Diagnostics, error, in_order
from mooring.core.values import EPHEMERAL, SENSITIVE, Value, unmark
from mooring.lang.cells import Failed, Key
from mooring.lang.scope import Report
from mooring.planning.connections import connect
from mooring.planning.model import Action, Plan, PlanMode, PlannedChange
from mooring.planning.objects import object_id
from mooring.planning.providers import Providers, TypeInfo
from mooring.planning.run import Block
from mooring.sdk.protocols import Connection
from mooring.state.events import Draft, Event, OutputsSet, Recorded, Removed
from mooring.state.model import InstanceState, OutputState, State
from mooring.state.store import Journal


class ApplyRun:
    """One run. Mutable, owned by the executor.

    Cells: an `InstanceAddress` is the final object, set as soon as there is one; `("block", address)` is the
    evaluated block of an instance; `("postconditions", address)` reports what does not hold of its object;
    `("connection", ...)` as in planning.
    """

    def __init__(
        self, plan: Plan, configuration: Configuration, providers: Providers, journal: Journal, base: State
    ) -> None:
        self.plan: Final = plan
        self.providers: Final = providers
        self.journal: Final = journal
        self.evaluation: Final = Evaluation(configuration, self._rule)
        self.draft: Final = Draft(base)
        self._base: Final = base
        self._diagnostics: list[Diagnostics] = []
        self._deposed: dict[InstanceAddress, str] = {}

    # -- objects ---------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Records what refresh found and gives every object that stays as it is to the evaluation."""
        self.record(*_differences(self._base, self.plan.prior_state))
        for change in self.plan.changes:
            if change.action is Action.NO_OP and change.deposed is None and change.after is not None:
                self.evaluation.cells.set(change.address, change.after)
            elif self.plan.mode is PlanMode.DESTROY and change.deposed is None and change.before is not None:
                self.evaluation.cells.set(change.address, change.before)

    def record(self, *events: Event) -> None:
        """Journals events and takes them into the state."""
        self.journal.append_all(events)
        for event in events:
            self.draft.apply(event)

    def deposed_key(self, address: InstanceAddress) -> str:
        """The key under which this run sets aside the present object of an instance."""
        return self._deposed.setdefault(address, uuid4().hex[:8])

    # -- evaluation ------------------------------------------------------------------------------

    def block(self, address: InstanceAddress) -> Block | None:
        """An instance's block as it evaluates now; None if it failed and has been reported."""
        return cast("Block | None", self._settle(("block", address)))

    def connection(self, address: ProviderConfigAddress) -> Connection | None:
        """The connection for a provider configuration; None if it failed and has been reported."""
        return cast("Connection | None", self._settle(("connection", address)))

    def type_info(self, change: PlannedChange) -> TypeInfo:
        """The type of a change's object, which planning has found."""
        resource = change.address.resource
        info = self.providers.type_info(change.provider.provider, resource.mode, resource.type)
        assert info is not None
        return info

    def _settle(self, key: Key) -> object:
        cells = self.evaluation.cells
        cells.run([key])
        return None if cells.failed(key) else cells.get(key)

    def _rule(self, key: Key) -> object:
        if type(key) is InstanceAddress:
            raise Failed  # what it stands for failed, or was skipped
        assert isinstance(key, tuple)
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
        resource = self._resource(address)
        module = self.evaluation.module(address.resource.module)
        provider = resolve_provider(self.evaluation.configuration.root, module.path, resource)
        info = self.providers.type_info(provider.provider, resource.mode, resource.type)
        assert info is not None
        config = self.evaluation.config_value(address, resource, info.plan, report)
        if report.has_errors:
            raise Failed
        return Block(address=address, resource=resource, provider=provider, info=info, config=config)

    def _resource(self, address: InstanceAddress) -> Resource:
        return self.evaluation.module(address.resource.module).resources[address.resource[1:]]

    def postconditions(self, address: InstanceAddress) -> Diagnostics:
        """What the postconditions of a block say of its object, now that it is there."""
        if not self._resource(address).lifecycle.postconditions:
            return ()
        cell = "postconditions", address
        self.evaluation.cells.run([cell])
        return self.evaluation.problems(cell)

    def _postconditions(self, address: InstanceAddress, report: Report) -> None:
        value = cast("Value", self.evaluation.cells.get(address))
        scope = self.evaluation.instance_scope(address, value)
        found = Report()
        for condition in self._resource(address).lifecycle.postconditions:
            check_condition(condition, scope, found, summary="Resource postcondition failed")
        report.extend(diag.of(str(address)) for diag in found.diagnostics)

    def is_made(self, address: InstanceAddress) -> bool:
        """Whether an instance has its final object; its postconditions may still fail."""
        cells = self.evaluation.cells
        return cells.has(address) and not cells.failed(address)

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
        if self.plan.mode is not PlanMode.REFRESH_ONLY:
            self.record(OutputsSet(outputs=dict(self._outputs())))
        found = [diag for diags in self._diagnostics for diag in diags]
        return self.draft.state(), in_order([*self.evaluation.diagnostics, *found])

    def _outputs(self) -> Iterator[tuple[str, OutputState]]:
        """Every root output that could be worked out; one that could not stays as it was."""
        if self.plan.mode is PlanMode.DESTROY:
            return
        declared = self.evaluation.configuration.root.outputs
        self.evaluation.cells.run(("output", (), name) for name in declared)
        for name, output in declared.items():
            cell = "output", (), name
            if output.ephemeral:
                continue
            if self.evaluation.cells.failed(cell):
                if name in self._base.outputs:
                    yield name, self._base.outputs[name]
                continue
            yield name, _stored_output(cast("Value", self.evaluation.cells.get(cell)))


def _stored_output(value: Value) -> OutputState:
    plain, marks = unmark(value)
    assert EPHEMERAL not in marks
    return OutputState(value=encode(plain, plain.type), type=plain.type, sensitive=SENSITIVE in value.marks)


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
