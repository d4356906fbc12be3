"""A PostgreSQL server with a data folder of its own, from the binaries of this machine."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from signal import SIGQUIT
from time import monotonic, sleep

from tests.servers.processes import SECONDS_TO_START, MissingError, free_port, wait_for_port

BINARIES = Path("/usr/lib/postgresql")
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "shared_buffers": "16MB",
    "max_connections": "60",
    "max_wal_size": "64MB",
    "log_statement": "all",
}
USER = "mooring"
PASSWORD = "a password/with:odd@signs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """A running server. `log` is what it writes, every statement included."""

    port: int
    log: Path

    @property
    def environment(self) -> Mapping[str, str]:
        """How libpq is told to use it."""
        return {
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": USER,
            "PGPASSWORD": PASSWORD,
            "PGDATABASE": "postgres",
            "PGSSLMODE": "disable",
        }

    def conn_str(self, database: str = "postgres", *, password: str = PASSWORD) -> str:
        """A connection string, with everything that is needed."""
        from urllib.parse import quote

        login = f"{USER}:{quote(password, safe='')}"
        return f"postgres://{login}@127.0.0.1:{self.port}/{database}?sslmode=disable"

    def make_database(self, name: str) -> str:
        """Makes an empty database; its connection string."""
        import psycopg

        with psycopg.connect(self.conn_str(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0'.encode())
        return self.conn_str(name)


def binary(name: str) -> str:
    """A program of PostgreSQL. Raises `MissingError`."""
    found = shutil.which(name)
    if found:
        return found
    for folder in sorted(BINARIES.glob("*/bin"), reverse=True):
        if (folder / name).exists():
            return str(folder / name)
    raise MissingError(f"PostgreSQL's {name} is not on this machine")


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server with a fresh cluster; it and its files are gone afterwards. Raises `MissingError`."""
    initdb, server = binary("initdb"), binary("postgres")
    folder = Path(tempfile.mkdtemp(prefix="mooring-postgres-"))
    try:
        user = _unprivileged()
        if user is not None:
            os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
        secret = folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        _initialize(initdb, folder, user)
        with _serving(server, folder, user) as found:
            yield found
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> str | None:
    """The user that runs the server, which refuses to run as root."""
    if os.getuid() != 0:
        return None
    names = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _initialize(initdb: str, folder: Path, user: str | None) -> None:
    options = ("--no-sync", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", f"--username={USER}")
    subprocess.run(  # noqa: S603 - PostgreSQL's own program
        [initdb, *options, f"--pwfile={folder / 'password'}", "-D", str(folder / "data")],
        check=True,
        capture_output=True,
        cwd=folder,
        user=user,
        env={"LC_ALL": "C", "PATH": os.environ["PATH"]},
    )


@contextmanager
def _serving(program: str, folder: Path, user: str | None) -> Iterator[Postgres]:
    port, log = free_port(), folder / "log"
    settings = [f"-c{name}={value}" for name, value in SETTINGS.items()]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - PostgreSQL's own program
            [program, "-D", str(folder / "data"), "-p", str(port), "-k", str(folder), *settings],
            stdout=output,
            stderr=output,
            cwd=folder,
            user=user,
            env={"LC_ALL": "C", "PATH": os.environ["PATH"]},
        )
    try:
        wait_for_port(port, process, log)
        server = Postgres(port=port, log=log)
        _wait_until_ready(server)
        yield server
    finally:
        process.send_signal(SIGQUIT)  # it would wait for those who are connected
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _wait_until_ready(server: Postgres) -> None:
    """Returns once the server takes in clients: it listens before it does."""
    import psycopg

    until = monotonic() + SECONDS_TO_START
    while True:
        try:
            psycopg.connect(server.conn_str()).close()
        except psycopg.OperationalError:
            if monotonic() > until:
                raise
            sleep(0.05)
        else:
            return
