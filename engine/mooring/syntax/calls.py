"""Function calls: `name(arguments)`, names in namespaces, `...` after the last argument."""

from __future__ import annotations

from mooring.syntax.cursor import Cursor, SyntaxFailure
from mooring.syntax.nodes import Expression, FunctionCall
from mooring.syntax.tokens import END, IDENTIFIER


def parse_call(cursor: Cursor, first: int) -> FunctionCall:
    """A call whose name starts with the token `first`; the cursor is just after that."""
    last = _parse_namespaces(cursor, first)
    name = "::".join(
        cursor.token_text(token) for token in range(first, last + 1) if cursor.kinds[token] != "::"
    )
    opening = cursor.at
    outside = cursor.enter(skips_newlines=True)
    arguments, expand_last = _parse_arguments(cursor, first, opening)
    closing = cursor.leave(outside)
    return FunctionCall(
        name,
        cursor.tokens_span(first, last),
        tuple(arguments),
        expand_last,
        cursor.tokens_span(first, closing),
        cursor.token_span(opening),
        cursor.token_span(closing),
    )


def _parse_namespaces(cursor: Cursor, first: int) -> int:
    """Goes on to the opening parenthesis; returns the last token of the name."""
    last = first
    while cursor.kinds[cursor.at] == "::":
        cursor.advance()
        if cursor.kinds[cursor.at] != IDENTIFIER:
            raise cursor.failure(
                "Missing function name", "After :: there must be the name of a function in that namespace."
            )
        last = cursor.advance()
    if cursor.kinds[cursor.at] != "(":
        raise cursor.failure(
            "Missing open parenthesis",
            "A name with :: is that of a function, so its arguments must follow in parentheses.",
        )
    return last


def _parse_arguments(cursor: Cursor, first: int, opening: int) -> tuple[list[Expression], bool]:
    """Up to the closing parenthesis: the arguments, and whether the last one is expanded."""
    arguments: list[Expression] = []
    while cursor.kinds[cursor.at] != ")":
        arguments.append(cursor.parse_expression(cursor))
        kind = cursor.kinds[cursor.at]
        if kind == ",":
            cursor.advance()
        elif kind == "...":
            _expect_end_after_expansion(cursor)
            return arguments, True
        elif kind != ")":
            raise _missing_separator(cursor, first, opening)
    return arguments, False


def _expect_end_after_expansion(cursor: Cursor) -> None:
    ellipsis = cursor.advance()
    if cursor.kinds[cursor.at] != ")":
        raise cursor.failure(
            "Missing closing parenthesis",
            "An argument with ... after it stands for all remaining arguments, so the closing parenthesis "
            "must follow at once.",
            cursor.token_span(ellipsis),
        )


def _missing_separator(cursor: Cursor, first: int, opening: int) -> type[SyntaxFailure]:
    head = cursor.tokens_span(first, opening)
    if cursor.kinds[cursor.at] == END:
        return cursor.failure(
            "Unterminated function call",
            "The closing parenthesis of this call is missing up to the end of the text. A bracket further "
            "down may be wrong.",
            head,
        )
    return cursor.failure(
        "Missing argument separator",
        "Put a comma between one argument and the next, or close the parentheses before this.",
        context=cursor.since(head),
    )
