"""Every property of every type, from its table: what can be changed is changed, what cannot is replaced.

The values come from the property's type, its checks and the cases (`other_values`). A property that makes
sense only with others, as rules and required neighbours say, is changed in the cases of the contract.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from tests.unit.azureml.everything import ALL_CASES, address_of
from tests.unit.azureml.lab import Lab, Made, made
from tests.unit.azureml.other_values import Steps, other_value, settable, value_at, with_value

from mooring.core.codec import Plain, to_python
from mooring.core.diagnostics import has_errors
from mooring.core.paths import Attr
from mooring.sdk.testing import Case
from mooring_azureml.catalog import resource_types
from mooring_azureml.table.model import Block, Property, Table

_ONE_WAY: Final = {
    ("azureml_key_vault", "enable_purge_protection"),
    ("azureml_workspace", "managed_network"),
}
"""What cannot be taken back: a shared lab would not get it out again. The cases try it last."""
_NEEDS_ANOTHER: Final = frozenset({"user_assigned_identities"})
"""What another value of a neighbour makes sense of: an identity's type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One property of a case with another value."""

    steps: Steps
    part: Property
    config: dict[str, Plain]


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """One object of every case."""

    lab: Lab
    objects: dict[str, Made]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everything]:
    lab = Lab(folder=tmp_path_factory.mktemp("properties"))
    lab.build_neighbours()
    yield Everything(
        lab=lab, objects={address_of(case): lab.create(case.type_name, case.config) for case in ALL_CASES}
    )
    lab.close()


def _changes(lab: Lab, case: Case, now: Made) -> Iterator[Change]:
    table = resource_types()[case.type_name].table
    present = to_python(now.value)
    assert isinstance(present, dict)
    for steps, part in settable(table):
        if not _stands_alone(table, case, steps) or steps[0] == "timeouts" or steps[-1] in _NEEDS_ANOTHER:
            continue
        value = other_value(part, value_at(present, steps))
        config = with_value(case.config, steps, value)
        if value is not None and not has_errors(lab.validate(case.type_name, config)):
            yield Change(steps=steps, part=part, config=config)


def _stands_alone(table: Table, case: Case, steps: Steps) -> bool:
    """Whether no block on the way is absent from the case and has other arguments that it requires."""
    for depth, step in enumerate(steps[:-1], 1):
        block = next(one for one in table if one.name == step)
        assert isinstance(block, Block)
        table = block.parts
        needed = {one.name for one in table if one.required} - {steps[depth]}
        if needed and value_at(case.config, steps[:depth]) is None:
            return False
    return True


_NAMES: Final = [address_of(case) for case in ALL_CASES]


@pytest.mark.parametrize("case", ALL_CASES, ids=_NAMES)
def test_what_cannot_be_changed_replaces_and_is_named(everything: Everything, case: Case) -> None:
    lab, now = everything.lab, everything.objects[address_of(case)]
    fixed = [one for one in _changes(lab, case, now) if one.part.forces_replacement]
    forgotten = []
    for change in fixed:
        planned = lab.plan(case.type_name, change.config, now)
        named = {
            tuple(step.name for step in path if isinstance(step, Attr)) for path in planned.requires_replace
        }
        if not any(change.steps[: len(path)] == path for path in named):
            forgotten.append(".".join(change.steps))

    assert forgotten == []


@pytest.mark.parametrize("case", ALL_CASES, ids=_NAMES)
def test_what_can_be_changed_is_changed_and_leaves_nothing_to_plan(
    everything: Everything, case: Case
) -> None:
    lab = everything.lab
    now = everything.objects[address_of(case)]
    for change in [one for one in _changes(lab, case, now) if not one.part.forces_replacement]:
        if (case.type_name, change.steps[0]) in _ONE_WAY:
            continue
        planned = lab.plan(case.type_name, change.config, now)
        assert (change.steps, planned.requires_replace) == (change.steps, ())
        assert planned.planned != now.value, change.steps
        for config in (change.config, case.config):
            now = made(lab.update(case.type_name, config, now))
            assert lab.plan(case.type_name, config, now).planned == now.value, change.steps
    everything.objects[address_of(case)] = now


def test_the_first_page_of_the_life_of_an_object_is_known(tmp_path: Path) -> None:
    """An imported object may have had a script all the same; one that was made here had none."""
    lab = Lab(folder=tmp_path)
    lab.build_neighbours()
    lab.build_workspace()
    case = next(one for one in ALL_CASES if one.type_name == "azureml_compute_instance")
    created = lab.create(case.type_name, case.config)
    imported = Made(value=created.value, private=b"")
    config = with_value(case.config, ("setup_scripts", "startup_script", "script"), "echo hello")

    assert lab.plan(case.type_name, config, created).requires_replace != ()
    assert lab.plan(case.type_name, config, imported).requires_replace == ()
