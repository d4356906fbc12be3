"""Names that users choose: which are allowed, and which was perhaps meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.spans import Span
from mooring.core.suggest import suggest

NAME_RULE: Final = (
    "A name starts with a letter or an underscore and has only letters, digits, underscores and dashes."
)


def is_identifier(name: str) -> bool:
    """Whether the name can be written without quotation marks."""
    return name.isidentifier() or (name[:1] != "-" and name.replace("-", "_").isidentifier())


def check_name(name: str, span: Span, summary: str) -> Diagnostics:
    """An error with this summary if the name is not allowed."""
    return () if is_identifier(name) else (error(summary, NAME_RULE, span),)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """` Did you mean "x"?` for a detail, or nothing."""
    found = suggest(name, known)
    return f' Did you mean "{found}"?' if found else ""


def duplicate(summary: str, what: str, second: Span, first: Span) -> Diagnostic:
    """An error at the second declaration of something, naming the place of the first."""
    return error(summary, f"{what} was declared at {first} already. Names must be unique.", second)
