"""What happens when the server that keeps the state is gone for a while, or says that it cannot."""

# ruff: noqa: TID253 - one of them asks a server as the backend does

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from azure.storage.blob import ContainerClient
from psycopg import sql
from tests.backends.hosts import hasty
from tests.backends.moor import Folder
from tests.backends.places import Somewhere, Wired
from tests.backends.working import add, begun, locked, opened
from tests.servers.state_server import StateServer
from tests.unit.state.samples import address, intent, recorded

from mooring.core import records
from mooring.core.diagnostics import Diagnostics
from mooring.state.backends.azurerm.retrying import WaitingRetry
from mooring.state.backends.pg.session import Session
from mooring.state.backends.waiting import Waiting
from mooring.state.events import fold
from mooring.state.host import Host, this_host
from mooring.state.journalled import JournalledStore
from mooring.state.store import Journal


def begun_after_reading(store: JournalledStore) -> Journal:
    opened(store)
    return begun(store)


def refused(place: Somewhere, host: Host) -> Diagnostics:
    """Why the lock cannot be had."""
    found = place.store(host).lock("OperationTypeApply")
    assert isinstance(found, tuple)
    return found


def test_what_was_journalled_before_a_cut_is_there_after_it(wired: Wired) -> None:
    place, wire = wired
    store = place.store(hasty())
    lock = locked(store)
    state = opened(store).state
    journal = begun(store)
    journal.append_all([recorded("a"), intent("b")])
    wire.cut()
    journal.append(recorded("b"))
    _, diags = store.commit(fold(state, [recorded("a"), recorded("b")]))
    assert [each.summary for each in diags] == ["Failed to save state"]
    assert not store.is_whole
    lock.release()
    wire.mend()
    after = place.store()
    again = locked(after, timeout=10) if place.type == "pg" else None
    found = opened(after)
    assert list(found.state.instances) == [address("a")]
    assert [each.intent for each in found.open_intents] == [intent("b")]
    if again is not None:
        again.release()


def test_a_server_that_is_gone_is_not_waited_for_again_and_again(wired: Wired) -> None:
    place, wire = wired
    slept: list[float] = []
    store = place.store(hasty(slept))
    lock = locked(store)
    state = opened(store).state
    journal = begun(store)
    wire.cut()
    with pytest.raises(OSError, match=r"cannot be reached|connection failed"):
        journal.append_all([recorded("a"), intent("b")])
    assert sum(slept) == pytest.approx(15, abs=1)
    slept.clear()
    _, diags = store.commit(fold(state, [recorded("a")]))
    assert [each.summary for each in diags] == ["Failed to save state"]
    lock.release()
    assert slept == []
    wire.mend()
    assert opened(store).state.instances == {}


def test_a_server_that_is_away_for_ten_seconds_is_waited_for(wired: Wired) -> None:
    place, wire = wired
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if sum(slept) >= 10:
            wire.mend()

    store = place.store(records.replace(this_host(), sleep=sleep))
    lock = locked(store)
    journal = begun_after_reading(store)
    wire.cut()
    journal.append_all([recorded("a"), intent("b")])
    assert not lock.is_lost
    lock.release()
    assert list(opened(place.store()).state.instances) == [address("a")]


@pytest.mark.parametrize(
    ("conn_str", "reason"),
    [
        ("{login}:nope@{server}/postgres", "password authentication failed"),
        ("{login}:{password}@{server}/nope", 'database "nope" does not exist'),
        ("{login}:nope@nowhere.invalid/postgres", "failed to resolve host"),
    ],
)
def test_a_database_that_settings_do_not_lead_to_is_not_waited_for(
    conn_str: str, reason: str, pg_place: Somewhere
) -> None:
    known = urlsplit(str(pg_place.settings["conn_str"]))
    parts = {
        "login": f"postgres://{known.username}",
        "password": known.password,
        "server": f"{known.hostname}:{known.port}",
    }
    slept: list[float] = []
    wrong = replace(pg_place, settings={"conn_str": conn_str.format(**parts)})
    (diag,) = refused(wrong, hasty(slept))
    assert '"conn_str" leads to no database' in diag.detail
    assert reason in diag.detail
    assert slept == []


class _NoLogin:
    def get_token(self, *scopes: str, **_options: str) -> AccessToken:
        raise ClientAuthenticationError(f"no login for {scopes}")


def test_a_login_that_fails_is_not_tried_again() -> None:
    slept: list[float] = []
    retry = WaitingRetry(Waiting(hasty(slept)), slept.append)
    client = ContainerClient("https://nowhere.invalid", "states", credential=_NoLogin(), retry_policy=retry)
    with pytest.raises(ClientAuthenticationError, match="no login"):
        client.get_container_properties()
    assert slept == []
    client.close()


