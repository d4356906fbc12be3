"""An expression or a template that stands somewhere inside a text: in a file, or in a JSON string."""

from __future__ import annotations

from mooring.core.diagnostics import Diagnostics
from mooring.core.values import DYNAMIC_UNKNOWN
from mooring.syntax.cursor import Cursor, Fragment, SyntaxFailure
from mooring.syntax.expressions import parse_expression as parse_at_cursor
from mooring.syntax.lexer import tokenize_template, tokenize_text
from mooring.syntax.nodes import Expression, Literal
from mooring.syntax.templates import parse_bare_template
from mooring.syntax.tokens import END, NEWLINE


def parse_expression_fragment(fragment: Fragment) -> tuple[Expression, Diagnostics]:
    """The expression that a fragment is, unknown if there is an error."""
    cursor = Cursor(fragment, tokenize_text(fragment.text), parse_at_cursor)
    cursor.skips_newlines = True
    try:
        if cursor.kinds[0] == NEWLINE:
            cursor.advance()
        expression = parse_at_cursor(cursor)
        if cursor.kinds[cursor.at] != END:
            cursor.failure(
                "Extra characters after expression", "The expression ends before this. Remove the rest."
            )
    except SyntaxFailure:
        return _unknown(cursor), tuple(cursor.diags)
    return expression, tuple(cursor.diags)


def parse_template_fragment(fragment: Fragment) -> tuple[Expression, Diagnostics]:
    """The template that a fragment is, unknown if there is an error."""
    cursor = Cursor(fragment, tokenize_template(fragment.text), parse_at_cursor)
    try:
        return parse_bare_template(cursor), tuple(cursor.diags)
    except SyntaxFailure:
        return _unknown(cursor), tuple(cursor.diags)


def _unknown(cursor: Cursor) -> Literal:
    return Literal(DYNAMIC_UNKNOWN, cursor.span(0, len(cursor.text)))
