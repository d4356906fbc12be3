"""Bodies: attributes and blocks of a file or block, read through a schema of names.

A body has no meaning by itself: in JSON configuration whether `{"a": {}}` is an attribute or a block depends
on what the reader expects. So a reader says which names it knows (`Names`) and gets a `Content`; what it did
not name is a diagnostic (`content`) or left in a remaining body (`partial`). Native and JSON bodies answer
alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from mooring.core.diagnostics import Diagnostics
from mooring.core.records import field, record
from mooring.core.spans import Span
from mooring.syntax.nodes import Expression


@record(kw_only=True)
class Names:
    """What a reader expects: attribute names, which of them are required, block types with label names.

    JSON cannot tell a string from a template: strings of `verbatim` attributes are taken as they stand, as
    Terraform takes those that it reads without evaluation (the default of a variable, for one).
    """

    attributes: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    blocks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    verbatim: frozenset[str] = frozenset()


@record(eq=False)
class Attribute:
    """`name = expression`; `span` covers both."""

    name: str
    expression: Expression
    span: Span
    name_span: Span


@record(eq=False)
class Block:
    """`type "label" ... { body }`; `header` covers the type and the labels."""

    type: str
    labels: tuple[str, ...]
    body: Body
    header: Span
    type_span: Span
    label_spans: tuple[Span, ...]


@record(eq=False)
class Content:
    """What a body holds of the names asked for: attributes by name, blocks in the order of the file."""

    attributes: Mapping[str, Attribute]
    blocks: tuple[Block, ...]
    missing_item: Span

    def of_type(self, block_type: str) -> tuple[Block, ...]:
        """The blocks of one type."""
        return tuple(block for block in self.blocks if block.type == block_type)


class Body(Protocol):
    """Attributes and blocks, native or JSON."""

    @property
    def missing_item(self) -> Span:
        """Where to point when something required is not there: the start of a body, in JSON the end."""
        ...

    def content(self, names: Names) -> tuple[Content, Diagnostics]:
        """The named content; anything else, anything missing, wrong labels: diagnostics."""
        ...

    def partial(self, names: Names) -> tuple[Content, Body, Diagnostics]:
        """The named content, and a body with what was not named."""
        ...

    def just_attributes(self, *, verbatim: bool = False) -> tuple[Mapping[str, Attribute], Diagnostics]:
        """Everything as attributes; a block is a diagnostic. `verbatim` as in `Names`, for all of them."""
        ...
