"""Logging in to Azure Key Vault: as the azurerm backend does, with its arguments and `ARM_*` variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from mooring.core.codec import Plain
from mooring.core.records import replace
from mooring.state.backends.azurerm_type import TYPE
from mooring.state.backends.model import Settings, complete

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

_OF_STORAGE: Final = frozenset(
    {
        "access_key",
        "container_name",
        "key",
        "lookup_blob_endpoint",
        "resource_group_name",
        "sas_token",
        "snapshot",
        "storage_account_name",
        "subscription_id",
        "use_azuread_auth",
    }
)
ARGUMENTS: Final = {name: each for name, each in TYPE.arguments.items() if name not in _OF_STORAGE}


def login_of(given: Mapping[str, Plain], environment: Mapping[str, str]) -> Settings:
    """The settings: arguments first, then the environment, then defaults."""
    own = {name: value for name in ARGUMENTS if isinstance(value := given.get(name), str | bool)}
    return complete(replace(TYPE, arguments=ARGUMENTS), own, environment)[0]


def credential_for(login: Settings) -> TokenCredential:
    """The credential; it talks to nobody before the first token is needed. Raises `OSError`."""
    from mooring.state.backends.azurerm.clouds import cloud_of
    from mooring.state.backends.azurerm.credentials import identity_of

    return identity_of(login, cloud_of(login).authority).credential
