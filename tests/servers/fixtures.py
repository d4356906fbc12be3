"""The servers as fixtures: one of each for a whole run of tests, skipped where its program is missing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.servers.azurite import Azurite, azurite
from tests.servers.postgres import Postgres, postgres
from tests.servers.processes import MissingError
from tests.servers.proxy import Proxy, proxy
from tests.servers.state_server import StateServer, state_server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """A PostgreSQL server; tests make databases of their own in it."""
    try:
        started = postgres()
        with started as server:
            yield server
    except MissingError as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def azurite_server() -> Iterator[Azurite]:
    """Azurite; tests make containers of their own in it."""
    try:
        started = azurite()
        with started as server:
            yield server
    except MissingError as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def azurite_proxy(azurite_server: Azurite, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """A proxy under which Azurite has Azure's host names."""
    folder: Path = tmp_path_factory.mktemp("authority")
    with proxy(azurite_server.port, folder) as found:
        yield found


@pytest.fixture
def http_server() -> Iterator[StateServer]:
    """A state server that is empty."""
    with state_server() as server:
        yield server
