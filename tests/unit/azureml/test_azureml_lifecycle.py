"""Objects through their lives, against the emulated cloud through the real Azure libraries."""

from __future__ import annotations

from threading import Event, Timer
from time import monotonic
from typing import Final

import pytest
from tests.unit.azureml.configurations import (
    ATTACHMENT,
    CLUSTER,
    GROUP,
    INSTANCE,
    PLACE,
    RESOURCE_GROUP,
    SUBSCRIPTION,
    VM,
    WORKSPACE,
    WORKSPACE_CONFIG,
)
from tests.unit.azureml.lab import Lab, Made, codes, made

from mooring.core.codec import Plain, from_python
from mooring.core.records import replace
from mooring.core.values import Value
from mooring.sdk import (
    ApplyResult,
    CallContext,
    Create,
    Import,
    Imports,
    Read,
    ReadData,
    ReadMany,
    ReadsMany,
    Resume,
    Resumes,
    Update,
    object_type,
)
from mooring_azureml.arm.port import NotConfigured, Port
from mooring_azureml.catalog import resource_types
from mooring_azureml.resource import ArmResource
from mooring_azureml.resources import attached_virtual_machine

_GROUP: Final = "azureml_resource_group"
_CLUSTER: Final = "azureml_compute_cluster"
_INSTANCE: Final = "azureml_compute_instance"
_ATTACHMENT: Final = "azureml_attached_virtual_machine"
_CLUSTER_ID: Final = f"{WORKSPACE}/computes/cpu-cluster"
_INTERFACE: Final = VM.replace(
    "Microsoft.Compute/virtualMachines", "Microsoft.Network/networkInterfaces"
).replace("vm-dsvm", "nic-dsvm")
_AML_COMPUTE: Final = {
    "location": "eastus",
    "properties": {
        "computeType": "AmlCompute",
        "properties": {"vmSize": "STANDARD_DS3_V2", "scaleSettings": {"maxNodeCount": 7}},
    },
}

# -- creating ------------------------------------------------------------------------------------


def test_what_exists_is_not_adopted(lab: Lab) -> None:
    lab.create(_GROUP, RESOURCE_GROUP)
    result = lab.try_create(_GROUP, RESOURCE_GROUP)

    assert (result.current, codes(result.diagnostics)) == (None, ["azureml.already_exists"])
    assert f'id = "{GROUP}"' in result.diagnostics[0].detail
    assert "to = azureml_resource_group.NAME" in result.diagnostics[0].detail


def test_a_name_that_another_kind_of_compute_holds_is_said_so(workspace: Lab) -> None:
    workspace.create(_CLUSTER, CLUSTER)
    result = workspace.try_create(_INSTANCE, {**INSTANCE, "name": "cpu-cluster"})

    assert "is the name of a AmlCompute already" in result.diagnostics[0].detail


def test_a_missing_resource_group_is_named(lab: Lab) -> None:
    result = lab.try_create("azureml_storage_account", {"name": "stx", **PLACE})

    assert (result.current, codes(result.diagnostics)) == (None, ["azureml.parent_missing"])
    assert 'The resource group "rg-lab" does not exist' in result.diagnostics[0].detail


def test_a_missing_workspace_is_named(lab: Lab) -> None:
    lab.create(_GROUP, RESOURCE_GROUP)
    result = lab.try_create(_CLUSTER, {**CLUSTER, "location": "eastus"})

    assert codes(result.diagnostics) == ["azureml.parent_missing"]
    assert '"mlw-lab", which it belongs to, does not exist' in result.diagnostics[0].detail


def test_azures_words_and_the_correlation_id_are_in_every_refusal(workspace: Lab) -> None:
    workspace.create(_GROUP, {**RESOURCE_GROUP, "name": "rg-other"})
    taken = {"name": "kv-mlw-lab", **PLACE, "resource_group_name": "rg-other"}
    result = workspace.try_create("azureml_key_vault", taken)

    assert "Azure said" in result.diagnostics[0].detail
    assert "correlation id" in result.diagnostics[0].detail


def test_a_compute_takes_the_location_of_its_workspace(workspace: Lab) -> None:
    assert workspace.create(_CLUSTER, CLUSTER)["location"] == "eastus"


# -- drift ---------------------------------------------------------------------------------------


def test_drift_shows_and_spelling_does_not(workspace: Lab) -> None:
    cluster = workspace.create(_CLUSTER, CLUSTER)
    scale = {"properties": {"properties": {"scaleSettings": {"maxNodeCount": 5}}}}
    assert workspace.edit("PATCH", _CLUSTER_ID, scale) == 202
    workspace.read(_CLUSTER, cluster)  # the emulator ends the operation when it is looked at
    current = workspace.read(_CLUSTER, cluster).current
    assert current is not None

    settings = current.attributes["scale_settings"].attributes
    assert settings["max_node_count"].raw == 5
    assert settings["node_idle_time_before_scale_down"].raw == "PT120S"
    assert current.attributes["vm_size"].raw == "Standard_DS3_v2"


