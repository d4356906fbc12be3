"""Which `%{else}` and `%{endif}` belong to which `%{if}`: from a flat list of pieces to nested parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from mooring.core.records import record
from mooring.core.spans import Span
from mooring.syntax.cursor import MAX_NESTING, Cursor
from mooring.syntax.nodes import Expression, TemplateFor, TemplateIf, TemplatePart, TemplateText


@record(eq=False)
class Directive:
    """`%{ keyword ... }`: the names of a `for`, and its collection or the condition of an `if`."""

    keyword: str
    key_name: str | None
    value_name: str
    expression: Expression | None
    span: Span


Piece = TemplateText | Expression | Directive
_TOO_DEEP: Final = f"Template directives may stand in each other {MAX_NESTING} levels deep at most."
_ENDS: Final = {"endif": "if", "endfor": "for"}


@dataclass(slots=True)
class _Open:
    """A directive whose end has not come yet; `start` is None for the template as a whole."""

    start: Directive | None = None
    parts: list[TemplatePart] = field(default_factory=list)
    before_else: list[TemplatePart] | None = None

    @property
    def keyword(self) -> str:
        return self.start.keyword if self.start else ""


def build_parts(cursor: Cursor, pieces: Sequence[Piece], closing: Span) -> tuple[TemplatePart, ...]:
    """The parts of a template; directives without their counterpart are reported."""
    open_ones, before = [_Open()], len(cursor.diags)
    for piece in _merged(pieces):
        if isinstance(piece, Directive):
            _take_directive(cursor, open_ones, piece)
        else:
            open_ones[-1].parts.append(piece)
    innermost = open_ones[-1].start
    if innermost is not None and len(cursor.diags) == before:
        cursor.report(
            "Unexpected end of template",
            f"The %{{ {innermost.keyword} }} at {innermost.span} has no %{{ end{innermost.keyword} }}.",
            closing,
            innermost.span.to(closing),
        )
    return tuple(open_ones[0].parts)


def _merged(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces with neighbouring text, of which a heredoc has one for each line, made one."""
    texts: list[TemplateText] = []
    for piece in pieces:
        if isinstance(piece, TemplateText):
            texts.append(piece)
            continue
        yield from _joined(texts)
        texts.clear()
        yield piece
    yield from _joined(texts)


def _joined(texts: Sequence[TemplateText]) -> Iterator[TemplateText]:
    text = "".join([text.text for text in texts])
    if text:
        yield TemplateText(text, texts[0].span.to(texts[-1].span))


def _take_directive(cursor: Cursor, open_ones: list[_Open], directive: Directive) -> None:
    innermost = open_ones[-1]
    match directive.keyword:
        case "if" | "for":
            if len(open_ones) > MAX_NESTING:
                raise cursor.failure("Expression nested too deeply", _TOO_DEEP, directive.span)
            open_ones.append(_Open(directive))
        case "else" if innermost.keyword == "if" and innermost.before_else is None:
            innermost.before_else, innermost.parts = innermost.parts, []
        case keyword if _ENDS.get(keyword) == innermost.keyword:
            open_ones.pop()
            open_ones[-1].parts.append(_close(innermost, directive))
        case _:
            _report_unexpected(cursor, innermost, directive)


def _close(ended: _Open, end: Directive) -> TemplatePart:
    start = ended.start
    assert start is not None
    assert start.expression is not None
    span = start.span.to(end.span)
    parts = tuple(ended.parts)
    if start.keyword == "for":
        return TemplateFor(start.key_name, start.value_name, start.expression, parts, span)
    if ended.before_else is None:
        return TemplateIf(start.expression, parts, (), span)
    return TemplateIf(start.expression, tuple(ended.before_else), parts, span)


def _report_unexpected(cursor: Cursor, innermost: _Open, directive: Directive) -> None:
    if innermost.start is None:
        reason = "No directive before this one is waiting for it."
    elif innermost.before_else is not None and directive.keyword == "else":
        reason = f"The %{{ if }} at {innermost.start.span} has its %{{ else }} already."
    else:
        reason = f"The %{{ {innermost.keyword} }} at {innermost.start.span} must end first."
    cursor.report(f"Unexpected {directive.keyword} directive", reason, directive.span)
