"""Computes: managed clusters and instances, and attached virtual machines."""

from typing import Any

import pytest
from tests.unit.emulator.clouds import (
    CLUSTER_SETTINGS,
    DSVM,
    PROVIDERS,
    WORKSPACE,
    Cloud,
    FakeClock,
    error_of,
)

from mooring_emulator import SUBSCRIPTION_ID, open_emulator
from mooring_emulator.emulator import Surroundings

CLUSTER = f"{WORKSPACE}/computes/cpu-cluster"
INSTANCE = f"{WORKSPACE}/computes/my-instance"
MACHINE = f"{WORKSPACE}/computes/my-vm"
LOCATION = f"/subscriptions/{SUBSCRIPTION_ID}/providers/Microsoft.MachineLearningServices/locations/eastus"


def settings_of(cloud: Cloud, path: str) -> dict[str, object]:
    settings: dict[str, Any] = cloud.get(path)["properties"]["properties"]
    return settings


# Names and regions


@pytest.mark.parametrize("name", ["ab", "1abc", "cpu-cluster-1", "a" * 25, "under_score"])
def test_a_compute_name_outside_the_rule_is_refused(cloud: Cloud, name: str) -> None:
    assert error_of(cloud.put_cluster(name)) == (400, "BadRequest")


def test_a_compute_name_is_unique_in_its_region(cloud: Cloud) -> None:
    cloud.put_cluster()
    cloud.put_workspace(WORKSPACE + "2")
    body = {"properties": {"computeType": "AmlCompute", "properties": CLUSTER_SETTINGS}}
    cloud.get(WORKSPACE + "2")
    response = cloud.ask("PUT", f"{WORKSPACE}2/computes/CPU-cluster", body)
    assert error_of(response) == (400, "BadRequest")
    assert response.json()["error"]["message"].startswith("Compute with this name already exists.")


def test_a_compute_is_in_the_location_of_its_workspace(cloud: Cloud) -> None:
    body = {"location": "westus", "properties": {"computeType": "AmlCompute", "properties": CLUSTER_SETTINGS}}
    assert error_of(cloud.ask("PUT", CLUSTER, body)) == (400, "BadRequest")


def test_only_a_cluster_may_run_elsewhere(cloud: Cloud) -> None:
    far = {"computeLocation": "West US 2"}
    assert cloud.put_compute("cpu-cluster", "AmlCompute", CLUSTER_SETTINGS, **far).status == 201
    assert cloud.get(CLUSTER)["properties"]["computeLocation"] == "westus2"
    size = {"vmSize": "Standard_DS3_v2"}
    assert cloud.put_compute("my-instance", "ComputeInstance", size, **far).status == 400


@pytest.mark.parametrize(
    ("compute_type", "version"),
    [("Batch", "2025-12-01"), ("ComputeInstance", "2019-11-01"), (None, "2025-12-01")],
)
def test_a_compute_type_the_api_version_does_not_have_is_refused(
    cloud: Cloud, compute_type: str | None, version: str
) -> None:
    body: dict[str, Any] = {"properties": {"computeType": compute_type, "properties": {}}}
    assert error_of(cloud.ask("PUT", CLUSTER, body, version=version)) == (400, "BadRequest")


# AmlCompute


def test_a_cluster_shows_what_was_sent_and_nulls_first_and_what_the_service_made_of_it_later(
    slow_cloud: Cloud,
) -> None:
    body = slow_cloud.put_cluster().json()
    first = body["properties"]["properties"]
    assert body["properties"]["resourceId"].endswith(
        "/Microsoft.BatchAI/workspaces/mlws/clusters/cpu-cluster"
    )
    assert (first["vmPriority"], first["currentNodeCount"], first["allocationState"]) == (None, None, None)
    assert first["remoteLoginPortPublicAccess"] == "NotSpecified"
    assert first["scaleSettings"]["nodeIdleTimeBeforeScaleDown"] is None
    slow_cloud.wait(10)
    compute = slow_cloud.get(CLUSTER)
    later = compute["properties"]["properties"]
    assert compute["properties"]["resourceId"] is None
    assert (later["vmPriority"], later["currentNodeCount"], later["allocationState"]) == (
        "Dedicated",
        0,
        "Steady",
    )
    assert later["remoteLoginPortPublicAccess"] == "Enabled"
    assert later["scaleSettings"] == {
        "maxNodeCount": 4,
        "minNodeCount": 0,
        "nodeIdleTimeBeforeScaleDown": "PT2M",
    }
    assert (later["subnet"], later["virtualMachineImage"], later["errors"]) == (None, None, None)
    assert compute["tags"] is None


