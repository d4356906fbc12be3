"""Bodies: arguments and blocks, and how to go on after one that cannot be read.

Owns the layout of a file: what stands on a line of its own, one-line blocks, labels. After a mistake the
rest of the item is skipped and the next one is read; if its brackets do not close, nobody can tell where it
ends, and nothing after it is reported.
"""

from __future__ import annotations

from typing import Final

from mooring.core.spans import Span
from mooring.core.values import DYNAMIC_UNKNOWN
from mooring.syntax.body import Attribute, Block
from mooring.syntax.cursor import MAX_NESTING, Cursor, SyntaxFailure
from mooring.syntax.expressions import parse_expression
from mooring.syntax.labels import Label, parse_labels
from mooring.syntax.native_body import NativeBody
from mooring.syntax.nodes import Expression, Literal
from mooring.syntax.tokens import (
    CLOSE_QUOTE,
    CLOSERS,
    CLOSING,
    END,
    END_HEREDOC,
    END_SEQUENCE,
    IDENTIFIER,
    NEWLINE,
    OPEN_QUOTE,
    STRING,
)

_MAX_MISTAKES: Final = 1000
"""How many are reported of a file at most: there are more only in a file that is something else."""

_BLOCK_STARTS: Final = frozenset((STRING, "{", IDENTIFIER, OPEN_QUOTE))
_TEMPLATE_CLOSERS: Final = frozenset((CLOSE_QUOTE, END_HEREDOC, END_SEQUENCE))


def parse_file_body(cursor: Cursor) -> NativeBody:
    """The body that a whole text is."""
    attributes: dict[str, Attribute] = {}
    blocks: list[Block] = []
    _parse_items(cursor, END, attributes, blocks)
    return NativeBody(attributes, tuple(blocks), cursor.span(0, len(cursor.text)))


def _parse_items(cursor: Cursor, closer: str, attributes: dict[str, Attribute], blocks: list[Block]) -> None:
    """Everything up to the closing brace or the end of the text, on which the cursor is left."""
    kinds, depth = cursor.kinds, cursor.depth
    while True:
        kind = kinds[cursor.at]
        if kind == NEWLINE:
            cursor.at += 1
        elif kind in (END, closer):
            return
        else:
            start = cursor.at
            try:
                _parse_item(cursor, kind, attributes, blocks)
            except SyntaxFailure:
                cursor.depth, cursor.skips_newlines = depth, False
                _skip_item(cursor, start, closer)
            if len(cursor.diags) >= _MAX_MISTAKES:
                cursor.give_up()


def _parse_item(cursor: Cursor, kind: str, attributes: dict[str, Attribute], blocks: list[Block]) -> None:
    following = cursor.kinds[cursor.at + 1] if kind == IDENTIFIER else None
    if following == "=":
        _parse_argument(cursor, attributes)
        _expect_newline(cursor)
    elif following in _BLOCK_STARTS:
        _parse_block(cursor, blocks)
        if cursor.kinds[cursor.at] not in (NEWLINE, END):
            raise cursor.failure(
                "Missing newline after block definition", "Nothing may follow the closing brace on its line."
            )
    elif kind in (STRING, OPEN_QUOTE):
        raise cursor.failure("Invalid argument name", "The name of an argument stands without quotes.")
    else:
        raise _nothing_defined(cursor)


def _nothing_defined(cursor: Cursor) -> type[SyntaxFailure]:
    hint = ""
    if cursor.kinds[cursor.at] != IDENTIFIER:
        if cursor.skipped_to == cursor.at - 1:  # the rest of the item before, which has been reported
            return SyntaxFailure
    else:
        name = cursor.token_text(cursor.at)
        hint = f' To set the argument "{name}", write an equals sign and a value after its name.'
    return cursor.failure(
        "Argument or block definition required",
        f"An argument (name = value) or a block (type {{ ... }}) should start here.{hint}",
    )


# -- arguments -----------------------------------------------------------------------------------


def _parse_argument(cursor: Cursor, attributes: dict[str, Attribute]) -> None:
    """`name = value`. If the value cannot be read, the argument is there with an unknown one."""
    token = cursor.at
    cursor.at = token + 2
    try:
        expression = parse_expression(cursor)
    except SyntaxFailure:
        unreadable = Literal(DYNAMIC_UNKNOWN, cursor.token_span(token + 1))
        _add_argument(cursor, attributes, token, unreadable)
        raise
    _add_argument(cursor, attributes, token, expression)


def _add_argument(
    cursor: Cursor, attributes: dict[str, Attribute], token: int, expression: Expression
) -> None:
    """Adds the argument that `token` names, unless there is one of that name."""
    name, name_span = cursor.token_text(token), cursor.token_span(token)
    if name not in attributes:
        attributes[name] = Attribute(name, expression, name_span.to(expression.span), name_span)
        return
    cursor.report(
        "Attribute redefined",
        f'The argument "{name}" has a value already, at {attributes[name].name_span}. Remove one of the two.',
        name_span,
    )


def _expect_newline(cursor: Cursor) -> None:
    kind = cursor.kinds[cursor.at]
    if kind in (NEWLINE, END):
        return
    if kind == ",":
        raise cursor.failure(
            "Unexpected comma after argument",
            "Arguments are separated by newlines, not by commas. Remove the comma.",
        )
    raise cursor.failure(
        "Missing newline after argument",
        "The value ends before this. The next argument, or the closing brace, must start on a new line.",
    )


