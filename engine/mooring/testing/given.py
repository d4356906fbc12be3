"""Values of variables in tests: of the command line and files, of the test file, of a run; later ones win.

Expressions of a test file see the values of before; those of a run see the file's too, and the outputs of
earlier runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from mooring.config.inputs import RawInput, read_input, read_undeclared
from mooring.config.model import Module, Variable
from mooring.config.references import RunRef, VariableRef, parse_reference, reference_span
from mooring.config.test_files.model import Run, TestFile
from mooring.core.conversion import convert, with_defaults
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, warning
from mooring.core.records import record
from mooring.core.spans import Span
from mooring.core.values import DYNAMIC_UNKNOWN, Value
from mooring.lang.evaluation import evaluate_into
from mooring.lang.scope import Function, Report
from mooring.syntax.nodes import AttrStep, Expression, Traversal
from mooring.syntax.static import traversals
from mooring.testing.earlier import Earlier

_Resolve = Callable[[str, Span, Report], Value]


@record(kw_only=True)
class Given:
    """The variables of one run.

    `inputs` are those of the module under test, converted; `origins` where the test gives them; `others`
    those that only the test knows.
    """

    inputs: Mapping[str, Value]
    origins: Mapping[str, Span]
    others: Mapping[str, Value]


class TestVariables:
    """The values that the variables of one run can have. Mutable only in that it keeps what it has made."""

    __test__ = False

    def __init__(
        self,
        module: Module,
        raw: Mapping[str, RawInput],
        file: TestFile,
        functions: Mapping[str, Function],
    ) -> None:
        self._module: Final = module
        self._raw: Final = raw
        self._file: Final = file
        self._functions: Final = functions
        self._of_file: dict[str, Value] = {}

    def given(self, run: Run, earlier: Earlier) -> tuple[Given, Diagnostics]:
        """The variables of a run, and what is wrong with them."""
        report = Report()
        scope = _GivenScope(self._functions, self._for_run, _of_runs(earlier))
        own = {name: evaluate_into(each, scope, report) for name, each in run.variables.items()}
        inputs: dict[str, Value] = {}
        origins: dict[str, Span] = {}
        for variable in self._module.variables.values():
            name = variable.name
            expression = run.variables.get(name) or self._file.variables.get(name)
            value = own[name] if name in own else self.of_file(name, report)
            if value is None:
                if variable.default is None and name not in self._raw:
                    report.add(_no_value(variable, run))
                continue
            if expression is not None:
                origins[name] = expression.span
                value = None if report.has_errors else _suited(value, variable, expression, report)
            if value is not None:
                inputs[name] = value
        seen = frozenset(_variables_in(each.condition for each in run.assertions))
        report.extend(self._undeclared(run, seen))
        others = {name: value for name, value in own.items() if name not in self._module.variables}
        for name in sorted(seen - others.keys() - self._module.variables.keys()):
            value = self.of_file(name, report)
            if value is not None:
                others[name] = value
        return Given(inputs=inputs, origins=origins, others=others), report.diagnostics

    def _undeclared(self, run: Run, seen: frozenset[str]) -> Iterable[Diagnostic]:
        """Warnings for what a run sets that neither the module nor the run itself takes."""
        for name, expression in run.variables.items():
            if name not in self._module.variables and name not in seen:
                detail = f'Run "{run.name}" sets "{name}", and the module under test has no such variable.'
                yield warning("Value for undeclared variable", detail, expression.span)

    # -- of the file, and of outside -------------------------------------------------------------

    def scope_of_providers(self, earlier: Earlier) -> _GivenScope:
        """The scope of provider blocks of the test file."""
        return _GivenScope(self._functions, self._for_run, _of_runs(earlier))

    def of_file(self, name: str, report: Report) -> Value | None:
        """The value that a variable has for every run of the file; None if it has none."""
        expression = self._file.variables.get(name)
        if expression is None:
            return self._from_outside(name, report)
        if name not in self._of_file:
            scope = _GivenScope(self._functions, self._for_file, _no_runs)
            self._of_file[name] = evaluate_into(expression, scope, report)
        return self._of_file[name]

    def _from_outside(self, name: str, report: Report) -> Value | None:
        raw = self._raw.get(name)
        if raw is None:
            return None
        variable = self._module.variables.get(name)
        if variable is None:
            return read_undeclared(raw)
        value, diags = read_input(raw, variable)
        report.extend(diags)
        return value

    def _for_file(self, name: str, span: Span, report: Report) -> Value:
        seen = "Variables of a test file see those of the command line, of the environment and of files"
        return _available(self._from_outside(name, report), name, seen, span, report)

    def _for_run(self, name: str, span: Span, report: Report) -> Value:
        seen = "Variables of a run see those of the test file and of outside"
        return _available(self.of_file(name, report), name, seen, span, report)


def _available(value: Value | None, name: str, seen: str, span: Span, report: Report) -> Value:
    if value is not None:
        return value
    detail = f'There is no value for "{name}" here. {seen}, not each other.'
    report.add(error("Reference to unavailable variable", detail, span))
    return DYNAMIC_UNKNOWN


class _GivenScope:
    """What expressions of variables can refer to: other variables, and earlier runs."""

    def __init__(self, functions: Mapping[str, Function], variable: _Resolve, run: _Resolve) -> None:
        self.functions: Final = functions
        self._variable: Final = variable
        self._run: Final = run

    def resolve(self, reference: Traversal, report: Report) -> tuple[Value, int]:
        """The value of a variable or of a run's outputs."""
        parsed = parse_reference(reference, in_test=True)
        if isinstance(parsed, Diagnostic):
            report.add(parsed)
            return DYNAMIC_UNKNOWN, len(reference.steps)
        target, consumed = parsed
        span = reference_span(reference, consumed)
        if isinstance(target, VariableRef):
            return self._variable(target.name, span, report), consumed
        if isinstance(target, RunRef):
            return self._output(self._run(target.name, span, report), reference, report), consumed
        detail = (
            "Variables of tests can refer to other variables and to outputs of earlier runs, nothing else."
        )
        report.add(error("Invalid reference", detail, span))
        return DYNAMIC_UNKNOWN, len(reference.steps)

    def _output(self, value: Value, reference: Traversal, report: Report) -> Value:
        """The outputs of a run; one that is not known yet cannot become a variable."""
        step = reference.steps[1] if len(reference.steps) > 1 else None
        if type(step) is not AttrStep or type(value.raw) is not dict:
            return value
        part = value.raw.get(step.name)
        if part is not None and not part.is_known:
            run = reference_span(reference, 1)
            detail = (
                f"{reference.span.text} is known only after apply, and {run.text} has only been planned. "
                'Give that run "command = apply".'
            )
            report.add(error("Reference to unknown value", detail, run))
        return value


