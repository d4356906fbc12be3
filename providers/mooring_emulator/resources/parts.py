"""Types that are parts of another resource, blob services and containers; and private endpoints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mooring_emulator.arm.kinds import AT_ONCE, NameRule, ResourceKind, location_links
from mooring_emulator.arm.shapes import record
from mooring_emulator.arm.versions import NETWORK, STORAGE
from mooring_emulator.resources.network import NAME_RULE
from mooring_emulator.resources.replies import COMPUTE_STYLE
from mooring_emulator.resources.simple import Filling, SimpleType, simple_kind

if TYPE_CHECKING:
    from mooring_emulator.codec import JsonObject


def part_kinds() -> Sequence[ResourceKind]:
    """Describe the types."""
    endpoint = replace(_part("Microsoft.Network/privateEndpoints", NETWORK, NAME_RULE), is_located=True)
    service = replace(
        _part("Microsoft.Storage/storageAccounts/blobServices", STORAGE, NAME_RULE), replies=AT_ONCE
    )
    container = replace(service, type="Microsoft.Storage/storageAccounts/blobServices/containers")
    return (
        simple_kind(endpoint),
        simple_kind(service),
        replace(simple_kind(container), creates_parent=True),
    )


def _part(name: str, versions: tuple[str, ...], rule: NameRule) -> SimpleType:
    return SimpleType(
        type=name,
        api_versions=versions,
        name_rule=rule,
        replies=COMPUTE_STYLE,
        links=location_links("operations"),
        shape=record(),
        defaults=_nothing,
        read_only=_nothing,
        top_level={},
        is_located=False,
    )


def _nothing(_filling: Filling) -> JsonObject:
    return {}
