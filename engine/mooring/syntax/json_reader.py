"""JSON text to a tree with spans.

Owns JSON's grammar and what is said of text that is not JSON. Knows nothing of configuration. The reader of
the standard library keeps neither positions nor repeated names, both of which configuration needs. It stops
at the first mistake, because nothing after it can be trusted; what was read up to there is kept.
"""

from __future__ import annotations

import re
from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.numbers import Number, parse_number
from mooring.core.records import record
from mooring.core.spans import Source, Span
from mooring.core.suggest import suggest
from mooring.syntax.cursor import MAX_NESTING
from mooring.syntax.json_strings import decode_json_string


@record(eq=False)
class JsonString:
    """A string; `span` covers the quotes. `text` has the escapes decoded and is in normal form C."""

    text: str
    span: Span


@record(eq=False)
class JsonNumber:
    """A number, exact."""

    number: Number
    span: Span


@record(eq=False)
class JsonKeyword:
    """`true`, `false` or `null`."""

    value: bool | None
    span: Span


@record(eq=False)
class JsonArray:
    """An array. `closing` is empty where it was broken off by a mistake."""

    items: tuple[JsonValue, ...]
    span: Span
    opening: Span
    closing: Span


@record(eq=False)
class JsonObject:
    """An object, repeated names included. `closing` is empty where it was broken off by a mistake."""

    members: tuple[JsonMember, ...]
    span: Span
    opening: Span
    closing: Span


JsonValue = JsonString | JsonNumber | JsonKeyword | JsonArray | JsonObject


@record(eq=False)
class JsonMember:
    """`"name": value`."""

    name: JsonString
    value: JsonValue

    @property
    def span(self) -> Span:
        """Name and value."""
        return self.name.span.to(self.value.span)


_BLANK: Final = re.compile(r"[ \t\r\n]*+")
_STRING: Final = re.compile(r'"((?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+)(")?')
_NUMBER_LIKE: Final = re.compile(r"[-+.0-9][-+.0-9eE]*+")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?")
_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*+")
_KEYWORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_MAX_DIGITS: Final = 4000


def read_json(source: Source) -> tuple[JsonValue | None, Diagnostics]:
    """The value that a text is, as far as it could be read; None if there is not even the start of one."""
    reader = _Reader(source)
    value = reader.read_value()
    reader.expect_end()
    return value, tuple(reader.diags)


