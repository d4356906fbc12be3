"""What may follow an operand: `.name`, `.0`, `[key]`, and the splats `[*]` and `.*`."""

from __future__ import annotations

from mooring.core.numbers import parse_number
from mooring.core.spans import Span
from mooring.core.values import number
from mooring.syntax.cursor import MAX_NESTING, Cursor
from mooring.syntax.nodes import (
    AttrStep,
    Expression,
    IndexExpression,
    IndexStep,
    Literal,
    RelativeTraversal,
    Splat,
    SplatItem,
    Traversal,
    TraversalStep,
)
from mooring.syntax.tokens import CLOSERS, CLOSING, END, IDENTIFIER, NUMBER


def parse_steps(cursor: Cursor, source: Expression) -> Expression:
    """Everything that follows `source`; the cursor is on a dot or an opening bracket."""
    steps: list[TraversalStep] = []
    while True:
        match cursor.kinds[cursor.at]:
            case ".":
                dot = cursor.advance()
                if cursor.kinds[cursor.at] == "*":
                    source, steps = _parse_attribute_splat(cursor, _follow(source, steps), dot), []
                else:
                    steps.append(_parse_attribute(cursor, dot, cursor.at))
            case "[":
                source, steps = _parse_index(cursor, source, steps)
            case _:
                return _follow(source, steps)


def _follow(source: Expression, steps: list[TraversalStep]) -> Expression:
    """The expression of constant steps into `source`."""
    if not steps:
        return source
    span = source.span.to(steps[-1].span)
    if type(source) is Traversal and not source.steps:
        return Traversal(source.root, source.root_span, tuple(steps), span)
    return RelativeTraversal(source, tuple(steps), span)


def _parse_attribute(cursor: Cursor, dot: int, offender: int) -> TraversalStep:
    """`.name` or `.0`; the cursor is just after the dot. A problem is reported at the token `offender`."""
    kind = cursor.kinds[cursor.at]
    if kind == IDENTIFIER:
        name = cursor.advance()
        return AttrStep(cursor.token_text(name), cursor.tokens_span(dot, name))
    if kind == NUMBER:
        return _parse_legacy_index(cursor, dot)
    raise cursor.failure(
        "Invalid attribute name",
        "After a dot there must be the name of an attribute, without quotes.",
        cursor.offender(offender),
    )


def _parse_legacy_index(cursor: Cursor, dot: int) -> IndexStep:
    text = cursor.token_text(cursor.at)
    index = parse_number(text) if len(text) < 100 else None
    if "." in text or index is None:
        raise cursor.failure(
            "Invalid legacy index syntax",
            "Two indexes in a row cannot be written with dots. Write them in brackets, as in `list[0][1]`.",
        )
    token = cursor.advance()
    return IndexStep(number(index), cursor.tokens_span(dot, token))


# -- indexes -------------------------------------------------------------------------------------


def _parse_index(
    cursor: Cursor, source: Expression, steps: list[TraversalStep]
) -> tuple[Expression, list[TraversalStep]]:
    """`[key]`: one more step if the key is constant, else an expression that later steps start from."""
    opening = cursor.at
    outside = cursor.enter(skips_newlines=True)
    if cursor.kinds[cursor.at] == "*":
        return _parse_full_splat(cursor, _follow(source, steps), opening, outside=outside), []
    key = cursor.parse_expression(cursor)
    if cursor.kinds[cursor.at] != "]":
        raise cursor.failure(
            "Missing close bracket on index",
            "The index ends before this: its closing bracket (]) comes too late or not at all.",
            _closing_bracket(cursor),
        )
    closing = cursor.leave(outside)
    brackets = cursor.tokens_span(opening, closing)
    if type(key) is Literal:
        return source, [*steps, IndexStep(key.value, brackets)]
    source = _follow(source, steps)
    return IndexExpression(source, key, source.span.to(brackets), brackets), []


def _closing_bracket(cursor: Cursor) -> Span:
    """Where the brackets that hold too much do close: there, or at the end of the text, Terraform points."""
    depth = 0
    for token in range(cursor.at, len(cursor.kinds)):
        kind = cursor.kinds[token]
        if kind == END or (kind == "]" and depth == 0):
            return cursor.token_span(token)
        depth = max(0, depth + (kind in CLOSERS) - (kind in CLOSING))
    return cursor.token_span(cursor.at)


# -- splats --------------------------------------------------------------------------------------


def _parse_full_splat(cursor: Cursor, source: Expression, opening: int, *, outside: bool) -> Splat:
    """`[*]`: all that follows is done with each element. The cursor is on the star."""
    cursor.advance()
    if cursor.kinds[cursor.at] != "]":
        raise cursor.failure(
            "Missing close bracket on splat index",
            "The star of a splat stands alone: the closing bracket (]) comes too late or not at all.",
            _closing_bracket(cursor),
        )
    closing = cursor.leave(outside)
    marker = cursor.tokens_span(opening, closing)
    item = SplatItem(marker)
    cursor.depth += 1
    if cursor.depth > MAX_NESTING:
        raise cursor.failure("Expression nested too deeply", f"No more than {MAX_NESTING} splats in a row.")
    each = parse_steps(cursor, item)
    cursor.depth -= 1
    return Splat(source, item, each, source.span.to(each.span), marker)


def _parse_attribute_splat(cursor: Cursor, source: Expression, dot: int) -> Splat:
    """`.*`: the attributes that follow are taken of each element. The cursor is on the star."""
    star = cursor.advance()
    marker = cursor.tokens_span(dot, star)
    item = SplatItem(marker)
    steps: list[TraversalStep] = []
    while cursor.kinds[cursor.at] == ".":
        dot = cursor.advance()
        if cursor.kinds[cursor.at] == "*":
            raise cursor.failure(
                "Nested splat expression not allowed",
                "A splat with .* cannot stand in another one. Use [*] for both.",
            )
        steps.append(_parse_attribute(cursor, dot, star))
    each = _follow(item, steps)
    return Splat(source, item, each, source.span.to(each.span), marker)
