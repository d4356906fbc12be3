"""Schemas: attributes, nested blocks, resources, providers. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

from mooring.core.records import field, record
from mooring.core.types import Type


class Nesting(Enum):
    """How often a nested block (or nested attribute object) occurs and how its objects are collected.

    `SINGLE`: none or one, null when absent. `GROUP`: none or one, never null. `LIST`, `SET`: any number.
    `MAP`: any number, keyed by the block's one label.
    """

    SINGLE = "single"
    GROUP = "group"
    LIST = "list"
    SET = "set"
    MAP = "map"


@record(kw_only=True)
class Attribute:
    """One attribute. Exactly one of required, optional, computed, or optional and computed, holds.

    `computed`: the provider may decide the value; where nobody else may (it is not `optional`), another value
    found later is an observation and no drift. `write_only`: goes to the provider, is never stored.
    `forces_replacement`: a change cannot be made in place. `nested` gives attributes of an object attribute
    each their own flags; `type` then is the type they add up to.
    """

    type: Type
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False
    write_only: bool = False
    forces_replacement: bool = False
    nested: NestedAttributes | None = None
    description: str = ""
    deprecated: str = ""


@record(kw_only=True)
class NestedAttributes:
    """Flags for the attributes of an object attribute, or of each object in a collection of them."""

    nesting: Nesting
    attributes: Mapping[str, Attribute]


@record(kw_only=True)
class NestedBlock:
    """A block type inside a block. `max_items` 0 is no limit."""

    block: BlockSchema
    nesting: Nesting
    min_items: int = 0
    max_items: int = 0


@record(kw_only=True)
class BlockSchema:
    """Attributes and nested blocks of a body."""

    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    blocks: Mapping[str, NestedBlock] = field(default_factory=dict)
    description: str = ""
    deprecated: str = ""


@record(kw_only=True)
class Verbs:
    """What creating and deleting a thing of this type is called: `create`/`delete` or `attach`/`detach`."""

    create: str = "create"
    delete: str = "destroy"


CREATE_AND_DESTROY: Final = Verbs()
ATTACH_AND_DETACH: Final = Verbs(create="attach", delete="detach")


@record(kw_only=True)
class Timeouts:
    """How long an operation may take by default, in seconds."""

    create: float = 1800.0
    read: float = 300.0
    update: float = 1800.0
    delete: float = 1800.0


@record(kw_only=True)
class ResourceSchema:
    """A resource type or data source. `version` counts changes of the stored form."""

    block: BlockSchema
    version: int = 0
    verbs: Verbs = CREATE_AND_DESTROY
    timeouts: Timeouts = Timeouts()


@record(kw_only=True)
class ProviderSchema:
    """Everything a provider offers: its own configuration, and its types by name, of each mode.

    `hints` are for names of resource types that people look for and that there are not: what to do instead,
    as sentences.
    """

    provider: BlockSchema = BlockSchema()
    resources: Mapping[str, ResourceSchema] = field(default_factory=dict)
    data_sources: Mapping[str, ResourceSchema] = field(default_factory=dict)
    ephemerals: Mapping[str, ResourceSchema] = field(default_factory=dict)
    hints: Mapping[str, str] = field(default_factory=dict)