def test_a_port_where_nobody_listens_is_tried_for_a_few_seconds(pg_place: Somewhere) -> None:
    slept: list[float] = []
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    wrong = replace(pg_place, settings={"conn_str": f"postgres://a@127.0.0.1:{port}/b"})
    (diag,) = refused(wrong, hasty(slept))
    assert '"conn_str" leads to no database' in diag.detail
    assert sum(slept) == pytest.approx(5, abs=0.5)


def test_a_server_that_falls_silent_is_hung_up_on(pg_wired: Wired) -> None:
    place, wire = pg_wired
    session = Session(str(place.settings["conn_str"]), hasty(), seconds_to_answer=0.5)
    query = sql.SQL("SELECT pg_backend_pid()").format()
    (before,) = session.rows(query)
    wire.mute_connections()
    (after,) = session.rows(query)
    assert before != after
    session.close()


def test_a_server_that_is_busy_is_asked_again(http_place: Somewhere, http_server: StateServer) -> None:
    http_server.failures += [503, 0, 429]
    patient = replace(http_place, settings={**http_place.settings, "retry_max": 3})
    store = patient.store()
    lock = locked(store)
    assert add(store, "a") == 1
    lock.release()
    assert [each.split()[0] for each in http_server.requests].count("LOCK") == 4


def test_a_server_that_did_not_answer_in_the_end_is_asked_once_for_each_later_request(
    http_place: Somewhere, http_server: StateServer
) -> None:
    patient = replace(http_place, settings={**http_place.settings, "retry_max": 3})
    store = patient.store()
    lock = locked(store)
    http_server.failures += [0] * 5
    assert store.read()[0] is None
    lock.release()
    asked = [each.split()[0] for each in http_server.requests]
    assert (asked.count("GET"), asked.count("UNLOCK"), http_server.failures) == (4, 1, [])


def test_a_state_that_could_not_be_sent_is_in_the_journal(
    http_place: Somewhere, http_server: StateServer
) -> None:
    store = http_place.store()
    lock = locked(store)
    state = opened(store).state
    begun(store).append(recorded("a"))
    http_server.failures += [500] * 6
    _, (diag,) = store.commit(fold(state, [recorded("a")]))
    assert "status 500" in diag.detail
    assert "Nothing is lost" in diag.detail
    http_server.failures.clear()
    lock.release()
    assert list(opened(http_place.store()).state.instances) == [address("a")]


# -- moor ----------------------------------------------------------------------------------------

CONFIGURATION = """
resource "terraform_data" "first" {
  provisioner "local-exec" {
    command = "touch begun; while ! [ -e go-on ]; do sleep 0.1; done"
  }
}

resource "terraform_data" "second" {
  input = terraform_data.first.id
}
"""


def wait_for(path: Path) -> None:
    until = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.slow
def test_a_run_that_is_cut_off_ends_what_it_has_begun_and_keeps_the_state_in_a_file(
    wired: Wired, tmp_path: Path, moor_program: str
) -> None:
    place, wire = wired
    folder = Folder(tmp_path / "here", moor_program, place.environment)
    folder.write(place.block() + CONFIGURATION)
    _run_until(wire.cut, folder, moor_program)
    wire.mend()
    _bring_in_again(folder)


def test_a_run_whose_database_takes_no_more_ends_what_it_has_begun_and_keeps_the_state_in_a_file(
    pg_place: Somewhere, tmp_path: Path, moor_program: str
) -> None:
    rename = sql.SQL("ALTER TABLE terraform_remote_state.{} RENAME TO {}")
    there, away = sql.Identifier("moor_parts"), sql.Identifier("elsewhere")
    folder = Folder(tmp_path / "here", moor_program, {})
    folder.write(pg_place.block() + CONFIGURATION)
    with psycopg.connect(str(pg_place.settings["conn_str"]), autocommit=True) as owner:
        _run_until(lambda: owner.execute(rename.format(there, away)), folder, moor_program)
        owner.execute(rename.format(away, there))
    _bring_in_again(folder)


def _run_until(stop: Callable[[], object], folder: Folder, program: str) -> None:
    """Applies the configuration, and has the state's place made useless while the first object is made."""
    folder.moor("init", "-input=false")
    run = folder.start(program, "apply", "-auto-approve")
    wait_for(folder.path / "begun")
    stop()
    (folder.path / "go-on").touch()
    said, _ = run.communicate(timeout=120)
    assert run.returncode == 1, said
    for summary in ("Failed to write the state journal", "Failed to persist state to backend"):
        assert f"Error: {summary}" in said
    assert "terraform_data.second: Creating" not in said
    assert "terraform_data.second: Not started: the state cannot be written" in said
    assert (folder.path / "errored.tfstate").stat().st_mode & 0o777 == 0o600


def _bring_in_again(folder: Folder) -> None:
    """Puts the state from the file in place; the lock of the run that was cut off is dead."""
    folder.moor("state", "push", "-lock-timeout=30s", "errored.tfstate")
    assert "terraform_data.first" in folder.moor("state", "list")
    assert "Plan: 1 to add, 0 to change, 0 to destroy." in folder.moor("plan")
