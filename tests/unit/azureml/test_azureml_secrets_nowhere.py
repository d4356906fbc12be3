"""No secret of any resource type is found in anything that runs leave or say."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zipfile import ZipFile, is_zipfile

import pytest
from tests.lifecycle.moor import Moor
from tests.unit.azureml.configurations import PASSWORD
from tests.unit.azureml.contents import ACCOUNT_KEY, API_KEY
from tests.unit.azureml.everything import write_everything
from tests.unit.azureml.lab import Lab
from tests.unit.azureml.neighbours import TOKEN

_SECRETS: Final = {
    PASSWORD: "password",
    f"{PASSWORD}-2": "second_password",
    TOKEN: "token",
    ACCOUNT_KEY: "account_key",
    API_KEY: "api_key",
}
_APPLY: Final = ("apply", "-auto-approve", "-input=false", "-no-color", "-parallelism=1")
_CLOUD: Final = ("emulator.sqlite", "emulator.sqlite-wal", "emulator.sqlite-shm")
"""The cloud is given the secrets: it must know them."""


def _contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """What is in every file, unpacked."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name in _CLOUD:
            continue
        if is_zipfile(path):
            with ZipFile(path) as archive:
                yield from ((f"{path.name}/{name}", archive.read(name)) for name in archive.namelist())
        content = path.read_bytes()
        yield (
            str(path.relative_to(folder)),
            gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content,
        )


def _found(named: Iterator[tuple[str, bytes]]) -> list[tuple[str, str]]:
    return [
        (name, what) for name, text in named for secret, what in _SECRETS.items() if secret.encode() in text
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    work = tmp_path / "work"
    work.mkdir()
    Lab(folder=work).build_neighbours()
    write_everything(work, _SECRETS)
    return work


def test_runs_of_every_type_leave_and_say_no_secret(folder: Path, moor_program: str) -> None:
    variables = {f"TF_VAR_{name}": secret for secret, name in _SECRETS.items()}
    moor = Moor(moor_program, folder, TF_LOG="TRACE", MOOR_DEBUG="1", **variables)
    moor.is_killed_at(120, *_APPLY)
    left = list(_contents(folder))
    said = [
        moor.run("plan", "-out=saved.tfplan", "-input=false"),
        moor.run("show", "-json", "saved.tfplan"),
        moor.run("apply", "-json", "saved.tfplan"),
        moor.run("drift", "-json"),
        moor.run("show", "-json"),
        moor.run("state", "pull"),
        moor.run("destroy", "-auto-approve", "-input=false", "-json"),
    ]

    assert any(name.startswith("terraform.tfstate") and name.endswith("journal") for name, _ in left)
    assert _found(iter(left)) == []
    assert _found(_contents(folder)) == []
    assert _found((str(at), text.encode()) for at, text in enumerate(said)) == []
    assert not [
        one for one in Lab(folder=folder).requests() if any(secret in str(one) for secret in _SECRETS)
    ]
