"""Arguments that are evaluated before the state is read: what is known from the files and variables alone.

The configuration's own evaluation does it; the cells that belong to whoever plans are errors here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from mooring.config.evaluation import Configuration, Evaluation, decode
from mooring.core.codec import Plain, to_python
from mooring.core.conversion import Mismatch, convert
from mooring.core.diagnostics import Diagnostics, error
from mooring.core.types import BOOL
from mooring.core.values import Unknown, Value
from mooring.lang.cells import Failed, Key
from mooring.lang.evaluation import evaluate_into
from mooring.lang.scope import Report
from mooring.schema.model import BlockSchema
from mooring.schema.plan import plan_block
from mooring.syntax.body import Body
from mooring.syntax.nodes import Expression

Settings = Mapping[str, Plain]
_KNOWN_EARLY: Final = frozenset({"variable", "raw variable", "local"})


class EarlyValues:
    """Evaluates bodies of the root module. Mutable: it keeps what it has worked out. Private to one reading.

    `prospective` holds for any values of the variables: an argument that depends on one is `UNKNOWN`.
    """

    def __init__(self, configuration: Configuration, *, prospective: bool) -> None:
        self._configuration: Final = configuration
        self._prospective: Final = prospective
        self._evaluation: Final = Evaluation(configuration, self._rule, prospective=prospective)
        self._goals: Final[dict[Key, Callable[[Report], Value]]] = {}

    def decode(self, body: Body, schema: BlockSchema) -> tuple[Settings | None, Diagnostics]:
        """The arguments of a body; None where they are not to be had."""
        plan = plan_block(schema)
        value, diags = self._value(lambda report: decode(body, plan, self._evaluation.scope(()), report))
        if value is None:
            return None, diags
        settings = {name: to_python(each) for name, each in value.attributes.items()}
        if not self._prospective and _is_partial(settings):
            detail = "A value that is only known after apply comes too late to read the state with."
            return None, (*diags, error("Unknown value in encryption configuration", detail))
        return settings, diags

    def is_on(self, expression: Expression) -> tuple[bool, Diagnostics]:
        """Whether an expression is true; not if it is not known."""
        value, diags = self._value(
            lambda report: evaluate_into(expression, self._evaluation.scope(()), report)
        )
        converted = None if value is None else convert(value, BOOL)
        if isinstance(converted, Mismatch):
            return False, (*diags, error("Unsuitable value type", f"It must be true or false: {converted}."))
        return converted is not None and to_python(converted) is True, diags

    def _value(self, work: Callable[[Report], Value]) -> tuple[Value | None, Diagnostics]:
        goal = ("early", len(self._goals))
        self._goals[goal] = work
        self._evaluation.cells.run([goal])
        diags = self._evaluation.problems(goal)
        if self._evaluation.cells.failed(goal):
            return None, diags
        value = self._evaluation.cells.get(goal)
        assert isinstance(value, Value)
        return value, diags

    def problems(self) -> Diagnostics:
        """What is wrong with variables and locals that were asked for."""
        own = {diag for goal in self._goals for diag in self._evaluation.problems(goal)}
        return tuple(diag for diag in self._evaluation.diagnostics if diag not in own)

    def _rule(self, key: Key) -> object:
        goal = self._goals.get(key)
        if goal is not None:
            return self._evaluation.reporting(key, goal)
        assert isinstance(key, tuple)
        if key[0] not in _KNOWN_EARLY:
            return self._evaluation.reporting(key, _refuse)
        if key[0] == "raw variable" and self._is_missing(key[2]):
            return self._evaluation.reporting(key, lambda report: _refuse_missing(key[2], report))
        return self._evaluation.rule(key)

    def _is_missing(self, name: str) -> bool:
        given, declared = self._configuration.inputs, self._configuration.root.variables
        return not self._prospective and name not in given and declared[name].default is None


def is_unknown(value: Plain) -> bool:
    """Whether a value, or a part of it, is not known."""
    if isinstance(value, list):
        return any(map(is_unknown, value))
    return isinstance(value, Unknown)


def _is_partial(settings: Settings) -> bool:
    return any(map(is_unknown, settings.values()))


def _refuse(report: Report) -> None:
    detail = (
        "The encryption block is needed before the state can be read, so it can refer to variables, and to "
        "locals made of variables, but to nothing that resources, data sources or modules give."
    )
    report.add(error("Invalid reference in encryption configuration", detail))
    raise Failed


def _refuse_missing(name: str, report: Report) -> None:
    detail = (
        f"The encryption block needs var.{name}, which has no value. Set TF_VAR_{name}, give it in "
        'terraform.tfvars or a file "*.auto.tfvars", or with "-var" where the command has it.'
    )
    report.add(error("No value for required variable", detail))
    raise Failed
