"""A place of each type of backend, new for each test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from tests.backends.places import Somewhere, Wired, folder_of
from tests.servers.azurite import ACCOUNT, KEY, Azurite
from tests.servers.fixtures import azurite_proxy, azurite_server, http_server, postgres_server
from tests.servers.postgres import Postgres
from tests.servers.relay import relay
from tests.servers.state_server import StateServer

__all__ = ["azurite_proxy", "azurite_server", "http_server", "postgres_server"]

KINDS = ("local", "azurerm", "pg", "http")
_numbers = count()


@pytest.fixture
def local_place(tmp_path: Path) -> Somewhere:
    settings = {
        "path": str(tmp_path / "state" / "a.tfstate"),
        "workspace_dir": str(tmp_path / "state" / "more"),
    }
    return Somewhere(type="local", settings=settings, folder=folder_of(tmp_path))


@pytest.fixture
def azurerm_place(azurite_server: Azurite, tmp_path: Path) -> Somewhere:
    container = f"states-{next(_numbers)}"
    azurite_server.make_container(container)
    settings = {
        "storage_account_name": ACCOUNT,
        "container_name": container,
        "key": "prod.tfstate",
        "access_key": KEY,
    }
    environment = {"MOOR_AZURERM_BLOB_ENDPOINT": azurite_server.endpoint}
    return Somewhere(type="azurerm", settings=settings, folder=folder_of(tmp_path), environment=environment)


@pytest.fixture
def pg_place(postgres_server: Postgres, tmp_path: Path) -> Somewhere:
    conn_str = postgres_server.make_database(f"states{next(_numbers)}")
    return Somewhere(type="pg", settings={"conn_str": conn_str}, folder=folder_of(tmp_path))


@pytest.fixture
def http_place(http_server: StateServer, tmp_path: Path) -> Somewhere:
    address = http_server.address
    settings = {
        "address": address,
        "lock_address": address,
        "unlock_address": address,
        "retry_wait_min": 0,
    }
    return Somewhere(type="http", settings=settings, folder=folder_of(tmp_path))


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest) -> Iterator[Somewhere]:
    """A place of every type, one after another."""
    found = request.getfixturevalue(f"{request.param}_place")
    assert isinstance(found, Somewhere)
    yield found
    found.close()


@pytest.fixture(params=["azurerm", "pg"])
def shared_place(request: pytest.FixtureRequest) -> Iterator[Somewhere]:
    """A place of every type that keeps all of a state on its server."""
    found = request.getfixturevalue(f"{request.param}_place")
    assert isinstance(found, Somewhere)
    yield found
    found.close()


@pytest.fixture
def pg_wired(pg_place: Somewhere, postgres_server: Postgres) -> Iterator[Wired]:
    with relay(postgres_server.port) as wire:
        conn_str = str(pg_place.settings["conn_str"]).replace(f":{postgres_server.port}", f":{wire.port}")
        yield replace(pg_place, settings={"conn_str": conn_str}), wire
    pg_place.close()


@pytest.fixture
def azurerm_wired(azurerm_place: Somewhere, azurite_server: Azurite) -> Iterator[Wired]:
    with relay(azurite_server.port) as wire:
        endpoint = f"http://127.0.0.1:{wire.port}/{ACCOUNT}"
        yield replace(azurerm_place, environment={"MOOR_AZURERM_BLOB_ENDPOINT": endpoint}), wire
    azurerm_place.close()


@pytest.fixture(params=["pg", "azurerm"])
def wired(request: pytest.FixtureRequest) -> Wired:
    found: Wired = request.getfixturevalue(f"{request.param}_wired")
    return found
