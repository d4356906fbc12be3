"""Reads arguments that must be constants, keywords or plain references.

Such an argument is needed before anything is evaluated, so it may refer to nothing and call nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, final

from mooring.config.model import ProviderReference
from mooring.core.addresses import Mode
from mooring.core.conversion import convert
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, warning
from mooring.core.spans import Span
from mooring.core.types import BOOL, STRING, Primitive
from mooring.core.values import DYNAMIC_UNKNOWN, Value
from mooring.lang.scope import Function, Report
from mooring.syntax import parse_expression
from mooring.syntax.body import Content
from mooring.syntax.nodes import AttrStep, Expression, Literal, ObjectConstructor, ObjectItem, Traversal
from mooring.syntax.static import as_traversal, as_tuple, function_calls, traversal_in_string, traversals

QUOTED_REFERENCE: Final = warning(
    "Quoted references are deprecated",
    "A reference is written as it is. Take the quotation marks away.",
)
QUOTED_KEYWORD: Final = warning(
    "Quoted keywords are deprecated",
    "A keyword is written as it is. Take the quotation marks away.",
)
PLAIN_REFERENCE: Final = (
    "Only a plain reference can stand here: names, and indexes with constant keys. "
    "Nothing is calculated, called or put together here."
)


MODES: Final[Mapping[str, Mode]] = MappingProxyType(
    {"resource": "managed", "data": "data", "ephemeral": "ephemeral"}
)
"""What the types of resource blocks are called in addresses."""


# -- constant values -----------------------------------------------------------------------------


def read_text(content: Content, name: str) -> tuple[str | None, Diagnostics]:
    """The constant string of an argument; None if it is not there or wrong."""
    value, diags = _read_primitive(content, name, STRING)
    return (value.text if value is not None else None), diags


def read_flag(content: Content, name: str) -> tuple[bool | None, Diagnostics]:
    """The constant bool of an argument; None if it is not there or wrong."""
    value, diags = _read_primitive(content, name, BOOL)
    return (value.truth if value is not None else None), diags


def text_of(expression: Expression) -> str | None:
    """The text of an expression that is nothing but a string."""
    raw = expression.value.raw if type(expression) is Literal else None
    return raw if type(raw) is str else None


def _read_primitive(content: Content, name: str, wanted: Primitive) -> tuple[Value | None, Diagnostics]:
    attribute = content.attributes.get(name)
    if attribute is None:
        return None, ()
    expression = attribute.expression
    value, diags = constant_value(expression)
    if value is not None and not value.is_known:
        return None, diags  # what could not be read as syntax has been reported
    if value is not None and value.type is wanted and not value.is_null:
        return value, diags
    converted = _convert(value, wanted)
    if isinstance(converted, Value):
        return converted, diags
    return None, (*diags, error("Unsuitable value type", converted, expression.span))


def _convert(value: Value | None, wanted: Primitive) -> Value | str:
    """The value as one of the wanted type, or what is wrong with it."""
    if value is None:
        return "The value must be known before anything is evaluated."
    if value.is_null:
        return "This argument cannot be null. To leave it out, take it away."
    converted = convert(value, wanted)
    return converted if isinstance(converted, Value) else f"A {wanted.value} is required here."


def constant_value(expression: Expression) -> tuple[Value | None, Diagnostics]:
    """The value of an expression that may refer to nothing and call nothing; None if it does."""
    if type(expression) is Literal:
        return expression.value, ()
    refused = tuple(_refusals(expression))
    if refused:
        return None, refused
    from mooring.lang.evaluation import evaluate

    return evaluate(expression, NOTHING)


def _refusals(expression: Expression) -> Iterator[Diagnostic]:
    calls = [call.span for call in function_calls(expression)]
    for traversal in traversals(expression):
        if not any(_is_inside(traversal.span, call) for call in calls):
            detail = "A constant is required here: it is needed before anything can be referred to."
            yield error("Variables not allowed", detail, traversal.root_span)
    for span in calls:
        if not any(_is_inside(span, call) for call in calls if call is not span):
            detail = "A constant is required here: it is needed before functions can be called."
            yield error("Function calls not allowed", detail, span)


def _is_inside(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


@final
class _Nothing:
    """A scope in which no name means anything."""

    functions: Final[Mapping[str, Function]] = MappingProxyType({})

    def resolve(self, reference: Traversal, report: Report) -> tuple[Value, int]:
        """Nothing: constants are looked through for references before they are evaluated."""
        report.add(error("Variables not allowed", "", reference.root_span))
        return DYNAMIC_UNKNOWN, len(reference.steps)


NOTHING: Final = _Nothing()


# -- references ----------------------------------------------------------------------------------


def read_references(content: Content, name: str) -> tuple[tuple[Traversal, ...], Diagnostics]:
    """The references of an argument that is a list of them, as `depends_on`."""
    attribute = content.attributes.get(name)
    if attribute is None:
        return (), ()
    elements, diags = expect_list(attribute.expression)
    read: list[Traversal] = []
    found: list[Diagnostic] = [*diags]
    for element in elements:
        traversal, problems = reference_or_quoted(element)
        found += problems
        if traversal is not None:
            read.append(traversal)
    return tuple(read), tuple(found)


def is_broken(expression: Expression) -> bool:
    """Whether it stands for text that is no expression, which has been reported."""
    return type(expression) is Literal and not expression.value.is_known


def in_native_terms(expression: Expression) -> Expression:
    """The expression that a JSON string holds where JSON has no other way to write one."""
    source, start, end = expression.span
    if text_of(expression) is None or not source.path.endswith(".json"):
        return expression
    parsed, diags = parse_expression(source, start + 1, end - 1)
    return expression if diags else parsed


def reference_or_quoted(expression: Expression) -> tuple[Traversal | None, Diagnostics]:
    """A plain reference; one in quotation marks, as was the custom once, with a warning."""
    traversal = as_traversal(expression)
    if traversal is not None or is_broken(expression):
        return traversal, ()
    if text_of(expression) is None:
        return None, (error("Invalid expression", PLAIN_REFERENCE, expression.span),)
    unquoted = traversal_in_string(expression)
    wrong = (error("Invalid character", PLAIN_REFERENCE, expression.span),) if unquoted is None else ()
    return unquoted, (*wrong, QUOTED_REFERENCE.at(expression.span))


def expect_list(expression: Expression) -> tuple[tuple[Expression, ...], Diagnostics]:
    """The elements of a list that is written out."""
    elements = as_tuple(expression)
    if elements is not None or is_broken(expression):
        return elements or (), ()
    detail = "A list written out is required here, as [ a, b ]."
    return (), (error("Invalid expression", detail, expression.span),)


def expect_map(expression: Expression) -> tuple[tuple[ObjectItem, ...], Diagnostics]:
    """The items of a map that is written out."""
    if isinstance(expression, ObjectConstructor):
        return expression.items, ()
    if is_broken(expression):
        return (), ()
    detail = "A map written out is required here, as { a = b }."
    return (), (error("Invalid expression", detail, expression.span),)


# -- provider references -------------------------------------------------------------------------


def read_provider_reference(content: Content, name: str) -> tuple[ProviderReference | None, Diagnostics]:
    """The provider configuration that an argument names."""
    attribute = content.attributes.get(name)
    return read_provider_name(attribute.expression, name) if attribute is not None else (None, ())


def read_provider_name(expression: Expression, argument: str) -> tuple[ProviderReference | None, Diagnostics]:
    """A provider configuration: `name` or `name.alias`."""
    traversal, diags = reference_or_quoted(expression)
    summary = "Invalid provider configuration reference"
    if traversal is None or len(traversal.steps) > 1:
        warnings = tuple(diag for diag in diags if not diag.is_error)
        detail = (
            f'"{argument}" takes a provider name, and after a period perhaps an alias: NAME or NAME.ALIAS.'
        )
        return None, (*warnings, error(summary, detail, expression.span))
    step = traversal.steps[0] if traversal.steps else None
    if step is not None and not isinstance(step, AttrStep):
        detail = "A provider name is followed by nothing, or by a period and an alias: NAME or NAME.ALIAS."
        return None, (*diags, error(summary, detail, step.span))
    wrong = check_local_name(traversal.root, traversal.root_span)
    if wrong:
        return None, (*diags, *wrong)
    alias = step.name if step is not None else None
    return ProviderReference(local_name=traversal.root, alias=alias, span=expression.span), diags


def check_local_name(name: str, span: Span) -> Diagnostics:
    """A local name of a provider is written in small letters, as provider types are."""
    if name == name.lower():
        return ()
    detail = f'Provider names are written in small letters: "{name.lower()}".'
    return (error("Invalid provider local name", detail, span),)
