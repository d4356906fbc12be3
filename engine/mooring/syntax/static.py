"""What an expression says without evaluating it: references, calls, keywords, constructors.

Owns the reading of expressions as names (`depends_on`, `provider`, `type`, `ignore_changes`) and the search
for references. Where a JSON file needs an expression that is no template, it stands as plain text in a
string: these functions read such strings too. Everything here walks with a stack of its own, because a
chain of operators may be longer than Python's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mooring.core.diagnostics import has_errors
from mooring.syntax.cursor import Fragment
from mooring.syntax.fragments import parse_expression_fragment
from mooring.syntax.json_strings import decoded_offsets
from mooring.syntax.nodes import (
    Binary,
    Conditional,
    Expression,
    For,
    FunctionCall,
    IndexExpression,
    Literal,
    ObjectConstructor,
    ObjectItem,
    Parenthesized,
    RelativeTraversal,
    Splat,
    SplatItem,
    Template,
    TemplateFor,
    TemplateIf,
    TemplatePart,
    TemplateText,
    TemplateWrap,
    Traversal,
    TupleConstructor,
    Unary,
)

_KEYWORDS: Final = ("true", "false", "null")

# -- expressions read as something else ----------------------------------------------------------


def as_traversal(expr: Expression) -> Traversal | None:
    """The reference that an expression is, also in a JSON string; None if it is anything else."""
    expr = _written_in_json(expr)
    if isinstance(expr, Literal) and not expr.quoted and expr.span.text in _KEYWORDS:
        return Traversal(expr.span.text, expr.span, (), expr.span)
    return expr if isinstance(expr, Traversal) else None


def as_keyword(expr: Expression) -> str | None:
    """The lone name that an expression is (`string`, `all`), also in a JSON string."""
    traversal = as_traversal(expr)
    return traversal.root if traversal is not None and not traversal.steps else None


def as_tuple(expr: Expression) -> tuple[Expression, ...] | None:
    """The elements, if an expression is a tuple constructor."""
    return expr.elements if isinstance(expr, TupleConstructor) else None


def traversal_in_string(expr: Expression) -> Traversal | None:
    """The reference that a quoted string without escapes holds, as old configurations have them."""
    if not isinstance(expr, Literal) or not expr.quoted:
        return None
    found = _parse_string(expr)
    return found if isinstance(found, Traversal) else None


def _written_in_json(expr: Expression) -> Expression:
    """The expression that a string of a JSON file holds; any other expression is itself."""
    if isinstance(expr, Literal) and expr.quoted and expr.span.source.path.endswith(".json"):
        return _parse_string(expr) or expr
    return expr


def _parse_string(literal: Literal) -> Expression | None:
    source, start, end = literal.span
    text = literal.value.text
    offsets = decoded_offsets(source.text[start + 1 : end - 1], start + 1)
    if len(offsets) != len(text) + 1:
        return None
    expression, diags = parse_expression_fragment(Fragment(source, text, offsets))
    return None if has_errors(diags) else expression


# -- what an expression refers to ----------------------------------------------------------------

_Bound = frozenset[str]
_NOTHING_BOUND: Final[_Bound] = frozenset()


def traversals(expr: Expression) -> Iterator[Traversal]:
    """Every reference in an expression in the order written, except to the variables of a `for` around it."""
    for node, bound in _walk(expr):
        if isinstance(node, Traversal) and node.root not in bound:
            yield node


def function_calls(expr: Expression) -> Iterator[FunctionCall]:
    """Every function call in an expression in the order written, an outer one before its arguments."""
    for node, _ in _walk(expr):
        if isinstance(node, FunctionCall):
            yield node


def _walk(expr: Expression) -> Iterator[tuple[TemplatePart, _Bound]]:
    """Every node, outermost first, with the names that `for`s around it bind."""
    open_nodes: list[tuple[TemplatePart, _Bound]] = [(expr, _NOTHING_BOUND)]
    while open_nodes:
        node, bound = open_nodes.pop()
        yield node, bound
        open_nodes.extend(reversed(_children(node, bound)))


def _children(node: TemplatePart, bound: _Bound) -> list[tuple[TemplatePart, _Bound]]:
    match node:
        case For():
            return _for_children(node, bound)
        case TemplateFor():
            inner = bound | _names(node.key_name, node.value_name)
            return [(node.collection, bound), *[(part, inner) for part in node.body]]
        case _:
            return [(part, bound) for part in _parts(node)]


def _for_children(node: For, bound: _Bound) -> list[tuple[TemplatePart, _Bound]]:
    inner = bound | _names(node.key_name, node.value_name)
    results = [node.key, node.value, node.condition]
    return [(node.collection, bound), *[(part, inner) for part in results if part is not None]]


def _names(key_name: str | None, value_name: str) -> _Bound:
    return frozenset((value_name,)) if key_name is None else frozenset((key_name, value_name))


def _parts(node: TemplatePart) -> tuple[TemplatePart, ...]:  # noqa: C901, PLR0912 - one case for each node
    """The direct parts of a node that binds no names."""
    match node:
        case RelativeTraversal():
            return (node.source,)
        case IndexExpression():
            return node.collection, node.key
        case Splat():
            return node.source, node.each
        case FunctionCall():
            return node.arguments
        case Conditional():
            return node.condition, node.if_true, node.if_false
        case Binary():
            return node.left, node.right
        case Unary():
            return (node.operand,)
        case Parenthesized() | TemplateWrap():
            return (node.inner,)
        case TupleConstructor():
            return node.elements
        case ObjectConstructor():
            return tuple(part for item in node.items for part in _item_parts(item))
        case Template():
            return node.parts
        case TemplateIf():
            return node.condition, *node.if_true, *node.if_false
        case Literal() | Traversal() | SplatItem() | TemplateText() | For() | TemplateFor():
            return ()


def _item_parts(item: ObjectItem) -> tuple[Expression, ...]:
    """Key and value; a bare word as key is a name, not a reference."""
    if isinstance(item.key, Traversal) and not item.key.steps:
        return (item.value,)
    return item.key, item.value
