"""The campaign: all faults with `--faults`, a few of each kind otherwise; and the sites it is about."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from tests.faults.labs import Labs
from tests.faults.sites import Site, azurerm_site, http_site, local_site, pg_site
from tests.faults.tally import Campaign, Record
from tests.servers.azurite import Azurite
from tests.servers.fixtures import azurite_proxy, azurite_server, postgres_server
from tests.servers.postgres import Postgres
from tests.servers.state_server import state_server

__all__ = ["azurite_proxy", "azurite_server", "postgres_server"]


@pytest.fixture
def campaign(pytestconfig: pytest.Config, record_property: Record) -> Campaign:
    """How this test injects its faults."""
    return Campaign(record=record_property, few=None if pytestconfig.getoption("--faults") else 2)


@pytest.fixture
def fast_campaign(pytestconfig: pytest.Config, record_property: Record) -> Campaign:
    """The same for faults that are injected without starting a process."""
    return Campaign(record=record_property, few=None if pytestconfig.getoption("--faults") else 400)


@pytest.fixture(scope="session")
def labs(tmp_path_factory: pytest.TempPathFactory, moor_program: str) -> Labs:
    return Labs(moor_program, tmp_path_factory.mktemp("templates"))


@pytest.fixture(scope="session")
def on_local() -> Site:
    return local_site()


@pytest.fixture(scope="session")
def on_azurerm(azurite_server: Azurite) -> Site:
    return azurerm_site(azurite_server, f"faults-{uuid4().hex}")


@pytest.fixture(scope="session")
def on_pg(postgres_server: Postgres) -> Site:
    return pg_site(postgres_server, f"faults{uuid4().hex}")


@pytest.fixture(scope="session")
def on_http() -> Iterator[Site]:
    with state_server() as server:
        yield http_site(server)


@pytest.fixture
def site(request: pytest.FixtureRequest) -> Site:
    """The site of the type that the test is parametrized with."""
    found = request.getfixturevalue(f"on_{request.param}")
    assert isinstance(found, Site)
    return found
