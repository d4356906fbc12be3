"""Literals of source code that are not to be shown: what is given to a name that is one of a secret.

It knows no schemas: a name that ends as names of secrets do is taken for one, in any file of the language,
native or JSON. References stay, because they show no value.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

from mooring.core.spans import Source
from mooring.syntax.tokens import CLOSERS, CLOSING, IDENTIFIER, NEWLINE, STRING, TEXT, Tokens

MASK: Final = "(sensitive value)"
Part: TypeAlias = tuple[int, int]
_SECRET: Final = re.compile(
    r"(.*[_-])?(password|passwd|passphrase|secrets?|token|credentials?|pat|sas|client_certificate|conn_str"
    r"|connection_string|(private|access|account|api|primary|secondary|shared|ssl|storage)[_-]?keys?)",
    re.IGNORECASE,
)
_GIVEN: Final = re.compile(r"<value for var\.(?P<name>.*)>")
"""The path of a source that is all the value of a variable."""
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def secret_literals(source: Source, tokens: Tokens) -> tuple[Part, ...]:
    """Where literals of secrets are in a source, without their quotes and line endings; in order."""
    text = source.text
    variable = _GIVEN.fullmatch(source.path)
    if variable is not None and _is_secret(variable["name"]):
        return ((0, len(text)),)
    found: dict[Part, None] = {}
    for at in range(len(tokens.kinds) - 1):
        if tokens.kinds[at + 1] in {"=", ":"} and _names_secret(text, tokens, at):
            found.update(dict.fromkeys(_literals(text, tokens, at + 2)))
    return tuple(sorted(found))


def _names_secret(text: str, tokens: Tokens, at: int) -> bool:
    if tokens.kinds[at] not in {IDENTIFIER, STRING}:
        return False
    return _is_secret(text[tokens.starts[at] : tokens.ends[at]].strip('"'))


def _is_secret(name: str) -> bool:
    return _SECRET.fullmatch(_HUMP.sub("_", name)) is not None


def _literals(text: str, tokens: Tokens, at: int) -> Iterator[Part]:
    """The literals of the expression that begins at a token, which in JSON may stand on a later line."""
    depth = 0
    while tokens.kinds[at] == NEWLINE:
        at += 1
    for position in range(at, len(tokens.kinds)):
        kind = tokens.kinds[position]
        if depth == 0 and (kind in CLOSING or kind in {NEWLINE, ","}):
            return
        depth += (kind in CLOSERS) - (kind in CLOSING)
        start, end = _inside(text, kind, tokens.starts[position], tokens.ends[position])
        if start < end:
            yield start, end


def _inside(text: str, kind: str, start: int, end: int) -> Part:
    """What a token says literally; nothing if it is no literal."""
    if kind == STRING:
        return start + 1, end - 1
    return start, start + len(text[start:end].rstrip("\r\n")) if kind == TEXT else start


class Masked(NamedTuple):
    """A piece of a text with its secrets masked; `start` is where it begins in the text."""

    code: str
    start: int
    hidden: tuple[Part, ...]

    def offset(self, at: int, *, is_end: bool = False) -> int:
        """Where a place of the text is in the code: inside of a secret its beginning, or its end."""
        moved = at - self.start
        for first, last in self.hidden:
            if at >= last:
                moved += len(MASK) - (last - first)
            elif at > first:
                moved += first - at + (len(MASK) if is_end else 0)
        return min(moved, len(self.code))


def masked(text: str, start: int, end: int, secrets: Sequence[Part]) -> Masked:
    """The part of a text from `start` to `end`."""
    pieces, hidden, at = [], [], start
    for first, last in secrets[bisect_right(secrets, start, key=lambda part: part[1]) :]:
        if first >= end:
            break
        pieces += [text[at : max(first, at)], MASK]
        hidden.append((max(first, at), min(last, end)))
        at = min(last, end)
    return Masked("".join((*pieces, text[at:end])).removesuffix("\r"), start, tuple(hidden))
