"""Where a campaign keeps states: files of the folder, or a server that commands are led to by a port."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.servers.azurite import ACCOUNT, KEY, Azurite
from tests.servers.postgres import Postgres
from tests.servers.state_server import StateServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A type of backend, its block, the port of its server, and how a command finds the state of a name."""

    type: str
    block: str = ""
    port: int = 0
    environment: Callable[[str, int], Mapping[str, str]]
    has_journal: bool = True
    """Whether the journal is there too, so that a run that is cut off notices before it starts anything."""

    @property
    def configuration(self) -> str:
        """The block as a file says it; empty for files of the folder, which need none."""
        return f'terraform {{\n  backend "{self.type}" {{\n{self.block}  }}\n}}\n' if self.port else ""

    def __str__(self) -> str:
        return self.type


def local_site() -> Site:
    """Each folder has its own state in it."""
    return Site(type="local", environment=lambda _name, _port: {})


def azurerm_site(server: Azurite, container: str) -> Site:
    """Workspaces in a new container."""
    server.make_container(container)
    settings = {
        "storage_account_name": ACCOUNT,
        "container_name": container,
        "key": "prod.tfstate",
        "access_key": KEY,
    }
    arguments = "".join(f'    {name} = "{value}"\n' for name, value in settings.items())

    def environment(name: str, port: int) -> Mapping[str, str]:
        return {
            "TF_WORKSPACE": name,
            "MOOR_AZURERM_BLOB_ENDPOINT": f"{server.scheme}://127.0.0.1:{port}/{ACCOUNT}",
        }

    return Site(type="azurerm", block=arguments, port=server.port, environment=environment)


def pg_site(server: Postgres, database: str) -> Site:
    """Workspaces in a new database."""
    conn_str = server.make_database(database)

    def environment(name: str, port: int) -> Mapping[str, str]:
        return {"TF_WORKSPACE": name, "PG_CONN_STR": conn_str.replace(f":{server.port}/", f":{port}/")}

    return Site(type="pg", port=server.port, environment=environment)


def http_site(server: StateServer) -> Site:
    """An address for each state."""

    def environment(name: str, port: int) -> Mapping[str, str]:
        names = ("TF_HTTP_ADDRESS", "TF_HTTP_LOCK_ADDRESS", "TF_HTTP_UNLOCK_ADDRESS")
        return dict.fromkeys(names, f"http://127.0.0.1:{port}/{name}")

    return Site(type="http", port=server.port, environment=environment, has_journal=False)
