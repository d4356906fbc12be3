"""Making a plan: evaluates the configuration, refreshes what is recorded, decides, orders.

The planner answers the evaluation's question "what will this instance be?" with the planned object; so one
block sees what another's object will be. Everything it reads is read through cells; it writes nothing. Its
own cells:

| key | value |
| --- | --- |
| `InstanceAddress` | the planned object; its change stands in `PlanRun.changes` |
| `("object", address, deposed key)` | `Found`: a recorded object as it is now |
| `("connection", provider configuration)` | `Connection` |
| `("removal", address, deposed key)` | deletion of what is not desired |
| `("preflight", address, deposed key)` | nothing; reports what stands against a change |
| `("import targets", resource)` | which of its instances are imported |
| `("import check", resource)` | nothing; reports imports for instances that are not declared |
| `("check", module instance, name)` | nothing; reports what does not hold |
| `("review", provider configuration)` | nothing; reports what is wrong with the plan as a whole |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from mooring.config.checking import CheckResult, check_results
from mooring.config.evaluation import Configuration, Evaluation
from mooring.config.graph import build_graph
from mooring.config.model import Module
from mooring.config.statements import check_statements
from mooring.core.addresses import (
    ConfigAddress,
    InstanceAddress,
    ModulePath,
    ProviderConfigAddress,
    ResourceAddress,
    instance_order,
    module_path,
)
from mooring.core.diagnostics import Diagnostics, has_errors, in_order
from mooring.core.records import replace
from mooring.core.values import DYNAMIC_UNKNOWN, Value
from mooring.lang.cells import Failed, Key
from mooring.lang.scope import Report
from mooring.planning.advice import checked_changes, preflight, review
from mooring.planning.blocks import evaluate_block
from mooring.planning.connections import connect
from mooring.planning.data_sources import plan_data
from mooring.planning.dependencies import (
    modules_of,
    recorded_dependencies,
    wanting_create_first,
    with_checks_last,
)
from mooring.planning.drift import find_drift, prior_state
from mooring.planning.events import PlanEvent, PlanObserver
from mooring.planning.imports import check_import_targets, import_targets, imports_by_resource
from mooring.planning.managed import plan_managed
from mooring.planning.model import Plan, PlanMode, SourceText
from mooring.planning.moves import apply_moves
from mooring.planning.objects import value_in_state
from mooring.planning.ordering import Dependencies, order, spread_create_before_destroy
from mooring.planning.orphans import plan_removal
from mooring.planning.outputs import output_changes
from mooring.planning.providers import Providers
from mooring.planning.records import ObjectKey, moved_intents, records
from mooring.planning.refresh import Refresh
from mooring.planning.removed import forgetting, removed_blocks
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
from mooring.state.model import State
from mooring.state.store import Opened


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
    refused = check_statements(configuration.root)
    if has_errors(refused):
        return _nothing(opened.state, options), refused
    planner = _Planner(configuration, opened, providers, options, observe)
    left_out = moves_left_out(planner.run.extent, planner.run.previous)
    if left_out:
        return _nothing(opened.state, options), (*left_out, *partial_warnings(planner.run.extent))
    try:
        planner.plan()
        return planner.result()
    finally:
        planner.run.evaluation.cells.close()


class _Planner:
    """One planning run. Mutable, private to `make_plan`."""

    def __init__(
        self,
        configuration: Configuration,
        opened: Opened,
        providers: Providers,
        options: PlanOptions,
        observe: PlanObserver,
    ) -> None:
        moved = apply_moves(configuration.root, opened.state)
        root, state = configuration.root, moved.state
        graph = configuration.graph or build_graph(root)
        known = records(state, moved_intents(opened.open_intents, moved.destinations))
        dependencies = graph.resource_dependencies()
        extent = _extent(options, dependencies, recorded_dependencies(state))
        needed = needed_modules(dependencies, extent.has_resource)
        evaluation = Evaluation(
            configuration,
            self._rule,
            workers=options.parallelism,
            needs_module=needed.__contains__ if extent.is_partial else _always,
        )
        self._moved = moved
        self.run = PlanRun(
            configuration=configuration,
            state=state,
            records=known,
            providers=providers,
            options=options,
            graph=graph,
            dependencies=dependencies,
            creates_first=spread_create_before_destroy(wanting_create_first(root), dependencies),
            evaluation=evaluation,
            extent=extent,
            previous=moved.previous,
            imports=imports_by_resource(root),
            removed=removed_blocks(root),
        )
        self._cells = evaluation.cells
        self._refresh = Refresh(known, providers, evaluation.cells, observe, enabled=options.refresh)
        self._rules: Mapping[str, Callable[..., object]] = {
            "object": self._refresh.find,
            "connection": self._connection,
            "removal": self._removal,
            "preflight": lambda *key: preflight(self.run, *key),
            "review": lambda *key: review(self.run, *key),
            "expansion": self._expansion,
            "import targets": lambda *key: import_targets(self.run, *key),
            "import check": lambda *key: check_import_targets(self.run, *key),
        }

    # -- the run ---------------------------------------------------------------------------------

    def plan(self) -> None:
        """Settles every cell there is."""
        run = self.run
        objects = [key for key in run.records if run.extent.has_instance(key.address)]
        desired: list[Key] = []
        if run.options.mode is not PlanMode.DESTROY:
            self._cells.run([("expansion",)])
            desired = list(self._desired())
            if not run.extent.is_partial:
                self._cells.run(("import check", resource) for resource in run.imports)
                if run.imports and has_errors(run.evaluation.diagnostics):
                    return
        self._cells.run([*objects, *desired])
        if run.options.mode is not PlanMode.REFRESH_ONLY:
            self._cells.run(self._unwanted(objects))
        self._cells.run(self._checks())
        if not has_errors(run.evaluation.diagnostics):
            self._cells.run(("preflight", *key) for key in checked_changes(run))
            providers = dict.fromkeys(change.provider for change in run.changes.values())
            self._cells.run(("review", provider) for provider in providers)

    def _unwanted(self, objects: Iterable[ObjectKey]) -> Iterable[Key]:
        """The removal of every object that nothing desires, where that could be worked out."""
        for _, address, deposed in objects:
            failed = (address, ("instances", address.resource))
            if (address, deposed) not in self.run.changes and (
                deposed is not None or not any(map(self._cells.failed, failed))
            ):
                yield "removal", address, deposed

    def _checks(self) -> Iterable[Key]:
        """What is looked at when everything else is known."""
        run = self.run
        if run.options.mode is PlanMode.DESTROY or run.extent.is_partial:
            return
        for instance in run.evaluation.module_instances():
            yield from (("check", instance, name) for name in run.evaluation.module(instance).checks)

    def _desired(self) -> Iterable[Key]:
        """Every instance and every named value of the configuration that the plan is about."""
        evaluation, extent = self.run.evaluation, self.run.extent
        for instance in evaluation.module_instances():
            module = evaluation.module(instance)
            for key, resource in module.resources.items():
                address = ResourceAddress(instance, *key)
                if not extent.has_resource(address.in_config):
                    continue
                if resource.is_single:
                    yield from filter(extent.has_instance, (address.instance(),))
                elif not self._cells.failed(("instances", address)):
                    instances = map(address.instance, evaluation.instance_keys(address))
                    yield from filter(extent.has_instance, instances)
            if not extent.is_partial:
                yield from (("variable", instance, name) for name in module.variables)
                yield from (("local", instance, name) for name in module.locals)
                yield from (("output", instance, name) for name in module.outputs)
        if extent.is_partial:
            outputs = filter(self._has_output, evaluation.configuration.root.outputs)
            yield from (("output", (), name) for name in outputs)

    def _has_output(self, name: str) -> bool:
        """Whether a root output is part of the plan: a partial one has those that it changes as a whole."""
        run = self.run
        if not run.extent.is_partial:
            return True
        needed = run.graph.output_dependencies(name)
        return bool(needed) and all(map(run.extent.has_resource, needed))

    def result(self) -> tuple[Plan, Diagnostics]:
        """The plan and everything that was reported."""
        run = self.run
        changes = sorted(run.changes.values(), key=lambda each: instance_order(each.address))
        advice = (
            *self._moved.diagnostics,
            *forgetting(changes),
            *partial_warnings(run.extent),
        )
        diags = in_order([*run.evaluation.diagnostics, *advice])
        mode, failed = run.options.mode, has_errors(diags)
        outputs = output_changes(run.evaluation, run.state, mode, is_included=self._has_output)
        plan = Plan(
            mode=mode,
            changes=tuple(changes),
            outputs=outputs,
            drift=tuple(find_drift(run)),
            prior_state=prior_state(run, outputs),
            base_lineage=run.state.lineage,
            base_serial=run.state.serial,
            variables=run.configuration.inputs,
            moves=run.previous,
            checks=self._check_results(complete=not failed),
            targets=tuple(map(str, run.options.targets)),
            excludes=tuple(map(str, run.options.excludes)),
            sources=tuple(_sources(run.configuration.root)),
            has_errors=failed,
        )
        if failed:
            return plan, diags
        config = with_checks_last(run.dependencies, run.configuration.root, changes)
        return replace(plan, graph=order(changes, config, recorded_dependencies(run.state))), diags

    def _check_results(self, *, complete: bool) -> tuple[CheckResult, ...]:
        run = self.run
        if run.options.mode is PlanMode.DESTROY:
            return ()
        root, verdicts = run.configuration.root, run.evaluation.conditions.verdicts
        return check_results(root, verdicts, complete=complete and not run.extent.is_partial)

    # -- rules -----------------------------------------------------------------------------------

    def _rule(self, key: Key) -> object:
        evaluation = self.run.evaluation
        if type(key) is InstanceAddress:
            return evaluation.reporting(key, lambda report: self._instance(key, report))
        assert isinstance(key, tuple)
        rule = self._rules.get(key[0])
        if rule is None:
            return evaluation.rule(key)
        return evaluation.reporting(key, lambda report: rule(*key[1:], report))

    def _expansion(self, _report: Report) -> None:
        """All module instances, and the keys of all their resources."""
        evaluation = self.run.evaluation
        self._cells.settled(
            ("instances", ResourceAddress(instance, *key))
            for instance in evaluation.module_instances()
            for key, resource in evaluation.module(instance).resources.items()
            if not resource.is_single
            and self.run.extent.has_resource(ConfigAddress(module_path(instance), *key))
        )

    def _instance(self, address: InstanceAddress, report: Report) -> Value:
        if self.run.options.mode is PlanMode.DESTROY:
            return self._recorded(address)
        if not self.run.extent.has_instance(address):
            return value_in_state(self.run.state.instances.get(address), address, self.run.providers)
        if address.resource.mode == "data":
            return plan_data(self.run, address, report)
        if self.run.options.mode is PlanMode.REFRESH_ONLY:
            found = self.run.found(address)
            return found.prior.value if found is not None and found.prior is not None else DYNAMIC_UNKNOWN
        change = plan_managed(self.run, evaluate_block(self.run, address, report), report)
        assert change.after is not None
        return change.after

    def _recorded(self, address: InstanceAddress) -> Value:
        """What a provider block sees of an instance while everything is being destroyed."""
        found = self.run.found(address)
        if found is None or found.recorded is None:
            raise Failed
        return found.recorded

    def _connection(self, address: ProviderConfigAddress, report: Report) -> object:
        return connect(self.run.evaluation, self.run.providers, address, report)

    def _removal(self, address: InstanceAddress, deposed: str | None, report: Report) -> None:
        change = plan_removal(self.run, address, deposed, report)
        if change is not None:
            self.run.changes[address, deposed] = change


def _always(_path: ModulePath) -> bool:
    return True


def _nothing(state: State, options: PlanOptions) -> Plan:
    """The plan of a configuration that cannot be planned."""
    return Plan(mode=options.mode, prior_state=state, has_errors=True)


def _extent(options: PlanOptions, config: Dependencies, state: Dependencies) -> Extent:
    """What the plan is about. Destroying takes along what depends on a target, not what it needs."""
    resources = {*config, *state}
    if options.mode is not PlanMode.DESTROY:
        return extent_of(options.targets, options.excludes, resources, config)
    if not options.targets and not options.excludes:
        return Extent()
    return extent_of(options.targets, options.excludes, resources, reverse(merge(config, state)))


def _sources(root: Module) -> Iterable[SourceText]:
    for module in modules_of(root):
        yield from (SourceText(path=source.path, text=source.text) for source in module.sources)
