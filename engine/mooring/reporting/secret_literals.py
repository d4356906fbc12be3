"""Literals of source code that are not to be shown: what is given to a name that is one of a secret.

It knows no schemas: a name that ends as names of secrets do is taken for one, in any file of the language,
native or JSON. References stay, because they show no value.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Final, NamedTuple, TypeAlias

from mooring.core.spans import Source
from mooring.syntax.tokens import CLOSERS, CLOSING, IDENTIFIER, NEWLINE, STRING, TEXT, Tokens

MASK: Final = "(sensitive value)"
Part: TypeAlias = tuple[int, int]
_SECRET: Final = re.compile(
    r"(.*[_-])?(passw(or)?d|passphrase|passcode|pwd|secrets?|token|credentials?|pat|sas(_ur[il])?"
    r"|client_certificate|conn_str|connection_string|kube_?config|sensitive_body"
    r"|(access|account|admin|api|client|encryption|instrumentation|master|primary|private|secondary|secret"
    r"|shared|signing|ssl|storage|subscription)[_-]?keys?)(_value|_wo)?",
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
    has_json_names = source.path.endswith(".json")
    found: list[Part] = []
    known = 0
    for start in _values_of_secrets(text, tokens):
        if start >= known:  # else it is inside of the value before
            known = _end_of_expression(tokens, start)
            found += _literals(text, tokens, range(start, known), has_json_names=has_json_names)
    return tuple(found)


def _values_of_secrets(text: str, tokens: Tokens) -> Iterator[int]:
    """The first token of everything that is given to the name of a secret, in JSON maybe on a later line.

    What a variable with such a name has as default is given to it too.
    """
    is_secret_variable = False
    for at, following in enumerate(tokens.kinds[1:]):
        if following in {"=", ":"}:
            name = _name(text, tokens, at)
            if _is_secret(name) or (is_secret_variable and name == "default"):
                yield next(start for start in count(at + 2) if tokens.kinds[start] != NEWLINE)
        elif following == "{" and at and tokens.kinds[at - 1] in {IDENTIFIER, STRING}:
            is_secret_variable = _name(text, tokens, at - 1) == "variable" and _is_secret(
                _name(text, tokens, at)
            )


def _name(text: str, tokens: Tokens, at: int) -> str:
    """The name that a token is, quoted or not; empty if it is none."""
    is_name = tokens.kinds[at] in {IDENTIFIER, STRING}
    return text[tokens.starts[at] : tokens.ends[at]].strip('"') if is_name else ""


def _is_secret(name: str) -> bool:
    return _SECRET.fullmatch(_HUMP.sub("_", name)) is not None


def _end_of_expression(tokens: Tokens, start: int) -> int:
    """The token behind the expression that begins at a token."""
    depth = 0
    for at in range(start, len(tokens.kinds)):
        kind = tokens.kinds[at]
        if depth == 0 and (kind in CLOSING or kind in {NEWLINE, ","}):
            return at
        depth += (kind in CLOSERS) - (kind in CLOSING)
    return len(tokens.kinds)


def _literals(text: str, tokens: Tokens, expression: range, *, has_json_names: bool) -> Iterator[Part]:
    """The literals of an expression, without the names of the properties of JSON."""
    for at in expression:
        if has_json_names and tokens.kinds[at + 1 : at + 2] == [":"]:
            continue
        start, end = _inside(text, tokens.kinds[at], tokens.starts[at], tokens.ends[at])
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