class _Reader:
    """One pass over one text; after a mistake every method returns what it has."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._text = source.text
        self._at = 0
        self._depth = 0
        self._stopped = False
        self.diags: list[Diagnostic] = []

    def _stop(self, summary: str, detail: str, subject: Span | None = None) -> None:
        """Reports the mistake at the next character, or at `subject`, and ends the reading."""
        if not self._stopped:
            self.diags.append(error(summary, detail, subject or self._next_span()))
        self._stopped = True

    def _span(self, start: int) -> Span:
        return Span(self._source, start, self._at)

    def _peek(self) -> str:
        """The next character that is not blank, which the reader now stands on; empty at the end."""
        blank = _BLANK.match(self._text, self._at)
        assert blank is not None
        self._at = blank.end()
        return self._text[self._at : self._at + 1]

    def _next_span(self) -> Span:
        return Span(self._source, self._at, min(self._at + 1, len(self._text)))

    def _take(self) -> Span:
        """Goes on past the next character."""
        span = self._next_span()
        self._at = span.end
        return span

    def expect_end(self) -> None:
        """Reports what follows the value."""
        if not self._stopped and self._peek():
            self._stop(
                "Extraneous data after value", "A JSON text is a single value. Remove what follows it."
            )

    # -- values ----------------------------------------------------------------------------------

    def read_value(self) -> JsonValue | None:
        """The value that starts here."""
        character = self._peek()
        match character:
            case '"':
                return self._read_string()
            case "{":
                return self._read_object()
            case "[":
                return self._read_array()
            case _ if _NUMBER_LIKE.match(character):
                return self._read_number()
            case _ if _WORD.match(character):
                return self._read_keyword()
            case _:
                self._stop(*_no_value(character))
                return None

    def _read_string(self) -> JsonString | None:
        match = _STRING.match(self._text, self._at)
        assert match is not None
        if match[2] is None:
            self._at = match.end()
            detail = (
                "A string ends on its line with a double quote; a backslash in it starts an escape of JSON."
            )
            self._stop("Invalid JSON string", detail)
            return None
        start, self._at = self._at, match.end()
        return JsonString(decode_json_string(match[1]), self._span(start))

    def _read_number(self) -> JsonNumber | None:
        match = _NUMBER_LIKE.match(self._text, self._at)
        assert match is not None
        start, self._at = self._at, match.end()
        number = None
        if _NUMBER.fullmatch(match[0]) and len(match[0]) <= _MAX_DIGITS:
            number = parse_number(match[0])
        if number is None or isinstance(number, float):
            self._stop("Invalid JSON number", f"{match[0][:40]} is not a number in JSON.", self._span(start))
            return None
        return JsonNumber(number, self._span(start))

    def _read_keyword(self) -> JsonKeyword | None:
        match = _WORD.match(self._text, self._at)
        assert match is not None
        start, self._at = self._at, match.end()
        if match[0] not in _KEYWORDS:
            meant = suggest(match[0], _KEYWORDS)
            hint = f' Did you mean "{meant}"?' if meant else " A string stands in double quotes."
            self._stop("Invalid JSON keyword", f"JSON has no keyword {match[0]}.{hint}", self._span(start))
            return None
        return JsonKeyword(_KEYWORDS[match[0]], self._span(start))

    # -- arrays and objects ----------------------------------------------------------------------

    def _read_array(self) -> JsonArray:
        opening = self._open()
        items: list[JsonValue] = []
        if self._peek() != "]":
            self._read_item(items)
            while self._has_next("]", opening):
                self._read_item(items)
        closing = self._close()
        return JsonArray(tuple(items), opening.to(closing), opening, closing)

    def _read_item(self, items: list[JsonValue]) -> None:
        value = self.read_value()
        if value is not None:
            items.append(value)

    def _read_object(self) -> JsonObject:
        opening = self._open()
        members: list[JsonMember] = []
        if self._peek() != "}":
            self._read_member(members)
            while self._has_next("}", opening):
                self._read_member(members)
        closing = self._close()
        return JsonObject(tuple(members), opening.to(closing), opening, closing)

    def _read_member(self, members: list[JsonMember]) -> None:
        name = self.read_value()
        if name is None or self._stopped:
            return
        if not isinstance(name, JsonString):
            self._stop(
                "Invalid object property name", "The name of a property is a string in quotes.", name.span
            )
            return
        separator = self._peek()
        if separator != ":":
            self._stop(*_no_colon(separator))
            return
        self._take()
        value = self.read_value()
        if value is not None:
            members.append(JsonMember(name, value))

    def _open(self) -> Span:
        self._depth += 1
        if self._depth > MAX_NESTING:
            self._stop(
                "Values nested too deeply",
                f"Values may stand in each other {MAX_NESTING} levels deep at most.",
            )
        return self._take()

    def _close(self) -> Span:
        self._depth -= 1
        if self._stopped:
            return Span(self._source, self._at, self._at)
        return self._take()

    def _has_next(self, closer: str, opening: Span) -> bool:
        """Whether another item follows; if none does, the reader stands on the closing bracket."""
        character = "" if self._stopped else self._peek()
        if self._stopped or character == closer:
            return False
        if character == ",":
            comma = self._take()
            if self._peek() != closer:
                return True
            what = "object" if closer == "}" else "array"
            self._stop(
                f"Trailing comma in {what}", f"JSON has no comma after the last item of an {what}.", comma
            )
        else:
            self._stop(*_no_separator(character, closer, opening))
        return False


def _no_value(character: str) -> tuple[str, str]:
    if not character:
        return "Missing value", "The JSON text ends where a value should stand."
    detail = (
        "A value should stand here: a string in quotes, a number, true, false, null, an object or an array."
    )
    match character:
        case "}":
            return "Missing JSON value", detail
        case "]":
            return "Missing array element value", detail
        case _:
            return "Invalid start of value", detail


def _no_colon(character: str) -> tuple[str, str]:
    if character and character in "},":
        return "Missing object value", "A property needs a value, after a colon."
    return (
        "Missing property value colon",
        "Between the name of a property and its value there must be a colon (:).",
    )


def _no_separator(character: str, closer: str, opening: Span) -> tuple[str, str, Span | None]:
    what = "object" if closer == "}" else "array"
    if not character:
        return "Unclosed object", f"The closing {closer} of this {what} is missing.", opening
    if character == "]":
        return (
            "Mismatched braces",
            "An object, which this ends, closes with a brace (}), not with a bracket.",
            None,
        )
    if character == "}":
        return (
            "Mismatched brackets",
            "An array, which this ends, closes with a bracket (]), not with a brace.",
            None,
        )
    return (
        "Missing attribute seperator comma",
        f"Put a comma between one item of the {what} and the next.",
        None,
    )
