"""Who keeps a lock, and who loses it, when connections break or a holder is silent: never do two write."""

# ruff: noqa: TID253 - some of them ask a server as the backend does

from __future__ import annotations

import time
from collections.abc import Callable

import psycopg
import pytest
from psycopg import sql
from tests.backends.hosts import hasty, quick
from tests.backends.places import Somewhere, Wired, other_machine
from tests.backends.working import add, begun, locked, opened
from tests.unit.state.samples import address, intent, recorded

from mooring.core import records
from mooring.state.backends.azurerm.account import open_container
from mooring.state.backends.azurerm.blobs import Blobs
from mooring.state.backends.model import Around, BackendError
from mooring.state.backends.pg.session import Session
from mooring.state.events import fold
from mooring.state.host import this_host
from mooring.state.lock_record import EXPIRY

ALL_TRIES = 7
"""How often one request is sent until it is given up."""
RENEWAL = b"x-ms-lease-action: renew"
PID = sql.SQL("SELECT pg_backend_pid()").format()


def test_a_connection_that_breaks_is_made_again_and_the_lock_kept(wired: Wired) -> None:
    place, wire = wired
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


def test_a_lock_is_taken_once_whatever_breaks_while_it_is_taken(wired: Wired) -> None:
    place, wire = wired
    locked(place.store()).release()
    wire.at(0, lambda: None)
    locked(place.store()).release()
    for moment in range(1, wire.passed + 1):
        store = place.store(hasty())
        wire.at(moment, wire.break_connections)
        lock = locked(store)
        wire.at(0, lambda: None)
        opened(store)  # a connection that broke with the last answer is made anew
        assert isinstance(place.store(other_machine()).lock("x"), tuple), f"not locked: {moment}"
        lock.release()
        locked(place.store()).release()
        place.close()


def test_a_lock_that_is_given_up_leaves_no_sign_of_life_whatever_breaks(azurerm_wired: Wired) -> None:
    place, wire = azurerm_wired
    around = Around(host=hasty(), environment=place.environment, data_folder="")
    blobs = Blobs(open_container(place.settings, around))
    lock = locked(place.store())
    wire.at(0, lambda: None)
    lock.release()
    for moment in range(1, wire.passed + 1):
        lock = locked(place.store(hasty()))
        wire.at(moment, wire.break_connections)
        lock.release()
        wire.at(0, lambda: None)
        assert [name for name in blobs.names("") if "heartbeats/" in name] == [], moment
    blobs.close()


# -- sessions that are made anew -----------------------------------------------------------------


def test_a_heartbeat_that_finds_the_connection_broken_keeps_the_lock(pg_wired: Wired) -> None:
    place, wire = pg_wired
    lock = locked(place.store(quick()))
    wire.break_connections()
    for _ in range(2):
        moment, until = time.time(), time.monotonic() + 30
        while _last_beat(place) < moment:
            assert time.monotonic() < until
            time.sleep(0.05)
    assert not lock.is_lost
    lock.release()


def _last_beat(place: Somewhere) -> float:
    found = place.store().lock_status()
    place.opened.pop().close()
    return found.beat or 0.0 if found is not None else 0.0


def _who_stays(place: Somewhere) -> None:
    other = place.store()
    locked(other, timeout=20)
    add(other, "theirs")


def _who_was_there(place: Somewhere) -> None:
    other = place.store()
    lock = locked(other, timeout=20)
    add(other, "theirs")
    lock.release()


def _who_leaves_no_record(place: Somewhere) -> None:
    """As Terraform does."""
    with psycopg.connect(str(place.settings["conn_str"]), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(-1)")
        connection.execute("UPDATE terraform_remote_state.states SET data = data || ' '")


@pytest.mark.parametrize("intruder", [_who_stays, _who_was_there, _who_leaves_no_record])
def test_who_lost_the_lock_while_the_connection_was_broken_writes_nothing(
    intruder: Callable[[Somewhere], None], pg_place: Somewhere, pg_wired: Wired
) -> None:
    place, wire = pg_wired
    first = pg_place.store()
    lock = locked(first)
    add(first, "before")
    lock.release()

    def sleep(_seconds: float) -> None:
        if wire.is_cut:
            intruder(pg_place)
            wire.mend()

    medium = place.states(records.replace(this_host(), sleep=sleep)).medium("default")
    held = medium.lock("OperationTypeApply")
    assert not isinstance(held, tuple)
    medium.read()
    wire.cut()
    with pytest.raises(BackendError, match=r"the lock of .* was lost"):
        medium.replace_snapshot(b"ours")
    with pytest.raises(BackendError, match=r"the lock of .* was lost"):
        medium.begin_journal(b"ours")
    assert held.is_lost
    assert b"ours" not in (medium.read().snapshot or b"")
    pg_place.close()


def test_a_session_that_the_server_believes_to_be_there_keeps_nobody_out(pg_wired: Wired) -> None:
    place, wire = pg_wired
    store = place.store()
    lock = locked(store)
    wire.strand_connections()
    assert add(store, "a") == 1
    assert not lock.is_lost
    lock.release()


def test_a_session_that_could_not_take_up_its_locks_again_is_not_used(pg_wired: Wired) -> None:
    place, wire = pg_wired
    session = Session(str(place.settings["conn_str"]), hasty())
    session.rows(PID)
    asked: list[None] = []

    def resume() -> None:
        asked.append(None)
        if len(asked) == 1:
            raise BackendError("not yet")

    session.resume = resume
    wire.break_connections()
    with pytest.raises(BackendError, match="not yet"):
        session.rows(PID)
    session.rows(PID)
    session.rows(PID)
    assert len(asked) == 2
    session.close()


def test_a_session_in_another_role_leaves_alone_what_it_may_not_end(
    pg_place: Somewhere, pg_wired: Wired
) -> None:
    place, wire = pg_wired
    conn_str = str(pg_place.settings["conn_str"])
    with psycopg.connect(conn_str, autocommit=True) as owner:
        owner.execute("DROP ROLE IF EXISTS modest")
        owner.execute("CREATE ROLE modest")
        session = Session(f"{place.settings['conn_str']}&options=-c%20role%3Dmodest", hasty())
        named = sql.SQL("SELECT current_setting('application_name')").format()
        ((name,),) = session.rows(named)
        with psycopg.connect(conn_str, application_name=str(name)):
            wire.break_connections()
            assert session.rows(named) == [(name,)]
        session.close()


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


def test_a_run_that_was_silent_for_too_long_writes_nothing_beside_the_state(shared_place: Somewhere) -> None:
    asleep = [0.0]
    host = records.replace(this_host(), now=lambda: time.time() + asleep[0])
    for has_begun in (False, True):
        store = shared_place.store(host)
        lock = locked(store)
        opened(store)
        journal = begun(store) if has_begun else None
        asleep[0] += EXPIRY + 1
        assert lock.is_lost
        if journal is None:
            assert isinstance(store.begin(), tuple)
        else:
            with pytest.raises(OSError, match="was lost"):
                journal.append(intent("a"))
        medium = shared_place.states().medium("default")
        assert ((medium.read().journal or b"").count(b"\n"), medium.document_names()) == (int(has_begun), ())
        asleep[0] -= EXPIRY + 1
        lock.release()
