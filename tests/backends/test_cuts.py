"""What happens when the server that keeps the state is gone for a while, or says that it cannot."""

# ruff: noqa: TID253 - one of them asks a server as the backend does

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from psycopg import sql
from tests.backends.moor import Folder
from tests.backends.places import Somewhere, other_machine
from tests.backends.working import add, begun, locked, opened
from tests.servers.azurite import ACCOUNT, Azurite
from tests.servers.postgres import Postgres
from tests.servers.relay import Relay, relay
from tests.servers.state_server import StateServer
from tests.unit.state.samples import address, intent, recorded

from mooring.core import records
from mooring.core.diagnostics import Diagnostics
from mooring.state.backends.pg.session import Session
from mooring.state.events import fold
from mooring.state.host import Host, this_host
from mooring.state.journalled import JournalledStore
from mooring.state.lock_record import EXPIRY
from mooring.state.store import Journal

Wired = tuple[Somewhere, Relay]
ALL_TRIES = 7
"""How often one request is sent until it is given up."""
RENEWAL = b"x-ms-lease-action: renew"
QUICK = 20
"""How many seconds pass in one, where time flies."""


def hasty(slept: list[float] | None = None) -> Host:
    """This process, without the patience to wait before it tries again; notes how long it should."""
    return records.replace(this_host(), sleep=(slept if slept is not None else []).append)


def quick() -> Host:
    """This process, for which time flies."""
    here = this_host()
    began = here.now()
    return records.replace(
        here,
        now=lambda: began + QUICK * (here.now() - began),
        sleep=lambda seconds: here.sleep(seconds / QUICK),
        wait=lambda event, seconds: here.wait(event, seconds / QUICK),
    )


@pytest.fixture
def pg_wired(pg_place: Somewhere, postgres_server: Postgres) -> Iterator[Wired]:
    with relay(postgres_server.port) as wire:
        conn_str = str(pg_place.settings["conn_str"]).replace(f":{postgres_server.port}", f":{wire.port}")
        yield replace(pg_place, settings={"conn_str": conn_str}), wire
    pg_place.close()


@pytest.fixture
def azurerm_wired(azurerm_place: Somewhere, azurite_server: Azurite) -> Iterator[Wired]:
    with relay(azurite_server.port) as wire:
        endpoint = f"http://127.0.0.1:{wire.port}/{ACCOUNT}"
        yield replace(azurerm_place, environment={"MOOR_AZURERM_BLOB_ENDPOINT": endpoint}), wire
    azurerm_place.close()


@pytest.fixture(params=["pg", "azurerm"])
def wired(request: pytest.FixtureRequest) -> Wired:
    found: Wired = request.getfixturevalue(f"{request.param}_wired")
    return found


def begun_after_reading(store: JournalledStore) -> Journal:
    opened(store)
    return begun(store)


def refused(place: Somewhere, host: Host) -> Diagnostics:
    """Why the lock cannot be had."""
    found = place.store(host).lock("OperationTypeApply")
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize("kind", ["pg", "azurerm"])
def test_a_connection_that_breaks_is_made_again_and_the_lock_kept(
    kind: str, request: pytest.FixtureRequest
) -> None:
    place, wire = request.getfixturevalue(f"{kind}_wired")
    store = place.store(hasty())
    lock = locked(store)
    state = opened(store).state
    journal = begun(store)
    journal.append(intent("a"))
    wire.break_connections()
    journal.append_all([recorded("a"), intent("b")])
    wire.break_connections()
    journal.append(recorded("b"))
    _, diags = store.commit(fold(state, [recorded("a"), recorded("b")]))
    assert (diags, lock.is_lost) == ((), False)
    assert isinstance(place.store().lock("x"), tuple)
    lock.release()
    assert len(opened(place.store()).state.instances) == 2


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


