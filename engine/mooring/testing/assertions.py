"""Assertions of runs: whether one holds, and what to say if not."""

from __future__ import annotations

from mooring.config.model import Condition
from mooring.core.conversion import Mismatch, convert
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, warning
from mooring.core.records import replace
from mooring.core.types import BOOL, STRING
from mooring.core.values import EPHEMERAL, SENSITIVE, Value
from mooring.lang.evaluation import evaluate_into, explain
from mooring.lang.scope import Report, Scope
from mooring.testing.model import Status


def check_assertion(assertion: Condition, scope: Scope) -> tuple[Status, Diagnostics]:
    """Whether an assertion holds. May raise `NotReady`."""
    report = Report()
    message = _message(assertion, scope, report)
    condition = evaluate_into(assertion.condition, scope, report)
    if report.has_errors:
        return Status.ERROR, report.diagnostics
    problem = _no_condition(assertion, condition)
    if problem is not None:
        return Status.ERROR, (*report.diagnostics, problem)
    holds = convert(condition.unmarked(), BOOL)
    assert isinstance(holds, Value)
    if holds.truth:
        return Status.PASS, report.diagnostics
    failure = error("Test assertion failed", message, assertion.condition.span)
    failure = replace(failure, values=explain(assertion.condition, scope))
    return Status.FAIL, (*report.diagnostics, failure)


def _no_condition(assertion: Condition, value: Value) -> Diagnostic | None:
    """Why a value says neither yes nor no, if so."""
    span, summary = assertion.condition.span, "Invalid condition run"
    if value.is_null:
        return error(summary, "An assertion must be true or false, and this one is null.", span)
    if not value.is_known:
        detail = (
            "Whether this holds is known only after apply, or depends on something that failed. Leave out of "
            'the condition what is not known, give the run "command = apply", or let an override give the '
            'value to the plan ("override_during = plan").'
        )
        return error("Unknown condition value", detail, span)
    converted = convert(value.unmarked(), BOOL)
    if isinstance(converted, Mismatch):
        return error(summary, f"An assertion must be true or false: {converted}.", span)
    return None


def _message(assertion: Condition, scope: Scope, report: Report) -> str:
    """The error message; nothing if it cannot be shown."""
    span, summary = assertion.error_message.span, "Invalid error message"
    value = evaluate_into(assertion.error_message, scope, report)
    marks = value.marks
    converted = convert(value.unmarked(), STRING)
    if isinstance(converted, Mismatch):
        report.add(error(summary, f"The message must be text: {converted}.", span))
        return ""
    if not converted.is_known:
        return ""
    if converted.is_null:
        report.add(error(summary, "The message must be text, and it is null.", span))
        return ""
    for mark in (SENSITIVE, EPHEMERAL):
        if mark in marks:
            detail = (
                f"The message is made of something {mark}, so it is not shown. Leave that out of the message"
                + (", or use nonsensitive() if it is no secret." if mark == SENSITIVE else ".")
            )
            report.add(warning(f"Error message refers to {mark} values", detail, span))
            return ""
    return converted.text.strip()
