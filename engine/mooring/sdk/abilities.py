"""Which optional protocols a resource type or provider satisfies.

`isinstance` with a runtime protocol looks at every member each time (8 us); the engine asks for each instance
and phase, so it asks for the one method instead.
"""

from __future__ import annotations

from typing import TypeGuard

from mooring.sdk import protocols as sdk
from mooring.sdk.provisioning import Provisions


def can_validate_resources(provider: sdk.Provider) -> TypeGuard[sdk.ValidatesResources]:
    """Whether the provider has rules of its own about blocks."""
    return hasattr(provider, "validate_resource")


def can_move(provider: sdk.Provider) -> TypeGuard[sdk.Moves]:
    """Whether the provider takes over objects of other types."""
    return hasattr(provider, "move_object")


def can_provision(provider: sdk.Provider) -> TypeGuard[Provisions]:
    """Whether the provider has provisioners."""
    return hasattr(provider, "provisioners")


def can_review(connection: sdk.Connection) -> TypeGuard[sdk.Reviews]:
    """Whether the connection has rules about several objects together."""
    return hasattr(connection, "review")


def can_plan(kind: sdk.ResourceType) -> TypeGuard[sdk.Plans]:
    """Whether the type decides more about the planned object than its schema says."""
    return hasattr(kind, "plan")


def can_preflight(kind: sdk.ResourceType) -> TypeGuard[sdk.Preflights]:
    """Whether the type can check a change against reality."""
    return hasattr(kind, "preflight")


def can_read_many(kind: sdk.ResourceType) -> TypeGuard[sdk.ReadsMany]:
    """Whether the type reads many objects at once."""
    return hasattr(kind, "read_many")


def can_import(kind: sdk.ResourceType) -> TypeGuard[sdk.Imports]:
    """Whether objects of the type that exist can be taken into the state."""
    return hasattr(kind, "import_object")


def can_resume(kind: sdk.ResourceType) -> TypeGuard[sdk.Resumes]:
    """Whether the type finds out what became of an interrupted operation."""
    return hasattr(kind, "resume")


def can_upgrade(kind: sdk.ResourceType) -> TypeGuard[sdk.Upgrades]:
    """Whether the type understands what older schema versions stored."""
    return hasattr(kind, "upgrade")
