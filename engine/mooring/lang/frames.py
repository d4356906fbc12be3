"""One evaluation under way: which scope it reads, which report it fills, and how it goes on to parts.

Every kind of expression has one function `(expression, frame) -> Value`; the frame holds the table of them,
so that the modules of these functions need not know each other. An evaluation never stops at a problem: it is
reported, and `DYNAMIC_UNKNOWN` stands for the result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, final

from mooring.core.diagnostics import Diagnostic
from mooring.core.spans import Span
from mooring.core.values import DYNAMIC_UNKNOWN, Value
from mooring.lang.explanation import explain_with
from mooring.lang.scope import Report, Scope
from mooring.syntax.nodes import Expression

Table = Mapping[type, Callable[..., Value]]


@final
class Frame:
    """The surroundings of a (sub)expression. Cheap to make: every loop and every trial has its own."""

    __slots__ = ("report", "scope", "table")

    def __init__(self, scope: Scope, report: Report, table: Table) -> None:
        self.scope: Final = scope
        self.report: Final = report
        self.table: Final = table

    def value(self, expression: Expression) -> Value:
        """The value of an expression here."""
        return self.table[type(expression)](expression, self)

    def within(self, scope: Scope) -> Frame:
        """The same evaluation in an inner scope."""
        return Frame(scope, self.report, self.table)

    def apart(self, *, is_trial: bool | None = None) -> Frame:
        """An evaluation with a report of its own."""
        trial = self.report.is_trial if is_trial is None else is_trial
        return Frame(self.scope, Report(is_trial=trial), self.table)

    def attempt(self, expression: Expression) -> Value | None:
        """The value of an expression, or None if it fails; nothing is reported."""
        trial = self.apart(is_trial=True)
        value = trial.value(expression)
        return None if trial.report.has_errors else value

    def fail(
        self,
        summary: str,
        detail: str,
        subject: Span,
        *,
        context: Span | None = None,
        about: Expression | None = None,
    ) -> Value:
        """Reports an error and gives the value that stands for the missing one.

        `about` is the expression whose references explain the error: their values are attached.
        """
        values = () if about is None or self.report.is_trial else explain_with(about, self.attempt)
        self.report.add(
            Diagnostic(summary=summary, detail=detail, subject=subject, context=context, values=values)
        )
        return DYNAMIC_UNKNOWN
