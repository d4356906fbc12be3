"""Drift of every resource type: changed and removed behind our back, told by `moor`, and put right."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from tests.lifecycle.moor import Moor
from tests.unit.azureml.configurations import PASSWORD
from tests.unit.azureml.contents import API_KEY
from tests.unit.azureml.everything import ALL_CASES, address_of, write_everything
from tests.unit.azureml.lab import Lab
from tests.unit.azureml.neighbours import NEIGHBOURS, TOKEN

from mooring.core.codec import Json
from mooring.sdk.testing import Case
from mooring_azureml.catalog import resource_types
from mooring_emulator import open_emulator, send

_MERGED: Final = "GET, then PUT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What somebody does to an object through ARM.

    `attribute` is where the drift shows. `method` goes to the id and `suffix`; a merged PUT sends what a GET
    answers with `body` laid over it. `ends` says how somebody removes the object.
    """

    attribute: str
    body: Mapping[str, Json]
    method: str = "PATCH"
    suffix: str = ""
    ends: str = "DELETE"
    ends_with: Mapping[str, Json] = field(default_factory=dict)


def _described(**more: Json) -> Edit:
    """Another description for an attachment, which wants its credentials again."""
    body = {"properties": {"description": "edited", **({"properties": more} if more else {})}}
    return Edit(attribute="description", body=body, method=_MERGED)


_EDITED: Final[Mapping[str, Json]] = {"tags": {"edited": "yes"}}
_KEY_LOGIN: Final[Json] = {"username": "sshuser", "privateKeyData": PASSWORD}
_LOGIN: Final[Json] = {"username": "azureuser", "password": PASSWORD}

