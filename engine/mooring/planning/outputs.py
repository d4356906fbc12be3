"""How root outputs change."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from mooring.config.evaluation import Evaluation
from mooring.core.addresses import ModuleInstance
from mooring.core.codec import decode, encode
from mooring.core.types import ListType, MapType, ObjectType, SetType, TupleType, Type
from mooring.core.values import EPHEMERAL, ONLY_SENSITIVE, SENSITIVE, Value, parts, unmark
from mooring.planning.model import Action, OutputChange, PlanMode
from mooring.state.model import OutputState, State


def output_changes(
    evaluation: Evaluation, state: State, mode: PlanMode, *, is_included: Callable[[str], bool]
) -> tuple[OutputChange, ...]:
    """The change of every root output, declared or recorded, by name.

    Outputs that failed and those that the plan is not about are left out.
    """
    declared = {} if mode is PlanMode.DESTROY else evaluation.configuration.root.outputs
    found = []
    for name in filter(is_included, sorted(declared.keys() | state.outputs.keys())):
        before = recorded_output(state.outputs.get(name))
        if name not in declared:
            found.append(output_change(name, before, None, sensitive=state.outputs[name].sensitive))
        elif declared[name].ephemeral or not _is_there(evaluation, name):
            continue
        else:
            after = evaluation.cells.get(("output", (), name))
            assert type(after) is Value
            found.append(output_change(name, before, after, sensitive=declared[name].sensitive))
    return tuple(found)


def module_outputs(evaluation: Evaluation) -> tuple[tuple[ModuleInstance, str], ...]:
    """The outputs of called modules that have a value other than null."""
    return tuple(
        (instance, name)
        for instance in evaluation.module_instances()
        if instance
        for name in evaluation.module(instance).outputs
        if evaluation.cells.has(cell := ("output", instance, name))
        and not evaluation.cells.failed(cell)
        and not cast("Value", evaluation.cells.get(cell)).is_null
    )


def recorded_output(stored: OutputState | None) -> Value | None:
    """The value of a recorded output."""
    if stored is None:
        return None
    value = decode(stored.value, stored.type)
    return value.marked(ONLY_SENSITIVE) if stored.sensitive else value


def _is_there(evaluation: Evaluation, name: str) -> bool:
    cell = "output", (), name
    return evaluation.cells.has(cell) and not evaluation.cells.failed(cell)


def output_change(name: str, before: Value | None, after: Value | None, *, sensitive: bool) -> OutputChange:
    """The change of a root output that is `before` and will be `after`."""
    if before is None:
        action = Action.CREATE
    elif after is None:
        action = Action.DELETE
    else:
        action = Action.NO_OP if before == _as_recorded(after) else Action.UPDATE
    return OutputChange(name=name, action=action, before=before, after=after, sensitive=sensitive)


def _as_recorded(value: Value) -> Value | None:
    return recorded_output(stored_output(value)) if value.is_wholly_known else value


def stored_output(value: Value) -> OutputState:
    """The stored form of a wholly known output."""
    plain, marks = unmark(value)
    assert EPHEMERAL not in marks
    type_ = exact_type(plain)
    return OutputState(value=encode(plain, type_), type=type_, sensitive=SENSITIVE in value.marks)


def exact_type(value: Value) -> Type:
    """The type of a value with what is really there in the place of `any`."""
    raw, type_ = value.raw, value.type
    if isinstance(type_, ObjectType) and type(raw) is dict:
        return ObjectType({name: exact_type(part) for name, part in raw.items()})
    if isinstance(type_, TupleType) and type(raw) is tuple:
        return TupleType(tuple(map(exact_type, raw)))
    first = next(iter(parts(value)), None)
    if isinstance(type_, ListType | SetType | MapType) and first is not None:
        return type(type_)(exact_type(first))
    return type_


def stored_outputs(state: State, changes: tuple[OutputChange, ...]) -> dict[str, OutputState]:
    """The recorded outputs after changes; a value that is not known yet changes nothing."""
    outputs = dict(state.outputs)
    for change in changes:
        if change.after is None or change.after.is_null:
            outputs.pop(change.name, None)
        elif change.after.is_wholly_known:
            outputs[change.name] = stored_output(change.after)
    return outputs
