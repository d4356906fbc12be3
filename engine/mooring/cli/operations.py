"""The two operations that most commands are made of: making a plan, carrying one out."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, Final

from mooring.applying.events import OpCompleted, OpEvent
from mooring.applying.executor import ApplyOptions, apply_plan
from mooring.cli.command import Stopped
from mooring.cli.session import Session
from mooring.cli.views import View
from mooring.config.evaluation import Configuration
from mooring.core.addresses import ProviderAddress, ProviderConfigAddress, ResourceAddress
from mooring.core.diagnostics import Diagnostics, has_errors
from mooring.core.records import record
from mooring.planning.model import Plan
from mooring.planning.planner import make_plan
from mooring.planning.providers import Providers
from mooring.planning.run import PlanOptions
from mooring.reporting.change_text import SchemaLookup
from mooring.reporting.product import PRODUCT
from mooring.reporting.progress import count_operation
from mooring.reporting.report import Counts, count
from mooring.state.model import State
from mooring.state.store import Lock, Opened, StateStore

if TYPE_CHECKING:
    from mooring.config.model import Module
    from mooring.schema.model import BlockSchema, ProviderSchema


@record(kw_only=True)
class Planned:
    """A plan with everything that it was made from."""

    plan: Plan
    configuration: Configuration
    opened: Opened


def prepare(session: Session, view: View, providers: Providers) -> Configuration:
    """The checked configuration with its inputs. Raises `Stopped` after telling what is wrong with it."""
    module, diags = session.load()
    if module is None:
        view.tell(diags)
        raise Stopped
    diags = (*diags, *check(session, module, providers))
    if has_errors(diags):
        view.tell(diags)
        raise Stopped
    inputs, problems = session.inputs(module)
    view.tell((*diags, *problems))
    if has_errors(problems):
        raise Stopped
    return session.configuration(module, inputs)


def check(session: Session, module: Module, providers: Providers) -> Diagnostics:
    """What is wrong with a configuration whatever its inputs are."""
    from mooring.config.checks import check_configuration
    from mooring.planning.validation import validate_configuration

    diags = check_configuration(module, schemas_of(module, providers))
    if has_errors(diags):
        return diags
    return (*diags, *validate_configuration(session.configuration(module, {}), providers))


def schemas_of(root: Module, providers: Providers) -> dict[ProviderAddress, ProviderSchema]:
    """The schemas of the providers that a module tree needs, as far as they are there."""
    todo = [root]
    found: dict[ProviderAddress, ProviderSchema] = {}
    for module in todo:
        for address in module.providers.values():
            schema = providers.schema(address)
            if schema is not None:
                found[address] = schema
        todo.extend(module.children.values())
    return found


@contextmanager
def locked(session: Session, view: View, store: StateStore, operation: str) -> Iterator[Lock | None]:
    """Holds the state's lock, unless `-lock=false`. Raises `Stopped` if somebody else has it."""
    if not session.call.arguments.is_on("lock", default=True):
        yield None
        return
    lock = store.lock(operation, timeout=session.call.arguments.seconds("lock-timeout"))
    if isinstance(lock, tuple):
        view.tell(lock)
        raise Stopped
    view.tell(lock.warnings)
    try:
        yield lock
    finally:
        lock.release()


def read_state(store: StateStore, view: View) -> Opened:
    """What the store holds. Raises `Stopped` if it cannot be trusted."""
    opened, diags = store.read()
    view.tell(diags)
    if opened is None:
        raise Stopped
    return opened


def plan_operation(
    configuration: Configuration, opened: Opened, providers: Providers, options: PlanOptions, view: View
) -> tuple[Planned, Diagnostics]:
    """Makes a plan; what is wrong is not told yet, because the plan comes first."""
    plan, diags = make_plan(configuration, opened, providers, options, view.plan_event)
    return Planned(plan=plan, configuration=configuration, opened=opened), diags


def apply_operation(
    planned: Planned, store: StateStore, providers: Providers, view: View, parallelism: int
) -> tuple[State, Counts]:
    """Carries out a plan and stores what came of it. Raises `Stopped` after telling what failed."""
    counter = _Counter(view, planned.plan)
    journal = store.begin()
    if isinstance(journal, tuple):
        view.tell(journal)
        raise Stopped
    with interruptible(view) as cancelled:
        state, diags = apply_plan(
            planned.plan,
            planned.opened.state,
            configuration=planned.configuration,
            providers=providers,
            journal=journal,
            options=ApplyOptions(parallelism=parallelism, cancelled=cancelled),
            observe=counter.observe,
        )
    state, problems = store.commit(state)
    view.tell((*diags, *problems))
    if has_errors(diags) or has_errors(problems) or cancelled.is_set():
        raise Stopped
    return state, counter.counts


class _Counter:
    """Counts what has been done, while it is told."""

    def __init__(self, view: View, plan: Plan) -> None:
        self._view: Final = view
        self.counts = Counts(imported=count(plan.changes).imported)

    def observe(self, event: OpEvent) -> None:
        """Takes an event in and passes it on."""
        if isinstance(event, OpCompleted):
            self.counts = count_operation(self.counts, event)
        self._view.operation_event(event)


@contextmanager
def interruptible(view: View) -> Iterator[Event]:
    """The first Ctrl-C or SIGTERM lets running operations end; the second ends the command."""
    cancelled = Event()

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        if cancelled.is_set():
            raise KeyboardInterrupt
        cancelled.set()
        view.say(
            f"\nInterrupt received.\nPlease wait for {PRODUCT} to exit: what runs is brought to its end and "
            "recorded.\nInterrupt once more to exit at once; the journal then tells the next run what was "
            "under way.\n"
        )

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, interrupt) for number in numbers]
    try:
        yield cancelled
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def schema_lookup(providers: Providers) -> SchemaLookup:
    """Schemas from the providers at hand."""

    def look_up(provider: ProviderConfigAddress, resource: ResourceAddress) -> BlockSchema | None:
        info = providers.type_info(provider.provider, resource.mode, resource.type)
        return None if info is None else info.schema.block

    return look_up
