"""The syntax tree: expressions, and the bodies, attributes and blocks that hold them.

Nodes are frozen and compare by identity (`eq=False`): a tree is large, is compared nowhere, and nodes key
caches. Every node has a `span`. JSON configuration produces the same expression nodes; only its bodies
differ (see body.py).
"""

from __future__ import annotations

from typing import Literal as OneOf

from mooring.core.records import record
from mooring.core.spans import Span
from mooring.core.values import Value

# -- expressions ---------------------------------------------------------------------------------


@record(eq=False)
class Literal:
    """A constant: number, bool, null, or a string without interpolation (quoted, heredoc or from JSON).

    `quoted` tells a string written as a string from anything else.
    """

    value: Value
    span: Span
    quoted: bool = False


@record(eq=False)
class AttrStep:
    """`.name` of a traversal; `span` covers the dot too."""

    name: str
    span: Span


@record(eq=False)
class IndexStep:
    """`["key"]`, `[0]` or the legacy `.0` of a traversal; `span` covers the brackets."""

    key: Value
    span: Span


TraversalStep = AttrStep | IndexStep


@record(eq=False)
class Traversal:
    """A reference: a root name and constant steps, as `var.a.b[0]`. A lone name is one without steps."""

    root: str
    root_span: Span
    steps: tuple[TraversalStep, ...]
    span: Span


@record(eq=False)
class RelativeTraversal:
    """Constant steps into the result of another expression, as `f(x).name[0]`."""

    source: Expression
    steps: tuple[TraversalStep, ...]
    span: Span


@record(eq=False)
class IndexExpression:
    """`collection[key]` with a key that must be evaluated; `brackets` covers `[key]`."""

    collection: Expression
    key: Expression
    span: Span
    brackets: Span


@record(eq=False)
class Splat:
    """`source[*].steps` (full) or `source.*.steps` (attribute only). `each` is evaluated per element.

    In `each` the element itself is the node `item`. `marker` covers `[*]` or `.*`.
    """

    source: Expression
    item: SplatItem
    each: Expression
    span: Span
    marker: Span


@record(eq=False)
class SplatItem:
    """Stands for the current element inside a splat's `each`."""

    span: Span


@record(eq=False)
class FunctionCall:
    """`name(arguments...)`; the name may be namespaced, as `core::upper` or `provider::aws::arn_parse`.

    `expand_last` is the `...` after the last argument. `open_paren` and `close_paren` are their characters.
    """

    name: str
    name_span: Span
    arguments: tuple[Expression, ...]
    expand_last: bool
    span: Span
    open_paren: Span
    close_paren: Span


@record(eq=False)
class Conditional:
    """`condition ? if_true : if_false`."""

    condition: Expression
    if_true: Expression
    if_false: Expression
    span: Span


BinaryOperator = OneOf["||", "&&", "==", "!=", ">", ">=", "<", "<=", "+", "-", "*", "/", "%"]


@record(eq=False)
class Binary:
    """`left operator right`."""

    operator: BinaryOperator
    left: Expression
    right: Expression
    span: Span


@record(eq=False)
class Unary:
    """`!operand` or `-operand`."""

    operator: OneOf["!", "-"]
    operand: Expression
    span: Span
    symbol: Span


@record(eq=False)
class Parenthesized:
    """`(inner)`: evaluates as `inner`, but an object key in parentheses is not a bare word."""

    inner: Expression
    span: Span


@record(eq=False)
class TupleConstructor:
    """`[a, b]`."""

    elements: tuple[Expression, ...]
    span: Span


@record(eq=False)
class ObjectItem:
    """`key = value` in an object constructor. A bare word key is a `Traversal` without steps."""

    key: Expression
    value: Expression


@record(eq=False)
class ObjectConstructor:
    """`{ key = value, ... }`; `opening` is the brace."""

    items: tuple[ObjectItem, ...]
    span: Span
    opening: Span


@record(eq=False)
class For:
    """`[for k, v in collection : value if condition]`, or `{for ... : key => value...}` when `key` is set."""

    key_name: str | None
    value_name: str
    collection: Expression
    key: Expression | None
    value: Expression
    condition: Expression | None
    group: bool
    span: Span
    opening: Span
    closing: Span


# -- templates -----------------------------------------------------------------------------------


@record(eq=False)
class TemplateText:
    """Literal text of a template, escapes done and strip markers applied."""

    text: str
    span: Span


@record(eq=False)
class TemplateIf:
    """`%{ if condition }...%{ else }...%{ endif }`."""

    condition: Expression
    if_true: tuple[TemplatePart, ...]
    if_false: tuple[TemplatePart, ...]
    span: Span


@record(eq=False)
class TemplateFor:
    """`%{ for k, v in collection }...%{ endfor }`."""

    key_name: str | None
    value_name: str
    collection: Expression
    body: tuple[TemplatePart, ...]
    span: Span


@record(eq=False)
class Template:
    """A string made of parts; always evaluates to a string. `"${x}"` alone is a `TemplateWrap` instead."""

    parts: tuple[TemplatePart, ...]
    span: Span


@record(eq=False)
class TemplateWrap:
    """`"${inner}"` and nothing else: evaluates to `inner`, whatever its type."""

    inner: Expression
    span: Span


Expression = (
    Literal
    | Traversal
    | RelativeTraversal
    | IndexExpression
    | Splat
    | SplatItem
    | FunctionCall
    | Conditional
    | Binary
    | Unary
    | Parenthesized
    | TupleConstructor
    | ObjectConstructor
    | For
    | Template
    | TemplateWrap
)
TemplatePart = TemplateText | TemplateIf | TemplateFor | Expression
