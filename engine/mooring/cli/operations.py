"""What most commands begin with: a checked configuration, a lock, the state, a plan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mooring.cli.command import Stopped
from mooring.cli.session import Session
from mooring.cli.views import View
from mooring.config.evaluation import Configuration
from mooring.config.graph import self_references
from mooring.core.addresses import ProviderConfigAddress, ResourceAddress
from mooring.core.diagnostics import Diagnostics, has_errors
from mooring.core.records import record
from mooring.planning.model import Plan
from mooring.planning.planner import make_plan
from mooring.planning.providers import Providers
from mooring.planning.run import PlanOptions
from mooring.reporting.change_text import SchemaLookup
from mooring.state.store import Lock, Opened, StateStore

if TYPE_CHECKING:
    from mooring.config.model import Module
    from mooring.schema.model import BlockSchema


@record(kw_only=True)
class Planned:
    """A plan with everything that it was made from."""

    plan: Plan
    configuration: Configuration
    opened: Opened


def prepare(session: Session, view: View, providers: Providers) -> Configuration:
    """The checked configuration with its inputs. Raises `Stopped` after telling what is wrong with it."""
    require_backend(session, view)
    module, diags = session.load()
    if module is None:
        view.tell(diags)
        raise Stopped
    diags = (*diags, *check(session, module, providers), *self_references(session.graph(module)))
    if has_errors(diags):
        view.tell(diags)
        raise Stopped
    inputs, problems = session.inputs(module)
    view.tell((*diags, *problems))
    if has_errors(problems):
        raise Stopped
    return session.configuration(module, inputs)


def require_backend(session: Session, view: View) -> None:
    """Raises `Stopped` after telling why it cannot be said where the state is."""
    problems = session.backend_problems
    view.tell(problems)
    if has_errors(problems):
        raise Stopped


def check(session: Session, module: Module, providers: Providers) -> Diagnostics:
    """What is wrong with a configuration whatever its inputs are."""
    from mooring.planning.validation import validate_configuration

    return validate_configuration(session.configuration(module, {}), providers)


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


def schema_lookup(providers: Providers) -> SchemaLookup:
    """Schemas from the providers at hand."""

    def look_up(provider: ProviderConfigAddress, resource: ResourceAddress) -> BlockSchema | None:
        info = providers.type_info(provider.provider, resource.mode, resource.type)
        return None if info is None else info.schema.block

    return look_up
