"""The stores: what survives, what is logged, what is refused."""
# ruff: noqa: TID253 - a file of another format is made by hand

import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.unit.emulator.clouds import DSVM, WORKSPACE, Cloud, open_cloud

from mooring_emulator import SUBSCRIPTION_ID
from mooring_emulator.store.memory import MemoryStore
from mooring_emulator.store.model import (
    Begin,
    Document,
    LoggedRequest,
    Operation,
    Put,
    RemoveHolder,
    RemoveTree,
)
from mooring_emulator.store.protocol import Store
from mooring_emulator.store.sqlite import FormatError, SqliteStore

TYPES = frozenset({"t"})


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return MemoryStore() if request.param == "memory" else SqliteStore(str(tmp_path / "store.sqlite"))


def document(resource_id: str, *claims: str) -> Document:
    return Document(id=resource_id, type="t", body={"id": resource_id}, private={"s": 1}, claims=claims)


def operation(target: str, *, ends: float, effects: tuple[Put | RemoveTree | RemoveHolder, ...]) -> Operation:
    return Operation(id="op", target=target, method="PUT", started=0.0, ends=ends, effects=effects)


def test_documents_come_back_as_they_were_in_key_order(store: Store) -> None:
    with store.session() as session:
        session.apply([Put(document=document(name)) for name in ("/b", "/A/x", "/a")])
        assert session.document("/a/x") == document("/A/x")
        assert [found.id for found in session.documents("/", TYPES)] == ["/a", "/A/x", "/b"]
        assert [found.id for found in session.documents("/", TYPES, offset=1, limit=1)] == ["/A/x"]
        assert [found.id for found in session.documents("/a/", TYPES)] == ["/A/x"]
        assert session.documents("/", frozenset({"other"})) in ([], ())


def test_removing_a_tree_frees_its_claims_and_cancels_its_operations(store: Store) -> None:
    with store.session() as session:
        child = document("/a/x", "name:x")
        session.apply([Put(document=document("/a")), Put(document=child), Put(document=document("/ab"))])
        session.apply([Begin(operation=operation("/a/x", ends=5.0, effects=(Put(document=child),)))])
        session.apply([RemoveTree(key="/a")])
        assert session.ids() in (("/ab",), ["/ab"])
        assert session.holder("name:x") is None
        assert session.running("/a/x") is None
        assert list(session.due(10.0)) == []


def test_a_claim_moves_to_the_last_document_that_takes_it(store: Store) -> None:
    with store.session() as session:
        session.apply([Put(document=document("/a", "c")), Put(document=document("/b"))])
        session.apply([RemoveHolder(claim="c", keep="/b"), Put(document=document("/b", "c"))])
        assert (session.document("/a"), session.holder("c")) == (None, "/b")
        session.apply([RemoveHolder(claim="c", keep="/b"), Put(document=document("/b"))])
        assert session.holder("c") is None


def test_an_operation_is_due_at_its_end_and_settles_once(store: Store) -> None:
    changed = Document(id="/a", type="t", body={"done": True})
    with store.session() as session:
        effects = (RemoveHolder(claim="c", keep="/a"), Put(document=changed), RemoveTree(key="/z"))
        session.apply(
            [Put(document=document("/a")), Begin(operation=operation("/a", ends=5.0, effects=effects))]
        )
        assert list(session.due(4.9)) == []
        (due,) = session.due(5.0)
        assert due.effects == effects
        session.settle(due)
        assert session.document("/a") == changed
        assert list(session.due(9.0)) == []
        settled = session.operation("op")
        assert settled is not None
        assert settled.is_settled


def test_the_log_keeps_requests_in_order(store: Store) -> None:
    entries = [
        LoggedRequest(time=float(i), method="GET", path=f"/{i}", api_version="v", status=200, body_digest="")
        for i in range(3)
    ]
    with store.session() as session:
        for entry in entries:
            session.record(entry)
    assert list(store.requests()) == entries


def test_a_session_that_fails_leaves_nothing_in_a_file(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "store.sqlite"))

    def fail() -> None:
        with store.session() as session:
            session.apply([Put(document=document("/a"))])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.session() as session:
        assert session.document("/a") is None
    store.close()


def test_every_request_is_logged_with_a_digest_instead_of_its_body(cloud: Cloud) -> None:
    cloud.attach()
    entry = cloud.emulator.requests()[-1]
    assert (entry.method, entry.path, entry.api_version, entry.status) == (
        "PUT",
        f"{WORKSPACE}/computes/my-vm",
        "2025-12-01",
        201,
    )
    assert (entry.time, len(entry.body_digest)) == (cloud.clock.now, 64)
    cloud.ask("GET", WORKSPACE)
    assert cloud.emulator.requests()[-1].body_digest == ""


def test_a_cloud_in_a_file_is_there_again_when_opened_again(tmp_path: Path) -> None:
    path = str(tmp_path / "cloud.sqlite")
    first = open_cloud(path, lro_seconds=60.0)
    first.build_group()
    first.build_neighbours()
    first.wait(60)
    first.put_workspace()
    first.emulator.close()
    second = open_cloud(path)
    second.clock.now = first.clock.now + 30
    assert second.get(WORKSPACE)["properties"]["provisioningState"] == "Creating"
    second.wait(30)
    assert second.get(WORKSPACE)["properties"]["provisioningState"] == "Succeeded"
    assert len(second.emulator.requests()) == 7
    assert sum(resource_id == DSVM for resource_id in second.emulator.resource_ids()) == 1
    second.emulator.close()


_WRITER = """
import sys, time
from mooring_emulator import SUBSCRIPTION_ID, open_emulator, send
emulator = open_emulator(sys.argv[1], clock=time.time)
number = 0
while True:
    path = f"/subscriptions/{SUBSCRIPTION_ID}/resourceGroups/g{number}"
    assert send(emulator, "PUT", path, {"location": "eastus"}).status == 201
    print(number, flush=True)
    number += 1
"""


def test_a_killed_process_loses_no_request_it_has_answered(tmp_path: Path) -> None:
    path = str(tmp_path / "cloud.sqlite")
    with subprocess.Popen([sys.executable, "-c", _WRITER, path], stdout=subprocess.PIPE, text=True) as writer:  # noqa: S603 - our own program
        assert writer.stdout is not None
        while int(writer.stdout.readline()) < 20:
            time.sleep(0)
        writer.send_signal(signal.SIGKILL)
        answered = [int(line) for line in writer.stdout if line.endswith("\n")]
    cloud = open_cloud(path)
    last = answered[-1] if answered else 20
    prefix = f"/subscriptions/{SUBSCRIPTION_ID}/resourceGroups/"
    assert set(cloud.emulator.resource_ids()) >= {f"{prefix}g{number}" for number in range(last + 1)}
    logged = [entry.path for entry in cloud.emulator.requests()]
    groups = [resource_id for resource_id in cloud.emulator.resource_ids() if f"{prefix}g" in resource_id]
    assert len(logged) == len(set(logged)) == len(groups)
    cloud.emulator.close()


def test_two_emulators_on_one_file_see_each_others_changes(tmp_path: Path) -> None:
    path = str(tmp_path / "cloud.sqlite")
    one, two = open_cloud(path), open_cloud(path)
    one.build_group()
    two.build_neighbours()
    assert one.ask("GET", WORKSPACE).status == 404
    one.emulator.close()
    two.emulator.close()


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    path = str(tmp_path / "cloud.sqlite")
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(FormatError, match="format 99"):
        SqliteStore(path)
