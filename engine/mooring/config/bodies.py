"""Bodies made of two: a block with its `_` block, and a block with what an override file says of it.

Both read like any other body, so whoever decodes a block need not know that two places wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, final

from mooring.core.diagnostics import Diagnostic, Diagnostics, error
from mooring.core.records import replace
from mooring.core.spans import Span
from mooring.syntax.body import Attribute, Block, Body, Content, Names

_COMBINED: Final = "lifecycle"
"""The block type whose override is merged argument by argument; others are replaced as a whole."""


def joined(first: Body, second: Body) -> Body:
    """Everything of two bodies; an argument in both is an error."""
    return _JoinedBody(first, second)


def overlaid(base: Body, override: Body) -> Body:
    """`base` with what `override` says instead.

    An argument replaces the one of its name, a block all blocks of its type. If one has `count` and the other
    `for_each`, it is `count` that holds, whichever says so. The rules are those of
    https://developer.hashicorp.com/terraform/language/files/override.
    """
    return _OverlaidBody(base, override)


class _TwoBodies:
    """What both kinds share: each body is read by itself, then the contents are combined."""

    def __init__(self, first: Body, second: Body) -> None:
        self.first: Final = first
        self.second: Final = second

    @property
    def missing_item(self) -> Span:
        """Where to point when something required is not there."""
        return self.first.missing_item

    def content(self, names: Names) -> tuple[Content, Diagnostics]:
        """The named content of both; anything else, anything missing, wrong labels: diagnostics."""
        optional = _without_required(names)
        first, diags = self.first.content(optional)
        second, more = self.second.content(optional)
        content, problems = self._combine(first, second)
        return content, (*diags, *more, *problems, *_missing(content, names))

    def partial(self, names: Names) -> tuple[Content, Body, Diagnostics]:
        """The named content of both, and a body with what was not named."""
        optional = _without_required(names)
        first, first_rest, diags = self.first.partial(optional)
        second, second_rest, more = self.second.partial(optional)
        content, problems = self._combine(first, second)
        rest = type(self)(first_rest, second_rest)
        return content, rest, (*diags, *more, *problems, *_missing(content, names))

    def just_attributes(self, *, verbatim: bool = False) -> tuple[Mapping[str, Attribute], Diagnostics]:
        """Everything of both as attributes; a block is a diagnostic."""
        first, diags = self.first.just_attributes(verbatim=verbatim)
        second, more = self.second.just_attributes(verbatim=verbatim)
        attributes, problems = self._combine_attributes(first, second)
        return attributes, (*diags, *more, *problems)

    def _combine(self, first: Content, second: Content) -> tuple[Content, Diagnostics]:
        attributes, diags = self._combine_attributes(first.attributes, second.attributes)
        blocks = self._combine_blocks(first.blocks, second.blocks)
        return Content(attributes, blocks, first.missing_item), diags

    def _combine_attributes(
        self, first: Mapping[str, Attribute], second: Mapping[str, Attribute]
    ) -> tuple[Mapping[str, Attribute], Diagnostics]:
        raise NotImplementedError

    def _combine_blocks(self, first: tuple[Block, ...], second: tuple[Block, ...]) -> tuple[Block, ...]:
        raise NotImplementedError


@final
class _JoinedBody(_TwoBodies):
    def _combine_attributes(
        self, first: Mapping[str, Attribute], second: Mapping[str, Attribute]
    ) -> tuple[Mapping[str, Attribute], Diagnostics]:
        twice = tuple(_twice(second[name], first[name]) for name in second if name in first)
        return {**second, **first}, twice

    def _combine_blocks(self, first: tuple[Block, ...], second: tuple[Block, ...]) -> tuple[Block, ...]:
        return first + second


@final
class _OverlaidBody(_TwoBodies):
    def _combine_attributes(
        self, first: Mapping[str, Attribute], second: Mapping[str, Attribute]
    ) -> tuple[Mapping[str, Attribute], Diagnostics]:
        combined = {**first, **second}
        if "count" in combined:
            combined.pop("for_each", None)
        return combined, ()

    def _combine_blocks(self, first: tuple[Block, ...], second: tuple[Block, ...]) -> tuple[Block, ...]:
        if not second:
            return first
        replaced = {_type_of(block) for block in second}
        bases = [block for block in first if block.type == _COMBINED]
        kept = tuple(block for block in first if _type_of(block) not in replaced)
        return kept + tuple(_combined(block, bases) for block in second)


def _combined(block: Block, bases: list[Block]) -> Block:
    if block.type != _COMBINED or not bases:
        return block
    return replace(bases[0], body=overlaid(bases[0].body, block.body))


def _type_of(block: Block) -> str:
    """The type of the blocks that it makes: `dynamic "x"` makes blocks of type x."""
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type


def _without_required(names: Names) -> Names:
    return replace(names, required=frozenset()) if names.required else names


def _missing(content: Content, names: Names) -> Diagnostics:
    return tuple(
        error(
            "Missing required argument",
            f'The argument "{name}" is required here, but it is not set.',
            content.missing_item,
        )
        for name in sorted(names.required - content.attributes.keys())
    )


def _twice(second: Attribute, first: Attribute) -> Diagnostic:
    detail = f'The argument "{second.name}" has a value already, at {first.name_span}.'
    return error("Duplicate argument", detail, second.name_span)
