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
| `("review", provider configuration)` | nothing; reports what is wrong with the plan as a whole |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from mooring.config.evaluation import Configuration, Evaluation
from mooring.config.graph import build_graph
from mooring.config.model import Module
from mooring.config.providers import resolve_provider
from mooring.core.addresses import (
    ConfigAddress,
    InstanceAddress,
    ProviderConfigAddress,
    ResourceAddress,
    instance_order,
)
from mooring.core.diagnostics import Diagnostics, has_errors, in_order
from mooring.core.records import replace
from mooring.core.values import Value, unmark
from mooring.lang.cells import Failed, Key
from mooring.lang.scope import Report
from mooring.planning.advice import checked_changes, preflight, review
from mooring.planning.connections import connect
from mooring.planning.data_sources import plan_data
from mooring.planning.drift import find_drift, prior_state
from mooring.planning.events import PlanEvent, PlanObserver
from mooring.planning.managed import plan_managed
from mooring.planning.model import Plan, PlanMode, SourceText
from mooring.planning.ordering import Dependencies, order, spread_create_before_destroy
from mooring.planning.orphans import plan_removal
from mooring.planning.outputs import output_changes
from mooring.planning.providers import Providers
from mooring.planning.records import records
from mooring.planning.refresh import Refresh
from mooring.planning.run import Block, PlanOptions, PlanRun
from mooring.sdk.requests import ValidateResource
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
    planner = _Planner(configuration, opened, providers, options, observe)
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
        graph = build_graph(configuration.root)
        known = records(opened.state, opened.open_intents)
        dependencies = graph.resource_dependencies()
        wanted = _wanting_create_first(configuration.root)
        evaluation = Evaluation(configuration, self._rule, workers=options.parallelism)
        self.run = PlanRun(
            configuration=configuration,
            state=opened.state,
            records=known,
            providers=providers,
            options=options,
            graph=graph,
            dependencies=dependencies,
            creates_first=spread_create_before_destroy(wanted, dependencies),
            evaluation=evaluation,
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
        }

    # -- the run ---------------------------------------------------------------------------------

    def plan(self) -> None:
        """Settles every cell there is."""
        objects = self.run.records
        desired: list[Key] = []
        if self.run.options.mode is not PlanMode.DESTROY:
            self._cells.run([("expansion",)])
            desired = list(self._desired())
        self._cells.run([*objects, *desired])
        removed = [("removal", *key[1:]) for key in objects if key[1:] not in self.run.changes]
        self._cells.run(removed)
        if not has_errors(self.run.evaluation.diagnostics):
            self._cells.run(("preflight", *key) for key in checked_changes(self.run))
            providers = dict.fromkeys(change.provider for change in self.run.changes.values())
            self._cells.run(("review", provider) for provider in providers)

    def _desired(self) -> Iterable[Key]:
        """Every instance and every named value of the configuration."""
        evaluation = self.run.evaluation
        for instance in evaluation.module_instances():
            module = evaluation.module(instance)
            for key, resource in module.resources.items():
                address = ResourceAddress(instance, *key)
                if resource.is_single:
                    yield address.instance()
                elif not self._cells.failed(("instances", address)):
                    yield from map(address.instance, evaluation.instance_keys(address))
            yield from (("variable", instance, name) for name in module.variables)
            yield from (("local", instance, name) for name in module.locals)
            yield from (("output", instance, name) for name in module.outputs)

    def result(self) -> tuple[Plan, Diagnostics]:
        """The plan and everything that was reported."""
        run = self.run
        diags = in_order(run.evaluation.diagnostics)
        changes = sorted(run.changes.values(), key=lambda each: instance_order(each.address))
        plan = Plan(
            mode=run.options.mode,
            changes=tuple(changes),
            outputs=output_changes(run.evaluation, run.state, run.options.mode),
            drift=tuple(find_drift(run)),
            prior_state=prior_state(run),
            base_lineage=run.state.lineage,
            base_serial=run.state.serial,
            variables=run.configuration.inputs,
            sources=tuple(_sources(run.configuration.root)),
            has_errors=has_errors(diags),
        )
        if plan.has_errors:
            return plan, diags
        graph = order(changes, run.dependencies, _recorded_dependencies(run.state))
        return replace(plan, graph=graph), diags

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
        )

    def _instance(self, address: InstanceAddress, report: Report) -> Value:
        if self.run.options.mode is PlanMode.DESTROY:
            return self._recorded(address)
        block = self._block(address, report)
        change = (plan_data if block.resource.mode == "data" else plan_managed)(self.run, block, report)
        self.run.changes[address, None] = change
        assert change.after is not None
        return change.after

    def _block(self, address: InstanceAddress, report: Report) -> Block:
        run = self.run
        module = run.evaluation.module(address.resource.module)
        resource = module.resources[address.resource[1:]]
        provider = resolve_provider(run.configuration.root, module.path, resource)
        info = run.providers.type_info(provider.provider, resource.mode, resource.type)
        if info is None:
            raise Failed  # the static checks have said so
        config = run.evaluation.config_value(address, resource, info.plan, report)
        if not report.has_errors:
            request = ValidateResource(config=unmark(config)[0])
            diags = run.providers.validate_resource(info.provider, info.name, request)
            report.extend(diag.of(str(address)).at(resource.span) for diag in diags)
        if report.has_errors:
            raise Failed
        return Block(address=address, resource=resource, provider=provider, info=info, config=config)

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


def _wanting_create_first(root: Module) -> list[ConfigAddress]:
    return [
        module.address(resource)
        for module in _modules(root)
        for resource in module.resources.values()
        if resource.lifecycle.create_before_destroy
    ]


def _modules(root: Module) -> Iterable[Module]:
    yield root
    for child in root.children.values():
        yield from _modules(child)


def _sources(root: Module) -> Iterable[SourceText]:
    for module in _modules(root):
        yield from (SourceText(path=source.path, text=source.text) for source in module.sources)


def _recorded_dependencies(state: State) -> Dependencies:
    """The dependencies of each resource, as recorded with its objects."""
    found: dict[ConfigAddress, set[ConfigAddress]] = {}
    for address, instance in state.instances.items():
        objects = [instance.current, *instance.deposed.values()]
        for each in objects:
            if each is not None:
                found.setdefault(address.resource.in_config, set()).update(each.dependencies)
    return {resource: sorted(dependencies) for resource, dependencies in found.items()}
