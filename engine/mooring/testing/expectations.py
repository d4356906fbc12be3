"""Failures that a run expects: which problems they are about, and which of them did not come.

A problem is about a *checked* object: a variable, an output, a `check` block, a resource with conditions.
"""

from __future__ import annotations

from typing import Final

from mooring.config.references import OutputRef, ResourceRef, VariableRef, parse_reference, reference_span
from mooring.core.addresses import ResourceAddress
from mooring.core.diagnostics import Diagnostic, Diagnostics, Severity, error, warning
from mooring.core.records import record, replace
from mooring.core.spans import Span
from mooring.syntax.nodes import AttrStep, Traversal

_CHECK: Final = "check"
_VARIABLE: Final = "var"


@record(kw_only=True)
class Expected:
    """A failure that is expected: of an object by its address, or of any instance of a resource."""

    address: str
    span: Span

    @property
    def is_exact(self) -> bool:
        """Whether it names one object as the module knows it, and not a variable or all of a resource."""
        return self.address.startswith(("output.", f"{_CHECK}.")) or self.address.endswith("]")

    def is_about(self, diag: Diagnostic) -> bool:
        """Whether a problem is of the expected object."""
        if diag.checked is None:
            return False
        (_, declared), address = diag.checked
        return self.address in (declared, address)


def read_expected(references: tuple[Traversal, ...]) -> tuple[tuple[Expected, ...], Diagnostics]:
    """What a run expects, and what is wrong with how it says so."""
    read: list[Expected] = []
    found: list[Diagnostic] = []
    for reference in references:
        address = _address(reference)
        if isinstance(address, Diagnostic):
            found.append(address)
        else:
            read.append(Expected(address=address, span=reference.span))
    return tuple(read), tuple(found)


def _address(reference: Traversal) -> str | Diagnostic:
    """The address of the object that a reference names, or why it names none that is checked."""
    step = reference.steps[0] if reference.steps else None
    if reference.root == _CHECK and type(step) is AttrStep and len(reference.steps) == 1:
        return f"{_CHECK}.{step.name}"
    parsed = parse_reference(reference, in_test=True)
    if isinstance(parsed, Diagnostic):
        return parsed
    target, consumed = parsed
    if isinstance(target, ResourceRef):
        resource = ResourceAddress((), target.mode, target.type, target.name)
        return str(resource.instance(target.key))
    if isinstance(target, VariableRef):
        return f"{_VARIABLE}.{target.name}"
    if isinstance(target, OutputRef):
        return f"output.{target.name}"
    detail = (
        "Only what has conditions of its own can be expected to fail: input variables, outputs, checks, "
        "resources and data sources of the module under test."
    )
    return error("Invalid `expect_failures` reference", detail, reference_span(reference, consumed))


def judge(expected: tuple[Expected, ...], diags: Diagnostics) -> Diagnostics:
    """What is wrong in the end: problems that nobody expected, and failures that did not come.

    A `check` block that does not hold is only a warning elsewhere; here it is an error.
    """
    missing = {each.address: each for each in reversed(expected)}
    found: list[Diagnostic] = []
    for diag in diags:
        is_check = _is_check(diag)
        met = [each for each in expected if each.is_about(diag)] if is_check or diag.is_error else []
        for each in met:
            missing.pop(each.address, None)
        if not met:
            found.append(replace(diag, severity=Severity.ERROR) if is_check else diag)
    found += (_missing(each) for each in reversed(missing.values()))
    return tuple(found)


def judge_plan_before_apply(expected: tuple[Expected, ...], diags: Diagnostics) -> Diagnostics:
    """The same of a plan that was to be applied: an expected failure has come too early."""
    found: list[Diagnostic] = []
    for diag in diags:
        met = next((each for each in expected if each.is_about(diag)), None)
        if met is None or not _is_check(diag):
            found.append(diag)
        if met is not None and diag.is_error:
            found.append(_too_early(met))
    return tuple(found)


def without_checks(diags: Diagnostics) -> Diagnostics:
    """What was said but of `check` blocks, which are looked at once more after applying."""
    return tuple(diag for diag in diags if not _is_check(diag))


def _is_check(diag: Diagnostic) -> bool:
    return diag.checked is not None and diag.checked[0][0] == _CHECK


def _missing(expected: Expected) -> Diagnostic:
    detail = (
        f"{expected.address} was expected to fail, and it did not. Let the run set variables with which a "
        "condition of it does not hold, or take it out of expect_failures."
    )
    return error("Missing expected failure", detail, expected.span)


def _too_early(expected: Expected) -> Diagnostic:
    detail = (
        f"{expected.address} was expected to fail and did, but while planning, so nothing could be applied. "
        'A failure that shows in the plan is tested with "command = plan".'
    )
    return warning("Expected failure while planning", detail, expected.span if expected.is_exact else None)
