"""What `terraform fmt` writes in its newer form: `"${x}"` as `x`, types without quotes, labels with quotes.

Works on the text of an argument or header, and knows the tree only to find it. What comes out is laid out
afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from mooring.core.addresses import quote
from mooring.syntax.body import Attribute, Block
from mooring.syntax.format_pieces import LINE_COMMENT, Piece, pieces_of
from mooring.syntax.native_body import NativeBody
from mooring.syntax.nodes import TemplateWrap
from mooring.syntax.tokens import (
    CLOSE_QUOTE,
    CLOSERS,
    CLOSING,
    END_HEREDOC,
    HEREDOC,
    INTERPOLATION,
    NEWLINE,
    OPEN_QUOTE,
)

_MODERN_TYPES: Final = {
    '"string"': "string",
    '"list"': "list(string)",
    '"map"': "map(string)",
    "list": "list(any)",
    "map": "map(any)",
    "set": "set(any)",
}


class _Edit(NamedTuple):
    """Characters of the text, and what stands there instead."""

    start: int
    end: int
    text: str


def modernize(text: str, body: NativeBody) -> str:
    """The text of a valid body with its outdated forms replaced."""
    parts: list[str] = []
    at = 0
    for edit in sorted(_edits(body)):
        parts += text[at : edit.start], edit.text
        at = edit.end
    return "".join((*parts, text[at:]))


def _edits(root: NativeBody) -> Iterator[_Edit]:
    variables = [block for block in root.blocks if block.type == "variable"]
    types = {id(block.body): "type" for block in variables}
    todo = [root]
    while todo:
        body = todo.pop()
        for name, attribute in body.attributes.items():
            is_type = name == types.get(id(body))
            yield from _modern_type(attribute) if is_type else _unwrapped(attribute)
        for block in body.blocks:
            yield from _quoted_labels(block)
            assert isinstance(block.body, NativeBody)
            todo.append(block.body)


def _modern_type(attribute: Attribute) -> Iterator[_Edit]:
    """`type = "list"` of Terraform 0.11, and the types that lack what they are of."""
    _, start, end = span = attribute.expression.span
    modern = _MODERN_TYPES.get(span.text)
    if modern is not None:
        yield _Edit(start, end, modern)


def _unwrapped(attribute: Attribute) -> Iterator[_Edit]:
    """`"${x}"` as `x`; in parentheses if it goes over several lines."""
    if not isinstance(attribute.expression, TemplateWrap):
        return
    _, start, end = span = attribute.expression.span
    inner = span.text[3:-2].removeprefix("~").removesuffix("~").strip()
    pieces = pieces_of(inner)
    has_comment = pieces[-2].kind == LINE_COMMENT
    needs_line_end = has_comment or _ends_in_heredoc(pieces)
    if _has_sequence_in_heredoc(pieces) or (needs_line_end and span.source.text[end : end + 1] != "\n"):
        return
    inner += "\n" if has_comment else ""
    yield _Edit(start, end, f"({inner})" if _needs_parentheses(pieces) else inner)


def _ends_in_heredoc(pieces: Sequence[Piece]) -> bool:
    """Whether a heredoc does not end, for want of the end of a line after its marker."""
    kinds = [piece.kind for piece in pieces]
    return kinds.count(HEREDOC) > kinds.count(END_HEREDOC)


def _needs_parentheses(pieces: Sequence[Piece]) -> bool:
    """Whether the pieces are no expression on their own because a line ends outside of brackets.

    As Terraform does, also if lines end inside of brackets, unless those are comments' lines.
    """
    if (pieces[0].kind, pieces[-2].kind) == ("(", ")"):
        return False
    depth = 0
    for piece in pieces[:-2]:
        depth += (piece.kind in CLOSERS) - (piece.kind in CLOSING)
        if piece.kind == NEWLINE or (piece.kind == LINE_COMMENT and depth == 0):
            return True
    return False


def _has_sequence_in_heredoc(pieces: Sequence[Piece]) -> bool:
    """Whether there is `${` outside of quotes, which Terraform leaves in its string."""
    quotes = 0
    for piece in pieces:
        quotes += (piece.kind == OPEN_QUOTE) - (piece.kind == CLOSE_QUOTE)
        if piece.kind == INTERPOLATION and quotes == 0:
            return True
    return False


def _quoted_labels(block: Block) -> Iterator[_Edit]:
    """Labels in quotes, one space apart; comments between them are lost, as with Terraform."""
    if block.label_spans:
        quoted = "".join(f" {quote(label)}" for label in block.labels)
        yield _Edit(block.type_span.end, block.header.end, quoted)
