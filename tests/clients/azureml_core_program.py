"""What a data scientist of the first generation does with azureml-core in an existing workspace.

Prints what it saw. Runs in a virtual environment of its own: `python azureml_core_program.py cloud|proxy
ENDPOINT`.
"""
# ruff: noqa: T201 - it prints what it saw

import json
import sys
import urllib.parse
import urllib.request
from typing import Any

from azureml.core import Workspace
from azureml.core.authentication import ServicePrincipalAuthentication, TokenAuthentication
from azureml.core.compute import AmlCompute, ComputeInstance, ComputeTarget, RemoteCompute

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
TENANT = "11111111-1111-1111-1111-111111111111"
MACHINE = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-datascience-vms/providers/Microsoft.Compute"
    "/virtualMachines/vm-dsvm-ubuntu"
)


def token_from(endpoint: str) -> str:
    """An access token, as some other program of the user's would get it."""
    form = {"grant_type": "client_credentials", "client_id": "an-app", "client_secret": "a-secret"}
    body = urllib.parse.urlencode({**form, "scope": "https://management.azure.com/.default"}).encode()
    url = f"{endpoint}/{TENANT}/oauth2/v2.0/token"
    with urllib.request.urlopen(url, data=body) as answer:  # noqa: S310 - the emulator's address
        return str(json.load(answer)["access_token"])


def authentication(mode: str, endpoint: str) -> Any:
    """A token as it is for a custom cloud, where azureml-core's own sign-in insists on Microsoft's hosts."""
    if mode == "cloud":
        return TokenAuthentication(get_token_for_audience=lambda _audience: token_from(endpoint))
    return ServicePrincipalAuthentication(TENANT, "an-app", "a-secret", _enable_caching=False)


def use_cluster(workspace: Workspace) -> dict[str, Any]:
    wanted = AmlCompute.provisioning_configuration(vm_size="Standard_DS3_v2", min_nodes=0, max_nodes=4)
    cluster = ComputeTarget.create(workspace, "cpu-cluster", wanted)
    cluster.wait_for_completion(show_output=False)
    cluster.update(min_nodes=1, max_nodes=7)
    cluster.wait_for_completion(show_output=False)
    cluster.refresh_state()
    settings = cluster.scale_settings
    return {"cluster": [cluster.provisioning_state, settings.minimum_node_count, settings.maximum_node_count]}


def use_instance(workspace: Workspace) -> dict[str, Any]:
    wanted = ComputeInstance.provisioning_configuration(vm_size="Standard_DS11_v2")
    instance = ComputeTarget.create(workspace, "my-instance", wanted)
    instance.wait_for_completion(show_output=False)
    instance.stop(wait_for_completion=True)
    stopped = instance.get_status().state
    instance.start(wait_for_completion=True)
    started = instance.get_status().state
    instance.delete(wait_for_completion=True)
    return {"instance": [stopped, started]}


def use_machine(workspace: Workspace) -> dict[str, Any]:
    wanted = RemoteCompute.attach_configuration(resource_id=MACHINE, username="azureuser", password="hunter2")
    machine = ComputeTarget.attach(workspace, "my-vm", wanted)
    machine.wait_for_completion(show_output=False)
    seen = {
        "machine": [machine.type, machine.provisioning_state],
        "attached": sorted(workspace.compute_targets),
    }
    machine.detach()
    return seen


def main() -> None:
    mode, endpoint = sys.argv[1:]
    workspace = Workspace.get(
        "mlws", auth=authentication(mode, endpoint), subscription_id=SUBSCRIPTION, resource_group="rg-ml"
    )
    seen = {"workspace": [workspace.name, workspace.location]}
    seen |= use_cluster(workspace) | use_instance(workspace) | use_machine(workspace)
    print(json.dumps({**seen, "computes": sorted(workspace.compute_targets)}))


if __name__ == "__main__":
    main()
