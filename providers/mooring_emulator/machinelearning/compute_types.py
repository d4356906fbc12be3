"""What a compute type is to the code that all computes share.

Owns `ComputeType`, and the two values that pass between it and `computes`: the request it is asked to draft
from, and the draft it gives back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from mooring_emulator.arm.call import Call
    from mooring_emulator.arm.kinds import Action, Target
    from mooring_emulator.arm.shapes import Shape
    from mooring_emulator.codec import JsonObject
    from mooring_emulator.store.model import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeRequest:
    """A PUT of a compute that passed the checks all types share.

    `sent` is its conforming `properties`, `envelope` what is beside them.
    """

    call: Call
    target: Target
    location: str
    envelope: JsonObject
    sent: JsonObject
    prior: Document | None

    @property
    def settings(self) -> JsonObject:
        """Give the type's own settings, `properties.properties`."""
        settings: JsonObject = self.sent.get("properties") or {}
        return settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a type makes of a request.

    `settings` is `properties.properties` when all is done, with secrets; `during` overrides it while the
    operation runs. `claims` are taken at the end, from whoever holds them. `error` leaves the compute
    Failed. `creates` are underlying resources that the service makes for the compute.
    """

    settings: JsonObject
    during: JsonObject = field(default_factory=dict)
    resource_id: str | None = None
    resource_id_during: str | None = None
    compute_location: str
    claims: tuple[str, ...] = ()
    error: JsonObject | None = None
    creates: tuple[Document, ...] = ()


Create: TypeAlias = "Callable[[ComputeRequest], Draft]"
"""Drafts a PUT of a compute that does not exist."""
Update: TypeAlias = "Callable[[ComputeRequest, Document], Draft]"
"""Drafts a PUT over an existing compute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeType:
    """One value of `computeType`.

    `underlying_actions` are the values DELETE accepts for underlyingResourceAction, in lower case. `create`
    and `update` draft a PUT of a new and of an existing compute. `settings` is the shape of the type's own
    settings when the specification has none. `left_out` are settings that are absent instead of null.
    `returned_secrets` are the settings with secrets that listKeys gives back; others are forgotten.
    """

    name: str
    is_attached: bool
    underlying_actions: frozenset[str]
    settings: Shape | None = None
    left_out: tuple[str, ...] = ()
    returned_secrets: tuple[str, ...] = ()
    create: Create
    update: Update
    actions: Mapping[str, Action] = field(default_factory=dict)
