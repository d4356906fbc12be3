"""What somebody does with azure-mgmt-machinelearningservices in an existing workspace; prints what it saw.

Runs in a virtual environment of its own, with version 1.0.1 (API 2020-08-01) or 2.0.0b2 (2023-04-01):
`python mgmt_ml_program.py cloud|proxy ENDPOINT`.
"""
# ruff: noqa: T201 - it prints what it saw

import json
import sys
from typing import Any

from azure.identity import ClientSecretCredential  # noqa: TID253 - the client is what this program is about
from azure.mgmt.machinelearningservices import MachineLearningServicesMgmtClient, models  # noqa: TID253

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
TENANT = "11111111-1111-1111-1111-111111111111"
GROUP = "rg-ml"
PLACE = (GROUP, "mlws")
MACHINE = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-datascience-vms/providers/Microsoft.Compute"
    "/virtualMachines/vm-dsvm-ubuntu"
)


def connect(mode: str, endpoint: str) -> Any:
    own: dict[str, Any] = (
        {"authority": endpoint, "disable_instance_discovery": True} if mode == "cloud" else {}
    )
    cloud: dict[str, Any] = (
        {"base_url": endpoint, "credential_scopes": [f"{endpoint}/.default"]} if mode == "cloud" else {}
    )
    credential = ClientSecretCredential(TENANT, "an-app", "a-secret", **own)
    return MachineLearningServicesMgmtClient(credential, SUBSCRIPTION, polling_interval=0, **cloud)


def update_of(scale: Any) -> Any:
    """The body of a PATCH, which is flat in the old version."""
    if hasattr(models, "ScaleSettingsInformation"):
        return models.ClusterUpdateParameters(
            properties=models.ScaleSettingsInformation(scale_settings=scale)
        )
    return models.ClusterUpdateParameters(scale_settings=scale)


def use_cluster(computes: Any) -> dict[str, Any]:
    scale = models.ScaleSettings(max_node_count=4, min_node_count=0)
    settings = models.AmlComputeProperties(vm_size="Standard_DS3_v2", scale_settings=scale)
    cluster = models.ComputeResource(location="eastus", properties=models.AmlCompute(properties=settings))
    made = computes.begin_create_or_update(*PLACE, "cpu-cluster", cluster).result()
    wanted = models.ScaleSettings(max_node_count=7, min_node_count=1)
    computes.begin_update(*PLACE, "cpu-cluster", update_of(wanted)).result()
    now = computes.get(*PLACE, "cpu-cluster").properties.properties.scale_settings
    return {
        "cluster": [made.properties.provisioning_state, now.max_node_count, now.min_node_count],
        "nodes": len(list(computes.list_nodes(*PLACE, "cpu-cluster"))),
    }


def use_instance(computes: Any) -> dict[str, Any]:
    settings = models.ComputeInstanceProperties(vm_size="Standard_DS11_v2")
    instance = models.ComputeResource(
        location="eastus", properties=models.ComputeInstance(properties=settings)
    )
    computes.begin_create_or_update(*PLACE, "my-instance", instance).result()
    states = []
    for verb in ("stop", "start", "restart"):
        if hasattr(computes, f"begin_{verb}"):
            getattr(computes, f"begin_{verb}")(*PLACE, "my-instance").result()
        else:
            getattr(computes, verb)(*PLACE, "my-instance")
        states.append(str(computes.get(*PLACE, "my-instance").properties.properties.state))
    return {"states": states}


def use_machine(computes: Any) -> dict[str, Any]:
    account = models.VirtualMachineSshCredentials(username="azureuser", password="hunter2")
    kind = getattr(models, "VirtualMachineSchemaProperties", None) or models.VirtualMachineProperties
    attached = models.VirtualMachine(resource_id=MACHINE, properties=kind(administrator_account=account))
    machine = models.ComputeResource(location="eastus", properties=attached)
    made = computes.begin_create_or_update(*PLACE, "my-vm", machine).result()
    password = computes.list_keys(*PLACE, "my-vm").administrator_account.password
    computes.begin_delete(*PLACE, "my-vm", underlying_resource_action="Detach").result()
    return {"machine": made.properties.resource_id, "password": password}


def sizes_of(result: Any) -> Any:
    return result.value if hasattr(result, "value") else result.aml_compute


def use_workspace(client: Any) -> dict[str, Any]:
    workspaces = client.workspaces
    change = models.WorkspaceUpdateParameters(description="new")
    if hasattr(workspaces, "begin_update"):
        workspaces.begin_update(*PLACE, change).result()
    else:
        workspaces.update(*PLACE, change)
    return {
        "workspace": [workspaces.get(*PLACE).description, len(list(workspaces.list_by_subscription()))],
        "key": bool(workspaces.list_keys(*PLACE).user_storage_key),
        "usages": len(list(client.usages.list("eastus"))) > 10,
        "sizes": len(sizes_of(client.virtual_machine_sizes.list("eastus"))) > 50,
    }


def main() -> None:
    client = connect(*sys.argv[1:])
    computes = getattr(client, "compute", None) or client.machine_learning_compute
    seen = use_workspace(client) | use_cluster(computes) | use_instance(computes) | use_machine(computes)
    listing = getattr(computes, "list", None) or computes.list_by_workspace
    print(json.dumps(seen | {"computes": sorted(each.name for each in listing(*PLACE))}))


if __name__ == "__main__":
    main()
