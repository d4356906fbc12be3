"""The labels of a block: names or quoted strings without sequences."""

from __future__ import annotations

from typing import NamedTuple

from mooring.core.spans import Span
from mooring.syntax.cursor import Cursor, SyntaxFailure
from mooring.syntax.templates import decode_quoted_token, parse_string
from mooring.syntax.tokens import (
    CLOSE_QUOTE,
    DIRECTIVE,
    END,
    END_SEQUENCE,
    IDENTIFIER,
    INTERPOLATION,
    NEWLINE,
    OPEN_QUOTE,
    STRING,
    TEXT,
)


class Label(NamedTuple):
    """One label and where it stands, quotes included."""

    text: str
    span: Span


def parse_labels(cursor: Cursor, labels: list[Label]) -> None:
    """Adds the labels up to the opening brace, on which the cursor is left."""
    while (kind := cursor.kinds[cursor.at]) != "{":
        if kind == STRING:
            literal = parse_string(cursor)
            labels.append(Label(literal.value.text, literal.span))
        elif kind == IDENTIFIER:
            token = cursor.advance()
            labels.append(Label(cursor.token_text(token), cursor.token_span(token)))
        elif kind == OPEN_QUOTE:
            labels.append(_parse_template_label(cursor))
        else:
            raise _no_block(cursor, kind)


def _no_block(cursor: Cursor, kind: str) -> type[SyntaxFailure]:
    if kind == "=":
        reason = "An equals sign follows the name of an argument. A block has labels and braces instead."
    elif kind == NEWLINE:
        reason = "The braces with the content of a block start on the line of its type and labels."
    else:
        reason = "After the type of a block come its labels, in quotes, and then an opening brace."
    return cursor.failure("Invalid block definition", reason)


def _parse_template_label(cursor: Cursor) -> Label:
    """A label with sequences in it, which are reported and left out."""
    opening = cursor.advance()
    texts: list[str] = []
    while (kind := cursor.kinds[cursor.at]) != CLOSE_QUOTE:
        if kind == TEXT:
            texts.append(decode_quoted_token(cursor, cursor.advance()))
        elif kind in (INTERPOLATION, DIRECTIVE):
            _skip_sequence(cursor)
        else:
            raise cursor.failure(
                "Unterminated string literal", "The closing quote of this label is missing on its line."
            )
    closing = cursor.advance()
    return Label("".join(texts), cursor.tokens_span(opening, closing))


def _skip_sequence(cursor: Cursor) -> None:
    symbol = cursor.token_text(cursor.at)[0]
    cursor.report(
        "Invalid string literal",
        f"A label is a constant, so {symbol}{{ has no place in it. To have {symbol}{{ in the text itself, "
        f"write {symbol}{symbol}{{.",
        cursor.token_span(cursor.at),
    )
    level = 0
    while cursor.kinds[cursor.at] != END:
        kind = cursor.kinds[cursor.advance()]
        level += (kind in (INTERPOLATION, DIRECTIVE)) - (kind == END_SEQUENCE)
        if level == 0:
            return
