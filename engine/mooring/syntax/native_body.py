"""Bodies of native syntax: arguments and blocks as they were written, read through `Names`.

Owns what is said of a name that was not expected or is missing. Knows nothing of expressions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, final

from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.spans import Span
from mooring.core.suggest import suggest
from mooring.syntax.body import Attribute, Block, Body, Content, Names


@final
class NativeBody:
    """The content of a file or of a block's braces, which `span` covers; see `Body`."""

    __slots__ = ("attributes", "blocks", "span")

    def __init__(self, attributes: Mapping[str, Attribute], blocks: tuple[Block, ...], span: Span) -> None:
        self.attributes: Final = attributes
        self.blocks: Final = blocks
        self.span: Final = span

    @property
    def missing_item(self) -> Span:
        """The start of the body."""
        source, start, _ = self.span
        return Span(source, start, start)

    def content(self, names: Names) -> tuple[Content, Diagnostics]:
        """The named content; anything else, anything missing, wrong labels: diagnostics."""
        content, diags = self._read(names)
        diags += [
            _unsupported_argument(attribute, names)
            for name, attribute in self.attributes.items()
            if name not in names.attributes
        ]
        diags += [_unsupported_block(block, names) for block in self.blocks if block.type not in names.blocks]
        return content, tuple(diags)

    def partial(self, names: Names) -> tuple[Content, Body, Diagnostics]:
        """The named content, and a body with what was not named."""
        content, diags = self._read(names)
        attributes = {
            name: attribute for name, attribute in self.attributes.items() if name not in names.attributes
        }
        blocks = tuple([block for block in self.blocks if block.type not in names.blocks])
        return content, NativeBody(attributes, blocks, self.span), tuple(diags)

    def just_attributes(self, *, verbatim: bool = False) -> tuple[Mapping[str, Attribute], Diagnostics]:  # noqa: ARG002
        """Everything as attributes; a block is a diagnostic."""
        if not self.blocks:
            return self.attributes, ()
        first = self.blocks[0]
        detail = (
            f'Only arguments (name = value) may stand here. If "{first.type}" is meant to be one, write '
            "an equals sign after it."
        )
        diag = error(f'Unexpected "{first.type}" block', detail, first.type_span, context=first.header)
        return self.attributes, (diag,)

    def _read(self, names: Names) -> tuple[Content, list[Diagnostic]]:
        found, expected = self.attributes, names.attributes
        attributes = {name: found[name] for name in found if name in expected}
        missing = sorted(names.required - attributes.keys()) if names.required else ()
        diags = [_missing(name, self.missing_item) for name in missing]
        blocks: list[Block] = []
        for block in self.blocks:
            labels = names.blocks.get(block.type)
            if labels is None:
                continue
            if len(labels) == len(block.labels):
                blocks.append(block)
            else:
                diags.append(_wrong_labels(block, labels))
        return Content(attributes, tuple(blocks), self.missing_item), diags


def _missing(name: str, where: Span) -> Diagnostic:
    return error(
        "Missing required argument",
        f'The argument "{name}" is required here, but it is not set. Add a line {name} = ... to this block.',
        where,
    )


def _wrong_labels(block: Block, expected: tuple[str, ...]) -> Diagnostic:
    if len(block.labels) > len(expected):
        labels = f"{len(expected)} ({', '.join(expected)})" if expected else "no"
        return error(
            f"Extraneous label for {block.type}",
            f"A block of type {block.type} takes {labels} labels. Remove this one.",
            block.label_spans[len(expected)],
            context=block.header,
        )
    missing = expected[len(block.labels)]
    return error(
        f"Missing {missing} for {block.type}",
        f"A block of type {block.type} takes {len(expected)} labels ({', '.join(expected)}). Add the "
        f"{missing} in quotes before the opening brace.",
        _opening_brace(block),
        context=block.header.to(_opening_brace(block)),
    )


def _opening_brace(block: Block) -> Span:
    source, start, _ = block.body.missing_item
    return Span(source, start, start + 1)


def _unsupported_argument(attribute: Attribute, names: Names) -> Diagnostic:
    name = attribute.name
    if name in names.blocks:
        hint = f' To write a block of type "{name}", remove the equals sign.'
    else:
        meant = suggest(name, sorted(names.attributes))
        hint = f' Did you mean "{meant}"?' if meant else ""
    return error(
        "Unsupported argument", f'An argument named "{name}" is not expected here.{hint}', attribute.name_span
    )


def _unsupported_block(block: Block, names: Names) -> Diagnostic:
    block_type = block.type
    if block_type in names.attributes:
        hint = f' To set the argument "{block_type}", write an equals sign after its name.'
    else:
        meant = suggest(block_type, sorted(names.blocks))
        hint = f' Did you mean "{meant}"?' if meant else ""
    return error(
        "Unsupported block type",
        f'A block of type "{block_type}" is not expected here.{hint}',
        block.type_span,
    )
