"""Where exactly things are on a server: as Terraform puts and finds them."""
# ruff: noqa: TID253 - these tests look at the servers with their own libraries

from __future__ import annotations

import base64
import json
import subprocess
from dataclasses import replace
from threading import Thread
from time import monotonic, sleep
from uuid import uuid4

import psycopg
import pytest
from azure.storage.blob import BlobServiceClient
from tests.backends.places import Somewhere
from tests.backends.working import add, locked, opened
from tests.servers.azurite import KEY
from tests.servers.state_server import StateServer

from mooring.core import records
from mooring.state.host import Host, this_host
from mooring.state.lock_record import Heartbeat, encode_heartbeat
from mooring.state.store import Opened


def blobs(place: Somewhere) -> BlobServiceClient:
    return BlobServiceClient(place.environment["MOOR_AZURERM_BLOB_ENDPOINT"], credential=KEY)


def rows(place: Somewhere, query: bytes) -> list[tuple[object, ...]]:
    with psycopg.connect(str(place.settings["conn_str"])) as connection:
        return connection.execute(query).fetchall()


def gone() -> Host:
    """A process of this machine that has ended."""
    with subprocess.Popen(["true"]) as process:  # noqa: S607 - wherever it is
        pass
    return records.replace(this_host(), pid=process.pid)


# -- azurerm -------------------------------------------------------------------------------------


def test_the_record_of_the_lock_is_noted_on_the_blob_under_a_lease_without_end(
    azurerm_place: Somewhere,
) -> None:
    store = azurerm_place.store()
    lock = locked(store)
    add(store, "a")
    with blobs(azurerm_place) as service:
        blob = service.get_blob_client(str(azurerm_place.settings["container_name"]), "prod.tfstate")
        found = blob.get_blob_properties()
        assert (found.lease.state, found.lease.duration) == ("leased", "infinite")
        metadata = {name.lower(): value for name, value in found.metadata.items()}
        record = json.loads(base64.b64decode(metadata["terraformlockid"]))
        assert record == {
            "ID": lock.info.id,
            "Operation": "OperationTypeApply",
            "Info": "",
            "Who": lock.info.who,
            "Version": lock.info.version,
            "Created": lock.info.created,
            "Path": f"{azurerm_place.settings['container_name']}/prod.tfstate",
        }
        lock.release()
        found = blob.get_blob_properties()
        assert (found.lease.state, found.metadata) == ("available", {})
        assert found.content_settings.content_type == "application/json"
    azurerm_place.close()


def test_a_lease_whose_holder_died_before_it_left_its_record_is_taken_over(azurerm_place: Somewhere) -> None:
    host = gone()
    dead = Heartbeat(id=str(uuid4()), machine=host.name, boot_id=host.boot_id, pid=host.pid, beat=0.0)
    opened(azurerm_place.store())
    with blobs(azurerm_place) as service:
        container = service.get_container_client(str(azurerm_place.settings["container_name"]))
        name = f"prod.tfstate.moor/default/heartbeats/{dead.id}"
        container.upload_blob(name, encode_heartbeat(dead))
        state = container.upload_blob("prod.tfstate", b"")
        state.acquire_lease(lease_id=dead.id)
        lock = locked(azurerm_place.store())
        assert [each.summary for each in lock.warnings] == ["Lock of a dead process taken over"]
        lock.release()
        assert list(container.list_blob_names(name_starts_with="prod.tfstate.moor/default/heartbeats/")) == []
    azurerm_place.close()


def test_a_lease_without_a_record_whose_holder_may_live_is_left_alone(azurerm_place: Somewhere) -> None:
    with blobs(azurerm_place) as service:
        container = service.get_container_client(str(azurerm_place.settings["container_name"]))
        container.upload_blob("prod.tfstate", b"").acquire_lease()
        refused = azurerm_place.store().lock("OperationTypePlan")
    assert isinstance(refused, tuple)
    assert "left no record" in refused[0].detail
    azurerm_place.close()


@pytest.mark.parametrize(("is_wanted", "expected"), [(True, 2), (False, 0)])
def test_azure_keeps_each_state_that_is_replaced_if_that_is_wanted(
    azurerm_place: Somewhere, expected: int, *, is_wanted: bool
) -> None:
    place = replace(azurerm_place, settings={**azurerm_place.settings, "snapshot": is_wanted})
    for name in ("a", "b", "c"):
        store = place.store()
        lock = locked(store)
        add(store, name)
        lock.release()
    with blobs(place) as service:
        container = service.get_container_client(str(place.settings["container_name"]))
        found = [
            each for each in container.list_blobs("prod.tfstate", include=["snapshots"]) if each.snapshot
        ]
    assert len(found) == expected
    place.close()


