"""Disks that fail: a preloaded library for single calls, and small file systems that fill up."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

_SOURCE = Path(__file__).with_name("shim.c")


class Kind(NamedTuple):
    """Which call fails how; with `lasts`, all after it too."""

    call: str
    error: int
    lasts: bool

    def __str__(self) -> str:
        return f"{self.call}-{errno.errorcode[self.error]}{'-for-good' if self.lasts else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """The `number`th call of a kind fails."""

    kind: Kind
    number: int

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    def environment(self, library: Path, fired: Path) -> Mapping[str, str]:
        """What makes a process suffer it."""
        return {
            "LD_PRELOAD": str(library),
            "FAULT_CALL": self.kind.call,
            "FAULT_NUMBER": str(self.number),
            "FAULT_ERRNO": str(self.kind.error),
            "FAULT_LASTS": str(int(self.kind.lasts)),
            "FAULT_FIRED": str(fired),
        }


def build_library(folder: Path) -> Path:
    """Compiles the library; skips the test where there is no compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler")
    library = folder / "shim.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(library), str(_SOURCE), "-ldl"]
    subprocess.run(command, check=True)  # noqa: S603 - our own source
    return library


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """A file system of its own in `folder`; skips the test where that is not allowed."""
    folder.mkdir()
    options = f"size={kilobytes}k"
    mounted = _run("mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder))
    if not mounted:
        pytest.skip("file systems cannot be mounted here")
    try:
        yield folder
    finally:
        _run("umount", "-l", str(folder))


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """A mounted file system, read-only for a while."""
    assert _run("mount", "-o", "remount,ro", str(folder))
    try:
        yield
    finally:
        assert _run("mount", "-o", "remount,rw", str(folder))


def fill(folder: Path, *, leaving: int) -> Path:
    """Fills a file system but for so many bytes; the file that does it."""
    ballast = folder / "ballast"
    found = os.statvfs(folder)
    size = max(0, found.f_bavail * found.f_frsize - leaving)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, size))
    return ballast


def _run(*command: str) -> bool:
    program = shutil.which(command[0])
    if program is None:
        return False
    return subprocess.run([program, *command[1:]], check=False, capture_output=True).returncode == 0  # noqa: S603
