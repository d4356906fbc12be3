"""Fetching modules: git, archives, folders. The one place of the engine that runs git and downloads.

Whatever is fetched cannot write outside of its folder. Knows nothing of configuration.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import unquote, urlsplit

from mooring.config.remote_sources import RemoteSource, UnsupportedSource

_TIMEOUT: Final = 60.0
_SYMLINK: Final = 0o120000
_KIND_OF_FILE: Final = 0o170000


def fetch(source: RemoteSource, target: Path, environment: Mapping[str, str]) -> None:
    """Puts what a source stands for into the folder `target`. Raises `UnsupportedSource` if it cannot."""
    remove(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        match source.kind:
            case "git":
                _clone(source, target, environment)
            case "archive":
                _unpack(source, target)
            case "folder":
                _link(source, target)
    except (OSError, tarfile.TarError, zipfile.BadZipFile) as problem:
        remove(target)
        raise UnsupportedSource(f"{source.url} cannot be fetched: {problem}.") from None
    except UnsupportedSource:
        remove(target)
        raise


def remove(target: Path) -> None:
    """Takes away what was fetched before."""
    if target.is_symlink():
        target.unlink()
    elif target.exists():
        shutil.rmtree(target)


def _clone(source: RemoteSource, target: Path, environment: Mapping[str, str]) -> None:
    program = shutil.which("git", path=environment.get("PATH"))
    if program is None:
        raise UnsupportedSource("git is needed to fetch this, and it is not installed.")
    depth = ["--depth", str(source.depth)] if source.depth else []
    branch = ["--branch", source.ref] if source.depth and source.ref else []
    _git([program, "clone", "--quiet", *depth, *branch, "--", source.url, str(target)], environment)
    if source.ref and not branch:
        _git([program, "-C", str(target), "checkout", "--quiet", source.ref, "--"], environment)
    _git([program, "-C", str(target), "submodule", "--quiet", "update", "--init", "--recursive"], environment)


def _git(command: list[str], environment: Mapping[str, str]) -> None:
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": "file:http:https:ssh"}
    result = subprocess.run(  # noqa: S603 - git, with arguments that cannot be taken for options
        command, env={**environment, **quiet}, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if result.returncode:
        said = result.stderr.decode("utf-8", "replace").strip()
        raise UnsupportedSource(f"git ended with exit status {result.returncode}: {said}")


def _unpack(source: RemoteSource, target: Path) -> None:
    parts = urlsplit(source.url)
    with TemporaryDirectory() as folder:
        archive = Path(unquote(parts.path))
        if parts.scheme != "file":
            archive = Path(folder, archive.name)
            _download(source.url, archive)
        target.mkdir()
        if archive.suffix == ".zip":
            _unzip(archive, target)
        else:
            with tarfile.open(archive) as tar:
                tar.extractall(target, filter="data")


def _download(url: str, to: Path) -> None:
    from urllib.request import urlopen

    with urlopen(url, timeout=_TIMEOUT) as response, to.open("wb") as file:  # noqa: S310 - http or https
        shutil.copyfileobj(response, file)


def _unzip(archive: Path, target: Path) -> None:
    with zipfile.ZipFile(archive) as contents:
        for member in contents.infolist():
            inside = os.path.normpath(member.filename)
            is_link = (member.external_attr >> 16) & _KIND_OF_FILE == _SYMLINK
            if is_link or inside.startswith("..") or Path(inside).is_absolute():
                raise UnsupportedSource(f'The archive has a member that would escape: "{member.filename}".')
        contents.extractall(target)  # noqa: S202 - every member has been looked at


def _link(source: RemoteSource, target: Path) -> None:
    folder = Path(unquote(urlsplit(source.url).path))
    if not folder.is_dir():
        raise UnsupportedSource(f"There is no folder {folder}.")
    target.symlink_to(folder, target_is_directory=True)