# -- blocks --------------------------------------------------------------------------------------


def _parse_block(cursor: Cursor, blocks: list[Block]) -> None:
    """`type "label" { ... }`. The block is there whatever is wrong with it, with the body as far as read."""
    first = cursor.advance()
    type_span = cursor.token_span(first)
    attributes: dict[str, Attribute] = {}
    inner: list[Block] = []
    labels: list[Label] = []
    opening = cursor.at
    try:
        parse_labels(cursor, labels)
        opening = cursor.at
        header = type_span.to(labels[-1].span) if labels else type_span
        _parse_block_body(cursor, header, attributes, inner)
    finally:
        span = cursor.tokens_span(opening, max(opening, cursor.at - 1))
        body = NativeBody(attributes, tuple(inner), span)
        blocks.append(_make_block(cursor.token_text(first), type_span, labels, body))


def _make_block(block_type: str, type_span: Span, labels: list[Label], body: NativeBody) -> Block:
    spans = tuple([label.span for label in labels])
    header = type_span.to(spans[-1]) if spans else type_span
    return Block(block_type, tuple([label.text for label in labels]), body, header, type_span, spans)


def _parse_block_body(
    cursor: Cursor, header: Span, attributes: dict[str, Attribute], blocks: list[Block]
) -> None:
    """From the opening brace to just past the closing one."""
    cursor.depth += 1
    if cursor.depth > MAX_NESTING:
        raise cursor.failure(
            "Blocks nested too deeply", f"Blocks may stand in each other {MAX_NESTING} levels deep at most."
        )
    opening = cursor.advance()
    if cursor.kinds[cursor.at] in (NEWLINE, END):
        _parse_items(cursor, "}", attributes, blocks)
    elif cursor.kinds[cursor.at] != "}":
        _parse_single_argument(cursor, opening, header, attributes)
    cursor.depth -= 1
    if cursor.kinds[cursor.at] == "}":
        cursor.advance()
    elif not cursor.has_failed:
        raise _unclosed(cursor, opening, header)


def _unclosed(cursor: Cursor, opening: int, header: Span) -> type[SyntaxFailure]:
    return cursor.failure(
        "Unclosed configuration block",
        "The closing brace of this block is missing up to the end of the text. A brace further down may be "
        "wrong.",
        cursor.token_span(opening),
        header.to(cursor.token_span(opening)),
    )


def _parse_single_argument(
    cursor: Cursor, opening: int, header: Span, attributes: dict[str, Attribute]
) -> None:
    """The one argument of a block on one line, up to the closing brace."""
    following = cursor.kinds[cursor.at + 1] if cursor.kinds[cursor.at] == IDENTIFIER else None
    if following in _BLOCK_STARTS:
        raise _block_on_one_line(cursor)
    if following != "=":
        raise _nothing_defined(cursor)
    _parse_argument(cursor, attributes)
    match cursor.kinds[cursor.at]:
        case "}":
            return
        case ",":
            reason = "A block on one line holds one argument. Put each of several on a line of its own."
        case "newline":
            reason = (
                "The argument stands on the line of the opening brace, so the closing brace must stand there "
                "too. Or put the argument on a line of its own."
            )
        case "end":
            raise _unclosed(cursor, opening, header)
        case _:
            reason = "A block on one line holds one argument and ends with its closing brace right after it."
    raise cursor.failure("Invalid single-argument block definition", reason)


def _block_on_one_line(cursor: Cursor) -> type[SyntaxFailure]:
    name, following = cursor.token_text(cursor.at), cursor.at + 1
    end = cursor.starts[following] + 1 if cursor.kinds[following] == STRING else cursor.ends[following]
    return cursor.failure(
        "Argument definition required",
        f"A block on one line holds one argument. Put the block {name} on a line of its own, or, if {name} "
        "is an argument, write an equals sign after it.",
        cursor.span(cursor.starts[cursor.at], end),
    )


# -- going on after a mistake --------------------------------------------------------------------


def _skip_item(cursor: Cursor, start: int, closer: str) -> None:
    """Goes on to the end of the line on which all brackets opened since the token `start` are closed."""
    failed_at, open_brackets = cursor.at, list[str]()
    kinds = cursor.kinds
    for at in range(start, len(kinds)):
        kind = kinds[at]
        if kind in CLOSERS:
            open_brackets.append(CLOSERS[kind])
        elif open_brackets:
            if kind in CLOSING:
                _close_bracket(open_brackets, kind)
        elif at >= failed_at and (kind == closer or (kind == NEWLINE and kinds[at + 1] != "{")):
            cursor.at = cursor.skipped_to = at
            return
    cursor.at = len(kinds) - 1


def _close_bracket(open_brackets: list[str], closer: str) -> None:
    """Closes the innermost bracket. The end of a string or sequence closes what is open inside it too."""
    if open_brackets[-1] == closer:
        open_brackets.pop()
    elif closer in _TEMPLATE_CLOSERS and closer in open_brackets:
        while open_brackets.pop() != closer:
            pass
