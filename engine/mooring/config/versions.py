"""Versions and version constraints: `~> 1.2, != 1.2.5`.

Owns the syntax of constraints and which versions they allow, as in
https://developer.hashicorp.com/terraform/language/expressions/version-constraints.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.records import record
from mooring.core.spans import Span

LANGUAGE_VERSION: Final = "1.11.4"
"""The version of Terraform whose language this is: what `required_version` is compared with."""
UNSUPPORTED_VERSION: Final = "Unsupported Terraform Core version"

_VERSION: Final = r"v?(?P<numbers>\d+(?:\.\d+)*)(?P<prerelease>-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?"
_CONSTRAINT: Final = re.compile(rf"\s*(?P<operator>|=|!=|>|<|>=|<=|~>)\s*{_VERSION}\s*")

_Numbers = tuple[int, ...]
_COMPARE: Final[dict[str, Callable[[_Numbers, _Numbers], bool]]] = {
    "": operator.eq,
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
}


@record
class Constraint:
    """One condition on a version, as `>= 1.2`."""

    operator: str
    numbers: _Numbers
    prerelease: str

    def allows(self, version: _Numbers) -> bool:
        """Whether a version, given by its numbers, satisfies the condition."""
        if self.operator == "~>":
            *fixed, least = self.numbers
            padded = _pad(version, len(self.numbers))
            return (
                list(padded[: len(fixed)]) == fixed and padded[len(fixed)] >= least and padded >= self.numbers
            )
        width = max(len(version), len(self.numbers))
        return _COMPARE[self.operator](_pad(version, width), _pad(self.numbers, width))


def parse_constraints(text: str) -> tuple[Constraint, ...] | None:
    """The conditions of a constraint, all of which must hold; None if the text is none."""
    matches = [_CONSTRAINT.fullmatch(part) for part in text.split(",")]
    found = [match for match in matches if match is not None]
    if len(found) < len(matches):
        return None
    return tuple(
        Constraint(match["operator"], _numbers(match["numbers"]), match["prerelease"] or "")
        for match in found
    )


def check_constraint(text: str, span: Span) -> Diagnostics:
    """An error if the text is not a version constraint."""
    return () if parse_constraints(text) is not None else (_invalid(span),)


def check_language_version(text: str, span: Span) -> Diagnostics:
    """An error if a `required_version` does not allow the language that Mooring speaks."""
    constraints = parse_constraints(text) or ()
    if any(constraint.prerelease for constraint in constraints):
        detail = f'"{text}" names a prerelease version. Write the version without what follows the dash.'
        return (error("Invalid required_version constraint", detail, span),)
    spoken = _numbers(LANGUAGE_VERSION)
    if all(constraint.allows(spoken) for constraint in constraints):
        return ()
    detail = (
        f'These files want Terraform "{text}", and Mooring speaks the language of version '
        f"{LANGUAGE_VERSION}. If the files do not need more than that, change the constraint."
    )
    return (error(UNSUPPORTED_VERSION, detail, span),)


def _invalid(span: Span) -> Diagnostic:
    detail = 'This is not a version constraint. One looks like "~> 1.2" or ">= 1.2.0, < 2.0.0".'
    return error("Invalid version constraint", detail, span)


def _numbers(text: str) -> _Numbers:
    return tuple(int(part) for part in text.split("."))


def _pad(numbers: _Numbers, width: int) -> _Numbers:
    return numbers + (0,) * (width - len(numbers))
