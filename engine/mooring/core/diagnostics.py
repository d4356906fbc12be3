"""What is told to the user about a problem: values, never printed where they arise, never raised.

Functions return `(value, diagnostics)` and go on, so that one run reports every problem. The summary is a
constant phrase (the same as Terraform's where Terraform has one, because tools match on it); the detail is
full sentences: what is wrong, why, what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from mooring.core.paths import Path
from mooring.core.records import record, replace
from mooring.core.spans import Span


class Severity(Enum):
    """How bad it is: an error stops the command before it changes anything more."""

    ERROR = "error"
    WARNING = "warning"


@record(kw_only=True)
class ReferenceValue:
    """What a reference in the offending expression stood for: shown as `TRAVERSAL STATEMENT`.

    `statement` is a phrase such as `is "westeurope"` or `is object with 3 attributes`; it never holds a
    sensitive value.
    """

    traversal: str
    statement: str


@record(kw_only=True)
class Diagnostic:
    """One problem.

    `subject` is the offending part of a file and `context` the wider construct around it. Providers know no
    files: they give `path`, the attribute inside the object, and the engine finds the subject. `address`
    names the resource instance; `code` is stable and documented where the rule comes from outside the
    language. `is_late` says that a file can be loaded in spite of it: it is about an expression that is
    parsed when it is used, as a template in a JSON string. `checked` is the object whose own condition does
    not hold: `((kind, declared as), address)`.
    """

    severity: Severity = Severity.ERROR
    summary: str
    detail: str = ""
    subject: Span | None = None
    context: Span | None = None
    address: str | None = None
    path: Path = ()
    code: str | None = None
    values: tuple[ReferenceValue, ...] = ()
    is_late: bool = False
    checked: tuple[tuple[str, str], str] | None = None

    @property
    def is_error(self) -> bool:
        """Whether this one is an error."""
        return self.severity is Severity.ERROR

    def at(self, subject: Span | None, context: Span | None = None) -> Diagnostic:
        """This diagnostic placed in a file, unless it has a place already."""
        if self.subject is not None:
            return self
        return replace(self, subject=subject, context=context)

    def of(self, address: str) -> Diagnostic:
        """This diagnostic said of a resource instance, unless it names one already."""
        return self if self.address is not None else replace(self, address=address)


Diagnostics = tuple[Diagnostic, ...]


def error(
    summary: str, detail: str = "", subject: Span | None = None, *, context: Span | None = None
) -> Diagnostic:
    """An error, placed at `subject` where there is one."""
    return Diagnostic(summary=summary, detail=detail, subject=subject, context=context)


def warning(
    summary: str, detail: str = "", subject: Span | None = None, *, context: Span | None = None
) -> Diagnostic:
    """A warning, placed at `subject` where there is one."""
    return Diagnostic(
        severity=Severity.WARNING, summary=summary, detail=detail, subject=subject, context=context
    )


def has_errors(diags: Iterable[Diagnostic]) -> bool:
    """Whether any of them is an error."""
    return any(diag.severity is Severity.ERROR for diag in diags)


def prevents_loading(diags: Iterable[Diagnostic]) -> bool:
    """Whether any of them is an error that says that files cannot be used at all."""
    return any(diag.is_error and not diag.is_late for diag in diags)


def in_order(diags: Iterable[Diagnostic]) -> Diagnostics:
    """Without repeats, in the order to show: warnings first, then by file and position."""
    return tuple(dict.fromkeys(sorted(diags, key=_show_order)))


def _show_order(diag: Diagnostic) -> tuple[bool, bool, str, int, int]:
    subject = diag.subject
    if subject is None:
        return diag.is_error, False, "", 0, 0
    return diag.is_error, True, subject.source.path, subject.start, subject.end
