"""Whether a space stands between two pieces of a line: the rules that `terraform fmt` shows."""

from __future__ import annotations

from typing import Final

from mooring.syntax.format_pieces import LINE_COMMENT, Piece
from mooring.syntax.tokens import (
    CLOSE_QUOTE,
    DIRECTIVE,
    END_HEREDOC,
    END_SEQUENCE,
    HEREDOC,
    IDENTIFIER,
    INTERPOLATION,
    NEWLINE,
    NUMBER,
    OPEN_QUOTE,
    TEXT,
)

_NEVER_AFTER: Final = frozenset((TEXT, OPEN_QUOTE, HEREDOC))
_NEVER_BEFORE: Final = frozenset((NEWLINE, TEXT, CLOSE_QUOTE, END_HEREDOC, INTERPOLATION, DIRECTIVE))
_TIGHT_AFTER: Final = frozenset((".", "::", "!", "(", "[", INTERPOLATION, DIRECTIVE))
_TIGHT_BEFORE: Final = frozenset((".", "::", ",", "...", ")", "]", END_SEQUENCE))
_INDEXED: Final = frozenset((IDENTIFIER, NUMBER, ")", "]", "}"))
"""What an opening square bracket follows without a space."""
_BEFORE_NEGATION: Final = frozenset("=([{,:?!-+*/%<>") | {"==", "!=", "<=", ">=", "&&", "||"}
"""What a minus follows that has no left operand."""
_APART_FROM_IN: Final = frozenset(("[", "]", END_SEQUENCE))


def needs_space(before: Piece | None, left: Piece, right: Piece) -> bool:
    """Whether a space belongs between `left` and `right`; `before` stands left of `left` on its line."""
    first, second = left.kind, right.kind
    if second == LINE_COMMENT:
        return True
    if first in _NEVER_AFTER or second in _NEVER_BEFORE:
        return False
    if first == "," or (second in _APART_FROM_IN and _is_in(before, left)):
        return second not in (",", "...")
    if first == "{" or second == "}":
        return not (first == "{" and second == "}")
    if second == "{":
        return first not in ("(", "[", "!") and not _is_negation(before, first)
    if first == "}" and second == END_SEQUENCE:
        return True
    if first in _TIGHT_AFTER or second in _TIGHT_BEFORE or _is_negation(before, first):
        return False
    if second == "(":
        return first != IDENTIFIER
    return not (second == "[" and first in _INDEXED)


def _is_in(before: Piece | None, left: Piece) -> bool:
    """Whether `left` is the `in` of a `for`."""
    return left.text == "in" and before is not None and before.kind == IDENTIFIER


def _is_negation(before: Piece | None, kind: str) -> bool:
    return kind == "-" and (before is None or before.kind in _BEFORE_NEGATION)
