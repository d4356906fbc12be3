"""azure-mgmt-machinelearningservices, unmodified: as a custom cloud and through the proxy.

Both versions refuse the 202 that the service answers to a PATCH, and the old one that of a stop: they need
`-as-specified`.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.clients.conftest import Served, client_environment, run_program

PROGRAM = Path(__file__).with_name("mgmt_ml_program.py")


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["cloud", "proxy"])
def test_the_management_client_uses_a_workspace_and_its_computes(
    mode: str, serve: Callable[..., Served], management_python: str, workspace_store: str
) -> None:
    server = serve(f"-store={workspace_store}", "-proxy", "-as-specified")
    environment = client_environment(server, by_proxy=mode == "proxy")
    seen = run_program(management_python, PROGRAM, mode, server.endpoint, environment=environment)
    assert seen.pop("machine").endswith("/virtualMachines/vm-dsvm-ubuntu")
    assert seen == {
        "workspace": ["new", 1],
        "key": True,
        "usages": True,
        "sizes": True,
        "cluster": ["Succeeded", 7, 1],
        "nodes": 1,
        "states": ["Stopped", "Running", "Running"],
        "password": "hunter2",
        "computes": ["cpu-cluster", "my-instance"],
    }
