"""The inside of JSON strings: what the escapes stand for, and where each decoded character stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from mooring.core.text import composed

_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})(?:\\u([dD][c-fC-F][0-9a-fA-F]{2}))?|(.))", re.DOTALL)
_SIMPLE_ESCAPES: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_NO_CHARACTER: Final = "\N{REPLACEMENT CHARACTER}"


def decode_json_string(escaped: str) -> str:
    """The characters that the inside of a JSON string stands for."""
    decoded = _ESCAPE.sub(_decode_escape, escaped) if "\\" in escaped else escaped
    return composed(decoded)


def _decode_escape(match: re.Match[str]) -> str:
    high, low, simple = match.groups()
    if simple is not None:
        return _SIMPLE_ESCAPES.get(simple, simple)
    code_point = int(high, 16)
    if low is not None and 0xD800 <= code_point <= 0xDBFF:
        return chr(0x10000 + (code_point - 0xD800) * 0x400 + int(low, 16) - 0xDC00)
    first = _NO_CHARACTER if 0xD800 <= code_point <= 0xDFFF else chr(code_point)
    return first if low is None else first + _NO_CHARACTER


def decoded_offsets(escaped: str, start: int) -> Sequence[int]:
    """Where each character of the decoded string stands, and its end, if its inside starts at `start`."""
    if "\\" not in escaped:
        return range(start, start + len(escaped) + 1)
    offsets: list[int] = []
    at = 0
    for match in _ESCAPE.finditer(escaped):
        offsets.extend(range(start + at, start + match.start()))
        offsets.extend([start + match.start()] * len(_decode_escape(match)))
        at = match.end()
    offsets.extend(range(start + at, start + len(escaped) + 1))
    return offsets
