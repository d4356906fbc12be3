"""What makes a resource type: a table, a place in ARM, and a few functions for what no table can say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from mooring.core.codec import Json
from mooring.core.diagnostics import Diagnostics
from mooring.sdk import CREATE_AND_DESTROY, CallContext, Timeouts, Verbs
from mooring_azureml.arm import Arm, ArmError, Port, Target
from mooring_azureml.lifecycle.placement import Placement
from mooring_azureml.table.model import Fields, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a connection gives to every resource type.

    `subscription_id` and `tenant_id` are None while they are unknown. `random_bytes(n)` is the source of
    randomness; `poll_seconds` the time between two looks at something that changes.
    """

    port: Port
    subscription_id: str | None
    tenant_id: str | None
    random_bytes: Callable[[int], bytes]
    poll_seconds: float

    @property
    def arm(self) -> Arm:
        """The way to Azure, opened by the first who asks."""
        return self.port.arm


Rule: TypeAlias = Callable[[Fields], Diagnostics]
"""Judges a configuration; unknowns are possible. Pure."""
Derive: TypeAlias = Callable[[Access, Fields], Fields]
"""Fills in planned values that follow from others or from the provider's settings. Pure."""
Prepare: TypeAlias = Callable[[Access, CallContext, Fields], Fields | ArmError]
"""Fills in, just before a create, what must be looked up. Reads only."""
Guard: TypeAlias = Callable[[Access, CallContext, Fields | None, Fields], Diagnostics]
"""Judges a change from the object before (None: a new one) to the planned one against reality. Reads only."""


def _derive_nothing(_access: Access, fields: Fields) -> Fields:
    return fields


def _prepare_nothing(_access: Access, _ctx: CallContext, fields: Fields) -> Fields | ArmError:
    return fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A resource type.

    `noun` is what messages call it. `discriminator` and `constants` are written into every body, by dotted
    path; a document that contradicts the discriminator is of another type. `delete_parameters` go with a
    DELETE. `secret_version` names the computed property that changes when a write-only one does. `listed`
    types are refreshed through one list of their parent's children. `attaches` names the attribute with the
    id of a resource that can be attached once only.
    """

    type_name: str
    noun: str
    arm_type: str
    api_version: str
    placement: Placement
    table: Table
    description: str
    discriminator: Mapping[str, Json] = field(default_factory=dict)
    constants: Mapping[str, Json] = field(default_factory=dict)
    delete_parameters: Mapping[str, str] = field(default_factory=dict)
    verbs: Verbs = CREATE_AND_DESTROY
    timeouts: Timeouts = field(default_factory=Timeouts)
    secret_version: str | None = None
    listed: bool = False
    attaches: str = ""
    rules: tuple[Rule, ...] = ()
    derive: Derive = _derive_nothing
    prepare: Prepare = _prepare_nothing
    guards: tuple[Guard, ...] = ()

    def target(
        self, resource_id: str, suffix: str = "", parameters: Mapping[str, str] | None = None
    ) -> Target:
        """The target of a request about a resource of this type, or about something below it."""
        return Target(id=f"{resource_id}{suffix}", api_version=self.api_version, parameters=parameters or {})
