"""The table: one `Property` per attribute, one `Block` per nested block. Data only.

Objects are in `core.codec`'s plain form everywhere in this package: a mapping of attribute names, with
`UNKNOWN` for what is known after apply only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeAlias

from mooring.core.codec import Json, Plain
from mooring.core.types import Type
from mooring.sdk import Nesting
from mooring_azureml.table.notation import EXACT, Notation

WHOLE: Final = "."
"""The place of what stands for the whole of the enclosing document."""
Fields: TypeAlias = Mapping[str, Plain]
Check: TypeAlias = Callable[[Plain], str | None]
"""Says what is wrong with a known value that is not null, as the end of a sentence, or None."""


class Route(Enum):
    """Which way the service takes a changed property.

    `FIXED`: none, the resource is replaced. `DECIDED`: the service decides it. `PLACE`: it is part of the
    resource's id and never in a body; a change replaces. `LOCAL`: the service never hears of it, it says how
    the resource is treated here; a change is recorded without a request.
    """

    FIXED = "fixed"
    PUT = "put"
    PATCH = "patch"
    PLACE = "place"
    DECIDED = "decided"
    LOCAL = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Changed by POST to `{id}/{name}`; `member` is what the property is called in that body."""

    name: str
    member: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One attribute and where ARM keeps it.

    `arm` is a dotted path inside the document, relative to the enclosing block; empty for what the document
    does not hold. `default` is what the service takes for an absent value: planned explicitly, so that the
    plan shows it and drift from it shows too. `computed` beside `optional`: without a value the service
    decides. `echoed` is false for what a GET does not answer with. A write-only property has no drift and no
    state; its change shows as a change of the table's `secret_version`.
    """

    name: str
    type: Type
    arm: str = ""
    required: bool = False
    computed: bool = False
    default: Plain = None
    route: Route | Action
    notation: Notation = EXACT
    checks: tuple[Check, ...] = ()
    sensitive: bool = False
    write_only: bool = False
    echoed: bool = True
    description: str = ""

    @property
    def is_settable(self) -> bool:
        """Whether the configuration may give a value."""
        return self.route is not Route.DECIDED

    @property
    def forces_replacement(self) -> bool:
        """Whether a change cannot be made in place."""
        return self.route is Route.FIXED or self.route is Route.PLACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A nested block and the part of the document it stands for.

    `arm` is relative to the enclosing block; parts are relative to it. `implies` is written beside the
    block's own members when the block is there, by dotted path: a discriminator. An absent block means the
    same as one in which everything has its default. A list with `keyed_by` stands for an object: the property
    of that name (it has no place in the document) is the name of the member; members that are
    `added_by_service`, or that say something else than `only` does, show only where the configuration has
    them.
    """

    name: str
    arm: str
    parts: Sequence[Part]
    nesting: Nesting = Nesting.SINGLE
    required: bool = False
    max_items: int = 0
    implies: Mapping[str, Json] = field(default_factory=dict)
    keyed_by: str = ""
    added_by_service: tuple[str, ...] = ()
    only: Mapping[str, Json] = field(default_factory=dict)
    description: str = ""

    @property
    def is_list(self) -> bool:
        """Whether it holds any number of objects."""
        return self.nesting is Nesting.LIST


Part: TypeAlias = Property | Block
Table: TypeAlias = Sequence[Part]


def properties(table: Table) -> Sequence[Property]:
    """The properties at the top, without those of blocks."""
    return [part for part in table if isinstance(part, Property)]


def walk(table: Table) -> Sequence[Property]:
    """All properties at any depth."""
    found: list[Property] = []
    for part in table:
        found.extend([part] if isinstance(part, Property) else walk(part.parts))
    return found
