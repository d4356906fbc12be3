"""Templates: quoted strings, heredocs and template files.

Owns text, `${...}` and the inside of `%{...}`; which directive belongs to which is worked out in
directives.py. Strip markers and indentation work on tokens, so in a heredoc on one line at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from mooring.core.spans import Span
from mooring.core.suggest import suggest
from mooring.core.values import string
from mooring.syntax.cursor import Cursor, SyntaxFailure
from mooring.syntax.directives import Directive, Piece, build_parts
from mooring.syntax.nodes import Expression, Literal, Template, TemplateText, TemplateWrap
from mooring.syntax.strings import decode_quoted, decode_unquoted, without_indentation
from mooring.syntax.tokens import (
    CLOSE_QUOTE,
    DIRECTIVE,
    END,
    END_HEREDOC,
    END_SEQUENCE,
    IDENTIFIER,
    INTERPOLATION,
    OPEN_QUOTE,
    STRING,
    TEXT,
)

_KEYWORDS = ("if", "else", "endif", "for", "endfor")


def parse_string(cursor: Cursor) -> Literal:
    """A quoted string without sequences, which is a single token."""
    token = cursor.advance()
    start, end = cursor.starts[token], cursor.ends[token]
    text = decode_quoted(cursor.text[start + 1 : end - 1], partial(_report_escape, cursor, start + 1))
    return Literal(string(text), cursor.span(start, end), quoted=True)


def _report_escape(cursor: Cursor, offset: int, problem: str, start: int, end: int) -> None:
    cursor.report("Invalid escape sequence", problem, cursor.span(offset + start, offset + end))


def parse_quoted(cursor: Cursor) -> Expression:
    """A quoted template with sequences; the cursor is on the opening quote."""
    opening = cursor.advance()
    pieces = _parse_pieces(cursor, CLOSE_QUOTE, partial(decode_quoted_token, cursor))
    closing = cursor.advance()
    span = cursor.tokens_span(opening, closing)
    return _assemble(cursor, pieces, span, cursor.token_span(closing))


def parse_heredoc(cursor: Cursor) -> Expression:
    """A heredoc; the cursor is on `<<EOT`."""
    opening = cursor.advance()
    pieces = _parse_pieces(cursor, END_HEREDOC, partial(_decode_unquoted, cursor))
    closing = cursor.advance()
    if cursor.text.startswith("<<-", cursor.starts[opening]):
        pieces = _without_indentation(pieces)
    span = cursor.tokens_span(opening, closing)
    return _assemble(cursor, pieces, span, cursor.token_span(closing))


def parse_bare_template(cursor: Cursor) -> Expression:
    """A whole text that is a template, without quotes around it."""
    pieces = _parse_pieces(cursor, END, partial(_decode_unquoted, cursor))
    return _assemble(cursor, pieces, cursor.span(0, len(cursor.text)), cursor.token_span(cursor.at))


# -- pieces --------------------------------------------------------------------------------------


def _parse_pieces(cursor: Cursor, closer: str, decode: Callable[[int], str]) -> list[Piece]:
    """Everything up to the token that closes the template, on which the cursor is left."""
    pieces: list[Piece] = []
    strips_next = False
    while (kind := cursor.kinds[cursor.at]) != closer:
        if kind == TEXT:
            token = cursor.advance()
            text = decode(token)
            pieces.append(TemplateText(text.lstrip() if strips_next else text, cursor.token_span(token)))
            strips_next = False
        elif kind in (INTERPOLATION, DIRECTIVE):
            if cursor.text[cursor.ends[cursor.at] - 1] == "~" and pieces:
                pieces[-1] = _right_stripped(pieces[-1])
            pieces.append(_parse_interpolation(cursor) if kind == INTERPOLATION else _parse_directive(cursor))
            strips_next = cursor.text[cursor.starts[cursor.at - 1]] == "~"
        else:
            raise _unterminated(cursor)
    return pieces


def _right_stripped(piece: Piece) -> Piece:
    return TemplateText(piece.text.rstrip(), piece.span) if isinstance(piece, TemplateText) else piece


def decode_quoted_token(cursor: Cursor, token: int) -> str:
    """The characters of a token of quoted text; invalid escapes are reported."""
    return decode_quoted(cursor.token_text(token), partial(_report_escape, cursor, cursor.starts[token]))


def _decode_unquoted(cursor: Cursor, token: int) -> str:
    return decode_unquoted(cursor.token_text(token))


def _unterminated(cursor: Cursor) -> type[SyntaxFailure]:
    return cursor.failure(
        "Unterminated template string",
        "The string that was opened before does not end. Close it with a double quote; a heredoc ends with "
        "its marker alone on a line.",
    )


def _without_indentation(pieces: Sequence[Piece]) -> list[Piece]:
    texts = without_indentation([piece.text if isinstance(piece, TemplateText) else None for piece in pieces])
    return [
        TemplateText(text, piece.span) if isinstance(piece, TemplateText) and text is not None else piece
        for piece, text in zip(pieces, texts, strict=True)
    ]


def _assemble(cursor: Cursor, pieces: Sequence[Piece], span: Span, closing: Span) -> Expression:
    """The expression of these pieces; `closing` is where the template ends."""
    if len(pieces) == 1 and not isinstance(pieces[0], TemplateText | Directive):
        return TemplateWrap(pieces[0], span)
    if all(isinstance(piece, TemplateText) for piece in pieces):
        text = "".join(piece.text for piece in pieces if isinstance(piece, TemplateText))
        return Literal(string(text), span, quoted=True)
    return Template(build_parts(cursor, pieces, closing), span)


# -- sequences -----------------------------------------------------------------------------------


def _parse_interpolation(cursor: Cursor) -> Expression:
    """`${expression}`; the cursor is on its start."""
    opening = cursor.at
    outside = cursor.enter(skips_newlines=True)
    expression = cursor.parse_expression(cursor)
    if cursor.kinds[cursor.at] != END_SEQUENCE:
        raise _interpolation_goes_on(cursor, opening)
    cursor.leave(outside)
    return expression


def _interpolation_goes_on(cursor: Cursor, opening: int) -> type[SyntaxFailure]:
    kind = cursor.kinds[cursor.at]
    if kind in (END, OPEN_QUOTE, CLOSE_QUOTE, STRING):
        return cursor.failure(
            "Unclosed template interpolation sequence",
            "The closing brace of this ${ sequence is missing before the string ends. Another bracket inside "
            "may be wrong.",
            cursor.token_span(opening),
        )
    hint = ""
    if kind == ":":
        hint = " To have ${ in the text itself, write $${."
    return cursor.failure(
        "Extra characters after interpolation expression",
        f"The expression ends before this, so a closing brace should stand here.{hint}",
        context=cursor.tokens_span(opening, cursor.at),
    )


def _parse_directive(cursor: Cursor) -> Directive:
    """`%{keyword ...}`; the cursor is on its start."""
    opening = cursor.at
    outside = cursor.enter(skips_newlines=True)
    keyword = _parse_keyword(cursor)
    names: tuple[str | None, str] = None, ""
    expression = None
    if keyword == "for":
        names = _parse_for_names(cursor)
        expression = cursor.parse_expression(cursor)
    elif keyword == "if":
        expression = cursor.parse_expression(cursor)
    if cursor.kinds[cursor.at] != END_SEQUENCE:
        raise cursor.failure(
            f"Extra characters in {keyword} marker",
            f"This %{{ {keyword} }} directive ends before this, so a closing brace should stand here.",
            context=cursor.tokens_span(opening, cursor.at),
        )
    closing = cursor.leave(outside)
    return Directive(keyword, *names, expression, cursor.tokens_span(opening, closing))


def _parse_keyword(cursor: Cursor) -> str:
    if cursor.kinds[cursor.at] != IDENTIFIER:
        raise cursor.failure(
            "Invalid template directive", "A %{ sequence starts with if, else, endif, for or endfor."
        )
    keyword = cursor.token_text(cursor.at)
    if keyword not in _KEYWORDS:
        meant = suggest(keyword, _KEYWORDS)
        hint = f' Did you mean "{meant}"?' if meant else ""
        raise cursor.failure(
            "Invalid template control keyword",
            f'A %{{ sequence starts with if, else, endif, for or endfor, not with "{keyword}".{hint}',
        )
    cursor.advance()
    return keyword


def _parse_for_names(cursor: Cursor) -> tuple[str | None, str]:
    """From the first name to the keyword `in`."""
    key_name, value_name = None, _parse_variable(cursor, "after 'for'")
    if cursor.kinds[cursor.at] == ",":
        cursor.advance()
        key_name, value_name = value_name, _parse_variable(cursor, "after the comma")
    if cursor.kinds[cursor.at] != IDENTIFIER or not cursor.is_word("in"):
        raise cursor.failure(
            "Invalid 'for' directive", "After its names a 'for' directive needs the keyword 'in'."
        )
    cursor.advance()
    return key_name, value_name


def _parse_variable(cursor: Cursor, where: str) -> str:
    if cursor.kinds[cursor.at] != IDENTIFIER:
        raise cursor.failure(
            "Invalid 'for' directive", f"A 'for' directive needs the name of a variable {where}."
        )
    return cursor.token_text(cursor.advance())
