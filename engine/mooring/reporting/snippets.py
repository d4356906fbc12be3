"""The piece of a file that a diagnostic points at: its lines, what to highlight, in which block it stands."""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from typing import Final, NamedTuple

from mooring.core.records import record
from mooring.core.spans import Source, Span
from mooring.reporting.secret_literals import Part, masked, secret_literals
from mooring.syntax.lexer import tokenize
from mooring.syntax.tokens import CLOSERS, END, IDENTIFIER, NEWLINE, STRING, Tokens


@record(kw_only=True)
class Snippet:
    """Whole lines of source code around a subject.

    `context` names the outermost block around the subject (`resource "a" "b"`), None outside of any.
    `subject` is what to highlight, never empty; `highlight` is where it is in `code`, as character offsets.
    Literals of secrets are masked in `code`.
    """

    context: str | None
    start_line: int
    code: str
    subject: Span
    highlight: tuple[int, int]


class _Block(NamedTuple):
    start: int
    end: int
    title: str


class _Outline(NamedTuple):
    """What of a source matters to its snippets."""

    blocks: list[_Block]
    secrets: tuple[Part, ...]


class Snippets:
    """Cuts snippets; remembers what it knows of each source for as long as it lives."""

    def __init__(self) -> None:
        self._outlines: dict[int, _Outline] = {}

    def of(self, subject: Span, context: Span | None) -> Snippet:
        """The snippet for a subject, widened to the context where there is one."""
        source = subject.source
        first, last = subject.start, subject.end
        if context is not None and context.source is source:
            first, last = min(first, context.start), max(last, context.end)
        if subject.start == subject.end:
            subject = Span(source, subject.start, subject.end + 1)
            last = max(last, subject.end)
        starts = source.line_starts
        start_line = bisect_right(starts, first)
        end_line = max(start_line, bisect_left(starts, last))
        code_start = starts[start_line - 1]
        code_end = starts[end_line] - 1 if end_line < len(starts) else len(source.text)
        outline = self._outline(source)
        code = masked(source.text, code_start, code_end, outline.secrets)
        return Snippet(
            context=_title(subject, outline),
            start_line=start_line,
            code=code.code,
            subject=subject,
            highlight=(code.offset(subject.start), code.offset(subject.end, is_end=True)),
        )

    def _outline(self, source: Source) -> _Outline:
        outline = self._outlines.get(id(source))
        if outline is None:
            tokens = tokenize(source)
            blocks = _top_level_blocks(source, tokens)
            outline = _Outline(blocks, secret_literals(source, tokens))
            self._outlines[id(source)] = outline
        return outline


def _title(subject: Span, outline: _Outline) -> str | None:
    if subject.source.path.endswith(".json"):
        return _json_title(subject.source.text, subject.start)
    at = subject.start - 1
    position = bisect_right(outline.blocks, at, key=lambda block: block.start) - 1
    if position < 0 or at >= outline.blocks[position].end:
        return None
    return outline.blocks[position].title


def _top_level_blocks(source: Source, tokens: Tokens) -> list[_Block]:
    blocks: list[_Block] = []
    words: list[str] = []
    depth = start = 0
    closers = frozenset(CLOSERS.values())
    for kind, token_start, token_end in zip(tokens.kinds, tokens.starts, tokens.ends, strict=True):
        if kind in closers:
            depth = max(0, depth - 1)
            if depth == 0 and words and kind == "}":
                blocks.append(_Block(start, token_end, " ".join(words)))
                words = []
        elif kind in CLOSERS:
            depth += 1
        elif depth == 0 and kind in {IDENTIFIER, STRING}:
            start = start if words else token_start
            text = source.text[token_start:token_end]
            words.append(text if kind == STRING or not words else f'"{text}"')
        elif depth == 0 and kind == NEWLINE:
            words = []
        elif kind == END and depth > 0 and words:
            blocks.append(_Block(start, token_end + 1, " ".join(words)))
    return blocks


_LABELS: Final = {"resource": 2, "data": 2, "ephemeral": 2, "locals": 0, "terraform": 0}
_JSON_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]')


def _json_title(text: str, offset: int) -> str | None:
    """The path of keys to an offset, cut where the block's labels end: `resource.azureml_workspace.a`."""
    path: list[str | int] = []
    key = ""
    for match in _JSON_TOKEN.finditer(text, 0, offset):
        mark = match[0]
        if mark in "{[":
            path.append("" if mark == "{" else 0)
        elif mark in "}]":
            path = path[:-1]
        elif mark == "," and path:
            last = path[-1]
            path[-1] = last + 1 if isinstance(last, int) else ""
        elif mark == ":" and path:
            path[-1] = key
        elif mark.startswith('"'):
            key = _unquote(mark)
    return _cut_path(path)


def _unquote(token: str) -> str:
    try:
        return str(json.loads(token))
    except ValueError:
        return token


def _cut_path(path: list[str | int]) -> str | None:
    if not path or not isinstance(path[0], str) or not path[0]:
        return None
    title, left = path[0], _LABELS.get(path[0], 1)
    for step in path[1:]:
        if isinstance(step, int):
            title += f"[{step}]"
        elif left and step:
            title += f".{step}"
            left -= 1
        if not left:
            break
    return title
