"""What to say of a character that the language has no use for.

Owns the wording; the lexer knows where such characters are.
"""

from __future__ import annotations

from typing import Final

_BITWISE: Final = "Bitwise operators do not exist in this language."
_PROBLEMS: Final = {
    "'": (
        "Invalid character",
        'Strings are written in double quotes ("), not in single quotes. Replace the single quotes.',
    ),
    "`": (
        "Invalid character",
        'Backticks mean nothing here. Text of several lines stands in a heredoc, which starts with "<<EOT".',
    ),
    ";": (
        "Invalid character",
        "Semicolons separate nothing here. Each argument and block stands on a line of its own.",
    ),
    "&": ("Unsupported operator", _BITWISE + ' Did you mean boolean AND ("&&")?'),
    "|": ("Unsupported operator", _BITWISE + ' Did you mean boolean OR ("||")?'),
    "~": ("Unsupported operator", _BITWISE + ' Did you mean boolean NOT ("!")?'),
    "^": ("Unsupported operator", _BITWISE),
    "\N{REPLACEMENT CHARACTER}": (
        "Invalid character encoding",
        "These bytes are not UTF-8, the encoding of every configuration file. Save the file as UTF-8.",
    ),
}
_TYPOGRAPHIC_QUOTES: Final = "\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019"


def problem_with(character: str) -> tuple[str, str]:
    """Summary and detail of the diagnostic about a character."""
    if character in _PROBLEMS:
        return _PROBLEMS[character]
    if character in _TYPOGRAPHIC_QUOTES:
        return (
            "Invalid character",
            f'The quotation mark {character} is a typographic one. Strings stand in straight quotes (").',
        )
    if character.isprintable():
        return "Invalid character", f"The character {character} has no meaning here. Remove it."
    detail = f"The invisible character U+{ord(character):04X} has no meaning here. Remove it."
    return "Invalid character", detail


def is_said_once(character: str) -> bool:
    """Whether one report for a file is enough, because the mistake is a habit rather than a slip."""
    return character in "'`;\N{REPLACEMENT CHARACTER}&|~^"
