"""The entry points: a file, a native text, an expression, a template.

Owns decoding, the choice of syntax by file name, and what surrounds a parse. Reads no files.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from mooring.core.diagnostics import Diagnostics
from mooring.core.spans import Source
from mooring.syntax.bodies import parse_file_body
from mooring.syntax.body import Body
from mooring.syntax.cursor import Cursor, Fragment
from mooring.syntax.expressions import parse_expression as parse_at_cursor
from mooring.syntax.fragments import parse_expression_fragment, parse_template_fragment
from mooring.syntax.lexer import tokenize_text
from mooring.syntax.nodes import Expression


def parse_file(path_to_show: str, data: bytes) -> tuple[Body, Diagnostics]:
    """The body of a configuration file, JSON if the path ends in `.json`.

    Whatever is wrong, there is a body: with everything that could be read.
    """
    try:
        text, undecodable = data.decode("utf-8"), False
    except UnicodeDecodeError:
        text, undecodable = data.decode("utf-8", "replace"), True
    source = Source(path_to_show, text)
    if path_to_show.endswith(".json"):
        from mooring.syntax.json_body import parse_json

        return parse_json(source)
    return parse_native(source, undecodable=undecodable)


def parse_native(source: Source, *, undecodable: bool = False) -> tuple[Body, Diagnostics]:
    """The body of a text in native syntax. `undecodable` says that U+FFFD stands for bytes not UTF-8."""
    with _collector_paused():
        tokens = tokenize_text(source.text, undecodable=undecodable)
        cursor = Cursor(Fragment(source, source.text), tokens, parse_at_cursor)
        body = parse_file_body(cursor)
    return body, tuple(cursor.diags)


def parse_expression(
    source: Source, start: int = 0, end: int | None = None
) -> tuple[Expression, Diagnostics]:
    """The expression that the text from `start` to `end` is; newlines do not end it.

    If there is an error the expression is an unknown literal.
    """
    return parse_expression_fragment(part_of(source, start, end))


def parse_template(source: Source, start: int = 0, end: int | None = None) -> tuple[Expression, Diagnostics]:
    """The template that the text from `start` to `end` is, as in a file for `templatefile`.

    If there is an error the expression is an unknown literal.
    """
    return parse_template_fragment(part_of(source, start, end))


def part_of(source: Source, start: int, end: int | None = None) -> Fragment:
    """The characters of a source from `start` to `end`."""
    if start == 0 and end is None:
        return Fragment(source, source.text)
    text = source.text[start:end]
    return Fragment(source, text, range(start, start + len(text) + 1))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keeps the garbage collector from walking a growing tree again and again."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
