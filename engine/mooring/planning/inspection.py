"""Looking at a configuration with given objects in the places of its resources: what a console does.

Objects are those of a state, or those that a plan promises. A resource that has none is unknown. Nothing is
planned, nothing is read from services.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from mooring.config.evaluation import Configuration, Evaluation
from mooring.core.addresses import InstanceAddress, ResourceAddress
from mooring.core.diagnostics import Diagnostics, in_order
from mooring.core.records import replace
from mooring.core.values import DYNAMIC_UNKNOWN, Value, unknown
from mooring.lang.cells import Key
from mooring.lang.scope import Report, Scope

Work = Callable[[Scope, Report], str]
"""Makes text of an expression in a scope. May raise `NotReady`."""


class Inspection:
    """Evaluates in the root module, again and again. Mutable; its owner closes it.

    Root variables that were not set are unknown.
    """

    def __init__(self, configuration: Configuration, objects: Mapping[InstanceAddress, Value]) -> None:
        self._objects: Final = objects
        self._with_objects: Final = {address.resource for address in objects}
        self._evaluation: Final = Evaluation(configuration, self._rule)
        self._questions: Final[list[Work]] = []

    def problems(self) -> Diagnostics:
        """What is wrong with the values that the whole configuration gives."""
        self._evaluation.cells.run(self._goals())
        return in_order(self._evaluation.diagnostics)

    def ask(self, work: Work) -> tuple[str | None, Diagnostics]:
        """The text that some work makes, and what it reported; None if it needs something that failed."""
        self._questions.append(work)
        key = ("question", len(self._questions) - 1)
        cells = self._evaluation.cells
        cells.run([key])
        answer = None if cells.failed(key) else cells.get(key)
        assert answer is None or isinstance(answer, str)
        return answer, self._evaluation.problems(key)

    def close(self) -> None:
        """Ends the evaluation."""
        self._evaluation.cells.close()

    def _goals(self) -> Iterator[Key]:
        root = self._evaluation.configuration.root
        yield from (("variable", (), name) for name in root.variables)
        yield from (("local", (), name) for name in root.locals)
        yield from (("output", (), name) for name in root.outputs)
        yield from (("module", (), name) for name in root.calls)

    def _rule(self, key: Key) -> object:
        if type(key) is InstanceAddress:
            return self._objects.get(key, DYNAMIC_UNKNOWN)
        match key:
            case ("question", int(number)):
                return self._evaluation.reporting(key, lambda report: self._answer(number, report))
            case ("resource", ResourceAddress() as address) if address not in self._with_objects:
                return DYNAMIC_UNKNOWN
            case _:
                return self._evaluation.rule(key)

    def _answer(self, number: int, report: Report) -> str:
        return self._questions[number](self._evaluation.scope(()), report)


def with_unknown_inputs(configuration: Configuration) -> Configuration:
    """The configuration with an unknown value for each root variable that must be set and is not."""
    variables = configuration.root.variables.values()
    missing = {
        each.name: unknown(each.type)
        for each in variables
        if each.default is None and each.name not in configuration.inputs
    }
    return replace(configuration, inputs={**configuration.inputs, **missing})
