"""Making a plan: evaluates the configuration, refreshes what is recorded, decides, orders.

The planner answers the evaluation's question "what will this instance be?" with the planned object; so one
block sees what another's object will be. Everything it reads is read through cells, whose rules stand in
`planning.rules`; it writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar, cast

from mooring.config.evaluation import Configuration, Evaluation
from mooring.config.graph import build_graph
from mooring.config.statements import check_statements
from mooring.core.addresses import ModulePath
from mooring.core.diagnostics import Diagnostics, error, has_errors, in_order
from mooring.core.records import replace
from mooring.lang.cells import Key
from mooring.lang.scope import Report
from mooring.planning.advice import checked_changes, stands_in
from mooring.planning.conclusion import conclude, nothing
from mooring.planning.dependencies import recorded_dependencies, through_absent, wanting_create_first
from mooring.planning.ephemerals import Ephemerals
from mooring.planning.events import PlanEvent, PlanObserver
from mooring.planning.goals import checks, desired, recorded_objects, removals
from mooring.planning.imports import imports_by_resource
from mooring.planning.model import Plan, PlanMode
from mooring.planning.moves import MovedState, apply_moves
from mooring.planning.ordering import Dependencies, spread_create_before_destroy
from mooring.planning.providers import Providers
from mooring.planning.records import moved_intents, records
from mooring.planning.refresh import Refresh
from mooring.planning.removed import removed_blocks
from mooring.planning.restoring import moved_back, restored_instances
from mooring.planning.rules import Rule, Rules
from mooring.planning.run import PlanOptions, PlanRun
from mooring.planning.targeting import (
    Extent,
    extent_of,
    merge,
    moves_left_out,
    needed_modules,
    partial_warnings,
    reverse,
)
from mooring.planning.type_moves import with_types
from mooring.state.model import State
from mooring.state.store import Opened

T = TypeVar("T")


def _ignore(_event: PlanEvent) -> None:
    return


def make_plan(
    configuration: Configuration,
    opened: Opened,
    providers: Providers,
    options: PlanOptions,
    observe: PlanObserver = _ignore,
) -> tuple[Plan, Diagnostics]:
    """What must change so that reality is as the configuration says, starting from what a state holds.

    The configuration has passed the static checks. Beside errors the plan holds what could be decided, and
    says so with `has_errors`.
    """
    refused = (*check_statements(configuration.root), *_wrong_mode(options))
    if has_errors(refused):
        return nothing(opened.state, options), refused
    planner = _Planner(configuration, opened, providers, options, observe)
    if has_errors(planner.move_problems):
        return nothing(opened.state, options), planner.move_problems
    left_out = moves_left_out(planner.run.extent, planner.run.previous)
    if left_out:
        return nothing(opened.state, options), (*left_out, *partial_warnings(planner.run.extent))
    try:
        planner.plan()
        return conclude(planner.run, (*planner.move_problems, *planner.run.ephemerals.close()))
    finally:
        planner.close()


def _wrong_mode(options: PlanOptions) -> Diagnostics:
    if not options.replace or options.mode in (PlanMode.NORMAL, PlanMode.UNDO):
        return ()
    detail = "-replace makes objects anew, which neither -destroy nor -refresh-only does. Give one of them."
    return (error("Unsupported plan mode", detail),)


def look_up(
    configuration: Configuration,
    opened: Opened,
    providers: Providers,
    options: PlanOptions,
    work: Callable[[PlanRun, Report], T],
) -> tuple[T | None, Diagnostics]:
    """What some work finds in the world of a plan, where nothing is planned; None beside an error.

    Objects are what the state says, refreshed; data sources are read.
    """
    options = replace(options, mode=PlanMode.REFRESH_ONLY)
    planner = _Planner(configuration, opened, providers, options, _ignore, look_up=work)
    evaluation, key = planner.run.evaluation, ("look up",)
    try:
        evaluation.cells.run([key])
        found = None if evaluation.cells.failed(key) else cast("T", evaluation.cells.get(key))
        return found, in_order([*evaluation.diagnostics, *planner.run.ephemerals.close()])
    finally:
        planner.close()


class _Planner:
    """One planning run. Mutable, private to `make_plan`."""

    def __init__(
        self,
        configuration: Configuration,
        opened: Opened,
        providers: Providers,
        options: PlanOptions,
        observe: PlanObserver,
        *,
        look_up: Callable[[PlanRun, Report], object] | None = None,
    ) -> None:
        moved = _moved(configuration, opened.state, providers, options)
        root, state = configuration.root, moved.state
        graph = configuration.graph or build_graph(root)
        known = records(state, moved_intents(opened.open_intents, moved.destinations))
        dependencies = graph.resource_dependencies()
        extent = _extent(options, dependencies, recorded_dependencies(state))
        evaluation = self._evaluation(configuration, options, dependencies, extent)
        between = through_absent(dependencies, root)
        self.move_problems = moved.diagnostics
        self.run = PlanRun(
            configuration=configuration,
            state=state,
            records=known,
            providers=providers,
            options=options,
            graph=graph,
            dependencies=between,
            creates_first=spread_create_before_destroy(wanting_create_first(root), between),
            evaluation=evaluation,
            extent=extent,
            previous=moved.previous,
            imports=imports_by_resource(root),
            removed=removed_blocks(root),
            ephemerals=Ephemerals(evaluation.cells, observe, read_only=True),
        )
        refresh = Refresh(known, providers, evaluation.cells, observe, enabled=options.refresh)
        own: Mapping[str, Rule] = {"object": refresh.find}
        if look_up is not None:
            own = {**own, "look up": lambda report: look_up(self.run, report)}
        self._rules = Rules(self.run, own)

    def _evaluation(
        self, configuration: Configuration, options: PlanOptions, dependencies: Dependencies, extent: Extent
    ) -> Evaluation:
        needed = needed_modules(dependencies, extent.has_resource)
        return Evaluation(
            configuration,
            lambda key: self._rules.settle(key),  # noqa: PLW0108 - they come after the evaluation
            workers=options.parallelism,
            needs_module=needed.__contains__ if extent.is_partial else _always,
        )

    def plan(self) -> None:
        """Settles every cell there is."""
        run, cells = self.run, self.run.evaluation.cells
        wanted = self._desired()
        if wanted is None:
            return
        objects = recorded_objects(run)
        cells.run([*objects, *wanted])
        if run.options.mode is not PlanMode.REFRESH_ONLY:
            cells.run(removals(run, objects))
        cells.run(checks(run))
        if not has_errors(run.evaluation.diagnostics):
            self._ask_for_advice()

    def _desired(self) -> list[Key] | None:
        """What is to exist; None if imports are about what cannot be."""
        run, cells = self.run, self.run.evaluation.cells
        if run.options.mode is PlanMode.UNDO:
            return list(restored_instances(run.options.restore))
        if run.options.mode is PlanMode.DESTROY:
            return []
        cells.run([("expansion",)])
        wanted = list(desired(run))
        if run.imports and not run.extent.is_partial:
            cells.run(("import check", resource) for resource in run.imports)
            if has_errors(run.evaluation.diagnostics):
                return None
        return wanted

    def _ask_for_advice(self) -> None:
        run, cells = self.run, self.run.evaluation.cells
        cells.run(("preflight", *key) for key in checked_changes(run))
        asked = (change for change in run.changes.values() if not stands_in(run, change))
        cells.run(("review", provider) for provider in dict.fromkeys(change.provider for change in asked))

    def close(self) -> None:
        """Lets go of everything."""
        self.run.ephemerals.close()
        self.run.evaluation.cells.close()


def _moved(
    configuration: Configuration, state: State, providers: Providers, options: PlanOptions
) -> MovedState:
    """The state with each object where the plan is to find it."""
    if options.mode is PlanMode.UNDO:
        return moved_back(state, options.restore)
    return with_types(configuration.root, apply_moves(configuration.root, state), providers)


def _always(_path: ModulePath) -> bool:
    return True


def _extent(options: PlanOptions, config: Dependencies, state: Dependencies) -> Extent:
    """What the plan is about. Destroying takes along what depends on a target, not what it needs."""
    resources = {*config, *state}
    if options.mode is not PlanMode.DESTROY:
        return extent_of(options.targets, options.excludes, resources, config)
    if not options.targets and not options.excludes:
        return Extent()
    return extent_of(options.targets, options.excludes, resources, reverse(merge(config, state)))
