"""One run: its configuration, a plan, perhaps an apply, and whether the result is as expected."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from mooring.applying.events import OpEvent, OpSkipped
from mooring.applying.executor import ApplyOptions, apply_plan
from mooring.config.evaluation import Configuration
from mooring.config.targets import Target, parse_target
from mooring.config.test_files.model import Command, PlanSettings, Run, TestFile
from mooring.core.addresses import InstanceAddress
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, has_errors
from mooring.core.records import record, replace
from mooring.core.values import Value
from mooring.planning.model import Plan, PlanMode
from mooring.planning.objects import value_in_state
from mooring.planning.planner import make_plan
from mooring.planning.providers import Providers
from mooring.planning.run import PlanOptions
from mooring.planning.validation import validate_configuration
from mooring.state.model import State
from mooring.state.store import Opened
from mooring.syntax.nodes import Traversal
from mooring.testing.bed import Bed
from mooring.testing.earlier import Earlier
from mooring.testing.expectations import (
    Expected,
    judge,
    judge_plan_before_apply,
    read_expected,
    without_checks,
)
from mooring.testing.given import Given, TestVariables
from mooring.testing.journal import NoJournal
from mooring.testing.model import Seen, Status
from mooring.testing.results import Objects, Result
from mooring.testing.stand_ins import StandIns
from mooring.testing.tested import Modules, check_run_overrides, equip, source_of


@record(kw_only=True, eq=False)
class Prepared:
    """A run that makes sense: what is tested, with which variables, what is expected of it."""

    run: Run
    earlier: Earlier
    configuration: Configuration
    stand_ins: StandIns
    given: Given
    expected: tuple[Expected, ...]
    options: PlanOptions


@record(kw_only=True, eq=False)
class Done:
    """What came of a run: `state` after applying (None: nothing was applied), outputs for later runs."""

    status: Status
    diagnostics: Diagnostics = ()
    state: State | None = None
    outputs: Value | None = None
    seen: Seen | None = None


def prepare(
    bed: Bed, modules: Modules, file: TestFile, run: Run, earlier: Earlier
) -> tuple[Prepared | None, Diagnostics]:
    """Everything about a run that can be known before anything is planned; None beside an error."""
    root = modules[source_of(run)]
    expected, wrong = read_expected(run.expect_failures)
    options, problems = _options(run.plan, bed.parallelism)
    functions = bed.configure(root, {}).surroundings.functions
    variables = TestVariables(root, bed.raw, file, functions)
    equipped, more = equip(root, file, run, variables.scope_of_providers(earlier), bed.known)
    diags = (*wrong, *problems, *check_run_overrides(run, root), *more)
    if has_errors(diags):
        return None, diags
    tested = bed.configure(equipped.root, {})
    diags = (*diags, *validate_configuration(tested, bed.schemas))
    if has_errors(diags):
        return None, diags
    given, problems = variables.given(run, earlier)
    diags = (*diags, *problems)
    if has_errors(diags):
        return None, diags
    overrides = (*file.overrides, *run.overrides)
    stand_ins = StandIns(equipped.root, equipped.mocks, overrides, bed.schemas, bed.random_text)
    prepared = Prepared(
        run=run,
        earlier=earlier,
        configuration=replace(tested, inputs=given.inputs, origins=given.origins, stand_in=stand_ins.module),
        stand_ins=stand_ins,
        given=given,
        expected=expected,
        options=options,
    )
    return prepared, diags


def _options(settings: PlanSettings, parallelism: int) -> tuple[PlanOptions, Diagnostics]:
    """How to plan, and what is wrong with what was asked for."""
    targets = [parse_target(each) for each in settings.targets]
    replaced = [_instance(each) for each in settings.replace]
    found = [each for each in (*targets, *replaced) if isinstance(each, Diagnostic)]
    if settings.refresh_only and settings.replace:
        detail = "A refresh-only plan replaces nothing, so nothing can be named to be replaced."
        found.append(error("Unsupported plan mode", detail))
    options = PlanOptions(
        mode=PlanMode.REFRESH_ONLY if settings.refresh_only else PlanMode.NORMAL,
        refresh=settings.refresh,
        targets=tuple(each for each in targets if isinstance(each, Target)),
        replace=tuple(each for each in replaced if not isinstance(each, Diagnostic)),
        parallelism=parallelism,
    )
    return options, tuple(found)


def _instance(reference: Traversal) -> InstanceAddress | Diagnostic:
    target = parse_target(reference)
    if isinstance(target, Diagnostic):
        return target
    if target.is_module:
        detail = f"{target} is a module. What is replaced is a resource instance: TYPE.NAME."
        return error("Invalid address", detail, target.span)
    return target.instance


# -- planning and applying -----------------------------------------------------------------------


@record(kw_only=True, eq=False)
class Ground:
    """What a plan is made on and applied with."""

    configuration: Configuration
    providers: Providers
    parallelism: int
    cancelled: Event


def carry_out(
    bed: Bed, prepared: Prepared, state: State, data_folder: str, applying: Callable[[Plan], None]
) -> Done:
    """Plans a run, applies it if it says so, and looks at the result; `applying` hears of the plan before."""
    providers = bed.open_providers(data_folder, prepared.stand_ins.connection)
    ground = Ground(
        configuration=prepared.configuration,
        providers=providers,
        parallelism=bed.parallelism,
        cancelled=bed.cancelled,
    )
    try:
        plan, diags = make_plan(ground.configuration, Opened(state=state), providers, prepared.options)
        if prepared.run.command is Command.PLAN:
            return _look_at_plan(prepared, plan, judge(prepared.expected, diags), providers)
        diags = judge_plan_before_apply(prepared.expected, diags)
        if has_errors(diags):
            return Done(status=Status.ERROR, diagnostics=diags)
        applying(plan)
        return _apply(ground, prepared, plan, state, without_checks(diags))
    finally:
        providers.close()


def _look_at_plan(prepared: Prepared, plan: Plan, diags: Diagnostics, providers: Providers) -> Done:
    if has_errors(diags):
        return Done(status=Status.ERROR, diagnostics=diags)
    seen = Seen(plan=plan, state=None, configuration=prepared.configuration)
    return _look(prepared, _planned_objects(plan, providers), diags, seen)


def _apply(ground: Ground, prepared: Prepared, plan: Plan, state: State, planned: Diagnostics) -> Done:
    after, applied = apply(ground, plan, state)
    diags = (*planned, *judge(prepared.expected, applied))
    seen = Seen(plan=plan, state=after, configuration=prepared.configuration)
    if has_errors(diags):
        return Done(status=Status.ERROR, diagnostics=diags, state=after, seen=seen)
    planned_objects = _planned_objects(plan, ground.providers)

    def find(address: InstanceAddress) -> Value | None:
        if address.resource.mode == "data" and address not in after.instances:
            return planned_objects(address)
        return _stored(after, address, ground.providers)

    return replace(_look(prepared, find, diags, seen), state=after)


def apply(ground: Ground, plan: Plan, state: State) -> tuple[State, Diagnostics]:
    """Carries out a plan; the state afterwards, and what went wrong."""
    skipped: list[OpSkipped] = []

    def observe(event: OpEvent) -> None:
        if isinstance(event, OpSkipped) and event.cause is None:
            skipped.append(event)

    after, diags = apply_plan(
        plan,
        state,
        configuration=ground.configuration,
        providers=ground.providers,
        journal=NoJournal(),
        options=ApplyOptions(parallelism=ground.parallelism, cancelled=ground.cancelled),
        observe=observe,
    )
    return after, (*diags, _interrupted()) if skipped else diags


def _interrupted() -> Diagnostic:
    detail = "The run was interrupted before everything was applied. What was applied is removed now."
    return error("Test interrupted", detail)


# -- looking -------------------------------------------------------------------------------------


def _planned_objects(plan: Plan, providers: Providers) -> Objects:
    planned = {change.address: change.after for change in plan.changes if change.deposed is None}

    def find(address: InstanceAddress) -> Value | None:
        if address in planned:
            return planned[address]
        return _stored(plan.prior_state, address, providers)

    return find


def _stored(state: State, address: InstanceAddress, providers: Providers) -> Value | None:
    instance = state.instances.get(address)
    return None if instance is None else value_in_state(instance, address, providers)


def _look(prepared: Prepared, objects: Objects, diags: Diagnostics, seen: Seen) -> Done:
    """Checks the assertions, and keeps the outputs."""
    result = Result(prepared.configuration, objects, prepared.given.others, prepared.earlier)
    try:
        status, found = result.check(prepared.run.assertions)
        return Done(status=status, diagnostics=(*diags, *found), outputs=result.outputs(), seen=seen)
    finally:
        result.close()
