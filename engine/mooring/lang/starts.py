"""Where errors about an argument point: at the start of the argument, as Terraform's do.

A call that spans many lines is not underlined as a whole; each kind of expression says which part of it is
its start.
"""

from __future__ import annotations

from mooring.core.spans import Span
from mooring.syntax.nodes import (
    Binary,
    Conditional,
    Expression,
    For,
    FunctionCall,
    IndexExpression,
    Literal,
    ObjectConstructor,
    Parenthesized,
    Splat,
    Template,
    TemplateFor,
    TemplateIf,
    TemplatePart,
    TemplateText,
    TupleConstructor,
    Unary,
)


def start_of(expression: Expression) -> Span:
    """The span that stands for an expression where only its start is shown."""
    match expression:
        case FunctionCall(name_span=name, open_paren=paren):
            return name.to(paren)
        case Literal(quoted=True, span=span):
            return _inside_quotes(span)
        case Template(parts=parts, span=span):
            return _start_of_part(parts[0]) if parts else Span(span.source, span.end, span.end)
        case TupleConstructor(span=span):
            return Span(span.source, span.start, span.start + 1)
        case ObjectConstructor(opening=opening) | For(opening=opening):
            return opening
        case IndexExpression(brackets=brackets):
            return Span(brackets.source, brackets.start, brackets.start + 1)
        case Splat(marker=marker):
            return marker
        case Unary(symbol=symbol):
            return symbol
        case Binary(left=inner) | Conditional(condition=inner) | Parenthesized(inner=inner):
            return start_of(inner)
        case _:
            return expression.span


def _start_of_part(part: TemplatePart) -> Span:
    if isinstance(part, TemplateText):
        return part.span
    if isinstance(part, TemplateIf):
        return start_of(part.condition)
    if isinstance(part, TemplateFor):
        return part.span
    return start_of(part)


def _inside_quotes(span: Span) -> Span:
    """The characters of a quoted string, or of the first line of a heredoc; past the end of an empty one."""
    source, start, end = span
    if source.text.startswith('"', start):
        return Span(source, start + 1, end - 1) if end - start > 2 else Span(source, end, end)
    first = source.text.find("\n", start, end) + 1
    if not first:
        return span
    return Span(source, first, min(source.text.find("\n", first, end) + 1 or end, end))
