"""Conditions that must hold: validations, preconditions, postconditions, assertions."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from mooring.config.model import Condition
from mooring.core.conversion import Mismatch, convert
from mooring.core.diagnostics import Diagnostics, Severity, error, warning
from mooring.core.records import replace
from mooring.core.spans import Span
from mooring.core.types import BOOL, STRING
from mooring.core.values import EPHEMERAL, SENSITIVE, Value
from mooring.lang.evaluation import evaluate_into, explain
from mooring.lang.scope import Report, Scope


class Outcome(Enum):
    """What came of a condition. `ERROR`: it could not be evaluated."""

    PASS = "pass"  # noqa: S105  (not a password)
    FAIL = "fail"
    UNKNOWN = "unknown"
    ERROR = "error"


class Verdict(NamedTuple):
    """An outcome, and the error message of a condition that does not hold, as it may be shown."""

    outcome: Outcome
    message: str = ""


def check_condition(
    condition: Condition,
    scope: Scope,
    report: Report,
    *,
    summary: str,
    severity: Severity = Severity.ERROR,
    subject: Span | None = None,
) -> Verdict:
    """Evaluates a condition and reports its error message if it does not hold. May raise `NotReady`.

    `subject` is where what was checked comes from, if that is not the condition itself.
    """
    own = Report()
    result = evaluate_into(condition.condition, scope, own)
    message = evaluate_into(condition.error_message, scope, Report())
    report.extend(own.diagnostics)
    if own.has_errors:
        return Verdict(Outcome.ERROR)
    converted = convert(result.unmarked(), BOOL)
    if isinstance(converted, Mismatch) or converted.is_null:
        why = converted if isinstance(converted, Mismatch) else "it is null"
        detail = f"A condition must be true or false: {why}."
        report.add(error("Invalid condition result", detail, condition.condition.span))
        return Verdict(Outcome.ERROR)
    if not converted.is_known:
        return Verdict(Outcome.UNKNOWN)
    if converted.truth:
        return Verdict(Outcome.PASS)
    report.extend(_hidden(message, condition))
    text = _text(message)
    detail = f"{text}\n\nThis was checked by the rule at {condition.span}."
    failure = error(summary, detail, subject or condition.condition.span)
    values = explain(condition.condition, scope)
    report.add(replace(failure, severity=severity, values=values))
    return Verdict(Outcome.FAIL, text)


def _hidden(message: Value, condition: Condition) -> Diagnostics:
    """A warning that an error message is not shown because of what it would give away."""
    for mark in (SENSITIVE, EPHEMERAL):
        if mark in message.marks:
            detail = (
                f"The message has {mark} values in it, so it is not shown when the condition does not hold. "
                "Word it without them."
            )
            return (warning(f"Error message refers to {mark} values", detail, condition.error_message.span),)
    return ()


def _text(message: Value) -> str:
    """The error message to show; one that must not or cannot be shown is described."""
    if SENSITIVE in message.marks:
        return "The error message is sensitive, so it is not shown."
    if EPHEMERAL in message.marks:
        return "The error message is ephemeral, so it is not shown."
    converted = convert(message, STRING)
    if isinstance(converted, Mismatch) or converted.is_null or not converted.is_known:
        return "The condition does not hold, and its error message cannot be worked out."
    return converted.text
