"""Which providers there are: the bundled ones by name, others through the entry point group.

Reading the entry points of an environment takes 90 ms, so that happens only for a provider that is not
bundled.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

from mooring.core.addresses import BUILTIN_PROVIDER, DEFAULT_HOST, ProviderAddress

if TYPE_CHECKING:
    from mooring.sdk.protocols import Provider

ENTRY_POINT_GROUP: Final = "mooring.providers"
_BUNDLED: Final[Mapping[ProviderAddress, str]] = {
    BUILTIN_PROVIDER: "mooring_builtin",
    ProviderAddress(DEFAULT_HOST, "mooring", "azureml"): "mooring_azureml",
}


class Registry:
    """Finds providers by address. Keeps what it loaded for the run that owns it."""

    def __init__(self) -> None:
        self._loaded: dict[ProviderAddress, Provider | None] = {}

    def find(self, address: ProviderAddress) -> Provider | None:
        """The provider of this address, or None if there is none on this machine."""
        if address not in self._loaded:
            self._loaded[address] = self._load(address)
        return self._loaded[address]

    def bundled(self) -> Mapping[str, ProviderAddress]:
        """The addresses of the bundled providers by type name: what a name without a source means first."""
        return {address.type: address for address in _BUNDLED if address != BUILTIN_PROVIDER}

    def _load(self, address: ProviderAddress) -> Provider | None:
        module = _BUNDLED.get(address)
        if module is not None:
            return cast("Provider", import_module(module).provider)
        from importlib.metadata import entry_points

        found = entry_points(group=ENTRY_POINT_GROUP, name=f"{address.namespace}/{address.type}")
        return cast("Provider", next(iter(found)).load()) if found else None
