"""The campaign: all faults with `--faults`, a few of each kind otherwise."""

from __future__ import annotations

import pytest
from tests.faults.tally import Campaign, Record


@pytest.fixture
def campaign(pytestconfig: pytest.Config, record_property: Record) -> Campaign:
    """How this test injects its faults."""
    return Campaign(record=record_property, few=None if pytestconfig.getoption("--faults") else 1)


@pytest.fixture
def fast_campaign(pytestconfig: pytest.Config, record_property: Record) -> Campaign:
    """The same for faults that are injected without starting a process."""
    return Campaign(record=record_property, few=None if pytestconfig.getoption("--faults") else 400)