EDITS: Final[Mapping[str, Edit]] = {
    "azureml_resource_group": Edit(attribute="tags", body=_EDITED),
    "azureml_storage_account": Edit(attribute="access_tier", body={"properties": {"accessTier": "Cool"}}),
    "azureml_key_vault": Edit(
        attribute="public_network_access", body={"properties": {"publicNetworkAccess": "Disabled"}}
    ),
    "azureml_application_insights": Edit(
        attribute="retention_in_days", body={"properties": {"RetentionInDays": 30}}, method=_MERGED
    ),
    "azureml_workspace": Edit(attribute="description", body={"properties": {"description": "edited"}}),
    "azureml_compute_cluster": Edit(
        attribute="scale_settings.max_node_count",
        body={"properties": {"properties": {"scaleSettings": {"maxNodeCount": 9}}}},
    ),
    "azureml_compute_instance": Edit(
        attribute="idle_time_before_shutdown",
        body={"idleTimeBeforeShutdown": "PT90M"},
        method="POST",
        suffix="/updateIdleShutdownSetting",
    ),
    "azureml_container_registry": Edit(
        attribute="admin_user_enabled", body={"properties": {"adminUserEnabled": True}}
    ),
    "azureml_arm_resource": Edit(
        attribute="body.properties.addressSpace.addressPrefixes[0]",
        body={"properties": {"addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}}},
        method=_MERGED,
    ),
    "azureml_datastore": Edit(
        attribute="description",
        body={"properties": {"description": "edited", "credentials": {"credentialsType": "None"}}},
        method=_MERGED,
    ),
    "azureml_connection": Edit(
        attribute="target",
        body={"properties": {"target": "https://edited.openai.azure.com", "credentials": {"key": API_KEY}}},
        method=_MERGED,
    ),
    "azureml_attached_virtual_machine": _described(administratorAccount=_LOGIN),
    "azureml_attached_hdinsight": _described(administratorAccount=_KEY_LOGIN),
    "azureml_attached_databricks": _described(databricksAccessToken=TOKEN),
    "azureml_attached_synapse_spark": _described(),
    "azureml_attached_kubernetes": _described(),
    "azureml_attached_data_lake_analytics": _described(),
    "azureml_attached_batch": _described(),
    "azureml_attached_data_factory": _described(),
    "azureml_inference_cluster": _described(),
    "azureml_environment": Edit(
        attribute="description", body={"properties": {"description": "edited"}}, method=_MERGED
    ),
    "azureml_online_endpoint": Edit(attribute="tags", body=_EDITED, method=_MERGED),
    "azureml_online_deployment": Edit(
        attribute="instance_count", body={"sku": {"capacity": 3}}, method=_MERGED
    ),
    "azureml_online_traffic": Edit(
        attribute="traffic.blue",
        body={"properties": {"traffic": {"blue": 40, "green": 60}}},
        method=_MERGED,
        ends=_MERGED,
        ends_with={"properties": {"traffic": {"blue": 0, "green": 0}}},
    ),
    "azureml_container_instance_service": Edit(
        attribute="auth_enabled",
        body={"computeType": "ACI", "location": "eastus", "authEnabled": False},
        method="PUT",
    ),
    "azureml_command_job": Edit(
        attribute="description", body={"properties": {"description": "edited"}}, method=_MERGED
    ),
}
_BEGINS: Final = '{\n  "format_version"'
_RUN_FILE: Final = "azureml_run_configuration"
_IN_ARM: Final = [one for one in ALL_CASES if one.type_name in EDITS and one.config.get("compute") != "local"]
_IN_A_FILE: Final = next(one for one in ALL_CASES if one.type_name == _RUN_FILE)


class Outsider:
    """Somebody with access to the same cloud, who knows nothing of `moor`."""

    def __init__(self, folder: Path) -> None:
        self._cloud = open_emulator(str(folder / ".terraform" / "emulator.sqlite"), clock=time.time)
        state = json.loads((folder / "terraform.tfstate").read_text())
        self._ids = {
            f"{one['type']}.{one['name']}": one["instances"][0]["attributes"]["id"]
            for one in state["resources"]
        }

    def edit(self, case: Case) -> None:
        edit = EDITS[case.type_name]
        self._send(edit.method, self._url(case, edit.suffix), edit.body)

    def remove(self, case: Case) -> None:
        edit = EDITS[case.type_name]
        self._send(edit.ends, self._url(case), edit.ends_with)

    def close(self) -> None:
        self._cloud.close()

    def _url(self, case: Case, suffix: str = "") -> str:
        definition = resource_types()[case.type_name]
        version = str(case.config.get("type", "")).partition("@")[2] or definition.api_version
        action = "Detach" if definition.verbs.delete == "detach" else "Delete"
        path = f"{self._ids[address_of(case)]}{suffix}"
        return f"{path}?api-version={version}&underlyingResourceAction={action}"

    def _send(self, method: str, url: str, body: Mapping[str, Json]) -> None:
        if method == _MERGED:
            found = send(self._cloud, "GET", url)
            assert found.status == 200, url
            method, body = "PUT", _laid_over(json.loads(found.body), body)
        answer = send(self._cloud, method, url, body or None)
        assert answer.status in {200, 201, 202}, (url, answer.body)


def _laid_over(below: Mapping[str, Json], above: Mapping[str, Json]) -> dict[str, Json]:
    merged = dict(below)
    for name, value in above.items():
        old = merged.get(name)
        is_inner = isinstance(value, dict) and isinstance(old, dict) and bool(value)
        merged[name] = _laid_over(old, value) if is_inner else value  # type: ignore[arg-type]  # both are dicts
    return merged


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What `moor` said of a cloud that somebody edited: before an apply, and after it."""

    drift: Mapping[str, Any]
    actions: Mapping[str, str]
    afterwards: Mapping[str, Any]

    def paths(self, case: Case) -> list[str]:
        changed = next(one for one in self.drift["changed"] if one["address"] == address_of(case))
        return [one["path"] for one in changed["differences"]]

    def missing(self) -> list[str]:
        return [one["address"] for one in self.drift["missing"]]


def _look(moor: Moor) -> Seen:
    drift = _document(moor.run("drift", "-json", status=2))
    lines = moor.run("plan", "-json", "-input=false").splitlines()
    events = [json.loads(line) for line in lines if line.startswith('{"@level')]
    changes = [one["change"] for one in events if one["type"] == "planned_change"]
    moor.run("apply", "-auto-approve", "-input=false")
    return Seen(
        drift=drift,
        actions={one["resource"]["addr"]: one["action"] for one in changes},
        afterwards=_document(moor.run("drift", "-json")),
    )


def _document(output: str) -> Mapping[str, Any]:
    """The JSON among the warnings, which go to the other stream."""
    found: Mapping[str, Any] = json.loads(output[output.index(_BEGINS) : output.index("\n}\n") + 2])
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, moor_program: str) -> Path:
    """A folder with one resource of every type, applied."""
    path = tmp_path_factory.mktemp("everything")
    Lab(folder=path).build_neighbours()
    write_everything(path)
    Moor(moor_program, path).run("apply", "-auto-approve", "-input=false")
    return path


@pytest.fixture(scope="module")
def changed(folder: Path, moor_program: str) -> Seen:
    """Every object was changed."""
    outsider = Outsider(folder)
    for case in _IN_ARM:
        outsider.edit(case)
    outsider.close()
    file = folder / ".azureml" / "train.runconfig"
    file.write_text(file.read_text().replace("nodeCount: 1", "nodeCount: 5"))
    return _look(Moor(moor_program, folder))


@pytest.fixture(scope="module")
def removed(folder: Path, changed: Seen, moor_program: str) -> Seen:  # noqa: ARG001  (it comes after)
    """Every object was removed, those that others need last."""
    outsider = Outsider(folder)
    for case in reversed(_IN_ARM):
        outsider.remove(case)
    outsider.close()
    (folder / ".azureml" / "train.runconfig").unlink()
    return _look(Moor(moor_program, folder))


def test_every_resource_type_is_edited_here() -> None:
    assert {*EDITS, _RUN_FILE} == set(resource_types())


def _names(cases: Sequence[Case]) -> list[str]:
    return [one.type_name for one in cases]


@pytest.mark.parametrize("case", _IN_ARM, ids=_names(_IN_ARM))
def test_what_somebody_changed_is_told_planned_and_put_right(changed: Seen, case: Case) -> None:
    assert EDITS[case.type_name].attribute in changed.paths(case)
    assert changed.actions[address_of(case)] in {"update", "replace"}
    assert changed.afterwards["status"] == "in_sync"


@pytest.mark.parametrize("case", _IN_ARM, ids=_names(_IN_ARM))
def test_what_somebody_removed_is_told_planned_and_made_again(removed: Seen, case: Case) -> None:
    assert address_of(case) in removed.missing()
    assert removed.actions[address_of(case)] == "create"
    assert removed.afterwards["status"] == "in_sync"


def test_an_edited_run_configuration_file_is_told_and_planned(changed: Seen) -> None:
    assert changed.paths(_IN_A_FILE) == ["node_count"]
    assert changed.actions[address_of(_IN_A_FILE)] == "update"


def test_a_removed_run_configuration_file_is_told_and_planned(removed: Seen) -> None:
    assert address_of(_IN_A_FILE) in removed.missing()
    assert removed.actions[address_of(_IN_A_FILE)] == "create"


_ATTACHING: Final = [
    one
    for one in ALL_CASES
    if resource_types()[one.type_name].attaches and one.config.get(resource_types()[one.type_name].attaches)
]


@pytest.mark.parametrize("case", _ATTACHING, ids=_names(_ATTACHING))
def test_an_attachment_whose_resource_is_gone_is_warned_of_and_no_drift(workspace: Lab, case: Case) -> None:
    workspace.build_neighbours()
    attached = workspace.create(case.type_name, case.config)
    resource_id = str(case.config[resource_types()[case.type_name].attaches])
    version = NEIGHBOURS[resource_id][0] if resource_id in NEIGHBOURS else "2024-07-01"
    assert workspace.edit("DELETE", f"{resource_id}?api-version={version}") in {200, 202}
    workspace.edit("GET", f"{resource_id}?api-version={version}")
    found = workspace.read(case.type_name, attached)

    assert found.current == attached.value
    assert [(one.code, one.is_error) for one in found.diagnostics] == [("azureml.attached_gone", False)]
    assert resource_id in found.diagnostics[0].detail
