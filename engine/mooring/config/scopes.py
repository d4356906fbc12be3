"""What names stand for inside a module instance: resolves references through the evaluation's cells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Protocol

from mooring.config.model import Module, Resource
from mooring.config.names import did_you_mean
from mooring.config.references import (
    CountRef,
    EachRef,
    LocalRef,
    ModuleRef,
    PathRef,
    Reference,
    ResourceRef,
    SelfRef,
    TerraformRef,
    VariableRef,
    parse_reference,
)
from mooring.core.addresses import InstanceAddress, InstanceKey, ModuleInstance, ModuleStep, ResourceAddress
from mooring.core.diagnostics import Diagnostic, error
from mooring.core.records import record
from mooring.core.types import DYNAMIC, NUMBER, STRING
from mooring.core.values import (
    DYNAMIC_UNKNOWN,
    EPHEMERAL,
    UNKNOWN_NOT_NULL,
    Value,
    boolean,
    number,
    string,
    unknown,
)
from mooring.lang.cells import Cells

if TYPE_CHECKING:
    from mooring.lang.scope import Function, Report
    from mooring.syntax.nodes import Traversal


@record(kw_only=True)
class Repetition:
    """What `count.index`, `each.key` and `each.value` are; None where the block does not have them."""

    count_index: Value | None = None
    each_key: Value | None = None
    each_value: Value | None = None


ONCE: Final = Repetition()
COUNTED: Final = Repetition(count_index=unknown(NUMBER, UNKNOWN_NOT_NULL))
FOR_EACH: Final = Repetition(each_key=unknown(STRING, UNKNOWN_NOT_NULL), each_value=unknown(DYNAMIC))


ANY_INSTANCE: Final = Repetition(
    count_index=COUNTED.count_index, each_key=FOR_EACH.each_key, each_value=FOR_EACH.each_value
)
"""Of the arguments of a module call, before it is known whether it has `count` or `for_each`."""


def counted(index: int) -> Repetition:
    """The repetition of the instance `[index]`."""
    return Repetition(count_index=number(index))


def for_each(key: str, value: Value) -> Repetition:
    """The repetition of the instance `["key"]`."""
    return Repetition(each_key=string(key), each_value=value)


@record(kw_only=True)
class Surroundings:
    """What the configuration can see of the world: folders, workspace, and the functions bound to them.

    `applying` is what `terraform.applying` gives. `root_folder` and `working_folder` are absolute.
    """

    functions: Mapping[str, Function]
    root_folder: str = "."
    working_folder: str = "."
    workspace: str = "default"
    applying: bool = False


class Names(Protocol):
    """What a scope asks of the evaluation. Every method may raise `NotReady` or `Failed`."""

    @property
    def cells(self) -> Cells:
        """The cells of the run."""
        ...

    @property
    def surroundings(self) -> Surroundings:
        """The world around."""
        ...

    def module_keys(self, caller: ModuleInstance, name: str) -> Mapping[InstanceKey, Value]:
        """The keys of a module call's instances."""
        ...


