"""Templates from files and from strings: in the language's own syntax, and `*.j2` files in Jinja's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final, final

from mooring.core.conversion import Mismatch, convert
from mooring.core.numbers import format_number
from mooring.core.spans import Source
from mooring.core.text import composed
from mooring.core.types import DYNAMIC, NUMBER, STRING, MapType, ObjectType
from mooring.core.values import DYNAMIC_UNKNOWN, UNKNOWN_NOT_NULL, Value, string, unknown
from mooring.lang.functions.filesystem import read_text
from mooring.lang.functions.model import ArgumentError, Call, CallError, Function, Parameter
from mooring.lang.functions.removed import refused

if TYPE_CHECKING:
    from mooring.core.diagnostics import Diagnostics
    from mooring.lang.frames import Frame
    from mooring.lang.scope import Report
    from mooring.syntax.nodes import Expression, FunctionCall, Traversal

_REFUSED: Final = frozenset({"templatefile", "templatestring"})


@final
class _InTemplate(Mapping[str, Function]):
    """The functions inside a template: all but those that render one."""

    def __init__(self, library: Mapping[str, Function]) -> None:
        self._library: Final = library

    def __getitem__(self, name: str) -> Function:
        if name.removeprefix("core::") in _REFUSED:
            return refused(name, "a template cannot render another one")
        return self._library[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._library)

    def __len__(self) -> int:
        return len(self._library)


@final
class _TemplateScope:
    """The names of a template: its variables, nothing else."""

    def __init__(self, values: Mapping[str, Value], library: Mapping[str, Function]) -> None:
        self.functions: Final = _InTemplate(library)
        self._values: Final = values

    def resolve(self, reference: Traversal, report: Report) -> tuple[Value, int]:
        """The value of a variable. All references were checked to be variables."""
        assert report is not None
        return self._values.get(reference.root, DYNAMIC_UNKNOWN), 0


def _variables(call: Call) -> Mapping[str, Value]:
    given = call[1]
    if not isinstance(given.type, ObjectType | MapType):
        raise ArgumentError(1, "the variables must be a map or an object")
    for name in given.attributes:
        if not _is_identifier(name):
            raise ArgumentError(1, f'"{name}" cannot be the name of a variable of a template')
    return given.attributes


def _is_identifier(name: str) -> bool:
    return bool(name) and name[0] not in "-0123456789" and f"_{name.replace('-', '_')}".isidentifier()


def _render(source: Source, call: Call) -> Value:
    from mooring.lang.evaluation import evaluate
    from mooring.syntax.parser import parse_template

    values = _variables(call)
    template, problems = parse_template(source)
    _raise_first(problems)
    _check_references(template, values)
    value, problems = evaluate(template, _TemplateScope(values, call.library))
    _raise_first(problems)
    return value


def _raise_first(diags: Diagnostics) -> None:
    for diag in diags:
        if diag.is_error:
            where = f"{diag.subject}: " if diag.subject is not None else ""
            raise CallError(f"{where}{diag.summary}; {diag.detail.rstrip('.')}")


def _check_references(template: Expression, values: Mapping[str, Value]) -> None:
    from mooring.syntax.static import traversals

    for reference in traversals(template):
        if reference.root not in values:
            detail = f'there is no variable "{reference.root}", which is used at {reference.root_span}'
            raise ArgumentError(1, detail)


# -- templatefile --------------------------------------------------------------------------------


def _template_file(call: Call) -> Value:
    path = call[0].text
    text = read_text(call.outside, path)
    if path.endswith(".j2"):
        if not call[1].is_wholly_known:
            return unknown(STRING, UNKNOWN_NOT_NULL)
        return string(composed(_render_jinja(path, text, _variables(call))))
    return _render(Source(path, composed(text)), call)


def _render_jinja(path: str, text: str, values: Mapping[str, Value]) -> str:
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,
        keep_trailing_newline=True,
    )
    try:
        return environment.from_string(text).render({name: _to_jinja(each) for name, each in values.items()})
    except TemplateError as problem:
        line = getattr(problem, "lineno", None)
        raise CallError(f"{path}{f':{line}' if line else ''}: {problem.message}") from problem
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as problem:
        raise CallError(f"{path}: {problem}") from problem


def _to_jinja(value: Value) -> object:
    """Plain data; a number that is not whole is exact and prints as the language writes it."""
    raw = value.raw
    if isinstance(raw, tuple):
        return [_to_jinja(each) for each in raw]
    if isinstance(raw, dict):
        return {name: _to_jinja(each) for name, each in raw.items()}
    if value.type is NUMBER and raw is not None and not isinstance(raw, int):
        return Decimal(format_number(value.number))
    return raw


# -- templatestring ------------------------------------------------------------------------------


def _template_string(function: Function, expr: FunctionCall, frame: Frame) -> Value:
    """The template must come from elsewhere: one that is written in place needs no function."""
    from mooring.lang.calls import accepts_count, bad_argument, call_with_values
    from mooring.syntax.nodes import Traversal

    if not accepts_count(function, expr, list(expr.arguments), frame):
        return DYNAMIC_UNKNOWN
    template = expr.arguments[0]
    if not isinstance(template, Traversal):
        problem = (
            "it must be a reference to a string from elsewhere, such as local.template; a template that is "
            "written here needs no function"
        )
        return bad_argument(function, expr, frame, at=template, position=0, problem=problem)
    return call_with_values(function, expr, frame)


def _render_string(call: Call) -> Value:
    template = call[0]
    if template.type is not STRING:
        raise ArgumentError(0, "a string is required")
    rendered = convert(_render(Source("<templatestring argument>", template.text), call), STRING)
    if isinstance(rendered, Mismatch):
        raise CallError(f"the template does not make a string: {rendered}")
    return rendered


FUNCTIONS: Final = (
    Function(
        name="templatefile",
        description="What the template in a file makes of some variables.",
        parameters=(
            Parameter(
                name="path", description="The file; one that ends in .j2 is a template of Jinja.", type=STRING
            ),
            Parameter(name="vars", description="A map or object with the variables of the template."),
        ),
        returns=DYNAMIC,
        body=_template_file,
        nullable=True,
    ),
    Function(
        name="templatestring",
        description="What a template held in a string makes of some variables.",
        parameters=(
            Parameter(name="template", description="A reference to the string.", declared=STRING),
            Parameter(name="vars", description="A map or object with the variables of the template."),
        ),
        returns=STRING,
        body=_render_string,
        special=_template_string,
    ),
)
