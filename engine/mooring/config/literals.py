"""Values written as the language would have them in a file: text that evaluates to the same value again.

For files that people go on to edit: text of several lines is a heredoc, an identifier needs no quotes. Marks
do not count; whoever writes a file decides what may stand in it. Layout is left to the formatter.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mooring.config.names import is_identifier
from mooring.core.addresses import quote
from mooring.core.numbers import format_number
from mooring.core.values import Value

_WIDEST: Final = 80
_MARKER: Final = "EOT"
_WORDS: Final = frozenset({"true", "false", "null", "for"})
"""Identifiers that mean something else where the key of an object begins."""


def literal(value: Value) -> str:
    """A wholly known value as an expression; what is an object or long goes over several lines."""
    raw = value.raw
    if raw is None:
        return "null"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        return text_literal(raw)
    if isinstance(raw, tuple):
        return _sequence([literal(each) for each in raw])
    if isinstance(raw, dict):
        return object_literal((name, literal(each)) for name, each in raw.items())
    return format_number(value.number)


def text_literal(text: str) -> str:
    """A string: several lines as a heredoc, `chomp(...)` where the last one has no end."""
    if "\n" not in text.rstrip("\n") or not text.replace("\n", "").replace("\t", "").isprintable():
        return quote(text)
    marker = _MARKER
    while any(line.strip() == marker for line in text.split("\n")):
        marker += "_"
    body = text.replace("${", "$${").replace("%{", "%%{")
    if text.endswith("\n"):
        return f"<<{marker}\n{body}{marker}"
    return f"chomp(<<{marker}\n{body}\n{marker}\n)"


def object_literal(items: Iterable[tuple[str, str]]) -> str:
    """An object or a map, one line for each of its parts."""
    lines = "".join(f"{_key(name)} = {text}\n" for name, text in items)
    return f"{{\n{lines}}}" if lines else "{}"


def _key(name: str) -> str:
    return name if is_identifier(name) and name not in _WORDS else quote(name)


def _sequence(elements: list[str]) -> str:
    inline = f"[{', '.join(elements)}]"
    if "\n" not in inline and len(inline) <= _WIDEST:
        return inline
    return "[\n" + "".join(f"{_ended(each)},\n" for each in elements) + "]"


def _ended(element: str) -> str:
    """An element that a comma may follow: the last line of a heredoc stands alone."""
    return f"{element}\n" if element.startswith("<<") else element
