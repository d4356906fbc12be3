"""Modules from elsewhere: git, archives, folders; and what is refused."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest
from tests.unit.cli.consoles import moor

from mooring.config.remote_sources import UnsupportedSource, parse_remote
from mooring.config.sources import normal_source

MODULE = 'output "x" { value = 1 }\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


def call(folder: Path, source: str) -> None:
    (folder / "main.tf").write_text(f'module "m" {{ source = "{source}" }}\n')


def manifest(folder: Path) -> dict[str, str]:
    entries = json.loads((folder / ".terraform/modules/modules.json").read_text())["Modules"]
    return {each["Key"]: each["Dir"] for each in entries}


def test_a_folder_of_a_git_tag_is_fetched(folder: Path) -> None:
    repository = folder.parent / "repository"
    (repository / "sub").mkdir(parents=True)
    (repository / "sub" / "m.tf").write_text(MODULE)
    git = ["git", "-C", str(repository), "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"], ["tag", "v1"]):
        subprocess.run([*git, *command], check=True)  # noqa: S603 - git
    call(folder, f"git::file://{repository}//sub?ref=v1")
    assert moor("get").code == 0
    assert manifest(folder) == {"": ".", "m": ".terraform/modules/m/sub"}
    assert moor("validate").code == 0


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
def test_an_archive_is_unpacked(folder: Path, name: str) -> None:
    pack(folder.parent / name, "sub/m.tf")
    call(folder, f"{folder.parent / name}//sub")
    assert moor("get").code == 0
    assert (folder / ".terraform/modules/m/sub/m.tf").read_text() == MODULE


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz"])
@pytest.mark.parametrize("member", ["../escaped.tf", "sub/../../escaped.tf"])
def test_an_archive_cannot_write_outside_of_its_folder(folder: Path, name: str, member: str) -> None:
    pack(folder.parent / name, member)
    call(folder, str(folder.parent / name))
    assert moor("get").code == 1
    assert list(folder.parent.rglob("escaped.tf")) == []


def pack(path: Path, member: str) -> None:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(member, MODULE)
        return
    with tarfile.open(path, "w:gz") as tar:
        entry = tarfile.TarInfo(member)
        entry.size = len(MODULE)
        tar.addfile(entry, io.BytesIO(MODULE.encode()))


def test_registries_are_refused(folder: Path) -> None:
    call(folder, "hashicorp/consul/aws")
    said = moor("get")
    assert said.code == 1
    assert "Mooring does not speak to registries" in " ".join(said.err.split())


@pytest.mark.parametrize(
    "source",
    [
        "s3::https://x/y",
        "git::ext::sh",
        "git::file:///r?ref=-x",
        "git::file:///r//../x",
        "https://x/y",
        "hg::x",
    ],
)
def test_what_cannot_be_fetched_is_refused(source: str) -> None:
    with pytest.raises(UnsupportedSource):
        parse_remote(source)


@pytest.mark.parametrize(
    ("source", "normal"),
    [
        ("git@example.com:a/b.git?ref=x", "git::ssh://git@example.com/a/b.git?ref=x"),
        ("github.com/a/b//c?ref=x", "git::https://github.com/a/b.git//c?ref=x"),
        ("/a/b", "file:///a/b"),
        ("./x/../y", "./y"),
    ],
)
def test_shorthands_are_written_out(source: str, normal: str) -> None:
    assert normal_source(source) == normal


def test_modules_are_listed(folder: Path) -> None:
    (folder / "l").mkdir()
    (folder / "l" / "m.tf").write_text(MODULE)
    call(folder, "./l")
    listed = json.loads(moor("modules", "-json").out)
    assert listed == {"format_version": "1.0", "modules": [{"key": "m", "source": "./l", "version": ""}]}