def test_durations_are_rewritten_to_their_shortest_spelling(cloud: Cloud) -> None:
    cloud.put_cluster(scaleSettings={"maxNodeCount": 2, "nodeIdleTimeBeforeScaleDown": "PT120S"})
    assert settings_of(cloud, CLUSTER)["scaleSettings"]["nodeIdleTimeBeforeScaleDown"] == "PT2M"  # type: ignore[index]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"scaleSettings": {"minNodeCount": 1}}, "maxNodeCount field is required"),
        ({"scaleSettings": {"maxNodeCount": "4"}}, "expected an integer"),
        ({"scaleSettings": {"maxNodeCount": 1, "minNodeCount": 2}}, "must not be greater"),
        ({"scaleSettings": {"maxNodeCount": 1, "minNodeCount": -1}}, "must not be negative"),
        (
            {"scaleSettings": {"maxNodeCount": 1, "nodeIdleTimeBeforeScaleDown": "2m"}},
            "not an ISO 8601 duration",
        ),
        ({"scaleSettings": None}, "scaleSettings field is required"),
        ({"vmPriority": "Free"}, "Possible values are: Dedicated, LowPriority"),
        ({"subnet": {}}, "subnet.id field is required"),
        ({"userAccountCredentials": {}}, "adminUserName field is required"),
        ({"isolatedNetwork": "yes"}, "expected a boolean"),
        ({"vmSize": None}, "provided for the VM size is not valid"),
        ({"vmSize": "Standard_Nonsense"}, "provided for the VM size is not valid"),
        ({"vmSize": "Standard_NC6s_v3"}, "total vCPU quota of 0 and cannot accomodate"),
    ],
)
def test_a_cluster_that_breaks_a_rule_is_refused(cloud: Cloud, settings: dict[str, Any], words: str) -> None:
    response = cloud.put_cluster(**settings)
    assert response.status == 400
    assert words in response.json()["error"]["message"]
    assert cloud.ask("GET", CLUSTER).status == 404


def test_all_problems_of_a_body_are_reported_together(cloud: Cloud) -> None:
    response = cloud.put_cluster(vmPriority="Free", subnet={}, isolatedNetwork=1)
    assert len(response.json()["error"]["details"]) == 3


def test_names_and_enumerations_are_read_in_any_case_and_written_canonically(cloud: Cloud) -> None:
    settings = {
        "VMSIZE": "Standard_DS3_v2",
        "vmPriority": "lowpriority",
        "ScaleSettings": {"MAXNODECOUNT": 1},
    }
    cloud.put_compute("cpu-cluster", "amlcompute", settings)
    compute = cloud.get(CLUSTER)
    assert compute["properties"]["computeType"] == "AmlCompute"
    assert compute["properties"]["properties"]["vmPriority"] == "LowPriority"


def test_read_only_and_unknown_properties_of_a_request_are_ignored(cloud: Cloud) -> None:
    cloud.put_cluster(currentNodeCount=99, invented=True)
    settings = settings_of(cloud, CLUSTER)
    assert settings["currentNodeCount"] == 0
    assert "invented" not in settings


def test_secrets_of_a_cluster_are_never_echoed(cloud: Cloud) -> None:
    credentials = {
        "adminUserName": "me",
        "adminUserPassword": "hunter2",
        "adminUserSshPublicKey": "ssh-rsa hunter3",
    }
    created = cloud.put_cluster(userAccountCredentials=credentials)
    seen = created.body + cloud.ask("GET", CLUSTER).body + cloud.ask("GET", f"{WORKSPACE}/computes").body
    assert b"hunter" not in seen
    assert settings_of(cloud, CLUSTER)["userAccountCredentials"] == {
        "adminUserName": "me",
        "adminUserPassword": None,
        "adminUserSshPublicKey": None,
    }


