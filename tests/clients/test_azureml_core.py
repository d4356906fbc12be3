"""azureml-core, unmodified: as a custom cloud with a token, and through the proxy with its own sign-in.

It keeps the addresses it has discovered in the user's home, so each run has one of its own.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.clients.conftest import Served, client_environment, run_program

PROGRAM = Path(__file__).with_name("azureml_core_program.py")


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["cloud", "proxy"])
def test_azureml_core_uses_the_computes_of_a_workspace(
    mode: str, serve: Callable[..., Served], azureml_core_python: str, workspace_store: str, tmp_path: Path
) -> None:
    server = serve(f"-store={workspace_store}", "-proxy")
    environment = client_environment(server, by_proxy=mode == "proxy")
    own = {"HOME": str(tmp_path), "AZUREML_CURRENT_CLOUD": "MooringEmulator"} if mode == "cloud" else {}
    environment |= {"HOME": str(tmp_path), **own}
    seen = run_program(azureml_core_python, PROGRAM, mode, server.endpoint, environment=environment)
    assert seen == {
        "workspace": ["mlws", "eastus"],
        "cluster": ["Succeeded", 1, 7],
        "instance": ["Stopped", "Running"],
        "machine": ["VirtualMachine", "Succeeded"],
        "attached": ["cpu-cluster", "my-vm"],
        "computes": ["cpu-cluster"],
    }
