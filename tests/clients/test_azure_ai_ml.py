"""azure-ai-ml's MLClient, unmodified, against `moor emulator`: as a custom cloud and through the proxy."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.clients.conftest import Served, client_environment, run_program

PROGRAM = Path(__file__).with_name("mlclient_program.py")


@pytest.mark.parametrize("mode", ["cloud", "proxy"])
def test_mlclient_works_from_a_new_workspace_to_its_deletion(
    mode: str, serve: Callable[..., Served], azure_ai_ml_python: str
) -> None:
    server = serve("-proxy")
    environment = client_environment(server, by_proxy=mode == "proxy")
    seen = run_program(azure_ai_ml_python, PROGRAM, mode, server.endpoint, environment=environment)
    machine = seen.pop("machine")
    assert machine[0] == "virtualmachine"
    assert machine[1].endswith("/virtualMachines/vm-dsvm-ubuntu")
    assert seen == {
        "workspace": [f"mlws-{mode}", "eastus", "old"],
        "cluster": ["Succeeded", "Standard_DS3_v2", 4, 6],
        "instance": ["Running", "Stopped", "Running"],
        "computes": ["cpu-cluster", "my-instance", "my-vm"],
        "nodes": [],
        "sizes": True,
        "usage": True,
        "environments": ["env"],
        "image": "ubuntu",
        "latest": "2",
        "datastores": ["store", "workspaceblobstore", "workspacefilestore"],
        "default": "workspaceblobstore",
        "key": "c2VjcmV0",
        "job": "Completed",
        "endpoint": ["Succeeded", True],
        "connections": ["git"],
        "description": "new",
        "left": ["my-instance"],
        "workspaces": 0,
    }