def test_patch_of_scale_settings_is_202_and_keeps_what_it_does_not_name(cloud: Cloud) -> None:
    cloud.put_cluster(
        scaleSettings={"maxNodeCount": 4, "minNodeCount": 1, "nodeIdleTimeBeforeScaleDown": "PT5M"}
    )
    body = {"properties": {"properties": {"scaleSettings": {"maxNodeCount": 9}}}}
    response = cloud.ask("PATCH", CLUSTER, body)
    assert (response.status, response.json()["properties"]["provisioningState"]) == (202, "Updating")
    cloud.poll(response)
    assert settings_of(cloud, CLUSTER)["scaleSettings"] == {
        "maxNodeCount": 9,
        "minNodeCount": 1,
        "nodeIdleTimeBeforeScaleDown": "PT5M",
    }


def test_patch_changes_nothing_but_scale_settings_and_only_of_a_cluster(cloud: Cloud) -> None:
    cloud.put_cluster()
    cloud.ask("PATCH", CLUSTER, {"tags": {"a": "b"}, "properties": {"description": "new"}})
    assert (cloud.get(CLUSTER)["tags"], cloud.get(CLUSTER)["properties"]["description"]) == (None, None)
    cloud.put_instance()
    scale = {"properties": {"properties": {"scaleSettings": {"maxNodeCount": 9}}}}
    assert error_of(cloud.ask("PATCH", INSTANCE, scale)) == (400, "BadRequest")


def test_patch_below_the_minimum_is_refused(cloud: Cloud) -> None:
    cloud.put_cluster(scaleSettings={"maxNodeCount": 4, "minNodeCount": 2})
    body = {"properties": {"properties": {"scaleSettings": {"maxNodeCount": 1}}}}
    assert error_of(cloud.ask("PATCH", CLUSTER, body)) == (400, "BadRequest")


@pytest.mark.parametrize(
    "body",
    [
        {"properties": "x"},
        {"properties": {"properties": [1]}},
        {"properties": {"properties": {"scaleSettings": 4}}},
        {"properties": {"properties": {"scaleSettings": {"maxNodeCount": "9"}}}},
        {"properties": {"properties": {"scaleSettings": {"maxNodeCount": True}}}},
    ],
)
def test_a_patch_of_the_wrong_shape_is_refused(cloud: Cloud, body: dict[str, Any]) -> None:
    cloud.put_cluster()
    assert error_of(cloud.ask("PATCH", CLUSTER, body)) == (400, "BadRequest")


def test_a_second_put_is_201_again_rescales_and_keeps_the_date_of_creation(cloud: Cloud) -> None:
    created = cloud.put_cluster().json()["properties"]["createdOn"]
    cloud.wait(60)
    again = cloud.put_cluster(scaleSettings={"maxNodeCount": 7})
    assert (again.status, again.json()["properties"]["provisioningState"]) == (201, "Updating")
    compute = cloud.get(CLUSTER)
    assert compute["properties"]["properties"]["scaleSettings"]["maxNodeCount"] == 7
    assert compute["properties"]["createdOn"] == created < compute["properties"]["modifiedOn"]


@pytest.mark.parametrize("change", [{"vmSize": "Standard_DS2_v2"}, {"vmPriority": "LowPriority"}])
def test_the_fixed_properties_of_a_cluster_cannot_be_put(cloud: Cloud, change: dict[str, Any]) -> None:
    cloud.put_cluster()
    assert error_of(cloud.put_cluster(**change)) == (400, "BadRequest")


def test_list_nodes_shows_the_nodes_that_scaling_keeps(cloud: Cloud) -> None:
    cloud.put_cluster(scaleSettings={"maxNodeCount": 4, "minNodeCount": 2})
    nodes = cloud.ask("POST", f"{CLUSTER}/listNodes").json()["nodes"]
    assert [node["nodeState"] for node in nodes] == ["idle", "idle"]


# ComputeInstance


def test_an_instance_comes_up_running_with_its_applications(slow_cloud: Cloud) -> None:
    assert slow_cloud.put_instance().json()["properties"]["properties"]["state"] == "Creating"
    slow_cloud.wait(10)
    settings = settings_of(slow_cloud, INSTANCE)
    assert settings["state"] == "Running"
    assert settings["lastOperation"]["operationStatus"] == "Succeeded"  # type: ignore[index]
    assert settings["sshSettings"]["sshPublicAccess"] == "Disabled"  # type: ignore[index]
    assert settings["applicationSharingPolicy"] == "Shared"