def test_what_is_gone_is_gone(workspace: Lab) -> None:
    cluster = workspace.create(_CLUSTER, CLUSTER)
    workspace.delete(_CLUSTER, cluster)

    assert workspace.read(_CLUSTER, cluster).current is None


def test_a_whole_workspace_is_gone_for_its_computes(workspace: Lab) -> None:
    cluster = workspace.create(_CLUSTER, CLUSTER)
    assert workspace.edit("DELETE", WORKSPACE) == 202
    kind = workspace.kind(_CLUSTER)
    assert isinstance(kind, ReadsMany)
    request = Read(current=cluster.value, private=cluster.private)

    results = kind.read_many(CallContext(read_only=True), ReadMany(objects=(request,))).results
    assert results[0].current is None


def test_many_computes_are_read_through_one_list(workspace: Lab) -> None:
    clusters = [workspace.create(_CLUSTER, {**CLUSTER, "name": f"cpu-{letter}"}) for letter in "abc"]
    kind = workspace.kind(_CLUSTER)
    assert isinstance(kind, ReadsMany)
    before = len(workspace.requests())
    reads = tuple(Read(current=one.value, private=one.private) for one in clusters)

    results = kind.read_many(CallContext(read_only=True), ReadMany(objects=reads)).results
    assert [one.current for one in results] == [one.value for one in clusters]
    assert [one.path for one in workspace.requests()[before:]] == [f"{WORKSPACE}/computes"]


# -- changing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_name", "config", "change", "expected"),
    [
        (_CLUSTER, CLUSTER, {"scale_settings": {"max_node_count": 9}}, ["PATCH"]),
        (_CLUSTER, CLUSTER, {"tags": {"a": "b"}}, ["PUT"]),
        (_CLUSTER, CLUSTER, {"tags": {"a": "b"}, "scale_settings": {"max_node_count": 9}}, ["PATCH", "PUT"]),
        (_INSTANCE, INSTANCE, {"idle_time_before_shutdown": "PT30M"}, ["POST"]),
        (_INSTANCE, INSTANCE, {"idle_time_before_shutdown": None}, ["POST"]),
    ],
)
def test_each_change_goes_the_way_the_service_honours_it(
    workspace: Lab,
    type_name: str,
    config: dict[str, Plain],
    change: dict[str, Plain],
    expected: list[str],
) -> None:
    prior = workspace.create(type_name, config)
    before = len(workspace.requests())
    made(workspace.update(type_name, {**config, **change}, prior))

    sent = [one.method for one in workspace.requests()[before:] if one.method != "GET"]
    assert sent == expected


def test_a_change_that_the_service_ignores_is_reported(workspace: Lab) -> None:
    """bicep-types-az#2543: a PUT with other schedules is accepted and ignored."""
    instance = workspace.create(_INSTANCE, INSTANCE)
    prior = dict(instance.value.attributes)
    config = {**INSTANCE, "tags": {"a": "b"}, "schedule": []}
    result = workspace.update(_INSTANCE, config, Made(value=instance.value, private=instance.private))

    assert codes(result.diagnostics) == ["azureml.ignored"]
    assert '"schedule" is not what was planned' in result.diagnostics[0].detail
    assert result.current is not None
    assert result.current.attributes["schedule"] == prior["schedule"]


def test_an_update_that_cannot_be_read_back_leaves_the_prior_object(workspace: Lab) -> None:
    cluster = workspace.create(_CLUSTER, CLUSTER)
    kind = workspace.kind(_CLUSTER)
    assert isinstance(kind, ArmResource)
    access = replace(kind._access, port=Port(NotConfigured))  # noqa: SLF001  (nobody answers)
    silent = ArmResource(resource_types()[_CLUSTER], access)
    changed = {**CLUSTER, "tags": {"a": "b"}}
    planned = workspace.plan(_CLUSTER, changed, cluster)
    request = Update(
        config=workspace.value(_CLUSTER, changed),
        prior=cluster.value,
        planned=planned.planned,
        private=planned.private,
    )

    assert silent.update(CallContext(), request).current == cluster.value


# -- failures ------------------------------------------------------------------------------------


