"""`moor` on shared states: init, copying states, errors that name the setting and hold no secret."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from tests.backends.moor import Folder
from tests.backends.places import Setting, Somewhere
from tests.servers.postgres import PASSWORD
from tests.servers.state_server import StateServer

RESOURCE = """
resource "terraform_data" "a" {
  input = terraform.workspace
}

output "name" {
  value = "from ${terraform.workspace}"
}
"""
PLAN = ("plan", "-detailed-exitcode", "-input=false")
APPLY = ("apply", "-auto-approve", "-input=false")
SECRET = "c2VjcmV0LXRoYXQtaXMtd3Jvbmc="


@pytest.fixture
def make(tmp_path: Path, moor_program: str) -> Callable[[Somewhere], Folder]:
    """A folder whose state is at a place."""

    def make(place: Somewhere) -> Folder:
        folder = Folder(tmp_path / "here", moor_program, place.environment)
        folder.write(place.block() + RESOURCE)
        return folder

    return make


Make = Callable[[Somewhere], Folder]


def with_settings(place: Somewhere, **settings: Setting) -> Somewhere:
    from dataclasses import replace

    found = {**place.settings, **settings}
    return replace(place, settings={name: value for name, value in found.items() if value is not None})


# -- init ----------------------------------------------------------------------------------------


def test_what_the_block_leaves_open_is_given_on_the_command_line_and_kept_from_others(
    pg_place: Somewhere, make: Make
) -> None:
    folder = make(with_settings(pg_place, conn_str=None))
    folder.moor("init", "-input=false", f"-backend-config=conn_str={pg_place.settings['conn_str']}")
    folder.moor(*APPLY)
    folder.moor(*PLAN)
    record = folder.path / ".terraform" / "terraform.tfstate"
    assert json.loads(record.read_bytes())["backend"]["config"]["conn_str"] == pg_place.settings["conn_str"]
    assert record.stat().st_mode & 0o777 == 0o600


def test_settings_of_the_environment_are_not_written_down(pg_place: Somewhere, make: Make) -> None:
    folder = make(with_settings(pg_place, conn_str=None))
    conn_str = str(pg_place.settings["conn_str"])
    folder.moor("init", "-input=false", PG_CONN_STR=conn_str)
    folder.moor(*APPLY, PG_CONN_STR=conn_str)
    assert conn_str not in (folder.path / ".terraform" / "terraform.tfstate").read_text()


@pytest.mark.parametrize("kind", ["azurerm", "http"])
def test_a_required_setting_that_is_missing_is_named(
    kind: str, request: pytest.FixtureRequest, make: Make
) -> None:
    name = {"azurerm": "container_name", "http": "address"}[kind]
    place = request.getfixturevalue(f"{kind}_place")
    said = make(with_settings(place, **{name: None})).moor("init", "-input=false", status=1)
    assert "Error: Missing Required Value" in said
    assert f'"{name}"' in said


def wrong(place: Somewhere) -> Somewhere:
    """The place with credentials that nobody accepts."""
    match place.type:
        case "azurerm":
            return with_settings(place, access_key=SECRET)
        case "pg":
            from urllib.parse import quote

            conn_str = str(place.settings["conn_str"])
            return with_settings(place, conn_str=conn_str.replace(quote(PASSWORD, safe=""), SECRET))
        case _:
            return with_settings(place, username="somebody", password=SECRET)


@pytest.mark.parametrize("kind", ["azurerm", "pg", "http"])
def test_wrong_credentials_are_one_error_that_says_what_was_tried_and_holds_no_secret(
    kind: str, request: pytest.FixtureRequest, make: Make
) -> None:
    if kind == "http":
        request.getfixturevalue("http_server").needs_login = True
    folder = make(wrong(request.getfixturevalue(f"{kind}_place")))
    said = folder.moor("init", "-input=false", status=1)
    assert said.count("Error: ") == 1
    words = " ".join(said.split())
    assert {"azurerm": "tried: access_key", "pg": "authentication failed", "http": "(401)"}[kind] in words
    assert SECRET not in said
    assert "Traceback" not in said


def test_a_server_that_is_not_there_is_an_error_without_the_secrets_of_its_address(
    http_place: Somewhere, make: Make
) -> None:
    place = with_settings(
        http_place, address=f"http://who:{SECRET}@127.0.0.1:9/s?token={SECRET}", retry_max=0
    )
    said = make(place).moor("init", "-input=false", status=1)
    assert "http://127.0.0.1:9/s cannot be reached" in " ".join(said.split())
    assert SECRET not in said


# -- copying states ------------------------------------------------------------------------------


def test_the_states_of_all_workspaces_go_along_from_backend_to_backend(
    azurerm_place: Somewhere, pg_place: Somewhere, make: Make
) -> None:
    folder = make(azurerm_place)
    folder.write(RESOURCE)
    folder.moor(*APPLY)
    folder.moor("workspace", "new", "dev")
    folder.moor(*APPLY)
    for place in (azurerm_place, pg_place):
        folder.write(place.block() + RESOURCE)
        if place is pg_place:
            assert "Backend configuration changed" in folder.moor("init", "-input=false", status=1)
        assert "-force-copy to copy" in folder.moor("init", "-migrate-state", "-input=false", status=1)
        folder.moor("init", "-force-copy")
        assert "moor init -force-copy" in folder.moor("history")
        folder.moor(*PLAN)
        folder.moor("workspace", "select", "default")
        folder.moor(*PLAN)
        folder.moor("workspace", "select", "dev")


ENCRYPTION = """
key_provider "static" "k" { key = "6f6f706830656f67686f6834616872756f3751756165686565796f6f72653169" }
method "aes_gcm" "m" { keys = key_provider.static.k }
state { method = method.aes_gcm.m }
"""


@pytest.mark.parametrize(
    ("shared_place", "encryption"), [("pg", ""), ("azurerm", ENCRYPTION)], indirect=["shared_place"]
)
def test_the_history_goes_along_and_can_be_undone_there(
    encryption: str, shared_place: Somewhere, make: Make
) -> None:
    folder = make(shared_place)
    resource = 'resource "terraform_data" "a" {{ input = "{}" }}'
    for value in ("one", "two"):
        folder.write(resource.format(value))
        folder.moor(*APPLY, TF_ENCRYPTION=encryption)
    folder.write(shared_place.block() + resource.format("two"))
    folder.moor("init", "-force-copy", TF_ENCRYPTION=encryption)
    told = folder.moor("history", TF_ENCRYPTION=encryption)
    assert [command in told for command in ("moor apply", "moor init -force-copy")] == [True, True]
    folder.moor("undo", "-auto-approve", "2", TF_ENCRYPTION=encryption)
    assert '"one"' in folder.moor("state", "show", "terraform_data.a", TF_ENCRYPTION=encryption)
    kept = shared_place.states().medium("default")
    contents = [kept.read_document(name) or b"" for name in kept.document_names()]
    assert len(contents) >= 4
    assert all((b"encrypted_data" in each) is bool(encryption) for each in contents)


def test_a_database_that_refuses_is_not_waited_for_as_a_lock_is(pg_place: Somewhere, make: Make) -> None:
    known = urlsplit(str(pg_place.settings["conn_str"]))
    bare = f"postgres://{known.username}@{known.hostname}:{known.port}{known.path}?{known.query}"
    folder = make(with_settings(pg_place, conn_str=bare))
    password = unquote(known.password or "")
    folder.moor("init", "-input=false", PGPASSWORD=password)
    for more in ((), ("-lock-timeout=60s",)):
        told = folder.moor("plan", "-no-color", *more, status=1, PGPASSWORD="wrong")
        assert "Error: Error acquiring the state lock" in told
        assert "password authentication failed" in told
        assert "Waiting" not in told


def test_a_history_of_which_only_a_part_was_copied_is_copied_when_that_is_done_again(
    local_place: Somewhere, make: Make
) -> None:
    folder = make(local_place)
    resource = 'resource "terraform_data" "a" {{ input = "{}" }}'
    here, there = resource.format("two"), local_place.block() + resource.format("two")
    for value in ("one", "two"):
        folder.write(resource.format(value))
        folder.moor(*APPLY)
    folder.write(there)
    folder.moor("init", "-force-copy")
    medium = local_place.states().medium("default")
    whole = [each for each in medium.document_names() if each.startswith("history/")]
    medium.remove_document("history/runs.jsonl")
    medium.remove_document(whole[0])
    medium.remove_document(whole[2])
    folder.write(here)
    folder.moor("init", "-reconfigure")
    folder.write(there)
    folder.moor("init", "-force-copy")
    assert folder.moor("history").count("moor apply") == 2
    assert whole[0] in medium.document_names()


def test_a_history_that_is_there_already_goes_on(pg_place: Somewhere, make: Make) -> None:
    folder = make(pg_place)
    folder.moor("init", "-input=false")
    folder.moor(*APPLY)
    folder.write(RESOURCE)
    folder.moor("init", "-reconfigure")
    folder.moor(*APPLY)
    folder.moor(*APPLY, "-replace=terraform_data.a")
    folder.write(pg_place.block() + RESOURCE)
    folder.moor("init", "-force-copy")
    assert folder.moor("history").count("moor ") == 2


def test_a_backend_with_one_state_takes_the_current_workspace(
    pg_place: Somewhere, http_place: Somewhere, make: Make
) -> None:
    folder = make(pg_place)
    folder.moor("init", "-input=false")
    folder.moor(*APPLY)
    folder.moor("workspace", "new", "dev")
    folder.moor(*APPLY)
    folder.write(http_place.block() + RESOURCE)
    folder.moor("init", "-force-copy")
    assert folder.moor("workspace", "show") == "default\n"
    assert "from dev" in folder.moor("output")
    assert "workspaces not supported" in folder.moor("workspace", "new", "x", status=1)


# -- other commands ------------------------------------------------------------------------------


def test_commands_that_edit_a_state_edit_a_shared_one(shared_place: Somewhere, make: Make) -> None:
    folder = make(shared_place)
    folder.moor("init", "-input=false")
    folder.moor(*APPLY)
    folder.moor("state", "mv", "terraform_data.a", "terraform_data.b")
    assert folder.moor("state", "list") == "terraform_data.b\n"
    (folder.path / "pulled.tfstate").write_text(folder.moor("state", "pull"))
    folder.moor("state", "rm", "terraform_data.b")
    assert folder.moor("state", "list") == ""
    folder.moor("state", "push", "-force", "pulled.tfstate")
    assert folder.moor("state", "list") == "terraform_data.b\n"


def test_the_outputs_of_shared_states_are_read(
    azurerm_place: Somewhere, pg_place: Somewhere, http_place: Somewhere, tmp_path: Path, moor_program: str
) -> None:
    reading = Folder(tmp_path / "reading", moor_program, azurerm_place.environment)
    blocks = []
    for place in (azurerm_place, pg_place, http_place):
        folder = Folder(tmp_path / place.type, moor_program, place.environment)
        folder.write(place.block() + RESOURCE)
        folder.moor("init", "-input=false")
        folder.moor(*APPLY)
        blocks.append(
            f'data "terraform_remote_state" "{place.type}" {{\n  backend = "{place.type}"\n'
            f"  config = {json.dumps(dict(place.settings))}\n}}\n"
            f'output "{place.type}" {{\n  value = data.terraform_remote_state.{place.type}.outputs.name\n}}\n'
        )
    reading.write("".join(blocks))
    reading.moor(*APPLY)
    found = json.loads(reading.moor("output", "-json"))
    assert {name: each["value"] for name, each in found.items()} == dict.fromkeys(
        ("azurerm", "pg", "http"), "from default"
    )


def test_a_setting_that_a_remote_state_does_not_know_is_named(tmp_path: Path, moor_program: str) -> None:
    folder = Folder(tmp_path / "here", moor_program, {})
    folder.write('data "terraform_remote_state" "a" {\n  backend = "pg"\n  config  = { schema = "x" }\n}\n')
    said = " ".join(folder.moor("plan", status=1).split())
    assert 'The backend "pg" cannot be used with this: unexpected attribute "schema"' in said


def test_a_state_server_without_locks_is_locked_for_this_machine_alone(
    http_place: Somewhere, http_server: StateServer, make: Make
) -> None:
    folder = make(with_settings(http_place, lock_address=None, unlock_address=None))
    folder.moor("init", "-input=false")
    folder.moor(*APPLY)
    folder.moor(*PLAN)
    assert {each.split()[0] for each in http_server.requests} == {"GET", "POST"}