@pytest.mark.parametrize(
    ("action", "during", "after"),
    [("stop", "Stopping", "Stopped"), ("start", "Starting", "Running"), ("restart", "Restarting", "Running")],
)
def test_power_actions_are_202_without_body_and_show_a_state_on_the_way(
    slow_cloud: Cloud, action: str, during: str, after: str
) -> None:
    slow_cloud.put_instance()
    slow_cloud.wait(10)
    response = slow_cloud.ask("POST", f"{INSTANCE}/{action}")
    assert (response.status, response.body) == (202, b"")
    assert settings_of(slow_cloud, INSTANCE)["state"] == during
    assert slow_cloud.ask("POST", f"{INSTANCE}/{action}").status == 409
    slow_cloud.wait(10)
    assert slow_cloud.poll(response).json()["status"] == "Succeeded"
    assert settings_of(slow_cloud, INSTANCE)["state"] == after


def test_with_the_specifications_codes_a_patch_is_200_and_so_is_an_old_stop() -> None:
    surroundings = Surroundings(is_as_specified=True)
    cloud = Cloud(emulator=open_emulator(":memory:", clock=FakeClock(), surroundings=surroundings))
    cloud.build_workspace()
    cloud.get(WORKSPACE)
    for response in (cloud.put_cluster(), cloud.put_instance()):
        cloud.poll(response)
    flat = {"properties": {"scaleSettings": {"maxNodeCount": 7}}}
    answer = cloud.ask("PATCH", CLUSTER, flat, version="2020-08-01")
    assert (answer.status, cloud.poll(answer).json()["status"]) == (200, "Succeeded")
    assert settings_of(cloud, CLUSTER)["scaleSettings"]["maxNodeCount"] == 7  # type: ignore[index]
    assert cloud.ask("PATCH", WORKSPACE, {"tags": {"a": "b"}}).status == 200
    assert cloud.ask("POST", f"{INSTANCE}/stop", version="2020-08-01").status == 200
    assert settings_of(cloud, INSTANCE)["state"] == "Stopped"
    assert cloud.ask("POST", f"{INSTANCE}/start").status == 202


def test_a_put_with_changed_schedules_and_idle_time_is_accepted_and_silently_ignored(cloud: Cloud) -> None:
    cloud.put_instance(idleTimeBeforeShutdown="PT30M")
    stop = {"action": "Stop", "triggerType": "Cron", "cron": {"expression": "0 18 * * *"}}
    response = cloud.put_instance(idleTimeBeforeShutdown="PT1H", schedules={"computeStartStop": [stop]})
    assert response.status == 201
    assert cloud.poll(response).json()["status"] == "Succeeded"
    settings = settings_of(cloud, INSTANCE)
    assert (settings["idleTimeBeforeShutdown"], settings["schedules"]) == ("PT30M", None)


def test_idle_time_changes_by_its_action_alone_and_stays_after_a_put(cloud: Cloud) -> None:
    cloud.put_instance(idleTimeBeforeShutdown="PT30M")
    path = f"{INSTANCE}/updateIdleShutdownSetting"
    assert cloud.ask("POST", path, {"idleTimeBeforeShutdown": "PT60M"}).status == 200
    assert settings_of(cloud, INSTANCE)["idleTimeBeforeShutdown"] == "PT1H"
    cloud.put_instance(idleTimeBeforeShutdown="PT30M")
    assert settings_of(cloud, INSTANCE)["idleTimeBeforeShutdown"] == "PT1H"


def test_schedules_change_by_their_action_alone_and_stay_after_a_put(cloud: Cloud) -> None:
    cloud.put_instance()
    stop = {"action": "stop", "triggerType": "cron", "cron": {"expression": "0 18 * * *"}}
    path = f"{INSTANCE}/updateSchedules"
    assert cloud.ask("POST", path, {"schedules": {"computeStartStop": [stop]}}).status == 200
    cloud.put_instance(schedules={"computeStartStop": []})
    schedules: Any = settings_of(cloud, INSTANCE)["schedules"]
    assert [each["action"] for each in schedules["computeStartStop"]] == ["Stop"]
    assert cloud.ask("POST", path, {"schedules": {}}).status == 200
    assert settings_of(cloud, INSTANCE)["schedules"] == {"computeStartStop": []}