def _attach_a_windows_machine(workspace: Lab) -> tuple[ArmResource, ApplyResult]:
    """What happens without preflights: the service finds out later and leaves a failed compute."""
    windows = VM.replace("vm-dsvm-ubuntu", "vm-windows")
    body = {
        "location": "eastus",
        "properties": {
            "hardwareProfile": {"vmSize": "Standard_DS3_v2"},
            "storageProfile": {"imageReference": {"publisher": "MicrosoftWindowsServer", "offer": "W"}},
            "networkProfile": {"networkInterfaces": [{"id": _INTERFACE}]},
        },
    }
    assert workspace.edit("PUT", windows, body) == 201
    kind = workspace.kind(_ATTACHMENT)
    assert isinstance(kind, ArmResource)
    definition = replace(attached_virtual_machine.DEFINITION, guards=())
    unguarded = ArmResource(definition, kind._access)  # noqa: SLF001  (the same cloud)
    config = {**ATTACHMENT, "virtual_machine_id": windows}
    planned = workspace.plan(_ATTACHMENT, config).planned
    request = Create(config=workspace.value(_ATTACHMENT, config), planned=planned)
    return unguarded, unguarded.create(CallContext(), request)


def test_a_failed_create_returns_what_exists(workspace: Lab) -> None:
    _, result = _attach_a_windows_machine(workspace)

    assert codes(result.diagnostics) == ["azureml.operation_failed"]
    assert result.current is not None
    assert result.current.is_wholly_known


def test_a_failed_compute_that_holds_its_name_is_said_so(workspace: Lab) -> None:
    _attach_a_windows_machine(workspace)
    result = workspace.try_create(_ATTACHMENT, ATTACHMENT)

    assert "It failed and still holds its name" in result.diagnostics[0].detail
    assert "Only Ubuntu machines can be attached" in result.diagnostics[0].detail


def test_a_failed_compute_is_warned_of_when_it_is_read(workspace: Lab) -> None:
    unguarded, result = _attach_a_windows_machine(workspace)
    assert result.current is not None
    read = unguarded.read(CallContext(), Read(current=result.current, private=result.private))

    assert [(one.is_error, one.code) for one in read.diagnostics] == [(False, "azureml.failed")]


# -- waiting -------------------------------------------------------------------------------------


def _slow(lab: Lab, seconds: str) -> None:
    """From here on operations of the cloud take their time."""
    lab.close()
    lab.environment = {"MOOR_EMULATOR_LRO_SECONDS": seconds}


def test_an_operation_is_noted_as_soon_as_it_is_accepted_without_secrets(workspace: Lab) -> None:
    notes: list[dict[str, str]] = []
    ctx = CallContext(checkpoint=lambda note: notes.append(dict(note)))
    made(workspace.try_create(_ATTACHMENT, ATTACHMENT, ctx))

    assert len(notes) == 1
    assert "computeOperationsStatus" in notes[0]["operation"]
    assert notes[0]["id"] == f"{WORKSPACE}/computes/dsvm"
    assert str(ATTACHMENT["password"]) not in str(notes)


def test_cancelling_ends_the_wait_and_leaves_the_operation_to_the_next_run(workspace: Lab) -> None:
    _slow(workspace, "60")
    cancelled = Event()
    Timer(0.2, cancelled.set).start()
    started = monotonic()
    result = workspace.try_create(_CLUSTER, CLUSTER, CallContext(cancelled=cancelled))

    assert codes(result.diagnostics) == ["azureml.cancelled"]
    assert result.unfinished
    assert monotonic() - started < 30


def test_a_deadline_ends_the_wait(workspace: Lab) -> None:
    _slow(workspace, "60")
    result = workspace.try_create(_CLUSTER, CLUSTER, CallContext(deadline=monotonic() + 2.0))

    assert codes(result.diagnostics) == ["azureml.timeout"]
    assert result.unfinished


def test_an_interrupted_create_is_taken_up_again(workspace: Lab) -> None:
    _slow(workspace, "3")
    notes: list[dict[str, str]] = []
    ctx = CallContext(deadline=monotonic() + 2.0, checkpoint=lambda note: notes.append(dict(note)))
    workspace.try_create(_ATTACHMENT, ATTACHMENT, ctx)
    kind = workspace.kind(_ATTACHMENT)
    assert isinstance(kind, Resumes)
    planned = workspace.plan(_ATTACHMENT, ATTACHMENT).planned
    result = kind.resume(
        CallContext(read_only=True), Resume(action="create", prior=None, planned=planned, note=notes[0])
    )
    attached = made(result)

    assert attached["address"] is not None
    changed = workspace.plan(_ATTACHMENT, {**ATTACHMENT, "password": "new"}, attached)
    assert changed.requires_replace != ()


