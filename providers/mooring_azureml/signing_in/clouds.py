"""Azure's clouds: where their Resource Manager and their Entra ID are.

Source: "Azure Resource Manager endpoints" of the national clouds (`az cloud list`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """The two addresses of a cloud, without a slash at the end."""

    endpoint: str
    authority: str


PUBLIC: Final = "public"
EMULATOR: Final = "emulator"
CLOUDS: Final[Mapping[str, Cloud]] = {
    PUBLIC: Cloud(endpoint="https://management.azure.com", authority="https://login.microsoftonline.com"),
    "usgovernment": Cloud(
        endpoint="https://management.usgovcloudapi.net", authority="https://login.microsoftonline.us"
    ),
    "china": Cloud(
        endpoint="https://management.chinacloudapi.cn", authority="https://login.chinacloudapi.cn"
    ),
    EMULATOR: Cloud(endpoint="https://management.azure.com", authority="https://login.microsoftonline.com"),
}


def is_known_authority(address: str) -> bool:
    """Whether an authority is one of Entra ID's own, for which instance discovery works."""
    return any(address == cloud.authority for cloud in CLOUDS.values())
