"""The invariants, tried on any configuration, state and world, while the provider fails, crashes and lies."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from tests.properties.invariants import INVARIANTS
from tests.properties.scenarios import Scenario, reproduction, scenarios


@pytest.mark.parametrize("name", INVARIANTS)
@settings(max_examples=settings().max_examples // 3)
@given(scenario=scenarios())
def test_invariant(name: str, scenario: Scenario) -> None:
    try:
        INVARIANTS[name](scenario)
    except BaseException as problem:
        problem.add_note(reproduction(name, scenario))
        raise
