"""Azurite: Azure's blob storage, emulated by Microsoft, as a process of its own.

It is installed with npm into a cache folder outside the repository: `MOORING_TEST_CACHE`, or
`~/.cache/mooring-tests`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.processes import MissingError, free_port, wait_for_port

VERSION = "3.35.0"
ACCOUNT = "mooringstates"
KEY = "bW9vcmluZy10ZXN0cy1ub3QtYS1zZWNyZXQtYXQtYWxs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Azurite:
    """A running Azurite. `endpoint` is what stands before the account's containers."""

    port: int
    scheme: str

    @property
    def endpoint(self) -> str:
        """The address of the account's blobs."""
        return f"{self.scheme}://127.0.0.1:{self.port}/{ACCOUNT}"

    def make_container(self, name: str) -> None:
        """Makes an empty container."""
        from azure.storage.blob import ContainerClient

        with ContainerClient(self.endpoint, name, credential=KEY) as client:
            client.create_container()


def cache_folder() -> Path:
    """Where programs that tests need are kept between runs."""
    given = os.environ.get("MOORING_TEST_CACHE")
    return Path(given) if given else Path.home() / ".cache" / "mooring-tests"


def program() -> Path:
    """Azurite's script, as `install` has put it there. Raises `MissingError`."""
    script = cache_folder() / "azurite" / "node_modules" / "azurite" / "dist" / "src" / "blob" / "main.js"
    if shutil.which("node") is None:
        raise MissingError("node, which runs Azurite, is not on this machine")
    if not script.exists():
        raise MissingError("Azurite is not installed; `python -m tests.servers.azurite` does it")
    return script


def install() -> None:
    """Installs Azurite, unless it is there or npm is not."""
    folder = cache_folder() / "azurite"
    npm = shutil.which("npm")
    if npm is None or (folder / "node_modules" / "azurite").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    options = ("--silent", "--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts")
    subprocess.run(  # noqa: S603 - the package manager
        [npm, "install", *options, f"azurite@{VERSION}"], cwd=folder, check=True
    )


@contextmanager
def azurite(*, certificate: Path | None = None, key: Path | None = None) -> Iterator[Azurite]:
    """An Azurite with one account; it and its files are gone afterwards. Raises `MissingError`.

    With a certificate and its key it speaks HTTPS.
    """
    script, node = program(), shutil.which("node")
    assert node is not None
    folder, port = Path(tempfile.mkdtemp(prefix="mooring-azurite-")), free_port()
    secured = [] if certificate is None else ["--cert", str(certificate), "--key", str(key)]
    options = ["--blobHost", "127.0.0.1", "--blobPort", str(port), "--location", str(folder), "--silent"]
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - Microsoft's emulator
            [node, str(script), *options, "--skipApiVersionCheck", "--disableTelemetry", *secured],
            stdout=output,
            stderr=output,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "AZURITE_ACCOUNTS": f"{ACCOUNT}:{KEY}"},
        )
    try:
        wait_for_port(port, process, log)
        yield Azurite(port=port, scheme="http" if certificate is None else "https")
    finally:
        process.kill()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    install()
