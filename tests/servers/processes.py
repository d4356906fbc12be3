"""What the servers share: a free port, and waiting until somebody listens there."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path

SECONDS_TO_START = 60


class MissingError(Exception):
    """A server cannot be started because its program is not on this machine; the text says which."""


def free_port() -> int:
    """A port of loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Returns once somebody listens; raises if the process ends before, or nobody does for a minute."""
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    process.kill()
    raise RuntimeError(f"the server did not start:\n{log.read_text('utf-8', 'replace')}")