@pytest.mark.parametrize(
    "body", [{}, {"schedules": {"computeStartStop": [{"action": "Nap"}]}}, {"schedules": 1}]
)
def test_schedules_that_make_no_sense_are_refused(cloud: Cloud, body: object) -> None:
    cloud.put_instance()
    assert error_of(cloud.ask("POST", f"{INSTANCE}/updateSchedules", body)) == (400, "BadRequest")


@pytest.mark.parametrize("name", ["enableSSO", "EnableSSO"])
def test_single_sign_on_changes_by_its_action(cloud: Cloud, name: str) -> None:
    cloud.put_instance()
    assert settings_of(cloud, INSTANCE)["enableSSO"] is True
    assert cloud.ask("POST", f"{INSTANCE}/enableSso", {name: False}).status == 200
    assert settings_of(cloud, INSTANCE)["enableSSO"] is False
    assert error_of(cloud.ask("POST", f"{INSTANCE}/enableSso", {})) == (400, "BadRequest")


@pytest.mark.parametrize("value", ["PT14M", "P4D", "soon", 30])
def test_idle_time_is_between_15_minutes_and_3_days(cloud: Cloud, value: object) -> None:
    cloud.put_instance()
    path = f"{INSTANCE}/updateIdleShutdownSetting"
    assert error_of(cloud.ask("POST", path, {"idleTimeBeforeShutdown": value})) == (400, "BadRequest")


def test_a_schedule_gets_an_id_and_a_state(cloud: Cloud) -> None:
    cron = {"expression": "0 18 * * *", "timeZone": "UTC"}
    stop = {"action": "stop", "triggerType": "cron", "cron": cron}
    cloud.put_instance(schedules={"computeStartStop": [stop]})
    schedule = settings_of(cloud, INSTANCE)["schedules"]["computeStartStop"][0]  # type: ignore[index]
    assert (schedule["action"], schedule["status"], schedule["provisioningStatus"]) == (
        "Stop",
        "Enabled",
        "Completed",
    )
    assert len(schedule["id"]) == 36


@pytest.mark.parametrize(
    "schedule",
    [
        {"action": "Stop"},
        {"action": "Stop", "triggerType": "Cron", "cron": {"expression": "18h"}},
        {"action": "Stop", "triggerType": "Recurrence"},
        {
            "action": "Stop",
            "triggerType": "Recurrence",
            "recurrence": {"frequency": "Day", "schedule": {"hours": [18]}},
        },
        {"action": "Sleep", "triggerType": "Cron", "cron": {"expression": "0 18 * * *"}},
    ],
)
def test_a_schedule_that_breaks_a_rule_is_refused(cloud: Cloud, schedule: dict[str, object]) -> None:
    response = cloud.put_instance(schedules={"computeStartStop": [schedule]})
    assert error_of(response) == (400, "BadRequest")


def test_an_instance_has_at_most_four_schedules(cloud: Cloud) -> None:
    stop = {"action": "Stop", "triggerType": "Cron", "cron": {"expression": "0 18 * * *"}}
    assert cloud.put_instance(schedules={"computeStartStop": [stop] * 5}).status == 400
    assert cloud.put_instance(schedules={"computeStartStop": [stop] * 4}).status == 201


def test_an_assigned_user_needs_both_ids_and_ssh_needs_a_key(cloud: Cloud) -> None:
    user = {"assignedUser": {"objectId": "o"}}
    assert cloud.put_instance(personalComputeInstanceSettings=user).status == 400
    assert cloud.put_instance(sshSettings={"sshPublicAccess": "Enabled"}).status == 400
    key = {"sshPublicAccess": "Enabled", "adminPublicKey": "ssh-rsa AAAA"}
    assert cloud.put_instance(sshSettings=key).status == 201


def test_size_and_ssh_access_of_an_instance_cannot_be_put(cloud: Cloud) -> None:
    cloud.put_instance()
    assert cloud.put_instance(vmSize="Standard_DS3_v2").status == 400
    assert cloud.put_instance(sshSettings={"sshPublicAccess": "Enabled"}).status == 400


# VirtualMachine


