"""CSV text to values, as strict as RFC 4180: a quotation mark in a field that is not quoted is an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mooring.core.text import composed
from mooring.core.types import STRING, ObjectType
from mooring.core.values import Value, list_value, string
from mooring.lang.functions.model import CallError

_QUOTE: Final = '"'


def read_csv(text: str) -> Value:
    """A list of objects, one a row, with the first row's fields as attribute names. Raises `CallError`."""
    rows = _rows(text.replace("\r\n", "\n"))
    header = next(rows, None)
    if header is None:
        raise CallError("there is no header line")
    _, names = header
    repeated = next((name for at, name in enumerate(names) if name in names[:at]), None)
    if repeated is not None:
        raise CallError(f'there are two columns named "{repeated}"')
    kind = ObjectType(dict.fromkeys(sorted(names), STRING))
    elements: list[Value] = []
    for line, fields in rows:
        if len(fields) != len(names):
            raise CallError(f"line {line} has {len(fields)} fields, but there are {len(names)} columns")
        named = dict(zip(names, map(string, fields), strict=True))
        elements.append(Value(kind, {name: named[name] for name in sorted(named)}))
    return list_value(kind, elements)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows with their line numbers; empty lines are no rows."""
    at, line = 0, 1
    while at < len(text):
        if text[at] == "\n":
            at, line = at + 1, line + 1
            continue
        fields, end = _row(text, at, line)
        yield line, fields
        line += text.count("\n", at, end)
        at = end


def _row(text: str, at: int, line: int) -> tuple[list[str], int]:
    """The fields of the row that begins at a position, and where the next row begins."""
    fields: list[str] = []
    while True:
        if text.startswith(_QUOTE, at):
            field, at = _quoted_field(text, at + 1, line)
        else:
            field, at = _plain_field(text, at, line)
        fields.append(composed(field))
        if not text.startswith(",", at):
            return fields, at + 1
        at += 1


def _plain_field(text: str, at: int, line: int) -> tuple[str, int]:
    newline = text.find("\n", at)
    line_end = newline if newline >= 0 else len(text)
    comma = text.find(",", at, line_end)
    end = comma if comma >= 0 else line_end
    field = text[at:end]
    if _QUOTE in field:
        raise CallError(f"line {line} has a quotation mark in a field that is not quoted")
    return field.removesuffix("\r") if end == len(text) else field, end


def _quoted_field(text: str, at: int, line: int) -> tuple[str, int]:
    pieces: list[str] = []
    while True:
        end = text.find(_QUOTE, at)
        if end < 0:
            raise CallError(f"a quoted field that begins on line {line} has no closing quotation mark")
        pieces.append(text[at:end])
        at = end + 1
        if text.startswith(_QUOTE, at):
            pieces.append(_QUOTE)
            at += 1
        elif at == len(text) or text[at] in ",\n":
            return "".join(pieces), at
        else:
            raise CallError(f"line {line} has text after the closing quotation mark of a field")
