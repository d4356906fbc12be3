"""Tokens: what the lexer hands to the parser, kept as three parallel lists.

A configuration of 10,000 blocks has 200,000 tokens; three appends cost a third of an object each. The kind
of an operator or bracket is its own text; the other kinds are the constants below.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from mooring.core.records import record

NEWLINE: Final = "newline"
IDENTIFIER: Final = "identifier"
NUMBER: Final = "number"
STRING: Final = "string"
"""A whole quoted string on one line without template sequences, quotes included."""
OPEN_QUOTE: Final = "open quote"
CLOSE_QUOTE: Final = "close quote"
HEREDOC: Final = "heredoc"
"""`<<EOT` or `<<-EOT` and the end of that line."""
END_HEREDOC: Final = "end of heredoc"
TEXT: Final = "text"
"""Literal text inside a template, escapes not decoded; in heredocs one token for each line."""
INTERPOLATION: Final = "interpolation"
"""`${` or `${~`."""
DIRECTIVE: Final = "directive"
"""`%{` or `%{~`."""
END_SEQUENCE: Final = "end of sequence"
"""`}` or `~}` of a template sequence."""
BROKEN: Final = "broken"
"""A line ending inside a quoted string, reported by the lexer."""
BAD: Final = "bad"
"""A character that has no place in the language, reported by the lexer."""
END: Final = "end"

CLOSERS: Final = {
    "(": ")",
    "[": "]",
    "{": "}",
    OPEN_QUOTE: CLOSE_QUOTE,
    HEREDOC: END_HEREDOC,
    INTERPOLATION: END_SEQUENCE,
    DIRECTIVE: END_SEQUENCE,
}
"""What closes what; all of them are balanced in a well-formed file."""
CLOSING: Final = frozenset(CLOSERS.values())


class Problem(NamedTuple):
    """What the lexer found wrong with the characters from `start` to `end`."""

    summary: str
    detail: str
    start: int
    end: int


@record(eq=False)
class Tokens:
    """The tokens of a text: kind, start and end of each; the last one is `END`."""

    kinds: list[str]
    starts: list[int]
    ends: list[int]
    problems: list[Problem]
