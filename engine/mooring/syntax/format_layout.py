"""Where everything goes: indentation by brackets, one space or none between pieces, columns of `=` and `#`.

The rules are those that `terraform fmt` shows; tests/conformance/test_format.py holds the cases. Layout never
moves anything to another line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise, takewhile
from typing import Final

from mooring.syntax.format_pieces import COMMENT, LINE_COMMENT, Piece, lines_of
from mooring.syntax.format_spacing import needs_space
from mooring.syntax.tokens import (
    DIRECTIVE,
    END,
    END_SEQUENCE,
    HEREDOC,
    INTERPOLATION,
    NEWLINE,
)

_INDENTATION: Final = 2
_OPENERS: Final = frozenset(("(", "[", "{", INTERPOLATION, DIRECTIVE))
_CLOSERS: Final = frozenset((")", "]", "}", END_SEQUENCE))

Line = list[Piece]


def lay_out(pieces: list[Piece]) -> str:
    """The text of the pieces in canonical layout. Changes their spaces."""
    lines = list(lines_of(pieces))
    _indent(lines)
    for line in lines:
        _space(line)
    _align(lines, _assignment)
    _align(lines, _trailing_comment)
    return "".join(" " * piece.spaces + piece.text for piece in pieces)


# -- indentation -----------------------------------------------------------------------------------


def _indent(lines: Iterable[Line]) -> None:
    """Each line by the brackets open before it. Blank space before the end of the text stays."""
    open_brackets: list[int] = []
    for line in lines:
        before_heredoc = takewhile(lambda piece: piece.kind != HEREDOC, line[: _assignment(line)])
        depth = _take_brackets(open_brackets, sum(map(_nesting, before_heredoc)))
        if line[0].kind != END:
            line[0].spaces = 0 if line[0].kind == NEWLINE else _INDENTATION * depth


def _nesting(piece: Piece) -> int:
    return (piece.kind in _OPENERS) - (piece.kind in _CLOSERS)


def _take_brackets(open_brackets: list[int], nesting: int) -> int:
    """Keeps how many brackets each line left open; the depth of the line that has this balance."""
    if nesting > 0:
        open_brackets.append(nesting)
        return len(open_brackets) - 1
    closed = -nesting
    while closed > 0 and open_brackets:
        taken = min(closed, open_brackets[-1])
        open_brackets[-1] -= taken
        closed -= taken
        if open_brackets[-1] == 0:
            open_brackets.pop()
    return len(open_brackets)


# -- spaces ----------------------------------------------------------------------------------------


def _space(line: Line) -> None:
    """One space or none before each piece but the first; what stands before the end of the text stays."""
    before = None
    for left, right in pairwise(line):
        if right.kind != END:
            right.spaces = int(needs_space(before, left, right))
        before = left


# -- columns ---------------------------------------------------------------------------------------


def _align(lines: Iterable[Line], find: Callable[[Line], int | None]) -> None:
    """Puts the pieces that `find` finds into one column, in each run of lines that have one."""
    run: list[tuple[int, Piece]] = []
    for line in lines:
        at = find(line)
        if at is None:
            _align_run(run)
            run = []
        else:
            run.append((sum(piece.width for piece in line[:at]), line[at]))
    _align_run(run)


def _align_run(run: list[tuple[int, Piece]]) -> None:
    column = max((width for width, _ in run), default=0) + 1
    for width, piece in run:
        piece.spaces = column - width


def _assignment(line: Line) -> int | None:
    """The first `=` of a line, if all that it assigns stands on the line."""
    at = next((at for at, piece in enumerate(line) if piece.kind == "=" and at > 0), None)
    return at if at is not None and sum(map(_nesting, line[at:])) == 0 else None


def _trailing_comment(line: Line) -> int | None:
    """The comment that ends a line on which something else stands."""
    last = len(line) - 1
    if line[last].kind == END and line[last - 1].kind == COMMENT:
        last -= 1
    return last if last > 0 and line[last].kind in (COMMENT, LINE_COMMENT) else None
