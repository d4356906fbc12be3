"""Where expressions get names and functions from, and where they report problems to.

Owns the seam between the language and whoever knows what names stand for: the configuration, a template's
variables, a test. A scope may raise `NotReady` (cells.py) from `resolve`; evaluation lets it pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Protocol, final

from mooring.core.diagnostics import Diagnostic, Diagnostics, Severity
from mooring.core.values import Value
from mooring.lang.functions.model import Function
from mooring.syntax.nodes import Traversal

__all__ = ["Function", "Report", "Scope", "Variables"]


@final
class Report:
    """Collects the diagnostics of one evaluation; they are only ever added. Private to that evaluation.

    A trial is a report that nobody will be shown, as those of `try` and `can` are: explanations that cost
    something are left out of it.
    """

    __slots__ = ("_found", "has_errors", "is_trial")

    def __init__(self, *, is_trial: bool = False) -> None:
        self._found: list[Diagnostic] = []
        self.has_errors = False
        self.is_trial: Final = is_trial

    @property
    def diagnostics(self) -> Diagnostics:
        """What was reported so far, in order."""
        return tuple(self._found)

    def add(self, diagnostic: Diagnostic) -> None:
        """Adds a diagnostic."""
        self._found.append(diagnostic)
        if diagnostic.severity is Severity.ERROR:
            self.has_errors = True

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Adds several diagnostics."""
        for diagnostic in diagnostics:
            self.add(diagnostic)


class Scope(Protocol):
    """What names and functions mean to an expression."""

    @property
    def functions(self) -> Mapping[str, Function]:
        """The functions that can be called, by every name that they have."""
        ...

    def resolve(self, reference: Traversal, report: Report) -> tuple[Value, int]:
        """The value that a reference begins with, and how many of its steps that took.

        What follows those steps leads into the value, and is followed by the evaluation. A problem is
        reported, and the value is `DYNAMIC_UNKNOWN` then.
        """
        ...


@final
class Variables:
    """A scope inside another one that knows a few names more: of `for`, or of a template.

    `values` is read at every look-up, so a loop may change it from turn to turn.
    """

    __slots__ = ("functions", "outer", "values")

    def __init__(self, outer: Scope, values: Mapping[str, Value]) -> None:
        self.outer: Final = outer
        self.values: Final = values
        self.functions: Final = outer.functions

    def resolve(self, reference: Traversal, report: Report) -> tuple[Value, int]:
        """The value of a name of its own, else what the outer scope says."""
        value = self.values.get(reference.root)
        if value is not None:
            return value, 0
        return self.outer.resolve(reference, report)
