"""Where a piece of configuration stands: source files and half-open spans of character offsets.

A span stores offsets only. Lines, grapheme columns and byte offsets are worked out when a diagnostic is
shown, because a large configuration makes hundreds of thousands of spans and shows a handful.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Final, NamedTuple

from mooring.core.records import record


@record
class Position:
    """A place in a file: line and column from 1 (columns count grapheme clusters), byte offset from 0."""

    line: int
    column: int
    byte: int


class Source:
    """One text that was read: the path to show for it and its characters.

    `path` is what the user would type: relative to the working directory where the file is below it.
    """

    __slots__ = ("_line_starts", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path: Final = path
        self.text: Final = text
        self._line_starts: tuple[int, ...] = ()

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Source) and (self.path, self.text) == (other.path, other.text)

    def __hash__(self) -> int:
        return hash(self.path)

    def __repr__(self) -> str:
        return f"Source({self.path!r}, {len(self.text)} characters)"

    @property
    def line_starts(self) -> tuple[int, ...]:
        """Character offset of the first character of each line; computed once, on first use."""
        if not self._line_starts:
            starts, at = [0], self.text.find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = self.text.find("\n", at + 1)
            self._line_starts = tuple(starts)
        return self._line_starts

    def position(self, offset: int) -> Position:
        """The position of the character at `offset` (the end of the text included)."""
        line = bisect_right(self.line_starts, offset)
        before = self.text[self.line_starts[line - 1] : offset]
        if not self.path.endswith(".json"):  # in JSON it is a mistake, elsewhere nothing that is seen
            before = before.removeprefix("\ufeff")
        return Position(
            line=line,
            column=grapheme_count(before) + 1,
            byte=len(self.text[:offset].encode("utf-8", "surrogatepass")),
        )


class Span(NamedTuple):
    """Characters `start` to `end` (exclusive) of a source. A tuple, because every syntax node makes one."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters themselves."""
        return self.source.text[self.start : self.end]

    @property
    def first(self) -> Position:
        """Position of the first character."""
        return self.source.position(self.start)

    @property
    def line(self) -> int:
        """Line of the first character, from 1; cheaper than the whole position."""
        return bisect_right(self.source.line_starts, self.start)

    @property
    def last(self) -> Position:
        """Position just past the last character."""
        return self.source.position(self.end)

    def to(self, other: Span) -> Span:
        """From the start of this span to the end of `other`, which must be in the same source."""
        return Span(self.source, self.start, other.end)

    def __str__(self) -> str:
        at = self.first
        return f"{self.source.path}:{at.line}:{at.column}"


def grapheme_count(text: str) -> int:
    """How many grapheme clusters (user-perceived characters, UAX 29) a text has."""
    if text.isascii():
        return len(text) - text.count("\r\n")
    import regex

    return len(regex.findall(r"\X", text))
