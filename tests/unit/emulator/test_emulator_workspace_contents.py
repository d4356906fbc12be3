"""What a workspace holds besides computes; soft delete; what lies in the store file."""

import stat
from pathlib import Path
from typing import Any

import pytest
from tests.unit.emulator.clouds import WORKSPACE, Cloud, error_of, open_cloud

COMMAND = {"jobType": "Command", "command": "ls", "environmentId": "e"}
NIGHTLY = {"actionType": "CreateJob", "jobDefinition": COMMAND}
AT_NIGHT = {"triggerType": "Cron", "expression": "0 2 * * *"}
CONTENTS: list[tuple[str, dict[str, Any], str]] = [
    ("environments/env/versions/1", {"image": "ubuntu"}, "2025-12-01"),
    ("models/model/versions/1", {"modelUri": "azureml://x"}, "2025-12-01"),
    ("data/data/versions/1", {"dataType": "uri_file", "dataUri": "azureml://x"}, "2025-12-01"),
    ("codes/code/versions/1", {"codeUri": "https://x"}, "2025-12-01"),
    ("components/comp/versions/1", {"componentSpec": {}}, "2025-12-01"),
    ("featuresets/fs/versions/1", {}, "2025-12-01"),
    ("onlineEndpoints/online", {"authMode": "Key"}, "2025-12-01"),
    ("batchEndpoints/batch", {"authMode": "AADToken"}, "2025-12-01"),
    ("serverlessEndpoints/less", {"authMode": "Key"}, "2025-12-01"),
    ("connections/conn", {"authType": "PAT", "category": "Git", "credentials": {"pat": "x"}}, "2025-12-01"),
    ("schedules/daily", {"action": NIGHTLY, "trigger": AT_NIGHT}, "2025-12-01"),
    ("outboundRules/rule", {"type": "FQDN", "destination": "packages.example.org"}, "2025-12-01"),
    ("linkedServices/synapse", {"linkedServiceResourceId": "/subscriptions/x"}, "2020-04-01-preview"),
    ("privateEndpointConnections/pe", {}, "2025-12-01"),
    ("marketplaceSubscriptions/ms", {"modelId": "azureml://x"}, "2025-12-01"),
    ("capabilityHosts/host", {}, "2025-12-01"),
]
SECRETS = ("hunter2-vm", "dapi-never-kept", "admin-never-kept", "listed-secret")


@pytest.mark.parametrize(("path", "properties", "version"), CONTENTS)
def test_everything_can_be_put_read_listed_and_deleted(
    cloud: Cloud, path: str, properties: dict[str, Any], version: str
) -> None:
    full = f"{WORKSPACE}/{path}"
    response = cloud.ask("PUT", full, {"location": "eastus", "properties": properties}, version=version)
    assert response.status in {200, 201}, response.body
    assert cloud.ask("GET", full, version=version).json()["id"] == full
    listed = cloud.ask("GET", full.rpartition("/")[0], version=version).json()["value"]
    assert full in [item["id"] for item in listed]
    assert cloud.ask("DELETE", full, version=version).status in {200, 202}
    assert cloud.ask("GET", full, version=version).status == 404


def test_a_version_brings_its_container_which_counts_its_versions(cloud: Cloud) -> None:
    for version in ("1", "2"):
        path = f"{WORKSPACE}/environments/env/versions/{version}"
        assert cloud.ask("PUT", path, {"properties": {"image": "x"}}).status == 201
        cloud.wait(1)
    container = cloud.get(f"{WORKSPACE}/environments/env")["properties"]
    assert (container["latestVersion"], container["nextVersion"]) == ("2", "3")


def test_a_job_runs_to_completion_by_time(slow_cloud: Cloud) -> None:
    path = f"{WORKSPACE}/jobs/a-job"
    slow_cloud.ask("PUT", path, {"properties": COMMAND})
    seen = []
    for _ in range(3):
        seen.append(slow_cloud.get(path)["properties"]["status"])
        slow_cloud.wait(10)
    assert seen == ["Starting", "Running", "Completed"]


def test_a_job_can_be_cancelled(slow_cloud: Cloud) -> None:
    path = f"{WORKSPACE}/jobs/a-job"
    slow_cloud.ask("PUT", path, {"properties": {"jobType": "command", "command": "ls", "environmentId": "e"}})
    assert slow_cloud.ask("POST", f"{path}/cancel").status == 200
    assert slow_cloud.get(path)["properties"]["status"] == "Canceled"


@pytest.mark.parametrize("compute", ["nope", "cpu-cluster"])
def test_a_job_needs_its_compute(cloud: Cloud, compute: str) -> None:
    cloud.put_cluster()
    properties = {**COMMAND, "computeId": f"{WORKSPACE}/computes/{compute}"}
    response = cloud.ask("PUT", f"{WORKSPACE}/jobs/a-job", {"properties": properties})
    assert response.status == (201 if compute == "cpu-cluster" else 400)


