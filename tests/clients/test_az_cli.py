"""az CLI, unmodified: as a cloud that it is told of, and through the proxy as the public one."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.clients.conftest import Served, client_environment

from mooring_emulator import SUBSCRIPTION_ID, TENANT_ID

GROUP = f"/subscriptions/{SUBSCRIPTION_ID}/resourceGroups/rg-ml"
COMPUTE = f"{GROUP}/providers/Microsoft.MachineLearningServices/workspaces/mlws/computes/made-by-az"
CLUSTER = {
    "computeType": "AmlCompute",
    "properties": {"vmSize": "Standard_DS3_v2", "scaleSettings": {"maxNodeCount": 2}},
}
TEMPLATE = {
    "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
    "contentVersion": "1.0.0.0",
    "resources": [
        {
            "type": "Microsoft.ManagedIdentity/userAssignedIdentities",
            "apiVersion": "2023-01-31",
            "name": "made-by-az",
            "location": "eastus",
        }
    ],
}


class Az:
    """Runs az in a folder of its own."""

    def __init__(self, python: str, environment: dict[str, Any]) -> None:
        self._command = (python, "-m", "azure.cli")
        self._environment = environment

    def __call__(self, words: str, *more: str, fails: bool = False) -> Any:
        done = subprocess.run(  # noqa: S603 - the client under test
            [*self._command, *words.split(), *more],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (done.returncode != 0) is fails, done.stderr
        return done.stderr if fails else json.loads(done.stdout or "null")


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["cloud", "proxy"])
def test_az_makes_looks_locks_and_deploys(
    mode: str, serve: Callable[..., Served], az_python: str, workspace_store: str, tmp_path: Path
) -> None:
    server = serve(f"-store={workspace_store}", "-proxy")
    own = {"AZURE_CONFIG_DIR": str(tmp_path / "az"), "AZURE_CORE_COLLECT_TELEMETRY": "0"}
    az = Az(az_python, client_environment(server, by_proxy=mode == "proxy") | own)
    if mode == "cloud":
        active = f"--endpoint-active-directory {server.endpoint}"
        audience = f"--endpoint-active-directory-resource-id {server.endpoint}"
        az(f"cloud register --name own --endpoint-resource-manager {server.endpoint} {active} {audience}")
        az("cloud set --name own")
        az("config set core.instance_discovery=false")
    (account,) = az(f"login --service-principal -u an-app -p a-secret --tenant {TENANT_ID}")
    assert account["id"] == SUBSCRIPTION_ID
    az("network vnet create -g rg-ml -n v --address-prefixes 10.0.0.0/16 --subnet-name a")
    az("network vnet subnet create -g rg-ml --vnet-name v -n b --address-prefixes 10.0.1.0/24")
    assert [each["name"] for each in az("network vnet subnet list -g rg-ml --vnet-name v")] == ["a", "b"]
    az("lock create -n keep --lock-type CanNotDelete -g rg-ml")
    assert "ScopeLocked" in az("network vnet delete -g rg-ml -n v", fails=True)
    az("lock delete -n keep -g rg-ml")
    assert az("storage account create -g rg-ml -n madebyaz -l eastus")["provisioningState"] == "Succeeded"
    (tmp_path / "template.json").write_text(json.dumps(TEMPLATE))
    az(f"deployment group create -g rg-ml -n d --template-file {tmp_path / 'template.json'}")
    az(
        f"rest --method put --url {COMPUTE}?api-version=2025-12-01",
        "--body",
        json.dumps({"properties": CLUSTER}),
    )
    names = [each["name"] for each in az("resource list -g rg-ml")]
    assert {"v", "madebyaz", "made-by-az", "mlws"} <= set(names)
