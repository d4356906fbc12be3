"""What a console says to an expression: its value or, for `type(...)`, its type.

`type` is no function of the language: it stands around a whole expression, and only in a console.
"""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import error
from mooring.lang.evaluation import evaluate_into
from mooring.lang.rendering import render, render_type
from mooring.lang.scope import Report, Scope
from mooring.syntax.nodes import Expression, FunctionCall, Parenthesized, TemplateWrap
from mooring.syntax.static import function_calls

_TYPE: Final = frozenset({"type", "core::type"})


def answer(expression: Expression, scope: Scope, report: Report) -> str:
    """The text for an expression; with an error in the report it means nothing. May raise `NotReady`."""
    outermost = expression
    while isinstance(outermost, Parenthesized | TemplateWrap):
        outermost = outermost.inner
    if isinstance(outermost, FunctionCall) and outermost.name in _TYPE:
        return _type_text(outermost, scope, report)
    return _no_type_inside(expression, report) or render(evaluate_into(expression, scope, report))


def _type_text(call: FunctionCall, scope: Scope, report: Report) -> str:
    if call.expand_last or len(call.arguments) != 1:
        few = "Not enough" if not call.arguments else "Too many"
        report.add(error(f"{few} function arguments", "type takes exactly one argument.", call.close_paren))
        return ""
    argument = call.arguments[0]
    return _no_type_inside(argument, report) or render_type(evaluate_into(argument, scope, report).type)


def _no_type_inside(expression: Expression, report: Report) -> str:
    """Reports `type(...)` where its result would be used; an error has a text that nobody reads."""
    inside = next((call for call in function_calls(expression) if call.name in _TYPE), None)
    if inside is None:
        return ""
    detail = "type(...) says what a whole expression is. Its answer is no value that could be used further."
    report.add(error("Invalid use of type function", detail, inside.span))
    return "type"
