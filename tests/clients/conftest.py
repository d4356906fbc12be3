"""`moor emulator` as a process, and virtual environments for clients that do not fit into ours."""

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.unit.emulator.clouds import WORKSPACE, Cloud

from mooring_emulator import open_emulator

INSTALL_SECONDS = 45
INSTALL_SECONDS_IN_LONG_RUNS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A served emulator; `process` is the one that serves it."""

    endpoint: str
    ca: str
    proxy: str | None
    process: "subprocess.Popen[str]"


@contextmanager
def served(program: str, folder: Path, *options: str) -> Iterator[Served]:
    """Serve an emulator; it must end cleanly when it is told to."""
    command = [program, "emulator", "-store=:memory:", f"-tls-dir={folder / 'tls'}", *options]
    with subprocess.Popen(  # noqa: S603 - our own program
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        assert line, process.stderr.read()
        try:
            yield Served(**json.loads(line), process=process)
        finally:
            process.terminate()
            complaints = process.stderr.read()
        assert (process.wait(10), complaints) == (0, "")


@pytest.fixture
def serve(moor_program: str, tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Start emulators with options; all of them end with the test."""
    from contextlib import ExitStack

    with ExitStack() as stack:
        yield lambda *options: stack.enter_context(served(moor_program, tmp_path, *options))


@pytest.fixture(scope="session")
def azure_ai_ml_python(pytestconfig: pytest.Config) -> str:
    """The Python of a virtual environment with azure-ai-ml; skips where it cannot be installed quickly."""
    return _python_with(pytestconfig, "azure-ai-ml==1.35.2")


@pytest.fixture(scope="session", params=["1.0.1", "2.0.0b2"])
def management_python(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> str:
    """The Python of a virtual environment with azure-mgmt-machinelearningservices, likewise."""
    return _python_with(
        pytestconfig, f"azure-mgmt-machinelearningservices=={request.param}", "azure-identity"
    )


@pytest.fixture(scope="session")
def az_python(pytestconfig: pytest.Config) -> str:
    """The Python of a virtual environment with az CLI (700 MB: for long runs), likewise."""
    return _python_with(pytestconfig, "azure-cli==2.91.0")


@pytest.fixture(scope="session")
def azureml_core_python(pytestconfig: pytest.Config) -> str:
    """The Python of a virtual environment with azureml-core, for who asks for it."""
    if not pytestconfig.getoption("--azureml-core"):
        pytest.skip("azureml-core has a licence of its own and old pins: run with --azureml-core")
    return _python_with(pytestconfig, "azureml-core==1.61.0.post4")


@pytest.fixture
def workspace_store(tmp_path: Path) -> str:
    """The file of a cloud with a workspace, for clients that cannot make one."""
    path = str(tmp_path / "cloud.sqlite")
    cloud = Cloud(emulator=open_emulator(path, clock=time.time))
    cloud.build_workspace()
    cloud.get(WORKSPACE)
    cloud.emulator.close()
    return path


@pytest.fixture(scope="session")
def tftest_python(pytestconfig: pytest.Config) -> str:
    """The Python of a virtual environment with tftest, likewise."""
    return _python_with(pytestconfig, "tftest==1.8.8")


@pytest.fixture(scope="session")
def checkov(pytestconfig: pytest.Config) -> Path:
    """The program checkov in a virtual environment of its own (300 MB: for long runs), likewise."""
    return Path(_python_with(pytestconfig, "checkov==3.3.30")).with_name("checkov")


@pytest.fixture(scope="session")
def terraform_compliance(pytestconfig: pytest.Config) -> Path:
    """The program terraform-compliance in a virtual environment of its own (130 MB), likewise."""
    python = _python_with(pytestconfig, "terraform-compliance==1.16.0")
    return Path(python).with_name("terraform-compliance")


def _python_with(config: pytest.Config, requirement: str, *more: str) -> str:
    """The Python of a virtual environment with one client and what it needs, kept from run to run."""
    assert config.cache is not None
    folder = Path(
        config.cache.mkdir(requirement.replace("==", "-") if more else requirement.partition("==")[0])
    )
    python, mark = folder / "venv" / "bin" / "python", folder / "installed.json"
    seconds = INSTALL_SECONDS_IN_LONG_RUNS if config.getoption("--slow") else INSTALL_SECONDS
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (mark.exists() and json.loads(mark.read_text()) == [requirement, *more]):
            _install(folder / "venv", python, [requirement, *more], seconds)
            mark.write_text(json.dumps([requirement, *more]))
    return str(python)


def _install(venv: Path, python: Path, requirements: list[str], seconds: int) -> None:
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements]
    try:
        for command in ([sys.executable, "-m", "venv", "--clear", str(venv)], install):
            subprocess.run(command, check=True, capture_output=True, timeout=seconds)  # noqa: S603
    except (subprocess.SubprocessError, OSError) as problem:
        pytest.skip(
            f"{requirements[0]} cannot be installed within {seconds} seconds: {type(problem).__name__}"
        )


def run_program(python: str, program: Path, *arguments: str, environment: dict[str, Any]) -> Any:
    """What a client's program printed last, as JSON; it must end well."""
    done = subprocess.run(  # noqa: S603 - our own program
        [python, str(program), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def client_environment(server: Served, *, by_proxy: bool) -> dict[str, Any]:
    """The environment of a client program: which certificates it trusts, and how it finds the cloud."""
    trust = {"REQUESTS_CA_BUNDLE": server.ca, "SSL_CERT_FILE": server.ca}
    metadata = f"{server.endpoint}/metadata/endpoints?api-version=2019-05-01"
    own = {"HTTPS_PROXY": str(server.proxy)} if by_proxy else {"ARM_CLOUD_METADATA_URL": metadata}
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, **trust, **own}
