"""Tuple and object constructors, and the `for` expressions in the same brackets."""

from __future__ import annotations

from mooring.core.records import record
from mooring.core.spans import Span
from mooring.syntax.cursor import Cursor, SyntaxFailure
from mooring.syntax.nodes import (
    Expression,
    For,
    Literal,
    ObjectConstructor,
    ObjectItem,
    Traversal,
    TupleConstructor,
)
from mooring.syntax.tokens import END, IDENTIFIER, NEWLINE


def parse_tuple(cursor: Cursor) -> Expression:
    """`[a, b]` or `[for ...]`; the cursor is on the bracket."""
    opening = cursor.at
    outside = cursor.enter(skips_newlines=True)
    if cursor.kinds[cursor.at] == IDENTIFIER and cursor.is_word("for"):
        return _parse_for(cursor, opening, outside=outside)
    elements: list[Expression] = []
    while cursor.kinds[cursor.at] != "]":
        elements.append(cursor.parse_expression(cursor))
        if cursor.kinds[cursor.at] == ",":
            cursor.advance()
        elif cursor.kinds[cursor.at] != "]":
            raise _missing_item_separator(cursor, opening)
    closing = cursor.leave(outside)
    return TupleConstructor(tuple(elements), cursor.tokens_span(opening, closing))


def _missing_item_separator(cursor: Cursor, opening: int) -> type[SyntaxFailure]:
    if cursor.kinds[cursor.at] == END:
        return _unterminated(cursor, opening, "tuple", "bracket (])")
    return cursor.failure(
        "Missing item separator",
        "Put a comma between one item and the next, or close the brackets before this.",
        context=cursor.tokens_span(opening, cursor.at),
    )


def _unterminated(cursor: Cursor, opening: int, what: str, closer: str) -> type[SyntaxFailure]:
    return cursor.failure(
        f"Unterminated {what} constructor expression",
        f"The closing {closer} is missing up to the end of the text. Another bracket inside may be wrong.",
        cursor.token_span(opening),
    )


# -- objects -------------------------------------------------------------------------------------


def parse_object(cursor: Cursor) -> Expression:
    """`{ key = value, ... }` or `{for ...}`; the cursor is on the brace."""
    opening = cursor.at
    outside = cursor.enter(skips_newlines=False)
    _skip_newlines(cursor)
    if cursor.kinds[cursor.at] == IDENTIFIER and cursor.is_word("for"):
        cursor.skips_newlines = True
        return _parse_for(cursor, opening, outside=outside)
    items: list[ObjectItem] = []
    while cursor.kinds[cursor.at] != "}":
        items.append(_parse_item(cursor, opening))
        _skip_newlines(cursor)
    closing = cursor.leave(outside)
    span = cursor.tokens_span(opening, closing)
    return ObjectConstructor(tuple(items), span, cursor.token_span(opening))


def _skip_newlines(cursor: Cursor) -> None:
    while cursor.kinds[cursor.at] == NEWLINE:
        cursor.at += 1


def _parse_item(cursor: Cursor, opening: int) -> ObjectItem:
    """`key = value` and the comma or newline after it."""
    key = _bare_word(cursor.parse_expression(cursor))
    if cursor.kinds[cursor.at] not in ("=", ":"):
        raise _missing_value(cursor, key, opening)
    cursor.advance()
    value = cursor.parse_expression(cursor)
    kind = cursor.kinds[cursor.at]
    if kind in (",", NEWLINE):
        cursor.at += 1
    elif kind == END:
        raise _unterminated(cursor, opening, "object", "brace (})")
    elif kind != "}":
        raise cursor.failure(
            "Missing attribute separator",
            "Put a newline or a comma between one attribute and the next, or close the braces before this.",
            context=cursor.since(key.span),
        )
    return ObjectItem(key, value)


def _bare_word(key: Expression) -> Expression:
    """`true`, `false` and `null` are names where a key stands."""
    if isinstance(key, Literal) and key.span.text in ("true", "false", "null"):
        return Traversal(key.span.text, key.span, (), key.span)
    return key


