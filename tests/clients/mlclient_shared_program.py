"""azure-ai-ml in a cloud that it shares with `moor`: it fills a new workspace, or says what it sees.

Runs in a virtual environment of its own: `python mlclient_shared_program.py make|look ENDPOINT GROUP NAME`.
"""
# ruff: noqa: T201 - it prints what it saw

import json
import sys
from typing import Any

from azure.ai.ml import MLClient  # noqa: TID253 - the client is what this program is about
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
MACHINE = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-datascience-vms/providers/Microsoft.Compute"
    "/virtualMachines/vm-dsvm-ubuntu"
)


def make(client: MLClient, workspace: str) -> dict[str, Any]:
    """Ids of what was made, by what it is."""
    wanted = Workspace(name=workspace, location="eastus", description="made by azure-ai-ml")
    made: dict[str, Any] = {"workspace": client.workspaces.begin_create(wanted).result().id}
    inside = MLClient(client._credential, SUBSCRIPTION, client.resource_group_name, workspace)  # noqa: SLF001
    computes = inside.compute
    cluster = AmlCompute(name="cpu-cluster", size="Standard_DS3_v2", min_instances=0, max_instances=4)
    made["compute_cluster"] = computes.begin_create_or_update(cluster).result().id
    instance = ComputeInstance(name="my-instance", size="Standard_DS11_v2")
    made["compute_instance"] = computes.begin_create_or_update(instance).result().id
    ssh = VirtualMachineSshSettings(admin_username="azureuser", admin_password="hunter2")
    machine = VirtualMachineCompute(name="my-vm", resource_id=MACHINE, ssh_settings=ssh)
    made["attached_virtual_machine"] = computes.begin_create_or_update(machine).result().id
    return made | make_contents(inside)


def make_contents(client: MLClient) -> dict[str, Any]:
    key = AccountKeyConfiguration(account_key="c2VjcmV0")
    store = AzureBlobDatastore(name="store", account_name="acct", container_name="c", credentials=key)
    environment = Environment(name="env", image="ubuntu:24.04", version="1")
    endpoint = ManagedOnlineEndpoint(name="an-endpoint", auth_mode="key")
    pat = PatTokenConfiguration(pat="a-pat")
    link = WorkspaceConnection(name="git", type="git", target="https://example.org", credentials=pat)
    return {
        "datastore": client.datastores.create_or_update(store).id,
        "environment": client.environments.create_or_update(environment).id,
        "online_endpoint": client.online_endpoints.begin_create_or_update(endpoint).result().id,
        "connection": client.connections.create_or_update(link).id,
    }


def look(client: MLClient, workspace: str) -> dict[str, Any]:
    """What is in a workspace, as this client has it."""
    found = client.workspaces.get(workspace)
    environments = [client.environments.get(each.name, label="latest") for each in client.environments.list()]
    return {
        "workspace": [found.name, found.location, found.storage_account, found.key_vault],
        "computes": {each.name: look_at(each) for each in client.compute.list()},
        "datastores": {each.name: getattr(each, "container_name", None) for each in client.datastores.list()},
        "environments": {each.name: [each.version, each.image] for each in environments},
        "endpoints": {each.name: each.auth_mode for each in client.online_endpoints.list()},
        "connections": {each.name: each.target for each in client.connections.list()},
    }


def look_at(compute: Any) -> dict[str, Any]:
    names = ("type", "size", "min_instances", "max_instances", "resource_id", "idle_time_before_shutdown")
    return {name: getattr(compute, name, None) for name in names}


def main() -> None:
    verb, endpoint, group, workspace = sys.argv[1:]
    own = {"authority": endpoint, "disable_instance_discovery": True}
    credential = ClientSecretCredential(TENANT, "an-app", "a-secret", **own)
    place = None if verb == "make" else workspace
    client = MLClient(credential, SUBSCRIPTION, group, place, cloud="MooringEmulator")
    print(json.dumps((make if verb == "make" else look)(client, workspace), default=str))


if __name__ == "__main__":
    main()
