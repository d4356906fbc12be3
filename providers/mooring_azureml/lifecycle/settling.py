"""After a write: read the object back, whatever happened, and compare it with what was wanted."""

from __future__ import annotations

from dataclasses import dataclass

from mooring.core.codec import Plain
from mooring.core.diagnostics import Diagnostic, Diagnostics
from mooring.core.paths import format_path
from mooring.core.records import replace
from mooring.core.values import Unknown, Value
from mooring.sdk import ApplyResult, CallContext, Private
from mooring_azureml.arm.port import UNFINISHED, ArmError
from mooring_azureml.arm.problems import Attempt, explain
from mooring_azureml.lifecycle.reading import Bound
from mooring_azureml.lifecycle.secrets import with_secrets
from mooring_azureml.lifecycle.values import object_value
from mooring_azureml.table.differences import Difference, differences
from mooring_azureml.table.model import Fields
from mooring_azureml.table.notation import items, members


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One write that is under way: what is wanted, and what surrounds it.

    `presumed` is what to take for true when the object cannot be read back; `planned` is the plan as a value.
    """

    bound: Bound
    id: str
    wanted: Fields
    planned: Value
    presumed: Fields
    private: Private
    attempt: Attempt


def settle(order: Order, ctx: CallContext, failed: ArmError | None, *, exists: bool) -> ApplyResult:
    """Read back and say what is there, whatever happened; what still goes on is for the next run to see."""
    problems: Diagnostics = (explain(failed, order.attempt),) if failed is not None else ()
    if failed is not None and failed.code in UNFINISHED:
        return ApplyResult(diagnostics=problems, unfinished=True)
    if not exists:
        return ApplyResult(diagnostics=problems)
    found = order.bound.find(replace(ctx, deadline=float("inf")), order.id)
    if isinstance(found, ArmError):
        if found.is_absent and failed is not None:
            return ApplyResult(diagnostics=problems)
        problems = (*problems, explain(found, order.attempt))
        return _result(order, _without_unknowns(order.presumed), problems)
    current = order.bound.object_of(found, order.wanted)
    if failed is None:
        problems = _ignored(order, current)
    return _result(order, current, problems)


def _result(order: Order, current: Fields, problems: Diagnostics) -> ApplyResult:
    value = object_value(_without_secrets(order, current), order.bound.object_type, order.planned)
    return ApplyResult(current=value, private=order.private, diagnostics=problems)


def _without_secrets(order: Order, current: Fields) -> Fields:
    empty = with_secrets(order.bound.definition.table, current, {})
    return {**empty, "id": order.id}


def _without_unknowns(value: Fields) -> Fields:
    return {name: _settled(part) for name, part in value.items()}


def _settled(value: Plain) -> Plain:
    """The value with null for what is unknown."""
    if isinstance(value, Unknown):
        return None
    if isinstance(value, dict):
        return _without_unknowns(members(value))
    return [_settled(part) for part in value] if isinstance(value, list) else value


def _ignored(order: Order, current: Fields) -> Diagnostics:
    """What the service accepted without doing it. Unknowns of the plan cannot be ignored."""
    planned = {name: value for name, value in order.wanted.items() if not isinstance(value, Unknown)}
    wanted = {**current, **planned}
    return tuple(
        _ignored_change(order, one)
        for one in differences(order.bound.definition.table, wanted, current)
        if not isinstance(one.before, Unknown)
    )


def _ignored_change(order: Order, one: Difference) -> Diagnostic:
    attribute = format_path(one.path).lstrip(".")
    shown = (
        "" if one.part.sensitive else f" It is {_shown(one.after)}, and {_shown(one.before)} was asked for."
    )
    return Diagnostic(
        summary="Azure ignored a setting",
        detail=f'Azure reported success for "{order.id.rpartition("/")[2]}", but when it is read back '
        f'"{attribute}" is not what was planned.{shown} Another plan shows the difference again.',
        path=one.path,
        code="azureml.ignored",
    )


def _shown(value: Plain) -> str:
    if value is None:
        return "nothing"
    return f"{len(items(value))} elements" if isinstance(value, list) else repr(value)