def _no_runs(_name: str, span: Span, report: Report) -> Value:
    detail = "Variables of a test file are worked out before any run. Set the variable in a run instead."
    report.add(error("Invalid reference", detail, span))
    return DYNAMIC_UNKNOWN


def _of_runs(earlier: Earlier) -> _Resolve:
    def outputs(name: str, span: Span, report: Report) -> Value:
        found = earlier.outputs.get(name)
        if found is not None:
            return found
        if name in earlier.declared:
            detail = f'Run "{name}" has not ended before this one, so it has no outputs yet.'
            report.add(error("Reference to unavailable run block", detail, span))
        else:
            detail = f'This file has no run "{name}".'
            report.add(error("Reference to unknown run block", detail, span))
        return DYNAMIC_UNKNOWN

    return outputs


def _variables_in(expressions: Iterable[Expression]) -> Iterable[str]:
    for expression in expressions:
        for reference in traversals(expression):
            step = reference.steps[0] if reference.steps else None
            if reference.root == "var" and type(step) is AttrStep:
                yield step.name


def _suited(value: Value, variable: Variable, expression: Expression, report: Report) -> Value | None:
    """The value as one of the variable's type; None if it has its default, or a problem was reported."""
    if value.is_null and not variable.nullable:
        if variable.default is None:
            name = f"var.{variable.name}, declared at {variable.span}"
            detail = f"The value is null, which {name}, does not allow."
            report.add(error("Required variable not set", detail, expression.span))
        return None
    complete = with_defaults(value, variable.defaults) if variable.defaults is not None else value
    converted = convert(complete, variable.type)
    if isinstance(converted, Value):
        return converted
    detail = f"The value does not suit var.{variable.name}, declared at {variable.span}: {converted}."
    report.add(error("Invalid value for input variable", detail, expression.span))
    return None


def _no_value(variable: Variable, run: Run) -> Diagnostic:
    detail = (
        f'The variable "{variable.name}" has no default, and run "{run.name}" gives it no value. Set it in a '
        '"variables" block of the run or of the test file, with -var or in a variables file.'
    )
    return error("No value for required variable", detail, variable.span)
