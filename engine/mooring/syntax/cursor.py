"""The place of a parser in the tokens of one text: what stands here, going on, reporting, giving up.

Owns the mutable state of one parse. Newlines end an argument, except inside parentheses and brackets: while
`skips_newlines` is set the cursor never stands on one. A construct that cannot be read is reported and
`SyntaxFailure` takes the parser back to the body, which goes on with the next item; so one mistake is said
once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from mooring.core.diagnostics import Diagnostic, error
from mooring.core.records import record
from mooring.core.spans import Source, Span
from mooring.syntax.nodes import Expression
from mooring.syntax.tokens import BAD, BROKEN, NEWLINE, STRING, Tokens

_FOLLOWING: Final = frozenset(
    {
        "Extra characters after interpolation expression",
        "Invalid argument name",
        "Invalid attribute name",
        "Invalid expression",
        "Invalid 'for' directive",
        "Invalid 'for' expression",
        "Invalid template control keyword",
        "Invalid template directive",
        "Missing attribute separator",
        "Missing close bracket on index",
        "Missing close bracket on splat index",
        "Missing closing parenthesis",
        "Missing item separator",
        "Missing key/value separator",
        "Missing newline after argument",
        "Unexpected comma after argument",
        "Unterminated template string",
    }
)
"""What often is but the consequence of an earlier mistake; as in Terraform, it is told only as the first."""
MAX_NESTING: Final = 150
"""How deep expressions may stand in each other; what walks a tree may rely on it."""


class SyntaxFailure(Exception):  # noqa: N818 - control flow of the parser, never seen outside of it
    """What stands here cannot be understood; it has been reported."""


_make_span: Final[Callable[[tuple[Source, int, int]], Span]] = partial(tuple.__new__, Span)
"""`Span(...)` in a third of the time: a configuration of 10,000 blocks makes 150,000 of them."""


@record
class Fragment:
    """A text to parse and where it stands in a source.

    `offsets` has for each character, and for the end, the offset in the source; None means they are the same.
    """

    source: Source
    text: str
    offsets: Sequence[int] | None = None


class Cursor:
    """Where the parser is; `at` is the number of the current token.

    `has_failed` says that some construct could not be read, so that later ones may look wrong because of
    it; `skipped_to` is where the parser went on after the last one.
    `parse_expression` ties the knot: templates and constructors hold expressions and are part of them.
    """

    __slots__ = (
        "_offsets",
        "_source",
        "at",
        "depth",
        "diags",
        "ends",
        "has_failed",
        "kinds",
        "parse_expression",
        "skipped_to",
        "skips_newlines",
        "starts",
        "text",
    )

    def __init__(
        self, fragment: Fragment, tokens: Tokens, parse_expression: Callable[[Cursor], Expression]
    ) -> None:
        self.text: Final = fragment.text
        self.kinds: Final = tokens.kinds
        self.starts: Final = tokens.starts
        self.ends: Final = tokens.ends
        self.parse_expression: Final = parse_expression
        self._source: Final = fragment.source
        self._offsets: Final = fragment.offsets
        self.diags: Final[list[Diagnostic]] = []
        self.at = 0
        self.depth = 0
        self.skips_newlines = False
        self.has_failed = False
        self.skipped_to: int | None = None
        for summary, detail, start, end in tokens.problems:
            self.report(summary, detail, self.span(start, end))

    # -- what stands here ------------------------------------------------------------------------

    def token_text(self, token: int) -> str:
        """The characters of a token."""
        return self.text[self.starts[token] : self.ends[token]]

    def is_word(self, word: str) -> bool:
        """Whether the current token is this identifier."""
        return self.text.startswith(word, self.starts[self.at]) and self.token_text(self.at) == word

    def span(self, start: int, end: int) -> Span:
        """From one offset in the text to another."""
        offsets = self._offsets
        if offsets is None:
            return _make_span((self._source, start, end))
        return _make_span((self._source, offsets[start], offsets[end]))

    def token_span(self, token: int) -> Span:
        """A whole token."""
        return self.span(self.starts[token], self.ends[token])

    def tokens_span(self, first: int, last: int) -> Span:
        """From the start of one token to the end of another."""
        return self.span(self.starts[first], self.ends[last])

    def since(self, start: Span) -> Span:
        """From the start of a span to the end of the current token: the context of a problem."""
        return start.to(self.token_span(self.at))

    # -- going on --------------------------------------------------------------------------------

    def advance(self) -> int:
        """Goes on to the next token; returns the number of the one that was current."""
        passed = self.at
        self.at = passed + 1
        if self.skips_newlines:
            self._skip_newlines()
        return passed

    def enter(self, *, skips_newlines: bool) -> bool:
        """Goes on into a bracket and says what newlines mean in there; returns what they meant outside."""
        outside = self.skips_newlines
        self.skips_newlines = skips_newlines
        self.advance()
        return outside

    def leave(self, outside: bool) -> int:  # noqa: FBT001 - what `enter` returned
        """Goes on past the closing bracket; returns its token."""
        self.skips_newlines = outside
        return self.advance()

    def give_up(self) -> None:
        """Goes to the end of the text; what seems to be missing there will not be reported."""
        self.at = len(self.kinds) - 1
        self.has_failed = True

    def _skip_newlines(self) -> None:
        while self.kinds[self.at] == NEWLINE:
            self.at += 1

    # -- problems --------------------------------------------------------------------------------

    def report(self, summary: str, detail: str, subject: Span, context: Span | None = None) -> None:
        """Reports a problem that does not keep the parser from going on."""
        self.diags.append(error(summary, detail, subject, context=context))

    def failure(
        self,
        summary: str,
        detail: str,
        subject: Span | None = None,
        context: Span | None = None,
        *,
        hides_others: bool = True,
    ) -> type[SyntaxFailure]:
        """Reports what is wrong with the current token; the caller raises the result.

        A character the lexer has reported already is reported again only as the first thing that failed, and
        so is what may follow from an earlier failure.
        """
        if not (self.has_failed and (self.kinds[self.at] in (BAD, BROKEN) or summary in _FOLLOWING)):
            self.report(summary, detail, subject or self.offender(self.at), context)
        self.has_failed = self.has_failed or hides_others
        return SyntaxFailure

    def offender(self, token: int) -> Span:
        """Where to point at a token: all of it; of a string or of bad characters the first one."""
        start, end = self.starts[token], self.ends[token]
        return self.span(start, start + 1 if self.kinds[token] in (STRING, BAD) else end)