class ModuleScope:
    """The scope of expressions in one module instance, of one instance of a block if `repetition` says so.

    `raw_variable` is the variable whose validation is being evaluated: it reads its value before validation.
    """

    __slots__ = ("_instance", "_module", "_names", "_raw_variable", "_repetition", "_self_value")

    def __init__(
        self,
        names: Names,
        module: Module,
        instance: ModuleInstance,
        *,
        repetition: Repetition = ONCE,
        self_value: Value | None = None,
        raw_variable: str | None = None,
    ) -> None:
        self._names = names
        self._module = module
        self._instance = instance
        self._repetition = repetition
        self._self_value = self_value
        self._raw_variable = raw_variable

    @property
    def functions(self) -> Mapping[str, Function]:
        """The functions that expressions can call."""
        return self._names.surroundings.functions

    def resolve(self, reference: Traversal, report: Report) -> tuple[Value, int]:
        """The value that a reference begins with, and how many steps of it that took."""
        parsed = parse_reference(reference)
        if isinstance(parsed, Diagnostic):
            return _unresolved(report, parsed, reference)
        target, consumed = parsed
        kind = type(target)
        if kind is ResourceRef:
            return self._resource(target, consumed, reference, report)  # type: ignore[arg-type]  # by its kind
        if kind is LocalRef:
            return self._local(target.name, reference, report), consumed  # type: ignore[union-attr]  # by its kind
        if kind is VariableRef:
            return self._variable(target.name, reference, report), consumed  # type: ignore[union-attr]  # by its kind
        if kind is ModuleRef:
            return self._call(target, consumed, reference, report)  # type: ignore[arg-type]  # by its kind
        return self._constant(target, reference, report), consumed

    def _get(self, kind: str, name: str) -> Value:
        value = self._names.cells.get((kind, self._instance, name))
        assert type(value) is Value
        return value

    def _local(self, name: str, reference: Traversal, report: Report) -> Value:
        if name in self._module.locals:
            return self._get("local", name)
        hint = did_you_mean(name, self._module.locals)
        detail = f'There is no local value "{name}" in this module.{hint}'
        problem = error("Reference to undeclared local value", detail, reference.span)
        return _unresolved(report, problem, reference)[0]

    def _variable(self, name: str, reference: Traversal, report: Report) -> Value:
        if name in self._module.variables:
            return self._get("raw variable" if name == self._raw_variable else "variable", name)
        hint = did_you_mean(name, self._module.variables)
        detail = f'There is no variable "{name}" in this module.{hint}'
        problem = error("Reference to undeclared input variable", detail, reference.span)
        return _unresolved(report, problem, reference)[0]

    # -- resources -------------------------------------------------------------------------------

    def _resource(
        self, target: ResourceRef, consumed: int, reference: Traversal, report: Report
    ) -> tuple[Value, int]:
        resource = self._module.resource((target.mode, target.type, target.name))
        if resource is None:
            wanted = f"{target.type}.{target.name}"
            resources = self._module.resources.values()
            known = [f"{each.type}.{each.name}" for each in resources if each.mode == target.mode]
            hint = did_you_mean(wanted, known)
            detail = f"There is no {_block_kind(target.mode)} {wanted} in this module.{hint}"
            problem = error("Reference to undeclared resource", detail, reference.span)
            return _unresolved(report, problem, reference)
        value = self._names.cells.get(self._resource_cell(resource))
        assert type(value) is Value
        return value, consumed - (target.key is not None)

    def _resource_cell(self, resource: Resource) -> object:
        address = ResourceAddress(self._instance, resource.mode, resource.type, resource.name)
        return InstanceAddress(address) if resource.is_single else ("resource", address)

    # -- modules ---------------------------------------------------------------------------------

    def _call(
        self, target: ModuleRef, consumed: int, reference: Traversal, report: Report
    ) -> tuple[Value, int]:
        call = self._module.calls.get(target.name)
        child = self._module.children.get(target.name)
        if call is not None and child is None:  # it could not be loaded, which has been said
            return DYNAMIC_UNKNOWN, len(reference.steps)
        if call is None or child is None:
            hint = did_you_mean(target.name, self._module.calls)
            detail = f'There is no module call "{target.name}" in this module.{hint}'
            problem = error("Reference to undeclared module", detail, reference.span)
            return _unresolved(report, problem, reference)
        whole = ("module", self._instance, target.name)
        one_instance = target.output in child.outputs and call.is_single == (target.key is None)
        if one_instance and target.key in self._names.module_keys(self._instance, target.name):
            instance = (*self._instance, ModuleStep(target.name, target.key))
            return self._output(instance, str(target.output)), consumed
        value = self._names.cells.get(whole)
        assert type(value) is Value
        return value, 1

    def _output(self, instance: ModuleInstance, name: str) -> Value:
        value = self._names.cells.get(("output", instance, name))
        assert type(value) is Value
        return value

    # -- the rest --------------------------------------------------------------------------------

    def _constant(self, target: Reference, reference: Traversal, report: Report) -> Value:
        match target:
            case CountRef("index") if self._repetition.count_index is not None:
                return self._repetition.count_index
            case EachRef("key") if self._repetition.each_key is not None:
                return self._repetition.each_key
            case EachRef("value") if self._repetition.each_value is not None:
                return self._repetition.each_value
            case PathRef("module"):
                return string(self._module.folder)
            case PathRef("root"):
                return string(self._names.surroundings.root_folder)
            case PathRef("cwd"):
                return string(self._names.surroundings.working_folder)
            case TerraformRef("workspace"):
                return string(self._names.surroundings.workspace)
            case TerraformRef("applying"):
                return boolean(self._names.surroundings.applying).marked(frozenset({EPHEMERAL}))
            case SelfRef() if self._self_value is not None:
                return self._self_value
        return _unresolved(report, _out_of_place(target, reference), reference)[0]


def _unresolved(report: Report, problem: Diagnostic, reference: Traversal) -> tuple[Value, int]:
    """Says what is wrong; the value is unknown, so that evaluation finds what else is wrong."""
    report.add(problem)
    return DYNAMIC_UNKNOWN, len(reference.steps)


def _block_kind(mode: str) -> str:
    return {"managed": "resource", "data": "data source"}.get(mode, "ephemeral resource")


def _out_of_place(target: Reference, reference: Traversal) -> Diagnostic:
    span = reference.span
    match target:
        case CountRef():
            detail = 'The object "count" exists only in blocks that set the argument "count".'
            return error('Reference to "count" in non-counted context', detail, span)
        case EachRef():
            detail = 'The object "each" exists only in blocks that set the argument "for_each".'
            is_key = target.name != "value"
            summary = 'Reference to "each" in context without for_each'
            return error(summary if is_key else "each.value cannot be used in this context", detail, span)
        case SelfRef():
            detail = 'The object "self" exists only in provisioners, connections and postconditions.'
            return error('Invalid "self" reference', detail, span)
        case PathRef(name):
            detail = f'The object "path" has no attribute {name}; it has module, root and cwd.'
            return error('Invalid "path" attribute', detail, span)
        case _:
            detail = 'The object "terraform" has the attributes workspace and applying.'
            return error('Invalid "terraform" attribute', detail, span)
