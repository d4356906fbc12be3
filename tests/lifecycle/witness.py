"""What the emulated cloud has seen and holds, read from its file, and what the state says there is."""

from __future__ import annotations

import json
import sqlite3  # noqa: TID253 - the witness is a database
from collections import Counter
from contextlib import closing
from pathlib import Path

STORE = Path(".terraform") / "emulator.sqlite"


def creations(folder: Path) -> Counter[str]:
    """How often each resource was put successfully; paths without regard to case."""
    rows = _rows(folder, "SELECT lower(path) FROM requests WHERE method = 'PUT' AND status < 300")
    return Counter(path for (path,) in rows)


def writes(folder: Path) -> list[str]:
    """Every request but reads, in order."""
    rows = _rows(
        folder, "SELECT method, path FROM requests WHERE method NOT IN ('GET', 'HEAD') ORDER BY sequence"
    )
    return [f"{method} {path}" for method, path in rows]


def deletions(folder: Path) -> Counter[str]:
    """How often each resource was deleted with effect."""
    rows = _rows(folder, "SELECT lower(path) FROM requests WHERE method = 'DELETE' AND status IN (200, 202)")
    return Counter(path for (path,) in rows)


def resources(folder: Path) -> frozenset[str]:
    """The ids of everything that exists, in lower case."""
    return frozenset(key for (key,) in _rows(folder, "SELECT key FROM documents"))


def recorded_ids(folder: Path) -> dict[str, str]:
    """The `id` attribute of every managed object in the state of a folder, by address."""
    return ids_of((folder / "terraform.tfstate").read_bytes())


def ids_of(content: bytes | str) -> dict[str, str]:
    """The same for the text of a state."""
    state = json.loads(content)
    return {
        _address(resource, instance): instance["attributes"]["id"]
        for resource in state["resources"]
        if resource["mode"] == "managed"
        for instance in resource["instances"]
    }


def _address(resource: dict[str, str], instance: dict[str, object]) -> str:
    key = instance.get("index_key")
    suffix = "" if key is None else f"[{json.dumps(key)}]"
    return f"{resource['type']}.{resource['name']}{suffix}"


def _rows(folder: Path, query: str) -> list[tuple[str, ...]]:
    if not (folder / STORE).exists():
        return []
    with closing(sqlite3.connect(folder / STORE)) as database:
        return database.execute(query).fetchall()
