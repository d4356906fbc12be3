"""Evaluating a configuration: the cells of variables, locals, outputs, modules, expansions and resources.

The evaluation knows everything about names and nothing about plans: what an instance *is* (its planned
object, its final object, an unknown) comes from the cell of its `InstanceAddress`, whose rule its owner
supplies: planner, executor or validation. Cells and their keys:

| key | value |
| --- | --- |
| `("variable", module instance, name)` | its value, validated; `"raw variable"`: before validation |
| `("local", module instance, name)` | its value |
| `("output", module instance, name)` | its value, preconditions checked |
| `("modules", caller, name)` | keys of a module call's instances: `dict[InstanceKey, Value]` (each.value) |
| `("module", caller, name)` | object of outputs; tuple or object of such when there are instances |
| `("instances", ResourceAddress)` | keys of a resource's instances, as for `"modules"` |
| `("resource", ResourceAddress)` | tuple or object of all its instances |
| `("check", module instance, name)` | nothing; says what does not hold |
| `InstanceAddress` | the owner's |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, cast

from mooring.config.checking import Conditions, checked_name
from mooring.config.combining import any_of, combine, ephemeral_leak, leaks, rows_of
from mooring.config.ephemerals import refuse_ephemeral
from mooring.config.expansion import count_keys, for_each_keys
from mooring.config.graph import StaticGraph
from mooring.config.model import Check, Module, ModuleCall, Resource, Variable
from mooring.config.passing import passed
from mooring.config.scopes import (
    ANY_INSTANCE,
    ONCE,
    ModuleScope,
    Repetition,
    Surroundings,
    counted,
    for_each,
)
from mooring.core.addresses import (
    ConfigAddress,
    InstanceAddress,
    InstanceKey,
    ModuleInstance,
    ModulePath,
    ModuleStep,
    ResourceAddress,
    module_path,
)
from mooring.core.diagnostics import Diagnostics
from mooring.core.records import field, record
from mooring.core.spans import Span
from mooring.core.values import (
    DYNAMIC_UNKNOWN,
    EPHEMERAL,
    NULL,
    SENSITIVE,
    Value,
    unknown,
)
from mooring.lang.cells import Cells, Failed, Key
from mooring.lang.evaluation import evaluate_into
from mooring.lang.scope import Report, Scope, Variables
from mooring.schema.decode import decode_body
from mooring.schema.plan import BlockPlan
from mooring.syntax.body import Body
from mooring.syntax.nodes import Expression

Keys = Mapping[InstanceKey, Value]
_ONCE: Final[Keys] = {None: NULL}


@record(kw_only=True)
class Configuration:
    """A loaded configuration with everything that its evaluation depends on.

    `inputs` are the root variables that were set, converted to their types; `origins` where, if a problem
    with one is to be shown there. `graph` is the root's, if it has been built already. `stand_in` gives the
    module that is evaluated in the place of a module instance's own, as tests want it.
    """

    root: Module
    inputs: Mapping[str, Value] = field(default_factory=dict)
    surroundings: Surroundings
    graph: StaticGraph | None = None
    origins: Mapping[str, Span] = field(default_factory=dict)
    stand_in: Callable[[ModuleInstance], Module | None] | None = None


class Evaluation:
    """The evaluation of one run. Mutable; its owner's rule hands keys on to `rule`.

    `rule` is the owner's: it computes the cells that the table above gives to the owner, and calls
    `Evaluation.rule` for all others. Problems are collected by cell, because a cell may run several times
    before it is ready.

    A *prospective* evaluation is one that holds for any input, as validation needs it: root variables are
    unknown, every repeated block has one instance, without a key, that stands for all of them. A module for
    which `needs_module` is false is left out. `verdicts` are those of all conditions so far.
    """

    def __init__(
        self,
        configuration: Configuration,
        rule: Callable[[Key], object],
        *,
        workers: int = 10,
        prospective: bool = False,
        needs_module: Callable[[ModulePath], bool] = lambda _path: True,
    ) -> None:
        self._prospective: Final = prospective
        self._needs_module: Final = needs_module
        self.conditions: Final = Conditions()
        self.configuration: Final = configuration
        self.surroundings: Final = configuration.surroundings
        self.cells: Final = Cells(rule, workers=workers)
        self._problems: dict[Key, Diagnostics] = {}
        self._modules: dict[tuple[str, ...], Module] = {}
        self._rules: Mapping[str, Callable[..., object]] = {
            "variable": self._variable,
            "raw variable": self._raw_variable,
            "local": self._local,
            "output": self._output,
            "check": self._check,
            "modules": self._module_instances,
            "module": self._module_value,
            "instances": self._instances,
            "resource": self._resource_value,
        }

    @property
    def diagnostics(self) -> Diagnostics:
        """Everything reported so far, in no particular order."""
        return tuple(diag for diags in self._problems.values() for diag in diags)

    @property
    def reported(self) -> Mapping[Key, Diagnostics]:
        """Everything reported so far, by the cell that did."""
        return self._problems

    def problems(self, key: Key) -> Diagnostics:
        """What a cell has reported."""
        return self._problems.get(key, ())

    def rule(self, key: Key) -> object:
        """The value of one of this evaluation's own cells."""
        assert isinstance(key, tuple)
        return self.reporting(key, lambda report: self._rules[key[0]](*key[1:], report))

    def reporting(self, key: Key, work: Callable[[Report], object]) -> object:
        """Runs the work of a cell with a report, and keeps what it reports. An error fails the cell."""
        report = Report()
        try:
            value = work(report)
        except Failed:
            self._keep(key, report)
            raise
        self._keep(key, report)
        if report.has_errors:
            raise Failed
        return value

    def _keep(self, key: Key, report: Report) -> None:
        if report.diagnostics:
            self._problems[key] = tuple(report.diagnostics)

    # -- for owners ------------------------------------------------------------------------------

    def module(self, instance: ModuleInstance) -> Module:
        """The module of a module instance, which must exist in the configuration."""
        stand_in = self.configuration.stand_in
        other = stand_in(instance) if stand_in is not None else None
        if other is not None:
            return other
        path = module_path(instance)
        found = self._modules.get(path)
        if found is None:
            found = self.configuration.root.descendant(path)
            assert found is not None
            self._modules[path] = found
        return found

    def scope(
        self, instance: ModuleInstance, repetition: Repetition = ONCE, self_value: Value | None = None
    ) -> ModuleScope:
        """The scope of a module instance."""
        return ModuleScope(
            self, self.module(instance), instance, repetition=repetition, self_value=self_value
        )

    def instance_scope(self, address: InstanceAddress, self_value: Value | None = None) -> ModuleScope:
        """The scope of a resource instance's own block."""
        return self.scope(address.resource.module, self.repetition(address), self_value)

    def repetition(self, address: InstanceAddress) -> Repetition:
        """What `count.index` and `each` are for an instance. May raise `NotReady`."""
        if self._prospective:
            return any_of(self.module(address.resource.module).resources[address.resource[1:]])
        key = address.key
        if key is None:
            return ONCE
        if isinstance(key, int):
            return counted(key)
        return for_each(key, self.instance_keys(address.resource)[key])

    def config_value(
        self, address: InstanceAddress, resource: Resource, plan: BlockPlan, report: Report
    ) -> Value:
        """The object that an instance's block describes. May raise `NotReady` or `Failed`."""
        value = decode(resource.body, plan, self.instance_scope(address), report)
        if resource.mode != "ephemeral":
            refuse_ephemeral(value, plan.block, resource, report)
        return value

    def module_instances(self) -> list[ModuleInstance]:
        """Every module instance, callers first; those of a call that failed are left out.

        May raise `NotReady`.
        """
        found: list[ModuleInstance] = [()]
        for instance in found:
            path = module_path(instance)
            calls = [name for name in self.module(instance).calls if self._needs_module((*path, name))]
            cells = [("modules", instance, name) for name in calls]
            self.cells.settled(cells)
            for name, cell in zip(calls, cells, strict=True):
                keys = () if self.cells.failed(cell) else self.module_keys(instance, name)
                found.extend((*instance, ModuleStep(name, key)) for key in keys)
        return found

    def instances_of(self, resource: ConfigAddress) -> list[InstanceAddress]:
        """Every instance of a resource, in every instance of its module. May raise `NotReady` or `Failed`."""
        found: list[InstanceAddress] = []
        for module in self.module_instances():
            if module_path(module) == resource.module:
                address = ResourceAddress(module, resource.mode, resource.type, resource.name)
                declared = self.module(module).resources.get(resource[1:])
                if declared is None:  # something stands in for this instance of the module
                    continue
                keys = _ONCE if declared.is_single else self.instance_keys(address)
                found.extend(map(address.instance, keys))
        return found

    def instance_keys(self, address: ResourceAddress) -> Keys:
        """The keys of a resource's instances, with each.value. May raise `NotReady` or `Failed`."""
        return cast("Keys", self.cells.get(("instances", address)))

    def module_keys(self, caller: ModuleInstance, name: str) -> Keys:
        """The keys of a module call's instances, with each.value. May raise `NotReady` or `Failed`."""
        return cast("Keys", self.cells.get(("modules", caller, name)))

    # -- variables, locals, outputs --------------------------------------------------------------

    def _raw_variable(self, instance: ModuleInstance, name: str, report: Report) -> Value:
        variable = self.module(instance).variables[name]
        value = self._given(instance, variable, report)
        marks = {SENSITIVE} if variable.sensitive else set()
        return value.marked(frozenset(marks | {EPHEMERAL} if variable.ephemeral else marks))

    def _given(self, instance: ModuleInstance, variable: Variable, report: Report) -> Value:
        if not instance and self._prospective:
            return unknown(variable.type)
        if not instance:
            given = self.configuration.inputs.get(variable.name)
            if given is None and variable.default is None:
                raise Failed  # the collection of inputs has said so
            return given if given is not None else variable.default or NULL
        *outside, step = instance
        caller = tuple(outside)
        argument = self.module(caller).calls[step.name].arguments.get(variable.name)
        if argument is None:
            return variable.default or NULL
        value = evaluate_into(argument, self._call_scope(caller, step), report)
        return passed(value, variable, instance, argument=argument, report=report)

    def _call_scope(self, caller: ModuleInstance, step: ModuleStep) -> ModuleScope:
        if self._prospective:
            return self.scope(caller, ANY_INSTANCE)
        if step.key is None:
            return self.scope(caller)
        if isinstance(step.key, int):
            return self.scope(caller, counted(step.key))
        return self.scope(caller, for_each(step.key, self.module_keys(caller, step.name)[step.key]))

    def _variable(self, instance: ModuleInstance, name: str, report: Report) -> Value:
        value = self.cells.get(("raw variable", instance, name))
        assert type(value) is Value
        module = self.module(instance)
        scope = ModuleScope(self, module, instance, raw_variable=name)
        validations = module.variables[name].validations
        checked = checked_name("var", instance, name)
        where = self._origin(instance, module.variables[name])
        self.conditions.check(
            checked, validations, scope, report, summary="Invalid value for variable", subject=where
        )
        return value

    def _origin(self, instance: ModuleInstance, variable: Variable) -> Span:
        """Where a variable gets its value: the argument of the call, or its declaration."""
        if not instance:
            return self.configuration.origins.get(variable.name, variable.span)
        argument = self.module(instance[:-1]).calls[instance[-1].name].arguments.get(variable.name)
        return argument.span if argument is not None else variable.span

    def _local(self, instance: ModuleInstance, name: str, report: Report) -> Value:
        return evaluate_into(self.module(instance).locals[name].expression, self.scope(instance), report)

    def _output(self, instance: ModuleInstance, name: str, report: Report) -> Value:
        output = self.module(instance).outputs[name]
        scope = self.scope(instance)
        checked = checked_name("output", instance, name)
        summary = "Module output value precondition failed"
        self.conditions.check(checked, output.preconditions, scope, report, summary=summary)
        value = evaluate_into(output.expression, scope, report)
        report.extend(leaks(output, value) if not instance else ephemeral_leak(output, value))
        marks = {SENSITIVE} if output.sensitive else set()
        return value.marked(frozenset(marks | {EPHEMERAL} if output.ephemeral else marks))

    # -- checks ----------------------------------------------------------------------------------

    def _check(self, instance: ModuleInstance, name: str, report: Report) -> None:
        check: Check = self.module(instance).checks[name]
        if check.data is not None:
            self.cells.settled([ResourceAddress(instance, *check.data.key).instance()])
        applying = self.surroundings.applying
        checked, scope = checked_name("check", instance, name), self.scope(instance)
        self.conditions.check_block(checked, check, scope, report, applying=applying)

    # -- modules ---------------------------------------------------------------------------------

    def _module_instances(self, caller: ModuleInstance, name: str, report: Report) -> Keys:
        return self._expand(self.module(caller).calls[name], self.scope(caller), report)

    def _expand(self, block: ModuleCall | Resource, scope: ModuleScope, report: Report) -> Keys:
        if block.count is not None:
            keys = count_keys(block.count, scope, report, prospective=self._prospective)
        elif block.for_each is not None:
            keys = for_each_keys(block.for_each, scope, report, prospective=self._prospective)
        else:
            return _ONCE
        return _ONCE if self._prospective else keys

    def _module_value(self, caller: ModuleInstance, name: str, _report: Report) -> Value:
        keys = self.module_keys(caller, name)
        if self._prospective and not self.module(caller).calls[name].is_single:
            return DYNAMIC_UNKNOWN
        call = self.module(caller).calls[name]
        instances = [(*caller, ModuleStep(name, key)) for key in keys]
        outputs = tuple(self.module(instances[0]).outputs) if instances else ()
        values = self.cells.all_of(
            ("output", instance, output) for instance in instances for output in outputs
        )
        return combine(call, tuple(keys), rows_of(values, outputs, len(instances)))

    # -- resources -------------------------------------------------------------------------------

    def _instances(self, address: ResourceAddress, report: Report) -> Keys:
        resource = self.module(address.module).resources[address.mode, address.type, address.name]
        return self._expand(resource, self.scope(address.module), report)

    def _resource_value(self, address: ResourceAddress, _report: Report) -> Value:
        keys = self.instance_keys(address)
        if self._prospective:
            return DYNAMIC_UNKNOWN
        resource = self.module(address.module).resources[address.mode, address.type, address.name]
        values = self.cells.all_of(InstanceAddress(address, key) for key in keys)
        return combine(resource, tuple(keys), [value for value in values if isinstance(value, Value)])


def decode(body: Body, plan: BlockPlan, scope: Scope, report: Report) -> Value:
    """The object that a body describes, its expressions evaluated in a scope. May raise `NotReady`."""

    def evaluate(expression: Expression, iterators: Mapping[str, Value]) -> Value:
        inner = Variables(scope, iterators) if iterators else scope
        return evaluate_into(expression, inner, report)

    return decode_body(body, plan, evaluate, report.add)
