"""`count` and `for_each`: from the expression to the keys of the instances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NoReturn

from mooring.core.addresses import InstanceKey
from mooring.core.conversion import Mismatch, convert
from mooring.core.diagnostics import error
from mooring.core.types import NUMBER, STRING, MapType, ObjectType, SetType, friendly_name
from mooring.core.values import EPHEMERAL, NULL, SENSITIVE, Value, has_marks, string
from mooring.lang.cells import Failed
from mooring.lang.evaluation import evaluate_into
from mooring.lang.scope import Report, Scope
from mooring.syntax.nodes import Expression

Keys = Mapping[InstanceKey, Value]
MOST_INSTANCES: Final = 1_000_000


def count_keys(expression: Expression, scope: Scope, report: Report, *, prospective: bool = False) -> Keys:
    """The indices of a `count`. Raises `Failed` when it has reported why there are none.

    `prospective`: a count that is not known is no problem, and gives no keys.
    """
    value = evaluate_into(expression, scope, report)
    if report.has_errors:
        raise Failed
    if EPHEMERAL in value.marks:
        _refuse_marks("count", value, expression, report)
    converted = convert(value.unmarked(), NUMBER)
    if isinstance(converted, Mismatch):
        _refuse(report, "Incorrect value type", f"The count must be a number: {converted}.", expression)
    if converted.is_null:
        _refuse(report, "Invalid count argument", "The count is null; a number is required.", expression)
    if not converted.is_known and prospective:
        return {}
    if not converted.is_known:
        detail = (
            "The count depends on something that is known only after apply, so the number of instances "
            "cannot be planned. Apply what it depends on first (-target), or count something known."
        )
        _refuse(report, "Invalid count argument", detail, expression)
    number = converted.number
    if not isinstance(number, int) or not 0 <= number <= MOST_INSTANCES:
        _refuse(
            report, "Invalid count argument", "The count must be a whole number, zero or more.", expression
        )
    return dict.fromkeys(range(number), NULL)


def for_each_keys(expression: Expression, scope: Scope, report: Report, *, prospective: bool = False) -> Keys:
    """The keys and values of a `for_each`. Raises `Failed` when it has reported why there are none.

    `prospective`: what is not known is no problem, and gives no keys.
    """
    value = evaluate_into(expression, scope, report)
    if report.has_errors:
        raise Failed
    if SENSITIVE in value.marks or EPHEMERAL in value.marks:
        _refuse_marks("for_each", value, expression, report)
    if prospective and not value.is_wholly_known:
        return {}
    _check_for_each(value, expression, report)
    raw = value.raw
    if isinstance(raw, dict):
        return raw
    return {element.text: string(element.text) for element in value.elements}


def _check_for_each(value: Value, expression: Expression, report: Report) -> None:
    summary = "Invalid for_each argument"
    if value.is_null:
        detail = "The for_each is null; a map, or a set of strings, is required."
        _refuse(report, summary, detail, expression)
    if not value.is_known:
        detail = (
            "The for_each depends on something that is known only after apply, so the keys of the instances "
            "cannot be planned. Use a map whose keys are written in the configuration and put only values "
            "that come later into it, or apply what it depends on first (-target)."
        )
        _refuse(report, summary, detail, expression)
    if isinstance(value.type, SetType):
        _check_set(value, expression, report)
    elif not isinstance(value.type, MapType | ObjectType):
        detail = (
            f"The for_each is a {friendly_name(value.type)}; a map, or a set of strings, is required. "
            "For a list of distinct strings use toset()."
        )
        _refuse(report, summary, detail, expression)


def _check_set(value: Value, expression: Expression, report: Report) -> None:
    if not value.elements:
        return
    if any(not element.is_known for element in value.elements):
        detail = (
            "The set holds strings that are known only after apply, so the keys of the instances cannot be "
            "planned. Use a map whose keys are written in the configuration."
        )
        _refuse(report, "Invalid for_each argument", detail, expression)
    if value.elements[0].type is not STRING:
        detail = f"The for_each is a {friendly_name(value.type)}; the elements of a set must be strings."
        _refuse(report, "Invalid for_each set argument", detail, expression)
    if any(element.is_null for element in value.elements):
        detail = "The set holds a null; the elements of a set must be strings."
        _refuse(report, "Invalid for_each set argument", detail, expression)


def _refuse_marks(what: str, value: Value, expression: Expression, report: Report) -> NoReturn:
    assert has_marks(value)
    kind = "sensitive" if SENSITIVE in value.marks else "ephemeral"
    detail = f"The {what} is {kind}, but the addresses of the instances show it and are stored. " + (
        "Use nonsensitive() if it is no secret." if kind == "sensitive" else "Use a value that lasts."
    )
    _refuse(report, f"Invalid {what} argument", detail, expression)


def _refuse(report: Report, summary: str, detail: str, expression: Expression) -> NoReturn:
    report.add(error(summary, detail, expression.span))
    raise Failed
