"""Expressions: operators and operands.

Owns precedence and what an operand may be. Operators are folded with a stack instead of a function for each
level, so that a bracket costs four frames and `MAX_NESTING` of them fit in any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, cast

from mooring.core.numbers import parse_number
from mooring.core.values import FALSE, NULL, TRUE, Value, number
from mooring.syntax.calls import parse_call
from mooring.syntax.constructors import parse_object, parse_tuple
from mooring.syntax.cursor import MAX_NESTING, Cursor, SyntaxFailure
from mooring.syntax.nodes import (
    Binary,
    BinaryOperator,
    Conditional,
    Expression,
    Literal,
    Parenthesized,
    Traversal,
    Unary,
)
from mooring.syntax.steps import parse_steps
from mooring.syntax.templates import parse_heredoc, parse_quoted, parse_string
from mooring.syntax.tokens import END, HEREDOC, IDENTIFIER, NUMBER, OPEN_QUOTE, STRING

_PRECEDENCE: Final[Mapping[str, int]] = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    ">": 4,
    ">=": 4,
    "<": 4,
    "<=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}
_KEYWORDS: Final[Mapping[str, Value]] = {"true": TRUE, "false": FALSE, "null": NULL}
_MAX_DIGITS: Final = 4000


def parse_expression(cursor: Cursor) -> Expression:
    """The expression that starts here. Raises `SyntaxFailure` after reporting why there is none."""
    cursor.depth += 1
    if cursor.depth > MAX_NESTING:
        raise _too_deep(cursor)
    expression = _parse_operation(cursor)
    if cursor.kinds[cursor.at] == "?":
        expression = _parse_conditional(cursor, expression)
    cursor.depth -= 1
    return expression


def _too_deep(cursor: Cursor) -> type[SyntaxFailure]:
    return cursor.failure(
        "Expression nested too deeply",
        f"Expressions may stand in each other {MAX_NESTING} levels deep at most. Give a part of this one a "
        "name with a local value and refer to that.",
    )


def _parse_conditional(cursor: Cursor, condition: Expression) -> Expression:
    cursor.advance()
    if_true = parse_expression(cursor)
    if cursor.kinds[cursor.at] != ":":
        raise cursor.failure(
            "Missing false expression in conditional",
            "After `condition ? value` there must be a colon and the value for the case that the condition "
            "is false.",
            context=cursor.since(condition.span),
            hides_others=False,
        )
    cursor.advance()
    if_false = parse_expression(cursor)
    return Conditional(condition, if_true, if_false, condition.span.to(if_false.span))


# -- operators -----------------------------------------------------------------------------------


def _parse_operation(cursor: Cursor) -> Expression:
    """Operands with binary operators between them; the usual case is a lone operand."""
    operand = parse_operand(cursor)
    if cursor.kinds[cursor.at] not in _PRECEDENCE:
        return operand
    operands, operators = [operand], list[str]()
    while (precedence := _PRECEDENCE.get(cursor.kinds[cursor.at])) is not None:
        while operators and _PRECEDENCE[operators[-1]] >= precedence:
            _fold(operands, operators)
        operators.append(cursor.kinds[cursor.at])
        cursor.advance()
        operands.append(parse_operand(cursor))
    while operators:
        _fold(operands, operators)
    return operands[0]


def _fold(operands: list[Expression], operators: list[str]) -> None:
    right, left = operands.pop(), operands.pop()
    operator = cast("BinaryOperator", operators.pop())
    operands.append(Binary(operator, left, right, left.span.to(right.span)))


def parse_operand(cursor: Cursor) -> Expression:
    """An operand with everything that follows it: attributes, indexes, splats."""
    kind = cursor.kinds[cursor.at]
    parse = _OPERANDS.get(kind)
    if parse is None:
        raise _no_expression(cursor)
    operand = parse(cursor)
    following = cursor.kinds[cursor.at]
    if following in (".", "["):
        return parse_steps(cursor, operand)
    return operand


def _no_expression(cursor: Cursor) -> type[SyntaxFailure]:
    if cursor.kinds[cursor.at] == END:
        return cursor.failure(
            "Missing expression", "The text ends where a value should stand. Write an expression here."
        )
    return cursor.failure(
        "Invalid expression",
        "A value should start here: a number, a string in quotes, a reference, a function call, or an "
        "opening bracket. What stands here starts none of them.",
    )


# -- operands ------------------------------------------------------------------------------------


def _parse_name(cursor: Cursor) -> Expression:
    token = cursor.advance()
    name = cursor.token_text(token)
    following = cursor.kinds[cursor.at]
    if following in ("(", "::"):
        return parse_call(cursor, token)
    span = cursor.token_span(token)
    if name in _KEYWORDS:
        return Literal(_KEYWORDS[name], span)
    return Traversal(name, span, (), span)


def _parse_number(cursor: Cursor) -> Expression:
    token = cursor.advance()
    text, span = cursor.token_text(token), cursor.token_span(token)
    parsed = parse_number(text) if len(text) <= _MAX_DIGITS else None
    if parsed is None or isinstance(parsed, float):
        cursor.report("Invalid number literal", f"{text[:40]} cannot be read as a number.", span)
        parsed = 0
    return Literal(number(parsed), span)


def _parse_unary(cursor: Cursor) -> Expression:
    cursor.depth += 1
    if cursor.depth > MAX_NESTING:
        raise _too_deep(cursor)
    token = cursor.advance()
    operand = parse_operand(cursor)
    cursor.depth -= 1
    symbol = cursor.token_span(token)
    return Unary("!" if cursor.kinds[token] == "!" else "-", operand, symbol.to(operand.span), symbol)


def _parse_parentheses(cursor: Cursor) -> Expression:
    opening = cursor.at
    outside = cursor.enter(skips_newlines=True)
    inner = parse_expression(cursor)
    if cursor.kinds[cursor.at] != ")":
        raise cursor.failure(
            "Unbalanced parentheses",
            "The expression in parentheses ends before this, so a closing parenthesis is missing here.",
            context=cursor.tokens_span(opening, cursor.at),
        )
    return Parenthesized(inner, cursor.tokens_span(opening, cursor.leave(outside)))


_OPERANDS: Final[Mapping[str, Callable[[Cursor], Expression]]] = {
    IDENTIFIER: _parse_name,
    STRING: parse_string,
    NUMBER: _parse_number,
    OPEN_QUOTE: parse_quoted,
    HEREDOC: parse_heredoc,
    "[": parse_tuple,
    "{": parse_object,
    "(": _parse_parentheses,
    "-": _parse_unary,
    "!": _parse_unary,
}
