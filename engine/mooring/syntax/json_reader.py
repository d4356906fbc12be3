"""JSON text to a tree with spans.

Owns JSON's grammar and what is said of text that is not JSON. Knows nothing of configuration. The reader of
the standard library keeps neither positions nor repeated names, both of which configuration needs. An array
or object with a mistake is invalid as a whole; reading goes on after it as Terraform's does, so that the same
further problems are found.
"""

from __future__ import annotations

import re
from collections.abc import Callable
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
    """An array."""

    items: tuple[JsonValue, ...]
    span: Span
    opening: Span
    closing: Span


@record(eq=False)
class JsonObject:
    """An object, repeated names included."""

    members: tuple[JsonMember, ...]
    span: Span
    opening: Span
    closing: Span


@record(eq=False)
class JsonInvalid:
    """What was meant to be a value; `span` is its beginning. What is wrong with it has been said."""

    span: Span


JsonValue = JsonString | JsonNumber | JsonKeyword | JsonArray | JsonObject | JsonInvalid


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
_ANY_TOKEN: Final = re.compile(r'"(?:[^"\\\x00-\x1f]|\\[^\x00-\x1f])*+"?|[A-Za-z0-9_.+-]++|[][{}:,=]')
_NUMBER_LIKE: Final = re.compile(r"[-+.0-9][-+.0-9eE]*+")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?")
_WORD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*+")
_KEYWORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_MAX_DIGITS: Final = 4000


def read_json(source: Source) -> tuple[JsonValue, Diagnostics]:
    """The value that a text is, as far as it could be read."""
    reader = _Reader(source)
    value = reader.read_value()
    reader.expect_end()
    return value, tuple(reader.diags)


