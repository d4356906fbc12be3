"""The backend `http`: one state at an address. Arguments and variables as in Terraform 1.11.4.

| where | what |
| --- | --- |
| `address` | the snapshot |
| `lock_address`, `unlock_address` | the lock; without them only runs on this machine exclude each other |
| `.terraform/http-state/` on this machine | journal, backup, heartbeat: the protocol has no place for them |

So a run that was killed is made good on the machine that it was killed on. The record of its lock names that
machine, and as long as the server keeps the lock, nobody else gets past it without a forced unlock.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from mooring.core.diagnostics import Diagnostics, error
from mooring.state.backends.http.client import Client, client_of, without_login
from mooring.state.backends.http.medium import Addresses, HttpMedium
from mooring.state.backends.model import (
    Argument,
    Around,
    BackendError,
    BackendType,
    Kind,
    Settings,
    States,
    text_of,
)
from mooring.state.host import Host


def _text(variable: str, default: str | None = None) -> Argument:
    return Argument(environment=(variable,), default=default)


def _secret(variable: str) -> Argument:
    return Argument(environment=(variable,), is_secret=True)


def _count(variable: str, default: int) -> Argument:
    return Argument(kind=Kind.COUNT, environment=(variable,), default=default)


class HttpStates:
    """The one state at an address."""

    has_workspaces: Final = False

    def __init__(self, client: Client, addresses: Addresses, folder: Path, host: Host) -> None:
        self._medium: Final = HttpMedium(client, addresses, folder, host)

    def workspaces(self) -> tuple[str, ...]:
        """None but the default one."""
        return ()

    def medium(self, _workspace: str) -> HttpMedium:
        """The state."""
        return self._medium

    def create(self, _workspace: str) -> None:
        """Nothing can be made."""
        raise BackendError("this backend has no workspaces")

    def delete(self, _workspace: str) -> None:
        """Nothing can be removed."""
        raise BackendError("this backend has no workspaces")

    def close(self) -> None:
        """Nothing is open."""


def _open(settings: Settings, around: Around) -> States | Diagnostics:
    addresses = Addresses(
        state=without_login(text_of(settings, "address")),
        update_method=text_of(settings, "update_method"),
        lock=without_login(text_of(settings, "lock_address")),
        lock_method=text_of(settings, "lock_method"),
        unlock=without_login(text_of(settings, "unlock_address")),
        unlock_method=text_of(settings, "unlock_method"),
    )
    for name, address in (
        ("address", addresses.state),
        ("lock_address", addresses.lock),
        ("unlock_address", addresses.unlock),
    ):
        if address and not address.startswith(("http://", "https://")):
            detail = f'The backend "http" needs an address that begins with http:// or https:// as "{name}".'
            return (error("Invalid backend configuration", detail),)
    try:
        client = client_of(settings, around.host.sleep)
    except (OSError, ValueError) as problem:
        detail = f'The certificates of the backend "http" cannot be used: {problem}.'
        return (error("Invalid backend configuration", detail),)
    name = hashlib.sha256(addresses.state.encode()).hexdigest()[:16]
    return HttpStates(client, addresses, Path(around.data_folder, "http-state", name), around.host)


TYPE: Final = BackendType(
    name="http",
    arguments={
        "address": Argument(environment=("TF_HTTP_ADDRESS",), is_required=True),
        "client_ca_certificate_pem": _text("TF_HTTP_CLIENT_CA_CERTIFICATE_PEM"),
        "client_certificate_pem": _text("TF_HTTP_CLIENT_CERTIFICATE_PEM"),
        "client_private_key_pem": _secret("TF_HTTP_CLIENT_PRIVATE_KEY_PEM"),
        "lock_address": _text("TF_HTTP_LOCK_ADDRESS"),
        "lock_method": _text("TF_HTTP_LOCK_METHOD", "LOCK"),
        "password": _secret("TF_HTTP_PASSWORD"),
        "retry_max": _count("TF_HTTP_RETRY_MAX", 2),
        "retry_wait_max": _count("TF_HTTP_RETRY_WAIT_MAX", 30),
        "retry_wait_min": _count("TF_HTTP_RETRY_WAIT_MIN", 1),
        "skip_cert_verification": Argument(kind=Kind.FLAG, default=False),
        "unlock_address": _text("TF_HTTP_UNLOCK_ADDRESS"),
        "unlock_method": _text("TF_HTTP_UNLOCK_METHOD", "UNLOCK"),
        "update_method": _text("TF_HTTP_UPDATE_METHOD", "POST"),
        "username": _text("TF_HTTP_USERNAME"),
    },
    open=_open,
)
