"""Text to tokens, with one regular expression for each mode: code, quoted template, heredoc.

Owns what a character sequence is; knows nothing of the order tokens may come in. Every character belongs to
one token, to blank space or to a comment. A problem is reported and stepped over: the lexer never gives up,
and needs time linear in the text whatever it is fed with.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from mooring.core.spans import Source
from mooring.syntax.invalid_characters import is_said_once, problem_with
from mooring.syntax.tokens import (
    BAD,
    BROKEN,
    CLOSE_QUOTE,
    DIRECTIVE,
    END,
    END_HEREDOC,
    END_SEQUENCE,
    HEREDOC,
    IDENTIFIER,
    INTERPOLATION,
    NEWLINE,
    NUMBER,
    OPEN_QUOTE,
    STRING,
    TEXT,
    Problem,
    Tokens,
)

_QUOTED_TEXT: Final = r"(?> [^\"\\\n\r$%\ufffd]++ | \$\$\{ | %%\{ | [$%](?!\{) | \\[^\n\r] )"
_HEREDOC_TEXT: Final = r"(?> [^\n$%]++ | \$\$\{ | %%\{ | [$%](?!\{) )"
_NAME: Final = r"[A-Za-z_\x80-\U0010ffff][-A-Za-z0-9_\x80-\U0010ffff]*+"

# A comment that ends its line is part of the newline; one that ends the file is blank space.
_CODE: Final = re.compile(
    rf"""
    [ \t]*+ (?: (?:\#|//) [^\n]*+ \Z )?+
    (?:
      ( (?: (?:\#|//) [^\n]*+ | \r )?+ \n )                    # NEWLINE
    | ( [A-Za-z_] [-A-Za-z0-9_]*+ (?![\x80-\U0010ffff]) )      # IDENTIFIER
    | ( " {_QUOTED_TEXT}*+ " )                                 # STRING
    | ( [0-9]++ (?: \.++ [0-9]++ | [eE][+-]?[0-9]++ )*+ )      # NUMBER
    | ( << -?+ {_NAME} \r?+ \n )                               # HEREDOC
    | ( /\* )                                                  # COMMENT
    | ( \.\.\. | => | [=!<>]= | && | \|\| | :: | [=<>!+/\-*%?:,.()\[\]] )  # OPERATOR
    | ( \{{ | \}} )                                            # BRACE
    | ( ~\}} )                                                 # STRIPPING_BRACE
    | ( " )                                                    # QUOTE
    | ( {_NAME} )                                              # WORD, beyond ASCII
    | ( \Z )                                                   # END
    | ( [\x00-\x08\x0b\x0c\x0e-\x1f\x7f]++ | . )
    )
    """,
    re.VERBOSE | re.DOTALL,
)


class _Group:
    """Groups of `_CODE`; `KINDS` names the tokens of the first four."""

    KINDS: Final = ("", NEWLINE, IDENTIFIER, STRING, NUMBER)
    NUMBER, HEREDOC, COMMENT, OPERATOR, BRACE, STRIPPING_BRACE, QUOTE, WORD, END = range(4, 13)


_VERBATIM: Final = frozenset((_Group.OPERATOR, _Group.BRACE))
_VERBATIM_IN_SEQUENCE: Final = frozenset((_Group.OPERATOR,))
"""Groups whose tokens have their own text as kind; braces of template sequences must be counted."""

_QUOTED: Final = re.compile(
    rf'( {_QUOTED_TEXT}++ ) | ( [$%]\{{~?+ ) | ( " ) | ( \r?\n | \r ) | ( \Z ) | .',
    re.VERBOSE | re.DOTALL,
)
_HEREDOC_LINE: Final = re.compile(rf"( {_HEREDOC_TEXT}*+ \n? ) ( [$%]\{{~?+ )?", re.VERBOSE)
_LOOKS_LIKE_CODE: Final = re.compile(r"^[ \t]*+(?:[\w-]++[ \t]*+=|[\w-]++[ \t]++[\"{]|[\]})])", re.MULTILINE)
_MAX_REPORTS: Final = 100

_IN_CODE, _IN_QUOTES, _IN_HEREDOC = range(3)


@dataclass(slots=True)
class _Mode:
    """What the lexer is inside of; `braces` counts those open in code, `marker` ends a heredoc."""

    kind: int
    marker: str | None = None
    braces: int = 0


def tokenize(source: Source) -> Tokens:
    """The tokens of a whole source in native syntax; their offsets are the source's."""
    return tokenize_text(source.text)


def tokenize_text(text: str, *, undecodable: bool = False) -> Tokens:
    """The tokens of configuration text, with what the lexer found wrong.

    `undecodable` says that U+FFFD stands for bytes that are not UTF-8.
    """
    return _Lexer(text, _Mode(_IN_CODE), undecodable=undecodable).run()


def tokenize_template(text: str) -> Tokens:
    """The tokens of a template that stands by itself, without quotes, as a template file does."""
    return _Lexer(text, _Mode(_IN_HEREDOC), undecodable=False).run()


class _Lexer:
    """One pass over one text."""

    def __init__(self, text: str, mode: _Mode, *, undecodable: bool) -> None:
        self._text = text
        self._at = int(text.startswith("\ufeff"))
        self._modes = [mode]
        self._undecodable = undecodable
        self._kinds: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._problems: list[Problem] = []
        self._said: set[str] = set()
        self._string_goes_on_to = -1
        self._no_comment_closes = False

    def run(self) -> Tokens:
        scanners = self._scan_code, self._scan_quoted, self._scan_heredoc
        while not self._kinds or self._kinds[-1] is not END:
            scanners[self._modes[-1].kind]()
        return Tokens(self._kinds, self._starts, self._ends, self._problems)

    def _add(self, kind: str, start: int, end: int) -> None:
        self._kinds.append(kind)
        self._starts.append(start)
        self._ends.append(end)
        self._at = end

    # -- code ------------------------------------------------------------------------------------

    def _scan_code(self) -> None:
        """The hot loop: runs until something needs a second look."""
        text, verbatim = self._text, _VERBATIM if len(self._modes) == 1 else _VERBATIM_IN_SEQUENCE
        number, kinds = _Group.NUMBER, _Group.KINDS
        add_kind, add_start, add_end = self._kinds.append, self._starts.append, self._ends.append
        for match in _CODE.finditer(text, self._at):
            group = match.lastindex or 0
            start, end = match.span(group)
            if group <= number:
                add_kind(kinds[group])
            elif group in verbatim:
                add_kind(text[start:end])
            else:
                self._take_special(group, start, end)
                return
            add_start(start)
            add_end(end)

    def _take_special(self, group: int, start: int, end: int) -> None:
        match group:
            case _Group.BRACE | _Group.STRIPPING_BRACE:
                self._take_brace(start, end)
            case _Group.QUOTE:
                self._add(OPEN_QUOTE, start, end)
                self._modes.append(_Mode(_IN_QUOTES))
            case _Group.HEREDOC:
                self._add(HEREDOC, start, end)
                marker = self._text[start + 2 : end].strip().removeprefix("-")
                self._modes.append(_Mode(_IN_HEREDOC, marker))
            case _Group.COMMENT:
                self._skip_comment(start)
            case _Group.WORD:
                self._take_word(start, end)
            case _Group.END:
                self._add(END, end, end)
            case _:
                self._take_bad(start, end)

    def _take_brace(self, start: int, end: int) -> None:
        """A brace inside a template sequence, where the one too many ends the sequence."""
        mode = self._modes[-1]
        if self._text[start] == "{":
            mode.braces += 1
            self._add("{", start, end)
        elif self._text[start] == "~" and (mode.braces or len(self._modes) == 1):
            self._add("~}", start, end)
        elif mode.braces == 0 and len(self._modes) > 1:
            self._modes.pop()
            self._add(END_SEQUENCE, start, end)
        else:
            mode.braces -= 1
            self._add("}", start, end)

    def _skip_comment(self, start: int) -> None:
        closing = -1 if self._no_comment_closes else self._text.find("*/", start + 2)
        if closing >= 0:
            self._at = closing + 2
        else:
            self._no_comment_closes = True
            self._add("/", start, start + 1)

    def _take_word(self, start: int, end: int) -> None:
        """An identifier by the rules of Unicode (UAX 31), as far as it is one."""
        import regex

        found = regex.compile(r"[\p{ID_Start}_][\p{ID_Continue}-]*+").match(self._text, start, end)
        if found and not (self._undecodable and "\ufffd" in found[0]):
            self._add(IDENTIFIER, start, found.end())
        else:
            strange = regex.compile(r"[^\x00-\x7f\p{ID_Start}]*+").match(self._text, start, end)
            self._take_bad(start, max(start + 1, strange.end() if strange else 0))

    def _take_bad(self, start: int, end: int) -> None:
        self._add(BAD, start, end)
        self._report_character(start)

    # -- templates -------------------------------------------------------------------------------

    def _scan_quoted(self) -> None:
        """One piece of a quoted template."""
        match = _QUOTED.match(self._text, self._at)
        assert match is not None
        start, end = match.span()
        match match.lastindex:
            case 1:
                self._add(TEXT, start, end)
            case 2:
                self._open_sequence(start, end)
            case 3:
                self._modes.pop()
                self._add(CLOSE_QUOTE, start, end)
            case 4:
                self._break_string(start, end)
            case 5:
                self._add(END, end, end)
            case _ if self._text[start] == "\ufffd" and not self._undecodable:
                self._add(TEXT, start, end)
            case _:
                self._take_bad(start, end)

    def _open_sequence(self, start: int, end: int) -> None:
        self._add(INTERPOLATION if self._text[start] == "$" else DIRECTIVE, start, end)
        self._modes.append(_Mode(_IN_CODE))

    def _break_string(self, start: int, end: int) -> None:
        """The end of a line inside a quoted string: the string goes on, or its end was forgotten."""
        self._report(
            "Invalid multi-line string",
            "A string in quotes ends on the line where it starts. Close it with a double quote, or write \\n "
            'for a line break, or use the "heredoc" form (<<EOT) for text of several lines.',
            start,
            end,
        )
        self._add(BROKEN, start, end)
        if not self._goes_on_after(end):
            self._close_broken(end)
            self._add(NEWLINE, start, end)

    def _goes_on_after(self, at: int) -> bool:
        """Whether the next quote looks like the end of this string rather than the start of another."""
        if at <= self._string_goes_on_to:
            return True
        quote = self._text.find('"', at)
        if quote < 0:
            return False
        line_end = self._text.find("\n", quote)
        line_end = len(self._text) if line_end < 0 else line_end
        line_start = self._text.rfind("\n", at, quote) + 1 or at
        is_odd = self._text.count('"', line_start, line_end) % 2 == 1
        if is_odd and not _LOOKS_LIKE_CODE.search(self._text, at, line_end):
            self._string_goes_on_to = quote
            return True
        return False

    def _close_broken(self, at: int) -> None:
        """Leaves every string and sequence that was open on the broken line, but not a heredoc around it."""
        while len(self._modes) > 1 and self._modes[-1].kind != _IN_HEREDOC:
            mode = self._modes.pop()
            self._add(CLOSE_QUOTE if mode.kind == _IN_QUOTES else END_SEQUENCE, at, at)

    def _scan_heredoc(self) -> None:
        """A line of a heredoc, up to its end or to a template sequence; or the closing marker."""
        text, start = self._text, self._at
        if start == len(text):
            self._add(END, start, start)
            return
        line_end = text.find("\n", start)
        at_line_start = start > 0 and text[start - 1] == "\n"
        if at_line_start and line_end >= 0 and text[start:line_end].strip() == self._modes[-1].marker:
            self._modes.pop()
            self._add(END_HEREDOC, start, start + len(text[start:line_end].rstrip()))
            return
        match = _HEREDOC_LINE.match(text, start)
        assert match is not None
        if match[1]:
            self._add(TEXT, start, match.end(1))
        if match[2]:
            self._open_sequence(*match.span(2))

    # -- problems --------------------------------------------------------------------------------

    def _report_character(self, at: int) -> None:
        character = self._text[at]
        if character not in self._said:
            self._report(*problem_with(character), at, at + 1)
        if is_said_once(character):
            self._said.add(character)

    def _report(self, summary: str, detail: str, start: int, end: int) -> None:
        if len(self._problems) < _MAX_REPORTS:
            self._problems.append(Problem(summary, detail, start, end))
