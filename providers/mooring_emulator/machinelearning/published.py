"""Which API versions have published a type, and a compute type.

Reads specs/api-versions.json, which is complete for the resource types of Azure/bicep-types-az (MIT) up to
2026-05-15-preview.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mooring_emulator.arm.specs import load_json

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """API versions, oldest first, by the path of a type (`workspaces/jobs`) and by compute type."""

    types: Mapping[str, tuple[str, ...]]
    compute_types: Mapping[str, tuple[str, ...]]


def read_published() -> Published:
    """Read the table that ships with the package."""
    table = load_json("api-versions.json")
    return Published(
        types={name: tuple(versions) for name, versions in table["types"].items()},
        compute_types={name: tuple(versions) for name, versions in table["computeTypes"].items()},
    )
