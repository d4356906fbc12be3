"""A text as the pieces that its layout is made of: tokens, and the comments between them.

Joined with their spaces, the pieces are the text again, but for what stands in blank space.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mooring.core.spans import grapheme_count
from mooring.syntax.lexer import tokenize_text
from mooring.syntax.tokens import END, NEWLINE

COMMENT: Final = "comment"
"""`/* ... */`, which does not end its line."""
LINE_COMMENT: Final = "line comment"
"""`# ...` or `// ...`, with the end of its line."""

_COMMENT: Final = re.compile(r"/\*.*?\*/|(?:#|//)[^\n]*", re.DOTALL)


@dataclass(slots=True)
class Piece:
    """A token or comment, and how many spaces stand before it. Mutable; private to one formatting."""

    kind: str
    text: str
    spaces: int

    @property
    def width(self) -> int:
        """How many columns it takes, with the spaces before it."""
        return self.spaces + grapheme_count(self.text)


def pieces_of(text: str) -> list[Piece]:
    """The pieces of a valid text, with the spaces they have in it."""
    tokens = tokenize_text(text)
    pieces: list[Piece] = []
    at = 0
    for kind, start, end in zip(tokens.kinds, tokens.starts, tokens.ends, strict=True):
        spaces = start - at
        for comment in _COMMENT.finditer(text, at, start) if start - at > 1 else ():
            kind_of_comment = COMMENT if comment[0].startswith("/*") else LINE_COMMENT
            pieces.append(Piece(kind_of_comment, comment[0], comment.start() - at))
            at = comment.end()
            spaces = start - at
        pieces.append(Piece(_kind(kind, text, start), text[start:end], spaces))
        at = end
    return pieces


def _kind(kind: str, text: str, start: int) -> str:
    return LINE_COMMENT if kind == NEWLINE and text[start] in "#/" else kind


def lines_of(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """The pieces by lines; a heredoc or a comment of several lines does not end a line."""
    line: list[Piece] = []
    for piece in pieces:
        line.append(piece)
        if piece.kind in (NEWLINE, LINE_COMMENT, END):
            yield line
            line = []
