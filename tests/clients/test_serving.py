"""`moor emulator` as a process: what it prints, and how it ends."""

import json
import os
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.clients.conftest import Served

GRANT = "grant_type=client_credentials&scope=https://management.azure.com/.default"


def ask(server: Served, method: str, path: str, body: str = "", *, token: str = "") -> Any:
    import requests

    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = requests.request(
        method, server.endpoint + path, data=body, headers=headers, verify=server.ca, timeout=20
    )
    return answer.json()


def test_one_line_tells_where_it_is_and_the_store_has_what_the_options_say(
    serve: Callable[..., Served], tmp_path: Path
) -> None:
    more = "44444444-4444-4444-4444-444444444444"
    people = tmp_path / "people.json"
    people.write_text(
        json.dumps(
            {
                "principals": [{"name": "ci", "secret": "s"}],
                "roles": [{"principal": "ci", "role": "Reader", "scope": "/"}],
            }
        )
    )
    options = (f"-directory={people}", f"-subscriptions={more}", f"-log={tmp_path / 'log'}")
    server = serve(*options, "-latency=0.01")
    assert urlsplit(server.endpoint).hostname == "localhost"
    assert Path(server.ca).is_file()
    assert server.proxy is None
    form = f"client_id=ci&client_secret=s&{GRANT}"
    token = ask(server, "POST", "/common/oauth2/v2.0/token", form)["access_token"]
    listed = ask(server, "GET", "/subscriptions?api-version=2022-12-01", token=token)["value"]
    assert more in [each["subscriptionId"] for each in listed]
    group = f"/subscriptions/{more}/resourceGroups/rg?api-version=2025-04-01"
    refused = ask(server, "PUT", group, "{}", token=token)
    assert refused["error"]["code"] == "AuthorizationFailed"
    log = (tmp_path / "log").read_text().splitlines()
    assert [json.loads(line)["status"] for line in log] == [200, 200, 403]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_while_requests_are_under_way(
    serve: Callable[..., Served], number: signal.Signals
) -> None:
    server = serve("-latency=30")
    endpoint = urlsplit(server.endpoint)
    context = ssl.create_default_context(cafile=server.ca)
    with (
        socket.create_connection(("localhost", endpoint.port or 443)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as connection,
    ):
        connection.sendall(b"GET /discovery HTTP/1.1\r\nHost: localhost\r\n\r\n")
        time.sleep(0.2)
        server.process.send_signal(number)
        assert server.process.wait(10) == 0


def test_it_ends_cleanly_as_the_child_of_a_shell(moor_program: str, tmp_path: Path) -> None:
    command = f"{moor_program} emulator -store=:memory: -tls-dir={tmp_path}; echo ended with $?"
    with subprocess.Popen(  # noqa: S602 - that it is a shell is the point
        command, shell=True, cwd=tmp_path, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as shell:
        assert shell.stdout is not None
        assert json.loads(shell.stdout.readline())["endpoint"]
        children = Path(f"/proc/{shell.pid}/task/{shell.pid}/children").read_text().split()
        assert len(children) == 1
        os.kill(int(children[0]), signal.SIGTERM)
        assert shell.stdout.readline() == "ended with 0\n"


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        ("-directory=nowhere.json", "nowhere.json"),
        ("-subscriptions=mine", "no subscription id"),
        ("-faults=* * explode", "is no fault"),
    ],
)
def test_settings_that_make_no_sense_are_explained(
    moor_program: str, tmp_path: Path, option: str, complaint: str
) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [moor_program, "emulator", "-store=:memory:", option],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert complaint in done.stderr + done.stdout