def test_secrets_of_datastores_and_connections_are_listed_and_not_read(cloud: Cloud) -> None:
    secrets = {"secretsType": "AccountKey", "key": "the-key"}
    credentials = {"credentialsType": "AccountKey", "secrets": secrets}
    store = f"{WORKSPACE}/datastores/store"
    cloud.ask("PUT", store, {"properties": {"datastoreType": "AzureBlob", "credentials": credentials}})
    assert cloud.get(store)["properties"]["credentials"] == {"credentialsType": "AccountKey"}
    assert cloud.ask("POST", f"{store}/listSecrets").json() == secrets
    connection = f"{WORKSPACE}/connections/conn"
    cloud.ask("PUT", connection, {"properties": {"authType": "PAT", "credentials": {"pat": "the-pat"}}})
    assert "credentials" not in cloud.get(connection)["properties"]
    listed = cloud.ask("POST", f"{connection}/listsecrets").json()["properties"]
    assert listed["credentials"] == {"pat": "the-pat"}


def test_aci_is_a_deployment_of_the_first_generation(cloud: Cloud) -> None:
    path = f"{WORKSPACE}/services/my-service"
    body = {"computeType": "ACI", "location": "eastus", "environmentImageRequest": {}, "authEnabled": True}
    assert cloud.ask("PUT", path, body, version="2021-04-01").status == 201
    shown = cloud.ask("GET", path, version="2021-04-01").json()["properties"]
    assert (shown["computeType"], shown["state"]) == ("ACI", "Healthy")
    assert error_of(cloud.ask("GET", path)) == (400, "NoRegisteredProviderFound")
    aks = {"computeType": "AKS", "computeName": "nope"}
    assert error_of(cloud.ask("PUT", path + "2", aks, version="2021-04-01")) == (400, "BadRequest")


def test_a_soft_deleted_workspace_holds_its_name_until_it_is_recovered(cloud: Cloud) -> None:
    soft = WORKSPACE + "soft"
    cloud.put_workspace(soft, softDeleteEnabled=True)
    before = cloud.get(soft)["properties"]["workspaceId"]
    cloud.ask("DELETE", soft)
    assert cloud.ask("GET", soft).status == 404
    refused = cloud.put_workspace(soft)
    assert error_of(refused) == (400, "BadRequest")
    assert "aka.ms/wsoftdelete" in refused.json()["error"]["message"]
    assert cloud.put_workspace(soft, allowRecoverSoftDeletedWorkspace=True).status == 202
    assert cloud.get(soft)["properties"]["workspaceId"] == before


@pytest.mark.parametrize("how", ["purge", "force", "time"])
def test_a_purged_name_is_free_again(cloud: Cloud, how: str) -> None:
    soft = WORKSPACE + "soft"
    cloud.put_workspace(soft, softDeleteEnabled=True)
    cloud.get(soft)
    cloud.ask("DELETE", soft, query="forceToPurge=true" if how == "force" else "")
    cloud.ask("GET", soft)
    if how == "purge":
        assert cloud.ask("DELETE", soft, query="forceToPurge=true").status == 200
    cloud.wait(15 * 24 * 3600 if how == "time" else 0)
    assert cloud.put_workspace(soft).status == 202


def test_workspace_keys_and_diagnosis_can_be_asked_for(cloud: Cloud) -> None:
    keys = cloud.ask("POST", f"{WORKSPACE}/listKeys").json()
    assert keys["userStorageKey"]
    assert keys["notebookAccessKeys"]["primaryAccessKey"]
    assert cloud.ask("POST", f"{WORKSPACE}/diagnose", {}).json()["value"]["dnsResolutionResults"] == []
    assert cloud.ask("GET", f"{WORKSPACE}/privateLinkResources").json() == {"value": []}


def test_discovery_leads_to_whoever_was_asked(cloud: Cloud) -> None:
    shown = cloud.get(f"https://localhost:1{WORKSPACE}")
    assert shown["properties"]["discoveryUrl"] == "https://localhost:1/discovery"


def test_the_store_file_keeps_no_secret_that_nobody_gives_back(tmp_path: Path) -> None:
    path = tmp_path / "cloud.sqlite"
    cloud = open_cloud(str(path))
    cloud.build_workspace()
    cloud.get(WORKSPACE)
    listed, cluster, ssl, form = SECRETS
    cloud.attach(administratorAccount={"username": "u", "password": listed})
    cloud.put_cluster(userAccountCredentials={"adminUserName": "u", "adminUserPassword": cluster})
    cloud.put_compute(
        "an-aks", "AKS", {"sslConfiguration": {"status": "Enabled", "cname": "c", "cert": "c", "key": ssl}}
    )
    cloud.ask("POST", "/common/oauth2/token", None)
    cloud.get(WORKSPACE)
    cloud.emulator.close()
    kept = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert listed.encode() in kept
    assert not [secret for secret in (cluster, ssl, form) if secret.encode() in kept]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
