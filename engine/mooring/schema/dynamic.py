"""`dynamic` blocks: which blocks a body holds once every `for_each` has been unrolled.

    dynamic "rule" {
      for_each = var.rules        # list, set, map, tuple or object; unknown: an unknown number of blocks
      iterator = each_rule        # optional name for `{key, value}`; the block type by default
      labels   = [each_rule.key]  # only for block types with a label
      content { ... }
    }

Must not know what the blocks mean: it finds bodies, decode.py reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Protocol

from mooring.core.diagnostics import Diagnostic, error
from mooring.core.records import record
from mooring.core.spans import Span
from mooring.core.types import STRING, SetType, friendly_name
from mooring.core.values import NO_MARKS, Marks, Unknown, Value, number, object_value, string
from mooring.syntax.body import Block, Body, Content, Names
from mooring.syntax.nodes import Expression, Literal, Traversal

Iterators = Mapping[str, Value]
Report = Callable[[Diagnostic], None]
NO_ITERATORS: Final[Iterators] = MappingProxyType({})
_DYNAMIC: Final = Names(
    attributes=frozenset({"for_each", "iterator", "labels"}),
    required=frozenset({"for_each"}),
    blocks=MappingProxyType({"content": ()}),
)


class Evaluate(Protocol):
    """Evaluates an expression, with the iterators of the `dynamic` blocks around it as further names.

    Problems are reported by the evaluator itself, which then returns a value that is not known.
    """

    def __call__(self, expression: Expression, iterators: Iterators, /) -> Value:
        """The value of the expression."""
        ...


@record(kw_only=True, eq=False)
class Occurrence:
    """One block, written or generated: its body, its labels, where it stands."""

    body: Body
    labels: tuple[str, ...]
    span: Span
    iterators: Iterators


@dataclass(slots=True, kw_only=True, eq=False)
class Occurrences:
    """All blocks of one type in a body. Mutable while they are collected.

    `is_complete` is false when it is not known (or was not understood) how many there will be. `marks` are
    those of what their number depends on.
    """

    found: list[Occurrence] = field(default_factory=list)
    is_complete: bool = True
    marks: Marks = NO_MARKS


def find_occurrences(
    blocks: Iterable[Block],
    block_types: Mapping[str, tuple[str, ...]],
    evaluate: Evaluate,
    report: Report,
    iterators: Iterators,
) -> Mapping[str, Occurrences]:
    """The blocks of each type, in the order of the file, those of `dynamic` blocks unrolled.

    `block_types` gives the label names of each block type.
    """
    collected = {name: Occurrences() for name in block_types if name != "dynamic"}
    for block in blocks:
        if block.type != "dynamic":
            occurrence = Occurrence(
                body=block.body, labels=block.labels, span=block.header, iterators=iterators
            )
            collected[block.type].found.append(occurrence)
        elif block.labels[0] in collected:
            unroll = _Unroll(block, len(block_types[block.labels[0]]), evaluate, report, iterators)
            unroll.into(collected[block.labels[0]])
        else:
            report(_unexpected(block))
    return collected


def _unexpected(block: Block) -> Diagnostic:
    detail = f'Blocks of type "{block.labels[0]}" are not expected here.'
    return error("Unsupported block type", detail, block.label_spans[0])


class _Unroll:
    """One `dynamic` block on its way to become blocks."""

    __slots__ = ("_block", "_evaluate", "_label_count", "_outer", "_report", "_type")

    def __init__(
        self, block: Block, label_count: int, evaluate: Evaluate, report: Report, outer: Iterators
    ) -> None:
        self._block = block
        self._type = block.labels[0]
        self._label_count = label_count
        self._evaluate = evaluate
        self._report = report
        self._outer = outer

    def into(self, into: Occurrences) -> None:
        """Adds the blocks. What is wrong leaves `into` incomplete."""
        content, diags = self._block.body.content(_DYNAMIC)
        for diag in diags:
            self._report(diag)
        body = self._content_body(content)
        name = self._iterator_name(content)
        items = self._items(content, into)
        if diags or body is None or name is None or items is None:
            into.is_complete = False
            return
        for key, value in items:
            iterators = {**self._outer, name: object_value({"key": key, "value": value})}
            self._add(into, body, content, iterators)

    def _add(self, into: Occurrences, body: Body, content: Content, iterators: Iterators) -> None:
        labels = self._labels(content, iterators)
        if labels is None:
            into.is_complete = False
            return
        span = self._block.header
        into.found.append(Occurrence(body=body, labels=labels, span=span, iterators=iterators))

    def _content_body(self, content: Content) -> Body | None:
        blocks = content.of_type("content")
        if not blocks:
            detail = 'A dynamic block must have one nested block of type "content", the body of each block.'
            self._report(error("Missing dynamic content block", detail, content.missing_item))
            return None
        if len(blocks) > 1:
            detail = "A dynamic block must have only one nested content block."
            self._report(error("Extraneous dynamic content block", detail, blocks[1].header))
        return blocks[0].body

    def _iterator_name(self, content: Content) -> str | None:
        attribute = content.attributes.get("iterator")
        if attribute is None:
            return self._type
        match attribute.expression:
            case Traversal(root=name, steps=()):
                return name
            case Literal(value=value) if value.type is STRING and value.text.isidentifier():
                return value.text
            case other:
                detail = "The iterator is a name for the current element, as in: iterator = rule."
                self._report(error("Invalid dynamic iterator name", detail, other.span))
                return None

    def _items(self, content: Content, into: Occurrences) -> Iterable[tuple[Value, Value]] | None:
        """Key and value of each block to make; None when that is not known or not possible."""
        attribute = content.attributes.get("for_each")
        if attribute is None:
            return None
        collection = self._evaluate(attribute.expression, self._outer)
        into.marks |= collection.marks
        raw = collection.raw
        if type(raw) is Unknown:
            return None
        if type(raw) is tuple or type(raw) is dict:
            return [(key, each.marked(collection.marks)) for key, each in _pairs(collection)]
        what = "null" if raw is None else friendly_name(collection.type)
        hint = "" if raw is None else " An iterable collection is required."
        detail = f"Cannot use a {what} value in for_each.{hint}"
        self._report(error("Invalid dynamic for_each value", detail, attribute.expression.span))
        return None

    def _labels(self, content: Content, iterators: Iterators) -> tuple[str, ...] | None:
        attribute = content.attributes.get("labels")
        if attribute is None:
            if self._label_count == 0:
                return ()
            detail = f'Blocks of type "{self._type}" need labels: set the "labels" argument.'
            self._report(error("Insufficient dynamic block labels", detail, content.missing_item))
            return None
        labels = self._evaluate(attribute.expression, iterators)
        if type(labels.raw) is tuple and all(_is_text(each) for each in labels.raw):
            texts = tuple([each.text for each in labels.raw])
            if len(texts) == self._label_count:
                return texts
        if labels.is_wholly_known:
            count = self._label_count
            detail = f'Blocks of type "{self._type}" have {count} label(s), each a string that is no secret.'
            self._report(error("Invalid dynamic block label", detail, attribute.expression.span))
        return None


def _pairs(collection: Value) -> Iterable[tuple[Value, Value]]:
    raw = collection.raw
    if type(raw) is dict:
        return [(string(key), each) for key, each in raw.items()]
    elements = collection.elements
    if isinstance(collection.type, SetType):
        return [(each, each) for each in elements]
    return [(number(position), each) for position, each in enumerate(elements)]


def _is_text(value: Value) -> bool:
    return type(value.raw) is str and not value.marks