def test_an_attached_vm_shows_its_address_and_size_and_no_secret(cloud: Cloud) -> None:
    assert cloud.attach().status == 201
    compute = cloud.get(MACHINE)["properties"]
    assert (compute["isAttachedCompute"], compute["resourceId"]) == (True, DSVM)
    settings = compute["properties"]
    assert settings["address"].startswith("20.")
    assert (settings["virtualMachineSize"], settings["sshPort"]) == ("Standard_DS3_v2", 22)
    assert settings["administratorAccount"] == {
        "username": "azureuser",
        "password": None,
        "publicKeyData": None,
        "privateKeyData": None,
    }
    assert b"hunter2" not in cloud.ask("GET", f"{WORKSPACE}/computes").body


def test_list_keys_gives_the_secrets_of_an_attached_vm_and_of_nothing_else(cloud: Cloud) -> None:
    cloud.attach()
    keys = cloud.ask("POST", f"{MACHINE}/listKeys").json()
    assert (keys["computeType"], keys["administratorAccount"]["password"]) == ("VirtualMachine", "hunter2")
    cloud.put_cluster()
    assert error_of(cloud.ask("POST", f"{CLUSTER}/listKeys")) == (400, "BadRequest")
    assert error_of(cloud.ask("POST", f"{CLUSTER}/explode")) == (404, "InvalidResourceType")


def test_a_second_attachment_of_a_vm_silently_removes_the_first_when_it_is_done(slow_cloud: Cloud) -> None:
    slow_cloud.attach("first-vm")
    slow_cloud.wait(10)
    assert (
        slow_cloud.attach("second-vm", DSVM.upper().replace("/SUBSCRIPTIONS", "/subscriptions")).status == 201
    )
    names = [compute["name"] for compute in slow_cloud.get(f"{WORKSPACE}/computes")["value"]]
    assert names == ["first-vm", "second-vm"]
    slow_cloud.wait(10)
    names = [compute["name"] for compute in slow_cloud.get(f"{WORKSPACE}/computes")["value"]]
    assert names == ["second-vm"]


def test_a_put_over_an_attachment_takes_new_credentials_and_refuses_another_vm(cloud: Cloud) -> None:
    cloud.attach()
    key = {"username": "azureuser", "privateKeyData": "KEY"}
    assert cloud.attach(administratorAccount=key).status == 201
    keys = cloud.ask("POST", f"{MACHINE}/listKeys").json()["administratorAccount"]
    assert (keys["password"], keys["privateKeyData"]) == (None, "KEY")
    assert error_of(cloud.attach(resource_id=DSVM + "2")) == (400, "BadRequest")


@pytest.mark.parametrize(
    "account",
    [
        None,
        {"username": "u"},
        {"password": "p"},
        {"username": "u", "password": "p", "privateKeyData": "k"},
    ],
)
def test_an_attachment_needs_a_user_with_a_password_or_a_key(cloud: Cloud, account: object) -> None:
    assert error_of(cloud.attach(administratorAccount=account)) == (400, "BadRequest")


def test_a_vm_that_does_not_exist_cannot_be_attached(cloud: Cloud) -> None:
    assert error_of(cloud.attach(resource_id=DSVM + "x")) == (400, "BadRequest")
    assert error_of(cloud.put_compute("my-vm", "VirtualMachine", {"administratorAccount": {}})) == (
        400,
        "BadRequest",
    )


def test_a_vm_can_be_attached_by_address(cloud: Cloud) -> None:
    account = {"username": "u", "password": "p"}
    settings = {"address": "203.0.113.9", "sshPort": 2222, "administratorAccount": account}
    assert cloud.put_compute("my-vm", "VirtualMachine", settings).status == 201
    assert cloud.get(MACHINE)["properties"]["resourceId"] is None


def put_vm(cloud: Cloud, *, offer: str, networks: list[dict[str, str]]) -> str:
    path = f"{PROVIDERS}/Microsoft.Compute/virtualMachines/mine"
    properties = {
        "hardwareProfile": {"vmSize": "Standard_DS3_v2"},
        "storageProfile": {"imageReference": {"publisher": "P", "offer": offer, "sku": "S"}},
        "networkProfile": {"networkInterfaces": networks},
    }
    body = {"location": "eastus", "properties": properties}
    assert cloud.ask("PUT", path, body, version="2024-07-01").status == 201
    return path


