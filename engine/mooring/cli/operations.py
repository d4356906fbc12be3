"""What most commands begin with: a checked configuration, a lock, the state, a plan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from mooring.cli.command import Stopped
from mooring.cli.options import forbidden_by
from mooring.cli.session import Session
from mooring.cli.views import View
from mooring.config.evaluation import Configuration
from mooring.core.addresses import ProviderConfigAddress, ResourceAddress
from mooring.core.diagnostics import Diagnostics, has_errors, prevents_loading
from mooring.core.records import record, replace
from mooring.planning.model import Action, Plan, PlanMode
from mooring.planning.planner import make_plan
from mooring.planning.providers import Providers
from mooring.planning.run import PlanOptions
from mooring.reporting.change_text import SchemaLookup
from mooring.reporting.report import Report, build_report
from mooring.state.store import Lock, Opened, StateStore

if TYPE_CHECKING:
    from mooring.config.model import Module
    from mooring.schema.model import BlockSchema

_TELL_SECONDS: Final = 10.0


@record(kw_only=True)
class Planned:
    """A plan with everything that it was made from."""

    plan: Plan
    configuration: Configuration
    opened: Opened


def prepare(session: Session, view: View, providers: Providers) -> Configuration:
    """The checked configuration with its inputs. Raises `Stopped` after telling what is wrong with it.

    As in Terraform, the variables that inputs are for come first, and whether their values suit them last.
    """
    from mooring.config.inputs import is_of_value

    require_backend(session, view)
    module, diags = session.load()
    if module is None or prevents_loading(diags):
        view.tell(diags)
        raise Stopped
    inputs, problems = session.inputs(module)
    diags = (*diags, *(each for each in problems if not is_of_value(each)))
    if not has_errors(diags):
        diags = (*diags, *check(session, module, providers))
    if not has_errors(diags):
        diags = (*diags, *(each for each in problems if is_of_value(each)))
    view.tell(diags)
    if has_errors(diags):
        raise Stopped
    return session.configuration(module, inputs)


def require_backend(session: Session, view: View) -> None:
    """Raises `Stopped` after telling why it cannot be said where the state is."""
    problems = session.backend_problems
    if not has_errors(problems):
        problems = (*problems, *session.encryption_problems)
    view.tell(problems)
    if has_errors(problems):
        raise Stopped


def require_files(session: Session, *, any_version: bool = False) -> None:
    """Raises `Stopped` after telling what is wrong with the files of any module, if something is.

    `any_version`: they may be written for another version of the language.
    """
    from mooring.config.versions import UNSUPPORTED_VERSION

    _, problems = session.tree
    if prevents_loading(each for each in problems if not any_version or each.summary != UNSUPPORTED_VERSION):
        session.terminal.tell(problems)
        raise Stopped


def check(session: Session, module: Module, providers: Providers) -> Diagnostics:
    """What is wrong with a configuration and the settings beside it whatever its inputs are."""
    from mooring.planning.validation import check_settings, validate_configuration

    found = validate_configuration(session.configuration(module, {}), providers)
    settings, diags = session.settings
    return (*found, *diags, *check_settings(settings, module, providers))


def guarded_against(session: Session, plan: Plan) -> Diagnostics:
    """What the guards of the working folder and of the command line say against a plan.

    Raises `Stopped` after telling why the guards cannot be read.
    """
    settings, diags = session.settings
    if has_errors(diags):
        session.terminal.tell(diags)
        raise Stopped
    guards = (*settings.guards, *forbidden_by(session.call))
    if not guards:
        return ()
    from mooring.planning.guards import forbidden_changes

    return forbidden_changes(plan, guards)


def unmatched_guards_of(session: Session, planned: Planned) -> Diagnostics:
    """Warnings for what the guards of the working folder name and nobody has."""
    settings, _ = session.settings
    if not settings.guards:
        return ()
    from mooring.planning.matching import unmatched_guards

    return unmatched_guards(settings.guards, planned.plan, planned.configuration.root, planned.opened.state)


@contextmanager
def locked(session: Session, view: View, store: StateStore, operation: str) -> Iterator[Lock | None]:
    """Holds the state's lock, unless `-lock=false`. Raises `Stopped` if somebody else has it."""
    if not session.call.arguments.is_on("lock", default=True):
        yield None
        return
    lock = _lock(session, view, store, operation)
    if isinstance(lock, tuple):
        view.tell(lock)
        raise Stopped
    view.tell(lock.warnings)
    try:
        yield lock
    finally:
        lock.release()


def _lock(session: Session, view: View, store: StateStore, operation: str) -> Lock | Diagnostics:
    """The lock, waited for as long as `-lock-timeout` says; tells now and then for whom.

    Who cannot even be asked for the holder is not waited for: the backend had its own patience.
    """
    left = session.call.arguments.seconds("lock-timeout")
    lock = store.lock(operation)
    while isinstance(lock, tuple) and left > 0:
        from mooring.reporting.history_text import waiting_text

        try:
            holder = store.holder()
        except OSError:
            return lock
        view.say(waiting_text(holder, left))
        session.terminal.flush()
        lock = store.lock(operation, timeout=min(left, _TELL_SECONDS))
        left -= _TELL_SECONDS
    return lock


def read_state(store: StateStore, view: View) -> Opened:
    """What the store holds. Raises `Stopped` if it cannot be trusted."""
    opened, diags = store.read()
    view.tell(diags)
    if opened is None:
        raise Stopped
    if opened.unended:
        from mooring.reporting.history_text import unended_text

        view.say(unended_text(opened))
    return opened


def plan_operation(
    configuration: Configuration, opened: Opened, providers: Providers, options: PlanOptions, view: View
) -> tuple[Planned, Diagnostics]:
    """Makes a plan; what is wrong is not told yet, because the plan comes first."""
    plan, diags = make_plan(configuration, opened, providers, options, view.plan_event)
    if not has_errors(diags) and (options.targets or options.excludes or options.replace):
        from mooring.planning.matching import naming_unmatched, unmatched

        missing = unmatched(plan, options, configuration.root, opened.state)
        named = naming_unmatched(diags, plan, options, configuration.root, opened.state)
        plan, diags = replace(plan, has_errors=has_errors(missing)), (*named, *missing)
    return Planned(plan=plan, configuration=configuration, opened=opened), diags


def report_on(plan: Plan, configuration: Configuration, session: Session) -> Report:
    """What to tell of a plan: with `-explain` the reasons of all changes, else those of replacements."""
    explains_all, root = session.call.arguments.is_on("explain"), configuration.root
    has_replacements = any(change.action is Action.REPLACE for change in plan.changes)
    if plan.mode is PlanMode.UNDO or not (explains_all or has_replacements):
        return build_report(plan)
    from mooring.planning.explanation import explain, explain_replacements

    given = session.inputs_as_given(root)[0].given
    origins = {name: each.source(name) for name, each in given.items()}
    found = (explain if explains_all else explain_replacements)(plan, root, origins)
    return build_report(plan, found)


def schema_lookup(providers: Providers) -> SchemaLookup:
    """Schemas from the providers at hand."""

    def look_up(provider: ProviderConfigAddress, resource: ResourceAddress) -> BlockSchema | None:
        info = providers.type_info(provider.provider, resource.mode, resource.type)
        return None if info is None else info.schema.block

    return look_up
