"""A lab of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.azureml.lab import Lab


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    """An empty cloud, seeded with somebody's VM."""
    opened = Lab(folder=tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def workspace(lab: Lab) -> Lab:
    """A cloud with a workspace."""
    lab.build_workspace()
    return lab