class _Reader:
    """One pass over one text."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._text = source.text
        self._at = 0
        self._depth = 0
        self._is_lost = False
        self.diags: list[Diagnostic] = []

    def _say(self, summary: str, detail: str, subject: Span | None = None) -> None:
        """Reports a mistake at the next character, or at `subject`."""
        if not self._is_lost:
            self.diags.append(error(summary, detail, subject or self._next_span()))

    def _span(self, start: int) -> Span:
        return Span(self._source, start, self._at)

    def _peek(self) -> str:
        """The next character that is not blank, which the reader now stands on; empty at the end."""
        blank = _BLANK.match(self._text, self._at)
        assert blank is not None
        self._at = blank.end()
        return self._text[self._at : self._at + 1]

    def _next_span(self) -> Span:
        return self._character(self._at)

    def _character(self, at: int) -> Span:
        """A single character; nothing at the end of the text."""
        return Span(self._source, at, min(at + 1, len(self._text)))

    def _take(self) -> Span:
        """Goes on past the next character."""
        span = Span(self._source, self._at, self._at + 1)
        self._at += 1
        return span

    def _skip(self) -> None:
        """Goes on past the next token; behind a character that is in none, nothing is read."""
        token = _ANY_TOKEN.match(self._text, self._at)
        self._at = token.end() if token is not None else len(self._text)

    def _recover(self, opener: str, closer: str) -> None:
        """Goes on past what seems to be the end of an array or object with a mistake, as Terraform does."""
        depth = 1
        while character := self._peek():
            self._skip()
            depth += (character == opener) - (character == closer)
            if character == closer and depth <= 1:
                return

    def expect_end(self) -> None:
        """Reports what follows the value."""
        if not self.diags and self._peek():
            self._say("Extraneous data after value", "A JSON text is a single value. Remove what follows it.")

    # -- values ----------------------------------------------------------------------------------

    def read_value(self) -> JsonValue:
        """The value that starts here."""
        character = self._peek()
        start = self._at
        match character:
            case '"':
                value: JsonValue | None = self._read_string()
            case "{":
                value = self._read_nested(self._read_object)
            case "[":
                value = self._read_nested(self._read_array)
            case _ if _NUMBER_LIKE.match(character):
                value = self._read_number()
            case _ if _WORD.match(character):
                value = self._read_keyword()
            case _:
                self._say(*_no_value(character))
                value = None
        return value if value is not None else JsonInvalid(self._character(start))

    def _read_string(self) -> JsonString | None:
        match = _STRING.match(self._text, self._at)
        assert match is not None
        start = self._at
        if match[2] is None:
            self._at = match.end()
            detail = (
                "A string ends on its line with a double quote; a backslash in it starts an escape of JSON."
            )
            is_at_end = self._text[self._at : self._at + 1] in ("", "\n", "\r")
            self._say("Invalid JSON string", detail, Span(self._source, self._at, self._at + (not is_at_end)))
            self._at = start
            self._skip()
            return None
        self._at = match.end()
        return JsonString(decode_json_string(match[1]), self._span(start))

    def _read_number(self) -> JsonNumber | None:
        match = _NUMBER_LIKE.match(self._text, self._at)
        assert match is not None
        start, self._at = self._at, match.end()
        number = None
        if _NUMBER.fullmatch(match[0]) and len(match[0]) <= _MAX_DIGITS:
            number = parse_number(match[0])
        if number is None or isinstance(number, float):
            self._say("Invalid JSON number", f"{match[0][:40]} is not a number in JSON.", self._span(start))
            return None
        return JsonNumber(number, self._span(start))

    def _read_keyword(self) -> JsonKeyword | None:
        match = _WORD.match(self._text, self._at)
        assert match is not None
        start, self._at = self._at, match.end()
        if match[0] not in _KEYWORDS:
            meant = suggest(match[0], _KEYWORDS)
            hint = f' Did you mean "{meant}"?' if meant else " A string stands in double quotes."
            self._say("Invalid JSON keyword", f"JSON has no keyword {match[0]}.{hint}", self._span(start))
            return None
        return JsonKeyword(_KEYWORDS[match[0]], self._span(start))

    # -- arrays and objects ----------------------------------------------------------------------

    def _read_nested(self, read: Callable[[], JsonArray | JsonObject | None]) -> JsonValue | None:
        if self._depth == MAX_NESTING:
            self._say(
                "Values nested too deeply",
                f"Values may stand in each other {MAX_NESTING} levels deep at most.",
            )
            self._at, self._is_lost = len(self._text), True
            return None
        self._depth += 1
        value = read()
        self._depth -= 1
        return value

    def _read_array(self) -> JsonArray | None:
        opening = self._take()
        items: list[JsonValue] = []
        while self._peek() != "]":
            items.append(self.read_value())
            goes_on = self._goes_on("[", "]", opening)
            if goes_on is None:
                return None
            if not goes_on:
                break
        closing = self._take()
        return JsonArray(tuple(items), opening.to(closing), opening, closing)

    def _read_object(self) -> JsonObject | None:
        opening = self._take()
        members: list[JsonMember] = []
        while self._peek() != "}":
            name = self.read_value()
            if not isinstance(name, JsonString):
                self._say(
                    "Invalid object property name", "The name of a property is a string in quotes.", name.span
                )
                return None
            separator = self._peek()
            if separator != ":":
                self._say(*_no_colon(separator))
                self._recover("{", "}")
                return None
            self._take()
            members.append(JsonMember(name, self.read_value()))
            goes_on = self._goes_on("{", "}", opening)
            if goes_on is None:
                return None
            if not goes_on:
                break
        closing = self._take()
        return JsonObject(tuple(members), opening.to(closing), opening, closing)

    def _goes_on(self, opener: str, closer: str, opening: Span) -> bool | None:
        """Whether another item follows, or the closing bracket; None after a mistake."""
        character = self._peek()
        if character == closer:
            return False
        what = "object" if closer == "}" else "array"
        if character == ",":
            comma = self._take()
            if self._peek() != closer:
                return True
            self._say(
                f"Trailing comma in {what}", f"JSON has no comma after the last item of an {what}.", comma
            )
            return None
        if character == "":
            self._say("Unclosed object", f"The closing {closer} of this {what} is missing.", opening)
        elif character == "]":
            self._take()
        else:
            self._recover(opener, closer)
        if character:
            self._peek()
            self._say(*_no_separator(character, closer))
        return None


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


def _no_separator(character: str, closer: str) -> tuple[str, str]:
    if character == "]":
        return (
            "Mismatched braces",
            "An object, which this ends, closes with a brace (}), not with a bracket.",
        )
    if character == "}":
        return (
            "Mismatched brackets",
            "An array, which this ends, closes with a bracket (]), not with a brace.",
        )
    if character == ":" and closer == "]":
        return "Invalid array value", "Items of an array have no names. Write an object in braces for that."
    what = "object" if closer == "}" else "array"
    return "Missing attribute seperator comma", f"Put a comma between one item of the {what} and the next."