@pytest.mark.parametrize(
    ("offer", "interface", "code"),
    [
        ("WindowsServer", "nic-", "UnsupportedOperatingSystem"),
        ("UbuntuServer", "none-", "PublicIpAddressRequired"),
    ],
)
def test_an_unsuitable_vm_leaves_a_failed_compute_that_holds_its_name(
    cloud: Cloud, offer: str, interface: str, code: str
) -> None:
    networks = [
        {
            "id": DSVM.replace(
                "Microsoft.Compute/virtualMachines/vm-", f"Microsoft.Network/networkInterfaces/{interface}"
            )
        }
    ]
    response = cloud.attach(resource_id=put_vm(cloud, offer=offer, networks=networks))
    assert response.status == 201
    status = cloud.poll(response).json()
    assert (status["status"], status["error"]["code"]) == ("Failed", code)
    compute = cloud.get(MACHINE)["properties"]
    assert compute["provisioningState"] == "Failed"
    assert compute["provisioningErrors"][0]["error"]["code"] == code
    assert cloud.attach().status == 400
    assert cloud.ask("DELETE", MACHINE, query="underlyingResourceAction=Detach").status == 202
    assert cloud.attach().status == 201


# DELETE


@pytest.mark.parametrize("query", ["", "underlyingResourceAction=Maybe"])
def test_delete_needs_an_underlying_resource_action(cloud: Cloud, query: str) -> None:
    cloud.put_cluster()
    response = cloud.ask("DELETE", CLUSTER, query=query)
    assert error_of(response) == (400, "BadRequest")
    assert "underlyingResourceAction" in response.json()["error"]["message"]


def test_a_managed_compute_is_deleted_and_an_attached_one_detached_and_not_the_other_way_round(
    cloud: Cloud,
) -> None:
    cloud.put_cluster()
    cloud.attach()
    assert cloud.ask("DELETE", CLUSTER, query="underlyingResourceAction=Detach").status == 400
    assert cloud.ask("DELETE", MACHINE, query="underlyingResourceAction=Delete").status == 400
    for path, action in ((CLUSTER, "delete"), (MACHINE, "DETACH")):
        response = cloud.ask("DELETE", path, query=f"underlyingResourceAction={action}")
        assert (response.status, response.body) == (202, b"")
        assert cloud.poll(response).json()["status"] == "Succeeded"
        assert cloud.ask("GET", path).status == 404
    assert cloud.ask("GET", DSVM, version="2024-07-01").status == 200


def test_deleting_an_absent_compute_is_204_without_any_action(cloud: Cloud) -> None:
    assert cloud.ask("DELETE", CLUSTER).status == 204


def test_a_detached_vm_can_be_attached_under_another_name(cloud: Cloud) -> None:
    cloud.attach()
    cloud.ask("DELETE", MACHINE, query="underlyingResourceAction=Detach")
    cloud.attach("other-vm")
    assert cloud.get(f"{WORKSPACE}/computes/other-vm")["properties"]["provisioningState"] == "Succeeded"


# Quotas


def test_vm_sizes_usages_and_quotas_are_listed_for_a_location(cloud: Cloud) -> None:
    cloud.put_cluster(scaleSettings={"maxNodeCount": 4, "minNodeCount": 2})
    cloud.put_instance()
    sizes = {size["name"]: size for size in cloud.get(f"{LOCATION}/vmSizes")["value"]}
    assert sizes["Standard_DS3_v2"]["vCPUs"] == 4
    usages = {usage["name"]["value"]: usage for usage in cloud.get(f"{LOCATION}/usages")["value"]}
    assert usages["standardDSv2Family"]["currentValue"] == 2 * 4 + 2
    assert usages["standardNCSv3Family"]["limit"] == 0
    quotas = {quota["name"]["value"]: quota["limit"] for quota in cloud.get(f"{LOCATION}/quotas")["value"]}
    assert quotas["standardDSv2Family"] == usages["standardDSv2Family"]["limit"]


def test_low_priority_cores_are_one_pool(cloud: Cloud) -> None:
    cloud.put_cluster(vmPriority="LowPriority", scaleSettings={"maxNodeCount": 4, "minNodeCount": 1})
    usages = {usage["name"]["value"]: usage for usage in cloud.get(f"{LOCATION}/usages")["value"]}
    assert (usages["lowPriorityCores"]["currentValue"], usages["standardDSv2Family"]["currentValue"]) == (
        4,
        0,
    )
