"""Literal text: escapes, Unicode normalisation, and the indentation that `<<-` takes away."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from mooring.core.text import composed

_SIMPLE_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_QUOTED_ESCAPE: Final = re.compile(r"\\(?:u[0-9A-Fa-f]{0,4}|U[0-9A-Fa-f]{0,8}|.)|\$\$\{|%%\{", re.DOTALL)
_TEMPLATE_ESCAPE: Final = re.compile(r"\$\$\{|%%\{")

ReportEscape = Callable[[str, int, int], None]
"""Takes what is wrong and where the escape starts and ends in the text."""


def decode_quoted(text: str, report: ReportEscape) -> str:
    """The characters that quoted text stands for; an invalid escape is reported and left as written."""

    def decode(match: re.Match[str]) -> str:
        escape = match[0]
        if escape[0] != "\\":
            return escape[1:]
        if escape[1] in _SIMPLE_ESCAPES:
            return _SIMPLE_ESCAPES[escape[1]]
        if escape[1] in "uU":
            return _decode_code_point(match, report)
        problem = f"\\{escape[1]} is not an escape. A backslash itself is written as two of them (\\\\)."
        report(problem, *match.span())
        return escape

    if "\\" not in text and "{" not in text:
        return composed(text)
    return composed(_QUOTED_ESCAPE.sub(decode, text))


def _decode_code_point(match: re.Match[str], report: ReportEscape) -> str:
    escape = match[0]
    digits = 4 if escape[1] == "u" else 8
    if len(escape) != digits + 2:
        report(f"\\{escape[1]} must be followed by {digits} hexadecimal digits.", *match.span())
        return escape
    code_point = int(f"0x{escape[2:]}", 16)
    if code_point > 0x10FFFF or 0xD800 <= code_point <= 0xDFFF:
        report(f"There is no character U+{escape[2:]}.", *match.span())
        return escape
    return chr(code_point)


def decode_unquoted(text: str) -> str:
    """The characters that the text of a heredoc or template file stands for: backslashes are themselves."""
    if "{" not in text:
        return composed(text)
    return composed(_TEMPLATE_ESCAPE.sub(lambda match: match[0][1:], text))


def without_indentation(pieces: list[str | None]) -> list[str | None]:
    """The lines of a `<<-` heredoc with the indentation they share taken away.

    A piece is a line's text, or what stands of it before or after a template sequence; None is a sequence.
    A sequence at the start of a line means no indentation. Lines of blanks alone do not count and stay.
    """
    starts_line = [at == 0 or (pieces[at - 1] or "").endswith("\n") for at in range(len(pieces))]
    first_pieces = [piece or "" for piece, is_first in zip(pieces, starts_line, strict=True) if is_first]
    depths = [_indentation(piece) for piece in first_pieces if not _is_blank_line(piece)]
    depth = min(depths, default=0)
    return [
        piece[depth:] if is_first and piece and not _is_blank_line(piece) else piece
        for piece, is_first in zip(pieces, starts_line, strict=True)
    ]


def _indentation(text: str) -> int:
    return len(text) - len(text.lstrip())


def _is_blank_line(text: str) -> bool:
    return text.endswith("\n") and text.isspace()
