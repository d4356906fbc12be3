"""What was checked and what came of it: the results of conditions, by the object that they are about.

Checked objects are resource instances with pre- or postconditions, outputs with preconditions, variables with
validations, and `check` blocks. Every declaration with conditions has results, of no object if there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple

from mooring.config.conditions import Outcome, Verdict, check_condition
from mooring.config.model import Check, Condition, Module
from mooring.core.addresses import InstanceAddress, ModuleInstance, format_module, module_path
from mooring.core.diagnostics import Diagnostic, Severity, warning
from mooring.core.records import record, replace
from mooring.core.spans import Span
from mooring.lang.scope import Report, Scope

Kind = Literal["resource", "output", "var", "check"]
_ORDER: Final = {"resource": 0, "output": 1, "check": 2, "var": 3}
_NESTED: Final = "data"
_WORST_FIRST: Final = (Outcome.ERROR, Outcome.FAIL, Outcome.UNKNOWN)


class Declared(NamedTuple):
    """A declaration with conditions, as `module.a.output.b`."""

    kind: Kind
    address: str


class Checked(NamedTuple):
    """An object with conditions, as `module.a["x"].output.b`."""

    declared: Declared
    address: str


@record(kw_only=True)
class ObjectResult:
    """What came of an object's conditions, and the messages of those that do not hold."""

    address: str
    outcome: Outcome
    messages: tuple[str, ...] = ()


@record(kw_only=True)
class CheckResult:
    """What came of the conditions of a declaration: the worst of its objects' outcomes."""

    kind: Kind
    address: str
    outcome: Outcome
    objects: tuple[ObjectResult, ...] = ()


class Conditions:
    """The conditions of one run and what came of them. Mutable, owned by an evaluation."""

    def __init__(self) -> None:
        self.verdicts: Final[dict[tuple[Checked, str], tuple[Verdict, ...]]] = {}

    def check(
        self,
        checked: Checked,
        conditions: tuple[Condition, ...],
        scope: Scope,
        report: Report,
        *,
        summary: str,
        severity: Severity = Severity.ERROR,
        subject: Span | None = None,
    ) -> None:
        """Evaluates the conditions of an object, and keeps and reports what came of them.

        `subject` is where the object comes from, if that is what a problem should point at.
        """
        if not conditions:
            return
        own = Report()
        self.verdicts[checked, summary] = tuple(
            [
                check_condition(each, scope, own, summary=summary, severity=severity, subject=subject)
                for each in conditions
            ]
        )
        report.extend(
            replace(diag, checked=checked) if diag.summary == summary else diag for diag in own.diagnostics
        )

    def nested_failed(self, checked: Checked, problem: Diagnostic) -> None:
        """The data source of a `check` block has failed, and so has the block."""
        message = f"{problem.summary}: {problem.detail}" if problem.detail else problem.summary
        self.verdicts[checked, _NESTED] = (Verdict(Outcome.FAIL, message),)

    def check_block(
        self, checked: Checked, check: Check, scope: Scope, report: Report, *, applying: bool
    ) -> None:
        """Evaluates a `check` block; what does not hold is a warning, and so is what is not known yet."""
        if (checked, _NESTED) in self.verdicts:
            return
        summary, warns = "Check block assertion failed", Severity.WARNING
        self.check(checked, check.assertions, scope, report, summary=summary, severity=warns)
        verdicts = self.verdicts.get((checked, summary), ())
        for condition, verdict in zip(check.assertions, verdicts, strict=True):
            if verdict.outcome is Outcome.UNKNOWN and not applying:
                report.add(replace(_known_later(condition), checked=checked))


def _known_later(condition: Condition) -> Diagnostic:
    detail = "The condition depends on something that is known only after apply. It is checked then."
    return warning("Check block assertion known after apply", detail, condition.condition.span)


def checked_instance(address: InstanceAddress) -> Checked:
    """A resource instance with conditions."""
    return Checked(Declared("resource", str(address.resource.in_config)), str(address))


def checked_name(kind: Kind, instance: ModuleInstance, name: str) -> Checked:
    """An output, variable or `check` block of a module instance."""
    return Checked(_named(kind, module_path(instance), name), f"{format_module(instance, '.')}{kind}.{name}")


def _named(kind: Kind, path: tuple[str, ...], name: str) -> Declared:
    where = "".join(f"module.{each}." for each in path)
    return Declared(kind, f"{where}{kind}.{name}")


def check_results(
    root: Module, verdicts: Mapping[tuple[Checked, str], Iterable[Verdict]], *, complete: bool
) -> tuple[CheckResult, ...]:
    """The results of every declaration with conditions, from the verdicts of one run.

    `complete`: everything was evaluated, so a declaration without verdicts has no objects.
    """
    objects: dict[Declared, dict[str, list[Verdict]]] = {}
    for (checked, _), found in verdicts.items():
        objects.setdefault(checked.declared, {}).setdefault(checked.address, []).extend(found)
    without = Outcome.PASS if complete else Outcome.UNKNOWN
    results = [_result(each, objects.get(each, {}), without) for each in dict.fromkeys(_declarations(root))]
    return tuple(sorted(results, key=lambda each: (_ORDER[each.kind], each.address)))


def later_results(before: Iterable[CheckResult], now: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """The results of an apply: those of the plan, with what was checked once more in their place."""
    fresh = {(result.kind, each.address): each for result in now for each in result.objects}
    return tuple(
        _combined(
            Declared(result.kind, result.address),
            tuple(fresh.get((result.kind, each.address), each) for each in result.objects),
            result.outcome,
        )
        for result in before
    )


def _declarations(root: Module) -> Iterator[Declared]:
    todo = [root]
    for module in todo:
        for resource in module.resources.values():
            if resource.lifecycle.preconditions or resource.lifecycle.postconditions:
                yield Declared("resource", str(module.address(resource)))
        for output in module.outputs.values():
            if output.preconditions:
                yield _named("output", module.path, output.name)
        for variable in module.variables.values():
            if variable.validations:
                yield _named("var", module.path, variable.name)
        yield from (_named("check", module.path, name) for name in module.checks)
        todo.extend(module.children.values())


def _result(declared: Declared, objects: Mapping[str, list[Verdict]], without: Outcome) -> CheckResult:
    found = [
        ObjectResult(
            address=address,
            outcome=worst(verdict.outcome for verdict in verdicts),
            messages=tuple(verdict.message for verdict in verdicts if verdict.message),
        )
        for address, verdicts in sorted(objects.items())
    ]
    return _combined(declared, tuple(found), without)


def _combined(declared: Declared, objects: tuple[ObjectResult, ...], without: Outcome) -> CheckResult:
    outcome = worst(each.outcome for each in objects) if objects else without
    return CheckResult(kind=declared.kind, address=declared.address, outcome=outcome, objects=objects)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The outcome that counts for several conditions together."""
    found = set(outcomes)
    return next((each for each in _WORST_FIRST if each in found), Outcome.PASS)
