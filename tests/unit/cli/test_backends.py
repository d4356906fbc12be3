"""Backends: the record in Terraform's form, its hash, and when `init` must be run first."""

from __future__ import annotations

from pathlib import Path

import pytest

from mooring.cli.backends import Place, block_hash, current_place, read_record, write_record
from mooring.config.files import MemoryFiles
from mooring.config.loading import load_configuration
from mooring.config.model import Backend

HTTP = {"address": "http://127.0.0.1:9/s"}
AZURERM = {"storage_account_name": "mooringstates", "container_name": "states", "key": "prod.tfstate"}
PLACE = Place(settings={"path": "a.tfstate"})


def backend_of(body: str, kind: str = "local") -> Backend:
    text = f'terraform {{\n  backend "{kind}" {{\n{body}\n  }}\n}}\n'
    module, diags = load_configuration(".", files=MemoryFiles({"main.tf": text}))
    assert module is not None
    assert module.backend is not None
    assert diags == ()
    return module.backend


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place(settings={"path": "a.tfstate"}), 2985648108),
        (Place(settings={"path": "b.tfstate"}), 2554194718),
        (Place(), 666019178),
        (Place(type="pg", settings={"schema_name": "s", "skip_index_creation": True}), 633736992),
        (Place(type="http", settings={**HTTP, "retry_max": 0, "skip_cert_verification": True}), 3217085307),
        (Place(type="azurerm", settings={**AZURERM, "snapshot": True}), 187239071),
    ],
)
def test_the_hash_of_a_block_is_the_one_that_terraform_1_11_4_records(place: Place, expected: int) -> None:
    assert expected == block_hash(place)


def test_what_is_written_down_is_read_back(tmp_path: Path) -> None:
    write_record(str(tmp_path), PLACE, PLACE)
    recorded = read_record(str(tmp_path))
    assert recorded is not None
    assert (PLACE, block_hash(PLACE)) == (recorded.place, recorded.hash)
    assert current_place(backend_of('path = "a.tfstate"'), recorded) == (PLACE, ())


def test_arguments_of_the_command_line_are_part_of_the_record(tmp_path: Path) -> None:
    write_record(str(tmp_path), Place(), PLACE)
    assert current_place(backend_of(""), read_record(str(tmp_path))) == (PLACE, ())


def test_without_block_and_record_the_state_is_beside_the_files() -> None:
    place, diags = current_place(None, None)
    assert (place, diags) == (Place(), ())


@pytest.mark.parametrize("body", ['path = "b.tfstate"', ""])
def test_a_block_that_says_something_else_needs_init(tmp_path: Path, body: str) -> None:
    write_record(str(tmp_path), PLACE, PLACE)
    _, (diag,) = current_place(backend_of(body), read_record(str(tmp_path)))
    assert diag.summary == 'Backend initialization required: please run "terraform init"'


def test_a_new_block_and_a_block_that_is_gone_need_init(tmp_path: Path) -> None:
    write_record(str(tmp_path), PLACE, PLACE)
    _, (new,) = current_place(backend_of('path = "a.tfstate"'), None)
    _, (gone,) = current_place(None, read_record(str(tmp_path)))
    expected = 'Backend initialization required, please run "terraform init"'
    assert [expected, expected] == [new.summary, gone.summary]


def test_other_backends_are_named_and_refused() -> None:
    _, (known,) = current_place(backend_of("", "s3"), None)
    _, (unknown,) = current_place(backend_of("", "nope"), None)
    assert known.summary == "Backend not supported yet"
    assert '"s3"' in known.detail
    assert unknown.detail == 'There is no backend type named "nope".'
