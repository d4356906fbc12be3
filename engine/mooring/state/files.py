"""Files that are never half-written: a new content appears under its name whole and durable, or not at all.

Must not know what the content is.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Replaces the content of a file; mode 0600. Raises `OSError`, and then the old content still stands."""
    descriptor, draft = write_draft(path, content)
    os.close(descriptor)
    put_in_place(draft, path)


def write_draft(path: Path, content: bytes) -> tuple[int, Path]:
    """A durable file with the new content beside `path`, and its descriptor, which the caller closes."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    try:
        write_whole(descriptor, content)
        os.fsync(descriptor)
    except OSError:
        os.close(descriptor)
        remove(Path(name))
        raise
    return descriptor, Path(name)


def put_in_place(draft: Path, path: Path) -> None:
    """Gives a draft its name."""
    try:
        draft.replace(path)
    except OSError:
        remove(draft)
        raise
    flush_folder(path.parent)


def append_durably(path: Path, content: bytes) -> None:
    """Adds to the end of a file, which is made if there is none; mode 0600."""
    is_new = not path.exists()
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        write_whole(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if is_new:
        flush_folder(path.parent)


def write_whole(descriptor: int, content: bytes) -> None:
    """Writes all of it, at the descriptor's position."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def flush_folder(folder: Path) -> None:
    """Makes the names in a folder durable, where the file system can."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # some network file systems do not know how, and need not
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_file(path: Path) -> bytes | None:
    """The content of a file; None if there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def remove(path: Path) -> None:
    """Removes a file, if it is there."""
    with suppress(FileNotFoundError):
        path.unlink()
