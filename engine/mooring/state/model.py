"""The state: objects that exist, by address, as they were last recorded.

Objects hold their attributes as JSON in the stored form (see core/codec): this layer knows no schemas. The
planner decodes what it needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from mooring.core.addresses import ConfigAddress, InstanceAddress, ProviderConfigAddress
from mooring.core.codec import Json
from mooring.core.paths import Path
from mooring.core.records import field, record
from mooring.core.types import Type


class Status(Enum):
    """Whether an object is whole. A tainted one failed half-way and is replaced by the next apply."""

    READY = "ready"
    TAINTED = "tainted"


@record(kw_only=True)
class ObjectState:
    """One object. `dependencies` are the resources it was made after, directly (not what those depend on).

    `extra` are fields that this version does not know, kept until the object is recorded anew.
    """

    attributes: Mapping[str, Json]
    schema_version: int = 0
    sensitive: tuple[Path, ...] = ()
    private: bytes = b""
    dependencies: tuple[ConfigAddress, ...] = ()
    status: Status = Status.READY
    create_before_destroy: bool = False
    extra: Mapping[str, Json] = field(default_factory=dict)


@record(kw_only=True)
class InstanceState:
    """One resource instance: its current object, and by random key those that wait to be deleted."""

    provider: ProviderConfigAddress
    current: ObjectState | None = None
    deposed: Mapping[str, ObjectState] = field(default_factory=dict)


@record(kw_only=True)
class OutputState:
    """A root output as it was last evaluated."""

    value: Json
    type: Type
    sensitive: bool = False


@record(kw_only=True)
class State:
    """Everything recorded. `lineage` names the state for life, `serial` counts its written versions.

    `check_results` is kept as it was read, for Terraform, and so are `extra`, fields that this version does
    not know.
    """

    lineage: str = ""
    serial: int = 0
    instances: Mapping[InstanceAddress, InstanceState] = field(default_factory=dict)
    outputs: Mapping[str, OutputState] = field(default_factory=dict)
    check_results: Json = None
    extra: Mapping[str, Json] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is recorded."""
        return not self.instances and not self.outputs
