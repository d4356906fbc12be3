"""azure-ai-ml's MLClient, unmodified, against `moor emulator`: as a custom cloud and through the proxy."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.clients.conftest import Served, client_environment

PROGRAM = Path(__file__).with_name("mlclient_program.py")


@pytest.mark.parametrize("mode", ["cloud", "proxy"])
def test_mlclient_works_from_a_new_workspace_to_its_deletion(
    mode: str, serve: Callable[..., Served], azure_ai_ml_python: str
) -> None:
    server = serve("-proxy")
    environment = client_environment(server, by_proxy=mode == "proxy")
    done = subprocess.run(  # noqa: S603 - our own program
        [azure_ai_ml_python, str(PROGRAM), mode, server.endpoint],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    machine = seen.pop("machine")
    assert machine[0] == "virtualmachine"
    assert machine[1].endswith("/virtualMachines/vm-dsvm-ubuntu")
    assert seen == {
        "workspace": [f"mlws-{mode}", "eastus", "old"],
        "cluster": ["Succeeded", "Standard_DS3_v2", 4],
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
