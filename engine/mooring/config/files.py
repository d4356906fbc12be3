"""Where configuration text comes from: a file reader, and which files of a folder are configuration.

Owns names of files, and nothing of what stands in them.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Protocol

from mooring.core.records import record

CONFIGURATION_SUFFIXES: Final = (".tf.json", ".tf")


class FileReader(Protocol):
    """Reads files. Paths are relative to the working directory, or absolute, with forward slashes."""

    def names(self, folder: str) -> tuple[str, ...] | None:
        """The names of the files in a folder, sorted; None if there is no such folder to read."""
        ...

    def read(self, path: str) -> bytes | None:
        """The content of a file; None if there is no such file to read."""
        ...


class DiskFiles:
    """The files of this machine."""

    def names(self, folder: str) -> tuple[str, ...] | None:
        """The names of the files in a folder, sorted; None if there is no such folder to read."""
        try:
            with os.scandir(folder) as entries:
                return tuple(sorted(entry.name for entry in entries if not entry.is_dir()))
        except OSError:
            return None

    def read(self, path: str) -> bytes | None:
        """The content of a file; None if there is no such file to read."""
        try:
            return Path(path).read_bytes()
        except OSError:
            return None


class MemoryFiles:
    """Files held in memory, by path: what a saved plan brings along, and what tests make up."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self._files: Final = {posixpath.normpath(path): _as_bytes(text) for path, text in files.items()}

    def names(self, folder: str) -> tuple[str, ...] | None:
        """The names of the files in a folder, sorted; None if no file is in it or below it."""
        where = posixpath.normpath(folder)
        inside = [path for path in self._files if _is_below(path, where)]
        if not inside and where != ".":
            return None
        return tuple(
            sorted(posixpath.basename(path) for path in inside if (posixpath.dirname(path) or ".") == where)
        )

    def read(self, path: str) -> bytes | None:
        """The content of a file; None if there is no such file."""
        return self._files.get(posixpath.normpath(path))


class AddedFile:
    """Other files, and one more in the working folder, which need not be there for others to see yet."""

    def __init__(self, files: FileReader, name: str, text: str) -> None:
        self._files: Final = files
        self._name: Final = name
        self._text: Final = text.encode()

    def names(self, folder: str) -> tuple[str, ...] | None:
        """The names of the files in a folder, sorted; None if there is no such folder to read."""
        names = self._files.names(folder)
        if names is None or posixpath.normpath(folder) != ".":
            return names
        return tuple(sorted({*names, self._name}))

    def read(self, path: str) -> bytes | None:
        """The content of a file; None if there is no such file to read."""
        return self._text if posixpath.normpath(path) == self._name else self._files.read(path)


def _as_bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def _is_below(path: str, folder: str) -> bool:
    if folder == ".":
        return not path.startswith(("/", "../"))
    return path.startswith(folder.rstrip("/") + "/")


@record(kw_only=True)
class ConfigurationFiles:
    """The configuration files of one folder, by path: those that declare, and those that override."""

    primary: tuple[str, ...]
    overrides: tuple[str, ...]


def configuration_files(folder: str, files: FileReader) -> ConfigurationFiles | None:
    """Which files of a folder are configuration, in the order they are read; None if there is no folder.

    Hidden files and what editors leave behind (`x~`, `#x#`) are not.
    """
    names = files.names(folder)
    if names is None:
        return None
    primary: list[str] = []
    overrides: list[str] = []
    for name in names:
        stem = _configuration_stem(name)
        if stem is not None:
            is_override = stem == "override" or stem.endswith("_override")
            (overrides if is_override else primary).append(join(folder, name))
    return ConfigurationFiles(primary=tuple(primary), overrides=tuple(overrides))


def join(folder: str, name: str) -> str:
    """The path of `name` seen from where `folder` is seen from; `.` leaves no trace."""
    return posixpath.normpath(posixpath.join(folder, name))


def is_ignored(name: str) -> bool:
    """Whether a file is hidden, or is what an editor left behind."""
    return name.startswith(".") or name.endswith("~") or (name.startswith("#") and name.endswith("#"))


def _configuration_stem(name: str) -> str | None:
    """The name without the suffix that makes it configuration; None if it is not."""
    if is_ignored(name):
        return None
    for suffix in CONFIGURATION_SUFFIXES:
        if name.endswith(suffix):
            return name.removesuffix(suffix)
    return None
