"""`.terraform/modules/modules.json`: which module call is installed where.

Owns the file's format, which is Terraform's, so that a folder can go back and forth between the two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from mooring.config.files import FileReader, join
from mooring.config.model import Module
from mooring.core.addresses import ModulePath
from mooring.core.codec import Json, dumps, loads
from mooring.core.records import record
from mooring.core.spans import Source

DATA_FOLDER: Final = ".terraform"


@record(kw_only=True)
class InstalledModule:
    """Where the module that a call asks for is installed; `folder` is seen from the working directory."""

    source: str
    version: str | None
    folder: str


Manifest = Mapping[ModulePath, InstalledModule]


def manifest_path(data_folder: str = DATA_FOLDER) -> str:
    """Where the manifest stands."""
    return join(data_folder, "modules/modules.json")


def read_manifest(files: FileReader, data_folder: str = DATA_FOLDER) -> tuple[Manifest, tuple[Source, ...]]:
    """What is installed, and the file that says so; nothing if there is none that can be understood."""
    path = manifest_path(data_folder)
    content = files.read(path)
    if content is None:
        return {}, ()
    try:
        text = content.decode()
        return dict(_entries(loads(text))), (Source(path, text),)
    except ValueError:
        return {}, ()


def _entries(parsed: Json) -> Iterator[tuple[ModulePath, InstalledModule]]:
    modules = parsed.get("Modules") if isinstance(parsed, Mapping) else None
    for entry in modules if isinstance(modules, list) else ():
        if isinstance(entry, Mapping):
            key, source, folder = (entry.get(name) for name in ("Key", "Source", "Dir"))
            version = entry.get("Version")
            if isinstance(key, str) and isinstance(source, str) and isinstance(folder, str):
                known = version if isinstance(version, str) else None
                installed = InstalledModule(source=source, version=known, folder=folder)
                yield tuple(key.split(".")) if key else (), installed


def manifest_content(root: Module) -> bytes:
    """The manifest of a module tree, as Terraform writes it."""
    entries = dict(sorted(_tree_entries(root)))
    return dumps({"Modules": list(entries.values())})


def manifest_of(installed: Manifest, folder: str = ".") -> bytes:
    """A manifest of modules that are not loaded yet."""
    entries: list[Json] = [{"Key": "", "Source": "", "Dir": folder}]
    for path in sorted(installed):
        each = installed[path]
        version = {"Version": each.version} if each.version else {}
        if path:
            entries.append({"Key": ".".join(path), "Source": each.source, **version, "Dir": each.folder})
    return dumps({"Modules": entries})


def _tree_entries(root: Module) -> Iterator[tuple[str, Json]]:
    yield "", {"Key": "", "Source": "", "Dir": root.folder}
    todo = [root]
    while todo:
        module = todo.pop()
        for name, child in module.children.items():
            call, key = module.calls[name], ".".join(child.path)
            version = {"Version": call.version} if call.version else {}
            yield key, {"Key": key, "Source": call.source, **version, "Dir": child.folder}
            todo.append(child)