def test_an_interrupted_delete_is_waited_for(workspace: Lab) -> None:
    cluster = workspace.create(_CLUSTER, CLUSTER)
    _slow(workspace, "3")
    notes: list[dict[str, str]] = []
    ctx = CallContext(deadline=monotonic() + 2.0, checkpoint=lambda note: notes.append(dict(note)))
    failed = workspace.delete(_CLUSTER, cluster, ctx)
    assert failed.current == cluster.value
    kind = workspace.kind(_CLUSTER)
    assert isinstance(kind, Resumes)
    request = Resume(action="delete", prior=cluster.value, planned=None, note=notes[0])

    assert kind.resume(CallContext(read_only=True), request) == ApplyResult()


def test_without_a_note_resuming_looks_at_what_exists(workspace: Lab) -> None:
    kind = workspace.kind(_CLUSTER)
    assert isinstance(kind, Resumes)
    planned = workspace.plan(_CLUSTER, CLUSTER).planned
    request = Resume(action="create", prior=None, planned=planned, note={})

    assert kind.resume(CallContext(), request) == ApplyResult()


# -- deleting ------------------------------------------------------------------------------------


def test_detaching_leaves_the_machine_as_it_is(workspace: Lab) -> None:
    attached = workspace.create(_ATTACHMENT, ATTACHMENT)
    workspace.delete(_ATTACHMENT, attached)

    assert workspace.edit("GET", f"{VM}?api-version=2024-07-01") == 200


def test_nothing_is_deleted_before_it_is_gone(workspace: Lab) -> None:
    cluster = workspace.create(_CLUSTER, CLUSTER)
    _slow(workspace, "0.3")
    workspace.delete(_CLUSTER, cluster)

    assert workspace.edit("GET", _CLUSTER_ID) == 404


# -- importing -----------------------------------------------------------------------------------


def test_an_imported_cluster_needs_no_change(workspace: Lab) -> None:
    assert workspace.edit("PUT", _CLUSTER_ID, _AML_COMPUTE) == 201
    kind = workspace.kind(_CLUSTER)
    assert isinstance(kind, Imports)
    imported = kind.import_object(CallContext(), Import(id=_CLUSTER_ID)).objects[0]
    read = _read_again(workspace, imported.current)

    planned = workspace.plan(_CLUSTER, {**CLUSTER, "scale_settings": {"max_node_count": 7}}, read)
    assert planned.planned == read.value


def _read_again(lab: Lab, value: Value) -> Made:
    """The object as it is read once more right after an import."""
    read = lab.kind(_CLUSTER).read(CallContext(), Read(current=value))
    assert read.current is not None
    return Made(value=read.current, private=read.private)


def test_importing_as_the_wrong_type_names_the_right_one(workspace: Lab) -> None:
    workspace.create(_CLUSTER, CLUSTER)
    kind = workspace.kind(_INSTANCE)
    assert isinstance(kind, Imports)
    result = kind.import_object(CallContext(), Import(id=_CLUSTER_ID))

    assert codes(result.diagnostics) == ["azureml.other_type"]
    assert "is of type AmlCompute" in result.diagnostics[0].detail


def test_importing_what_does_not_exist_finds_nothing(workspace: Lab) -> None:
    kind = workspace.kind(_CLUSTER)
    assert isinstance(kind, Imports)
    result = kind.import_object(CallContext(), Import(id=_CLUSTER_ID))

    assert (result.objects, result.diagnostics) == ((), ())


@pytest.mark.parametrize("text", ["cpu-cluster", GROUP, f"/subscriptions/{SUBSCRIPTION}"])
def test_an_import_id_is_the_arm_id_of_the_type(lab: Lab, text: str) -> None:
    kind = lab.kind(_CLUSTER)
    assert isinstance(kind, Imports)

    assert kind.import_object(CallContext(), Import(id=text)).diagnostics[0].summary == "Invalid import ID"


# -- data sources --------------------------------------------------------------------------------


def test_a_workspace_can_be_looked_up(workspace: Lab) -> None:
    source = workspace.connection.data_source("azureml_workspace")
    place = {"name": "MLW-lab", "resource_group_name": "rg-lab"}
    config = from_python(place, object_type(source.schema.block))
    found = source.read(CallContext(read_only=True), ReadData(config=config)).current
    assert found is not None

    assert found.is_wholly_known
    assert found.attributes["name"].raw == "MLW-lab"
    assert (
        found.attributes["storage_account_id"].text.lower()
        == str(WORKSPACE_CONFIG["storage_account_id"]).lower()
    )
    assert found.attributes["identity"].attributes["principal_id"].raw is not None


def test_looking_up_what_does_not_exist_is_an_error(lab: Lab) -> None:
    source = lab.connection.data_source("azureml_workspace")
    place = {"name": "nowhere", "resource_group_name": "rg-lab"}
    config = from_python(place, object_type(source.schema.block))
    result = source.read(CallContext(read_only=True), ReadData(config=config))

    assert (result.current, codes(result.diagnostics)) == (None, ["azureml.parent_missing"])