def _missing_value(cursor: Cursor, key: Expression, opening: int) -> type[SyntaxFailure]:
    kind = cursor.kinds[cursor.at]
    if kind == END:
        return _unterminated(cursor, opening, "object", "brace (})")
    context = cursor.since(key.span)
    if kind in (NEWLINE, ","):
        return cursor.failure(
            "Missing attribute value",
            "A key must be followed on its line by an equals sign (=) and the value.",
            context=context,
        )
    hint = ""
    if kind == ".":
        hint = " A key with dots or spaces stands in quotes."
    return cursor.failure(
        "Missing key/value separator",
        f"A key must be followed by an equals sign (=) and the value.{hint}",
        context=context,
    )


# -- for -----------------------------------------------------------------------------------------


@record
class ForHead:
    """The names and the collection of `for k, v in collection`."""

    key_name: str | None
    value_name: str
    collection: Expression


def _parse_for(cursor: Cursor, opening: int, *, outside: bool) -> For:
    """`for k, v in collection : key => value... if condition` and its closing bracket, which ends it."""
    is_object = cursor.kinds[opening] == "{"
    cursor.advance()
    head = _parse_head(cursor, opening)
    cursor.advance()
    key, value = _parse_result(cursor, is_object=is_object)
    group = cursor.kinds[cursor.at] == "..."
    if group:
        _take_grouping(cursor, is_object=is_object)
    condition = None
    if cursor.kinds[cursor.at] == IDENTIFIER and cursor.is_word("if"):
        cursor.advance()
        condition = cursor.parse_expression(cursor)
    if cursor.kinds[cursor.at] != ("}" if is_object else "]"):
        raise _failure(
            cursor, "The 'for' expression is complete here, and its bracket is not closed.", opening
        )
    closing = cursor.leave(outside)
    return For(
        head.key_name,
        head.value_name,
        head.collection,
        key,
        value,
        condition,
        group,
        cursor.tokens_span(opening, closing),
        cursor.token_span(opening),
        cursor.token_span(closing),
    )


def _parse_head(cursor: Cursor, opening: int) -> ForHead:
    """From the first name up to the colon."""
    key_name, value_name = None, _parse_variable(cursor, opening, "after 'for'")
    if cursor.kinds[cursor.at] == ",":
        cursor.advance()
        key_name, value_name = value_name, _parse_variable(cursor, opening, "after the comma")
    if cursor.kinds[cursor.at] != IDENTIFIER or not cursor.is_word("in"):
        raise _failure(cursor, "After its names a 'for' expression needs the keyword 'in'.", opening)
    cursor.advance()
    collection = cursor.parse_expression(cursor)
    if cursor.kinds[cursor.at] != ":":
        raise _failure(cursor, "After the collection a 'for' expression needs a colon.", opening)
    return ForHead(key_name, value_name, collection)


def _parse_variable(cursor: Cursor, opening: int, where: str) -> str:
    if cursor.kinds[cursor.at] != IDENTIFIER:
        raise _failure(cursor, f"A 'for' expression needs the name of a variable {where}.", opening)
    return cursor.token_text(cursor.advance())


def _parse_result(cursor: Cursor, *, is_object: bool) -> tuple[Expression | None, Expression]:
    """`value` or `key => value`."""
    key, value = None, cursor.parse_expression(cursor)
    if cursor.kinds[cursor.at] == "=>":
        if not is_object:
            _report(cursor, "A key (=>) has no place in brackets. Use braces to build an object.", value.span)
        cursor.advance()
        key, value = value, cursor.parse_expression(cursor)
    elif is_object:
        _report(cursor, "In braces a 'for' expression builds an object and needs `key => value`.", value.span)
        key = value
    return key if is_object else None, value


def _take_grouping(cursor: Cursor, *, is_object: bool) -> None:
    token = cursor.advance()
    if not is_object:
        _report(
            cursor,
            "Grouping (...) joins values of the same key, so it needs braces.",
            cursor.token_span(token),
        )


def _failure(cursor: Cursor, detail: str, opening: int) -> type[SyntaxFailure]:
    context = cursor.tokens_span(opening, cursor.at)
    return cursor.failure("Invalid 'for' expression", detail, context=context)


def _report(cursor: Cursor, detail: str, subject: Span) -> None:
    cursor.report("Invalid 'for' expression", detail, subject)
