"""Emulated clouds as fixtures; each test runs against both stores."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.unit.emulator.clouds import Cloud, open_cloud


@pytest.fixture(params=["memory", "sqlite"])
def open_any(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Cloud]]:
    """Open clouds in either store; every test that uses it runs against both."""
    opened: list[Cloud] = []

    def open_it(**settings: Any) -> Cloud:
        path = ":memory:" if request.param == "memory" else str(tmp_path / f"cloud-{len(opened)}.sqlite")
        opened.append(open_cloud(path, **settings))
        return opened[-1]

    yield open_it
    for cloud in opened:
        cloud.emulator.close()


@pytest.fixture
def cloud(open_any: Callable[..., Cloud]) -> Cloud:
    """A cloud with a workspace, whose operations are done at the first poll."""
    built = open_any()
    built.build_workspace()
    return built


@pytest.fixture
def slow_cloud(open_any: Callable[..., Cloud]) -> Cloud:
    """A cloud with a workspace, whose operations take ten seconds of its clock."""
    built = open_any(lro_seconds=10.0)
    built.build_group()
    built.build_neighbours()
    built.wait(10)
    built.put_workspace()
    built.wait(10)
    return built


@pytest.fixture
def bare_cloud(open_any: Callable[..., Cloud]) -> Cloud:
    """A cloud with nothing but the seed."""
    return open_any()
