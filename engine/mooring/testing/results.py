"""The configuration as a run has planned or applied it: what assertions see, and what later runs refer to.

Nothing is planned here: an instance is what the plan says it will be, or what the state says it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar, cast

from mooring.config.evaluation import Configuration, Evaluation
from mooring.config.model import Condition
from mooring.config.names import did_you_mean
from mooring.config.references import OutputRef, RunRef, VariableRef, parse_reference, reference_span
from mooring.core.addresses import InstanceAddress
from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.spans import Span
from mooring.core.types import DYNAMIC
from mooring.core.values import DYNAMIC_UNKNOWN, Value, null, object_value
from mooring.lang.cells import Failed, Key
from mooring.lang.scope import Function, Report, Scope
from mooring.syntax.nodes import Traversal
from mooring.testing.assertions import check_assertion
from mooring.testing.earlier import Earlier
from mooring.testing.model import Status, worst

T = TypeVar("T")
Objects = Callable[[InstanceAddress], Value | None]


class Result:
    """What came of a plan or an apply, to be looked at. Mutable, owned by one run, closed at its end."""

    def __init__(
        self,
        configuration: Configuration,
        objects: Objects,
        others: Mapping[str, Value],
        earlier: Earlier,
    ) -> None:
        self._objects: Final = objects
        self._others: Final = others
        self._earlier: Final = earlier
        self._work: dict[Key, Callable[[], object]] = {}
        self._evaluation: Final = Evaluation(configuration, self._rule)

    def outputs(self) -> Value:
        """The outputs of the module under test, as one object; null where there is none."""
        names = tuple(self._evaluation.configuration.root.outputs)
        return self._settle("outputs", lambda: object_value({name: self.output(name) for name in names}))

    def check(self, assertions: Iterable[Condition]) -> tuple[Status, Diagnostics]:
        """The worst of some assertions, and what is wrong with them."""
        scope = _AssertionScope(self, self._evaluation.scope(()), self._others, self._earlier)
        checked = [self._assertion(at, each, scope) for at, each in enumerate(assertions)]
        status = worst(status for status, _ in checked)
        return status, tuple(diag for _, diags in checked for diag in diags)

    def _assertion(self, at: int, assertion: Condition, scope: Scope) -> tuple[Status, Diagnostics]:
        return self._settle(f"assertion {at}", lambda: check_assertion(assertion, scope))

    def close(self) -> None:
        """Lets go of everything."""
        self._evaluation.cells.close()

    def output(self, name: str) -> Value:
        """An output of the module under test; null if it could not be worked out. May raise `NotReady`."""
        try:
            return cast("Value", self._evaluation.cells.get(("output", (), name)))
        except Failed:
            return null(DYNAMIC)

    def has_output(self, name: str) -> bool:
        """Whether the module under test has an output of this name."""
        return name in self._evaluation.configuration.root.outputs

    def suggest_output(self, name: str) -> str:
        """Which output was perhaps meant."""
        return did_you_mean(name, self._evaluation.configuration.root.outputs)

    def _settle(self, key: str, work: Callable[[], T]) -> T:
        self._work[key] = work
        self._evaluation.cells.run([key])
        return cast("T", self._evaluation.cells.get(key))

    def _rule(self, key: Key) -> object:
        if key in self._work:
            return self._work[key]()
        if type(key) is InstanceAddress:
            value = self._objects(key)
            if value is None:
                raise Failed
            return value
        assert isinstance(key, tuple)
        if key[0] == "variable":  # one that is not valid has been told already
            return self._evaluation.cells.get(("raw variable", *key[1:]))
        return self._evaluation.rule(key)


class _AssertionScope:
    """What assertions can refer to: everything in the module under test, its outputs, and other runs'."""

    def __init__(self, result: Result, module: Scope, others: Mapping[str, Value], earlier: Earlier) -> None:
        self.functions: Final[Mapping[str, Function]] = module.functions
        self._result: Final = result
        self._module: Final = module
        self._others: Final = others
        self._earlier: Final = earlier

    def resolve(self, reference: Traversal, report: Report) -> tuple[Value, int]:
        """The value that a reference begins with; not known where something has failed."""
        parsed = parse_reference(reference, in_test=True)
        if not isinstance(parsed, Diagnostic):
            target, consumed = parsed
            span = reference_span(reference, consumed)
            match target:
                case OutputRef(name):
                    return self._output(name, span, report), consumed
                case RunRef(name):
                    return self._run(name, span, report), consumed
                case VariableRef(name) if name in self._others:
                    return self._others[name], consumed
        if reference.root == "check":
            report.add(_check_in_assertion(reference))
            return DYNAMIC_UNKNOWN, len(reference.steps)
        try:
            return self._module.resolve(reference, report)
        except Failed:
            return DYNAMIC_UNKNOWN, len(reference.steps)

    def _output(self, name: str, span: Span, report: Report) -> Value:
        if self._result.has_output(name):
            return self._result.output(name)
        detail = f'The module under test has no output "{name}".{self._result.suggest_output(name)}'
        report.add(error("Reference to undeclared output value", detail, span))
        return DYNAMIC_UNKNOWN

    def _run(self, name: str, span: Span, report: Report) -> Value:
        found = self._earlier.outputs.get(name)
        if found is not None:
            return found
        if name in self._earlier.declared:
            detail = f'Run "{name}" has not ended before this assertion, so it has no outputs yet.'
            report.add(error("Reference to unevaluated run block", detail, span))
        else:
            detail = f'This file has no run "{name}".{did_you_mean(name, self._earlier.declared)}'
            report.add(error("Reference to undeclared run block", detail, span))
        return DYNAMIC_UNKNOWN


def _check_in_assertion(reference: Traversal) -> Diagnostic:
    consumed = min(1, len(reference.steps))
    detail = 'A check can be named in "expect_failures"; it has no value that an assertion could look at.'
    return error('Reference to "check" in invalid context', detail, reference_span(reference, consumed))
