"""`python -m tests.benchmarks.emulator`: how many requests the emulator answers, and how soon it is there.

In process on one core, in memory and in a file; over HTTPS on one connection that stays open.
"""

# ruff: noqa: T201 - it prints a table

from __future__ import annotations

import http.client
import json
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from urllib.parse import urlsplit

from tests.unit.emulator.clouds import ML_VERSION, WORKSPACE, Cloud, open_cloud

from mooring_emulator import TENANT_ID, Request

COMPUTES = 10_000
SOME = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line: a rate that must be reached, or a time that must not be exceeded; 0 for no budget."""

    work: str
    value: float
    unit: str
    at_least: float = 0.0
    at_most: float = 0.0

    def __str__(self) -> str:
        is_missed = self.value < self.at_least or 0 < self.at_most < self.value
        limit = f">= {self.at_least:g}" if self.at_least else f"<= {self.at_most:g}" if self.at_most else ""
        verdict = ("MISSED" if is_missed else "met") if limit else ""
        return f"{self.work:<52}{self.value:>10,.2f} {self.unit:<12}{limit:<9}{verdict}"


def rate_of(count: int, work: Callable[[int], object]) -> float:
    """How often a second something was done."""
    started = perf_counter()
    for number in range(count):
        work(number)
    return count / (perf_counter() - started)


def life_of_a_compute(cloud: Cloud, number: int) -> None:
    """Five requests, as a client makes them: look, create, poll, read, delete."""
    path = f"{WORKSPACE}/computes/life{number}x"
    cloud.ask("GET", path)
    cloud.poll(cloud.put_cluster(f"life{number}x"))
    cloud.ask("GET", path)
    cloud.ask("DELETE", path, query="underlyingResourceAction=Delete")


def list_all(cloud: Cloud) -> float:
    """Seconds to list every compute, page by page."""
    started, url, found = perf_counter(), f"{WORKSPACE}/computes?api-version={ML_VERSION}", 0
    while url:
        page = cloud.emulator.handle(Request(method="GET", url=url)).json()
        found += len(page["value"])
        url = page.get("nextLink", "")
    assert found == COMPUTES
    return perf_counter() - started


def in_process() -> Iterator[Figure]:
    """The core alone."""
    cloud = open_cloud(":memory:")
    cloud.build_workspace()
    cloud.get(WORKSPACE)
    lives = 5 * rate_of(SOME, lambda number: life_of_a_compute(cloud, number))
    yield Figure(work="lives of computes, in memory", value=lives, unit="requests/s", at_least=3000)
    puts = rate_of(COMPUTES, lambda number: cloud.put_cluster(f"c{number}x"))
    yield Figure(work=f"PUT of {COMPUTES:,} computes", value=puts, unit="requests/s", at_least=3000)
    gets = rate_of(COMPUTES, lambda number: cloud.ask("GET", f"{WORKSPACE}/computes/c{number}x"))
    yield Figure(work=f"GET of {COMPUTES:,} computes", value=gets, unit="requests/s", at_least=3000)
    yield Figure(work=f"{COMPUTES:,} computes listed by 100", value=list_all(cloud), unit="s", at_most=2)


def in_a_file(folder: Path) -> Iterator[Figure]:
    """The core with its SQLite store, where every write is flushed."""
    cloud = open_cloud(str(folder / "cloud.sqlite"))
    cloud.build_workspace()
    cloud.get(WORKSPACE)
    lives = 5 * rate_of(SOME // 5, lambda number: life_of_a_compute(cloud, number))
    yield Figure(work="lives of computes, in a file", value=lives, unit="requests/s")
    cloud.emulator.close()


@contextmanager
def served(folder: Path) -> Iterator[tuple[http.client.HTTPSConnection, float]]:
    """A connection to `moor emulator`, and the seconds until it was ready."""
    moor = Path(sys.executable).with_name("moor")
    command = [str(moor), "emulator", "-store=:memory:", f"-tls-dir={folder}"]
    started = perf_counter()
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as child:  # noqa: S603
        assert child.stdout is not None
        addresses = json.loads(child.stdout.readline())
        seconds = perf_counter() - started
        context = ssl.create_default_context(cafile=addresses["ca"])
        endpoint = urlsplit(addresses["endpoint"])
        connection = http.client.HTTPSConnection("localhost", endpoint.port or 443, context=context)
        try:
            yield connection, seconds
        finally:
            connection.close()
            child.terminate()


def ask(connection: http.client.HTTPSConnection, method: str, path: str, *, body: str, token: str) -> bytes:
    """One request and the whole of its answer."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    connection.request(method, path, body=body or None, headers=headers)
    return connection.getresponse().read()


def over_https(folder: Path) -> Iterator[Figure]:
    """A process that serves."""
    with served(folder) as (connection, seconds):
        yield Figure(work="start with a new authority until ready", value=seconds, unit="s", at_most=0.5)
        form = "grant_type=client_credentials&client_id=a&client_secret=s&scope=x/.default"
        answer = ask(connection, "POST", f"/{TENANT_ID}/oauth2/v2.0/token", body=form, token="")
        token = json.loads(answer)["access_token"]
        path = "/subscriptions?api-version=2022-12-01"
        gets = rate_of(SOME, lambda _number: ask(connection, "GET", path, body="", token=token))
        yield Figure(work="GET over HTTPS, one connection", value=gets, unit="requests/s")
    with served(folder) as (_connection, seconds):
        yield Figure(work="start until ready", value=seconds, unit="s", at_most=0.5)


def main() -> int:
    """Gives the exit status: 1 if a budget is missed."""
    lines = []
    with tempfile.TemporaryDirectory() as name:
        for figures in (in_process(), in_a_file(Path(name)), over_https(Path(name))):
            for figure in figures:
                lines.append(str(figure))
                print(lines[-1], flush=True)
    return 1 if any("MISSED" in line for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
