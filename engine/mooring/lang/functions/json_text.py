"""Values to and from JSON text, with Terraform's escapes: `<`, `>`, `&` and the line separators too."""

from __future__ import annotations

import json
import math
import re
from typing import Final

from mooring.core.codec import Json, implied
from mooring.core.numbers import Number, format_number, parse_number
from mooring.core.values import Value
from mooring.lang.functions.model import CallError

_ESCAPED: Final = re.compile("[<>&\u2028\u2029]")


def write_json(value: Value) -> str:
    """The JSON of a known value; marks are left out. Raises `CallError` for infinity."""
    raw = value.raw
    if raw is None:
        return "null"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        return quote_json(raw)
    if isinstance(raw, tuple):
        return "[" + ",".join([write_json(each) for each in raw]) + "]"
    if isinstance(raw, dict):
        return "{" + ",".join([f"{quote_json(key)}:{write_json(each)}" for key, each in raw.items()]) + "}"
    if isinstance(raw, float) and math.isinf(raw):
        raise CallError("infinity has no JSON form")
    return format_number(value.number)


def quote_json(text: str) -> str:
    """A string as a JSON literal."""
    return _ESCAPED.sub(_escape, json.dumps(text, ensure_ascii=False))


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


# -- reading -------------------------------------------------------------------------------------

_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def read_json(text: str) -> Value:
    """The value that a JSON text stands for. Raises `CallError`."""
    try:
        parsed: Json = json.loads(
            text.strip(" \t\r\n"),
            parse_float=_number,
            parse_int=_number,
            parse_constant=_not_json,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as problem:
        where = f"line {problem.lineno}, column {problem.colno}"
        raise CallError(f"it is not JSON: {problem.msg} at {where}") from problem
    except RecursionError as problem:
        raise CallError("it is nested too deeply") from problem
    return implied(_well_formed(parsed))


def _number(text: str) -> Number:
    read = parse_number(text)
    assert read is not None
    return read


def _not_json(text: str) -> Json:
    raise CallError(f"it is not JSON: {text} is no value there")


def _object(pairs: list[tuple[str, Json]]) -> Json:
    return dict(pairs)


def _well_formed(of: Json) -> Json:
    """Halves of surrogate pairs stand for no character: they become U+FFFD."""
    if isinstance(of, str):
        return of if of.isascii() else _SURROGATE.sub("\ufffd", of)
    if isinstance(of, dict):
        return {str(_well_formed(key)): _well_formed(each) for key, each in of.items()}
    return [_well_formed(each) for each in of] if isinstance(of, list) else of
