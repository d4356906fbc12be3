"""A folder of code as it is: what belongs to it, what it says, and what git knows of it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.unit.azureml.lab import Lab

from mooring.core.codec import Plain, from_python, to_python
from mooring.sdk import CallContext, ReadData, ReadDataResult, object_type
from mooring_azureml.jobs.git_facts import without_credentials
from mooring_azureml.jobs.snapshots import SnapshotError, take_snapshot


def _write(root: Path, files: Mapping[str, str]) -> Path:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content)
    return root


_TREE = {
    "train.py": "print(1)",
    "lib/model.py": "x = 1",
    "lib/notes.log": "1",
    "data/big.csv": "1,2",
    "lib/__pycache__/model.pyc": "x",
    ".git/config": "x",
    "terraform.tfstate": "{}",
    ".azureml/runs/one/log.txt": "x",
}


@pytest.mark.parametrize(
    ("ignores", "exclude", "expected"),
    [
        ({}, [], {"data/big.csv", "lib/model.py", "lib/notes.log", "train.py"}),
        ({}, ["*.log", "/data/"], {"lib/model.py", "train.py"}),
        ({".gitignore": "data/\n*.log"}, [], {".gitignore", "lib/model.py", "train.py"}),
        (
            {".gitignore": "lib/", ".amlignore": "data/"},
            [],
            {".amlignore", ".gitignore", "lib/model.py", "lib/notes.log", "train.py"},
        ),
        (
            {".gitignore": "*.log\n*.csv\n", "lib/.gitignore": "!notes.log"},
            [],
            {".gitignore", "lib/.gitignore", "lib/model.py", "lib/notes.log", "train.py"},
        ),
        ({".gitignore": "data/\n!data/big.csv"}, ["lib"], {".gitignore", "train.py"}),
        ({".amlignore": "!terraform.tfstate\n*\n!*.py\n"}, [], {"train.py"}),
    ],
)
def test_ignore_files_have_the_rules_of_git(
    tmp_path: Path, ignores: Mapping[str, str], exclude: list[str], expected: set[str]
) -> None:
    _write(tmp_path, {**_TREE, **ignores})

    assert set(take_snapshot(tmp_path, exclude).files) == expected


def test_the_rules_leave_what_git_leaves(tmp_path: Path) -> None:
    files = {"a/b/c.txt": "1", "a/keep.txt": "1", "build/x.o": "1", "deep/build/y.o": "1", "z#.md": "1"}
    rules = "/build\n**/c.txt\na/*\n!a/keep.txt\n\\#no\n"
    _write(tmp_path, {**files, ".gitignore": rules})
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)  # noqa: S607
    words = ["git", "ls-files", "--others", "--exclude-standard"]
    listed = subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, text=True)  # noqa: S603

    assert sorted(take_snapshot(tmp_path).files) == sorted(listed.stdout.split())


def test_the_digest_is_that_of_names_and_contents(tmp_path: Path) -> None:
    one, same = (_write(tmp_path / name, {"a.py": "1", "b/c.py": "2"}) for name in ("one", "same"))
    (same / "a.py").chmod(0o700)
    renamed = _write(tmp_path / "renamed", {"a.py": "1", "b/d.py": "2"})
    changed = _write(tmp_path / "changed", {"a.py": "1", "b/c.py": "3"})
    digests = [take_snapshot(folder).digest for folder in (one, same, renamed, changed)]

    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_a_link_that_leaves_the_folder_is_refused(tmp_path: Path) -> None:
    root = _write(tmp_path / "src", {"train.py": "1"})
    (root / "secrets").symlink_to(tmp_path)

    with pytest.raises(SnapshotError, match='"secrets" is a symbolic link that leaves the folder'):
        take_snapshot(root)


def test_a_link_inside_is_followed_and_one_that_leads_back_is_not(tmp_path: Path) -> None:
    root = _write(tmp_path / "src", {"lib/a.py": "1"})
    (root / "b.py").symlink_to("lib/a.py")
    (root / "lib" / "up").symlink_to(root)

    assert list(take_snapshot(root).files) == ["b.py", "lib/a.py"]


def test_more_than_azure_takes_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "model.bin").open("wb") as model:
        model.truncate(301 * 2**20)

    with pytest.raises(SnapshotError, match="has 301 MB, and Azure ML takes 300 MB"):
        take_snapshot(tmp_path)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://user:token@github.com/a/b.git", "https://github.com/a/b.git"),
        ("https://token@dev.azure.com/a?x=y#z", "https://dev.azure.com/a"),
        ("ssh://git@host:22/a", "ssh://host:22/a"),
        ("git@github.com:a/b.git", "git@github.com:a/b.git"),
    ],
)
def test_an_address_is_told_without_credentials(address: str, expected: str) -> None:
    assert without_credentials(address) == expected


# -- the data source -----------------------------------------------------------------------------


def _read(lab: Lab, config: Mapping[str, Plain]) -> ReadDataResult:
    source = lab.connection.data_source("azureml_code_snapshot")
    value = from_python(config, object_type(source.schema.block))
    return source.read(CallContext(read_only=True), ReadData(config=value))


def _git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    done = subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True)  # noqa: S603, S607
    return done.stdout.strip()


def test_the_commit_the_branch_and_what_differs_are_told(lab: Lab) -> None:
    _write(lab.folder, {"src/train.py": "1", "other.txt": "1"})
    _git(lab.folder, "init", "-q", "-b", "trunk")
    _git(lab.folder, "remote", "add", "origin", "https://me:secret@example.com/a.git")
    _git(lab.folder, "add", ".")
    _git(lab.folder, "commit", "-q", "-m", "first")
    (lab.folder / "other.txt").write_text("2")
    clean = to_python(_read(lab, {"path": "src"}).current)  # type: ignore[arg-type]
    (lab.folder / "src" / "train.py").write_text("2")
    dirty = to_python(_read(lab, {"path": "src"}).current)  # type: ignore[arg-type]

    assert isinstance(clean, Mapping)
    assert isinstance(dirty, Mapping)
    assert (clean["git_branch"], clean["git_is_dirty"]) == ("trunk", False)
    assert clean["git_repository"] == "https://example.com/a.git"
    assert (dirty["git_commit"], dirty["git_is_dirty"]) == (_git(lab.folder, "rev-parse", "HEAD"), True)
    assert clean["digest"] != dirty["digest"]


def test_without_git_nothing_is_told_of_it(lab: Lab) -> None:
    _write(lab.folder, {"src/train.py": "1"})
    found = _read(lab, {"path": "src"}).current

    assert found is not None
    assert found.attributes["git_commit"].is_null
    assert found.attributes["size_bytes"].raw == 1


def test_a_folder_that_is_none_is_an_error_at_its_argument(lab: Lab) -> None:
    found = _read(lab, {"path": "src"}).diagnostics

    assert [one.code for one in found] == ["azureml.code_folder"]