@pytest.mark.parametrize("kind", ["pg", "azurerm"])
def test_a_lock_is_taken_once_whatever_breaks_while_it_is_taken(
    kind: str, request: pytest.FixtureRequest
) -> None:
    place, wire = request.getfixturevalue(f"{kind}_wired")
    locked(place.store()).release()
    wire.at(0, lambda: None)
    locked(place.store()).release()
    for moment in range(1, wire.passed + 1):
        store = place.store(hasty())
        wire.at(moment, wire.break_connections)
        lock = locked(store)
        wire.at(0, lambda: None)
        assert isinstance(place.store(other_machine()).lock("x"), tuple), f"not locked: {moment}"
        lock.release()
        locked(place.store()).release()
        place.close()


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


def test_a_port_where_nobody_listens_is_tried_for_a_few_seconds(pg_place: Somewhere) -> None:
    slept: list[float] = []
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    wrong = replace(pg_place, settings={"conn_str": f"postgres://a@127.0.0.1:{port}/b"})
    (diag,) = refused(wrong, hasty(slept))
    assert '"conn_str" leads to no database' in diag.detail
    assert sum(slept) == pytest.approx(5, abs=0.5)


# -- signs of life -------------------------------------------------------------------------------


def test_a_run_that_is_longer_than_a_lock_lives_survives_a_renewal_that_fails(azurerm_wired: Wired) -> None:
    place, wire = azurerm_wired
    host = quick()
    store = place.store(host)
    lock = locked(store)
    state = opened(store).state
    journal = begun(store)
    began = host.now()
    wire.refuse(ALL_TRIES, RENEWAL)
    journal.append(intent("a"))
    while host.now() - began < 1.25 * EXPIRY:
        time.sleep(0.05)
    assert wire.refusals == 0
    assert not lock.is_lost
    journal.append(recorded("a"))
    assert store.commit(fold(state, [recorded("a")]))[1] == ()
    lock.release()
    assert list(opened(place.store()).state.instances) == [address("a")]


def test_a_lock_that_is_taken_away_is_noticed_by_the_next_renewal(shared_place: Somewhere) -> None:
    lock = locked(shared_place.store(records.replace(quick(), name="elsewhere", boot_id="another")))
    assert shared_place.store().force_unlock(lock.info.id) == ()
    theirs = locked(shared_place.store())
    until = time.monotonic() + 30
    while not lock.is_lost:
        assert time.monotonic() < until
        time.sleep(0.05)
    lock.release()
    assert isinstance(shared_place.store(other_machine()).lock("x"), tuple)
    theirs.release()


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


@pytest.mark.parametrize("wired", ["pg", pytest.param("azurerm", marks=pytest.mark.slow)], indirect=True)
def test_a_run_that_is_cut_off_ends_what_it_has_begun_and_keeps_the_state_in_a_file(
    wired: Wired, tmp_path: Path, moor_program: str
) -> None:
    place, wire = wired
    folder = Folder(tmp_path / "here", moor_program, place.environment)
    folder.write(place.block() + CONFIGURATION)
    folder.moor("init", "-input=false")
    run = folder.start(moor_program, "apply", "-auto-approve")
    wait_for(folder.path / "begun")
    wire.cut()
    (folder.path / "go-on").touch()
    said, _ = run.communicate(timeout=120)
    assert run.returncode == 1, said
    for summary in ("Failed to write the state journal", "Failed to persist state to backend"):
        assert f"Error: {summary}" in said
    assert "terraform_data.second: Creating" not in said
    assert "terraform_data.second: Not started: the state cannot be written" in said
    assert (folder.path / "errored.tfstate").stat().st_mode & 0o777 == 0o600
    wire.mend()
    _after_a_lost_holder(folder.moor)
    assert "terraform_data.first" in folder.moor("state", "list")
    plan = folder.moor("plan")
    assert "Plan: 1 to add, 0 to change, 0 to destroy." in plan


def _after_a_lost_holder(moor: Callable[..., str]) -> None:
    """Brings the state in again; the lock of the run that was cut off is dead."""
    moor("state", "push", "-lock-timeout=30s", "errored.tfstate")
