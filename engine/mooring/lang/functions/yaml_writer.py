"""Values as YAML text, laid out as Terraform does: quoted strings, literal blocks, folding at 80 columns."""

from __future__ import annotations

import re
from typing import Final

from mooring.core.numbers import format_number
from mooring.core.values import Value

_WIDTH: Final = 80
_LONGEST_SIMPLE_KEY: Final = 128
_UNPRINTABLE: Final = re.compile("[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
_SPACE_BEFORE_BREAK: Final = re.compile(r" (?:\n|\Z)")
_ESCAPES: Final = {
    "\0": "0",
    "\a": "a",
    "\b": "b",
    "\t": "t",
    "\n": "n",
    "\v": "v",
    "\f": "f",
    "\r": "r",
    "\x1b": "e",
    '"': '"',
    "\\": "\\",
    "\x85": "N",
    "\u2028": "L",
    "\u2029": "P",
}


def write_yaml(value: Value) -> str:
    """A document with one known value; marks are left out. A plain scalar is followed by `...`."""
    raw = value.raw
    if isinstance(raw, str):
        return _scalar_text(raw, indent=2, column=0) + "\n"
    if isinstance(raw, tuple | dict) and raw:
        return "\n".join(_block(value, 0)) + "\n"
    flow = _flow(value)
    return flow + ("\n" if isinstance(raw, tuple | dict) else "\n...\n")


def _flow(value: Value) -> str:
    """Anything that stands on one line and is no string."""
    raw = value.raw
    if raw is None:
        return "null"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, tuple):
        return "[]"
    return "{}" if isinstance(raw, dict) else format_number(value.number)


def _block(value: Value, indent: int) -> list[str]:
    """The lines of a sequence or mapping that is not empty, at an indentation."""
    raw = value.raw
    pad = " " * indent
    lines: list[str] = []
    if isinstance(raw, tuple):
        for each in raw:
            lines += _after_marker(pad + "- ", each, indent)
    elif isinstance(raw, dict):
        for key, each in raw.items():
            lines += _entry(pad, key, each, indent)
    return lines


def _after_marker(marker: str, value: Value, indent: int) -> list[str]:
    """A value after `- `, `? ` or `: `: a block begins on the same line, two columns to the right."""
    raw = value.raw
    if isinstance(raw, tuple | dict) and raw:
        first, *rest = _block(value, indent + 2)
        return [marker + first[indent + 2 :], *rest]
    return (marker + _scalar(value, indent + 2, len(marker))).split("\n")


def _entry(pad: str, key: str, value: Value, indent: int) -> list[str]:
    raw = value.raw
    quoted = _quote(key, indent=None)
    if "\n" in key or len(key) > _LONGEST_SIMPLE_KEY:
        marked = (f"{pad}? " + _scalar_text(key, indent=indent + 2, column=indent + 2)).split("\n")
        return [*marked, *_after_marker(f"{pad}: ", value, indent)]
    opening = f"{pad}{quoted}:"
    if isinstance(raw, tuple | dict) and raw:
        return [opening, *_block(value, indent if isinstance(raw, tuple) else indent + 2)]
    return f"{opening} {_scalar(value, indent + 2, len(opening) + 1)}".split("\n")


# -- scalars -------------------------------------------------------------------------------------


def _scalar(value: Value, indent: int, column: int) -> str:
    raw = value.raw
    return _scalar_text(raw, indent=indent, column=column) if isinstance(raw, str) else _flow(value)


def _scalar_text(text: str, *, indent: int, column: int) -> str:
    if "\n" in text and not _UNPRINTABLE.search(text) and not _SPACE_BEFORE_BREAK.search(text):
        return _literal(text, indent)
    return _quote(text, indent=indent, column=column)


def _literal(text: str, indent: int) -> str:
    hint = "2" if text[0] in " \n" else ""
    if not text.endswith("\n"):
        hint += "-"
    elif len(text) == 1 or text[-2] == "\n":
        hint += "+"
    pad = " " * indent
    body = text.removesuffix("\n")
    lines = [pad + line if line else "" for line in body.split("\n")]
    return "|" + hint + "\n" + "\n".join(lines)


def _quote(text: str, *, indent: int | None, column: int = 0) -> str:
    """A quoted string, folded at spaces past the width unless `indent` is None."""
    pieces = ['"']
    column += 1
    after_space = False
    for at, character in enumerate(text):
        if character != " ":
            written = _escape(character)
            pieces.append(written)
            column += len(written)
            after_space = False
        elif indent is not None and not after_space and column > _WIDTH and 0 < at < len(text) - 1:
            pieces.append("\n" + " " * indent + ("\\" if text[at + 1] == " " else ""))
            column = indent + (text[at + 1] == " ")
            after_space = True
        else:
            pieces.append(" ")
            column += 1
            after_space = True
    return "".join(pieces) + '"'


def _escape(character: str) -> str:
    short = _ESCAPES.get(character)
    if short is not None:
        return "\\" + short
    if not _UNPRINTABLE.match(character):
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"
