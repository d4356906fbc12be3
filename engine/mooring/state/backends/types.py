"""Which types of backends there are, by the name in their block."""

from __future__ import annotations

from importlib import import_module
from typing import Final

from mooring.state.backends.model import BackendType

_MODULES: Final = {
    "azurerm": "mooring.state.backends.azurerm_type",
    "http": "mooring.state.backends.http_type",
    "local": "mooring.state.backends.local_type",
    "pg": "mooring.state.backends.pg_type",
}
NAMES: Final = tuple(sorted(_MODULES))
OTHERS: Final = frozenset({"cloud", "consul", "cos", "gcs", "kubernetes", "oci", "oss", "remote", "s3"})
"""Types of Terraform's that are not here."""


def backend_type(name: str) -> BackendType | None:
    """The type of this name, if there is one. Its module is imported only now."""
    module = _MODULES.get(name)
    if module is None:
        return None
    found = import_module(module).TYPE
    assert isinstance(found, BackendType)
    return found
