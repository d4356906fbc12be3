"""How an attachment ends: what it attached stays, unless somebody wants it gone and Azure can do it."""

from __future__ import annotations

from typing import Final

import pytest
from tests.unit.azureml.everything import ALL_CASES
from tests.unit.azureml.lab import Lab
from tests.unit.azureml.neighbours import NEIGHBOURS

from mooring.sdk.testing import Case
from mooring_azureml.catalog import resource_types
from mooring_azureml.computes.attaching import ON_DESTROY

_MACHINES: Final = "2024-07-01"
_ATTACHING: Final = [
    one
    for one in ALL_CASES
    if resource_types()[one.type_name].attaches and one.config.get(resource_types()[one.type_name].attaches)
]
_DELETABLE: Final = [one for one in _ATTACHING if ON_DESTROY in resource_types()[one.type_name].table]


def _ended(lab: Lab, case: Case, on_destroy: str | None = None) -> int:
    """Attach and destroy; the status of a look at what was attached."""
    lab.build_neighbours()
    config = case.config if on_destroy is None else {**case.config, ON_DESTROY.name: on_destroy}
    result = lab.delete(case.type_name, lab.create(case.type_name, config))
    assert result.diagnostics == ()
    resource_id = str(case.config[resource_types()[case.type_name].attaches])
    version = NEIGHBOURS[resource_id][0] if resource_id in NEIGHBOURS else _MACHINES
    return lab.edit("GET", f"{resource_id}?api-version={version}")


@pytest.mark.parametrize("case", _ATTACHING, ids=lambda case: str(case.type_name))
def test_detaching_leaves_what_was_attached_as_it_is(workspace: Lab, case: Case) -> None:
    assert _ended(workspace, case) == 200


@pytest.mark.parametrize("case", _DELETABLE, ids=lambda case: str(case.type_name))
def test_what_was_attached_is_deleted_where_that_is_wanted(workspace: Lab, case: Case) -> None:
    assert _ended(workspace, case, "delete") == 404