def test_no_blob_of_ours_is_taken_for_a_workspace(azurerm_place: Somewhere) -> None:
    states = azurerm_place.states()
    states.create("dev")
    store = azurerm_place.store(workspace="dev")
    lock = locked(store)
    add(store, "a")
    with blobs(azurerm_place) as service:
        container = service.get_container_client(str(azurerm_place.settings["container_name"]))
        assert list(container.list_blob_names(name_starts_with="prod.tfstateenv:")) == ["prod.tfstateenv:dev"]
    lock.release()
    azurerm_place.close()


# -- pg ------------------------------------------------------------------------------------------


def test_the_state_is_a_row_with_the_text_of_the_snapshot(pg_place: Somewhere) -> None:
    store = pg_place.store()
    lock = locked(store)
    add(store, "a")
    snapshot = store.medium.read().snapshot
    lock.release()
    assert snapshot is not None
    expected = [(1, "default", snapshot.decode())]
    assert rows(pg_place, b"SELECT id, name, data FROM terraform_remote_state.states") == expected
    assert rows(pg_place, b"SELECT last_value FROM public.global_states_id_seq") == [(1,)]
    pg_place.close()


@pytest.mark.parametrize("setting", ["skip_table_creation", "skip_schema_creation"])
def test_what_may_not_be_made_is_not_made(pg_place: Somewhere, setting: str) -> None:
    place = replace(pg_place, settings={**pg_place.settings, setting: True})
    found, (diag,) = place.store().read()
    assert found is None
    assert diag.summary == "Failed to load state"
    assert "terraform_remote_state" in diag.detail
    assert rows(pg_place, b"SELECT count(*) FROM pg_tables WHERE tablename = 'states'") == [(0,)]
    place.close()


def test_tables_that_are_there_need_no_right_to_make_them(pg_place: Somewhere) -> None:
    opened(pg_place.store())
    forbidden = dict.fromkeys(("skip_schema_creation", "skip_table_creation", "skip_index_creation"), True)
    place = replace(pg_place, settings={**pg_place.settings, **forbidden})
    assert opened(place.store()).state.is_empty
    place.close()


def test_who_comes_while_somebody_else_makes_the_tables_finds_them_made(pg_place: Somewhere) -> None:
    waits = b"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    found = list[Opened]()
    thread = Thread(target=lambda: found.append(opened(pg_place.store())))
    with psycopg.connect(str(pg_place.settings["conn_str"])) as maker:
        maker.execute("SELECT pg_advisory_lock(-2)")
        thread.start()
        until = monotonic() + 30
        while rows(pg_place, waits) != [(1,)]:
            assert monotonic() < until
            sleep(0.02)
        maker.execute("CREATE SCHEMA terraform_remote_state")
        maker.execute("CREATE TABLE terraform_remote_state.states (name text UNIQUE, data text)")
    thread.join(60)
    assert [each.state.is_empty for each in found] == [True]
    assert rows(pg_place, b"SELECT count(*) FROM pg_sequences") == [(0,)]
    pg_place.close()


# -- http ----------------------------------------------------------------------------------------


def test_a_lock_that_was_given_while_the_connection_broke_is_taken_over(
    http_place: Somewhere, http_server: StateServer
) -> None:
    place = replace(http_place, settings={**http_place.settings, "retry_max": 0})
    http_server.is_mute = True
    assert isinstance(place.store(gone()).lock("x"), tuple)
    http_server.is_mute = False
    assert list(http_server.locks) == ["/state"]
    locked(place.store()).release()
    assert http_server.locks == {}


@pytest.mark.parametrize("status", [409, 423])
def test_a_server_may_refuse_a_lock_in_two_ways(
    http_place: Somewhere, http_server: StateServer, status: int
) -> None:
    http_server.refused_lock = status
    http_server.locks["/state"] = {"ID": "x", "Who": "bob@there", "Operation": "OperationTypeApply"}
    refused = http_place.store().lock("OperationTypePlan")
    assert isinstance(refused, tuple)
    assert "bob@there" in refused[0].detail


def test_a_state_is_sent_with_the_id_of_its_lock(http_place: Somewhere, http_server: StateServer) -> None:
    store = http_place.store()
    lock = locked(store)
    add(store, "a")
    lock.release()
    assert f"POST /state?ID={lock.info.id}" in http_server.requests
    assert http_server.locks == {}
