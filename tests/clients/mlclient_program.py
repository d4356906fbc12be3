"""What a data scientist does with azure-ai-ml, from a new workspace to its deletion; prints what it saw.

Runs in a virtual environment of its own: `python mlclient_program.py cloud|proxy ENDPOINT`.
"""
# ruff: noqa: T201 - it prints what it saw

import json
import sys
import time
from typing import Any

from azure.ai.ml import MLClient, command  # noqa: TID253 - the client is what this program is about
from azure.ai.ml.entities import (  # noqa: TID253
    AccountKeyConfiguration,
    AmlCompute,
    AzureBlobDatastore,
    ComputeInstance,
    Environment,
    ManagedOnlineEndpoint,
    PatTokenConfiguration,
    VirtualMachineCompute,
    VirtualMachineSshSettings,
    Workspace,
    WorkspaceConnection,
)
from azure.identity import ClientSecretCredential  # noqa: TID253

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
TENANT = "11111111-1111-1111-1111-111111111111"
GROUP = "rg-datascience-vms"
MACHINE = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Compute"
    "/virtualMachines/vm-dsvm-ubuntu"
)


def connect(mode: str, endpoint: str, workspace: str | None = None) -> MLClient:
    own: dict[str, Any] = (
        {"authority": endpoint, "disable_instance_discovery": True} if mode == "cloud" else {}
    )
    credential = ClientSecretCredential(TENANT, "an-app", "a-secret", **own)
    cloud = {"cloud": "MooringEmulator"} if mode == "cloud" else {}
    return MLClient(credential, SUBSCRIPTION, GROUP, workspace, **cloud)


def use_computes(client: MLClient) -> dict[str, Any]:
    cluster = client.compute.begin_create_or_update(
        AmlCompute(name="cpu-cluster", size="Standard_DS3_v2", min_instances=0, max_instances=4)
    ).result()
    instance = client.compute.begin_create_or_update(
        ComputeInstance(name="my-instance", size="Standard_DS11_v2")
    ).result()
    created = [cluster.provisioning_state, cluster.size, cluster.max_instances]
    cluster.max_instances = 6
    updated = client.compute.begin_update(cluster).result()
    client.compute.enable_sso(name="my-instance", enable_sso=False)
    client.compute.begin_stop("my-instance").result()
    stopped = client.compute.get("my-instance").state
    client.compute.begin_start("my-instance").result()
    client.compute.begin_restart("my-instance").result()
    ssh = VirtualMachineSshSettings(admin_username="azureuser", admin_password="hunter2")
    machine = client.compute.begin_create_or_update(
        VirtualMachineCompute(name="my-vm", resource_id=MACHINE, ssh_settings=ssh)
    ).result()
    return {
        "cluster": [*created, updated.max_instances],
        "instance": [instance.state, stopped, client.compute.get("my-instance").state],
        "machine": [machine.type, machine.resource_id],
        "computes": sorted(compute.name for compute in client.compute.list()),
        "nodes": list(client.compute.list_nodes("cpu-cluster")),
        "sizes": len(list(client.compute.list_sizes())) > 50,
        "usage": len(list(client.compute.list_usage())) > 10,
    }


def use_assets(client: MLClient) -> dict[str, Any]:
    client.environments.create_or_update(Environment(name="env", image="ubuntu", version="1"))
    client.environments.create_or_update(Environment(name="env", image="ubuntu:24.04", version="2"))
    key = AccountKeyConfiguration(account_key="c2VjcmV0")
    client.datastores.create_or_update(
        AzureBlobDatastore(name="store", account_name="acct", container_name="c", credentials=key)
    )
    job = client.jobs.create_or_update(command(command="echo hi", environment="env:1", compute="cpu-cluster"))
    for _ in range(100):
        if client.jobs.get(job.name).status == "Completed":
            break
        time.sleep(0.05)
    return {
        "environments": [item.name for item in client.environments.list()],
        "image": client.environments.get("env", version="1").image,
        "latest": client.environments.get("env", label="latest").version,
        "datastores": sorted(item.name for item in client.datastores.list()),
        "default": client.datastores.get_default().name,
        "key": client.datastores.get("store", include_secrets=True).credentials.account_key,
        "job": client.jobs.get(job.name).status,
    }


def use_endpoints(client: MLClient) -> dict[str, Any]:
    endpoint = ManagedOnlineEndpoint(name="an-endpoint", auth_mode="key")
    made = client.online_endpoints.begin_create_or_update(endpoint).result()
    pat = PatTokenConfiguration(pat="a-pat")
    client.connections.create_or_update(
        WorkspaceConnection(name="git", type="git", target="https://example.org", credentials=pat)
    )
    return {
        "endpoint": [
            made.provisioning_state,
            bool(client.online_endpoints.get_keys("an-endpoint").primary_key),
        ],
        "connections": [item.name for item in client.connections.list()],
    }


def clean_up(client: MLClient, name: str) -> dict[str, Any]:
    updated = client.workspaces.begin_update(Workspace(name=name, description="new")).result()
    client.compute.begin_delete("my-vm", action="Detach").result()
    client.compute.begin_delete("cpu-cluster", action="Delete").result()
    left = sorted(compute.name for compute in client.compute.list())
    client.workspaces.begin_delete(name, delete_dependent_resources=False, permanently_delete=True).result()
    return {
        "description": updated.description,
        "left": left,
        "workspaces": len(list(client.workspaces.list())),
    }


def main() -> None:
    mode, endpoint = sys.argv[1:]
    name = f"mlws-{mode}"
    creator = connect(mode, endpoint)
    made = creator.workspaces.begin_create(
        Workspace(name=name, location="eastus", description="old")
    ).result()
    client = connect(mode, endpoint, name)
    seen = {"workspace": [made.name, made.location, made.description]}
    seen |= use_computes(client) | use_assets(client) | use_endpoints(client) | clean_up(client, name)
    print(json.dumps(seen, default=str))


if __name__ == "__main__":
    main()
