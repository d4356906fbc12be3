"""Installing modules: fetches those that must be fetched, and records where each one is in the manifest.

Modules in folders of their own are where they are. A fetched module may call others, so the configuration is
loaded again until nothing is missing. Fetching and writing are given from outside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from mooring.config.declarations.requirements import NOTHING_KNOWN, Known
from mooring.config.files import FileReader, join
from mooring.config.loading import NOT_INSTALLED, load_configuration
from mooring.config.manifest import (
    DATA_FOLDER,
    InstalledModule,
    manifest_content,
    manifest_of,
    manifest_path,
    read_manifest,
)
from mooring.config.model import Module, ModuleCall
from mooring.config.remote_sources import RemoteSource, UnsupportedSource, parse_remote
from mooring.config.sources import is_local
from mooring.core.addresses import ModulePath
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, prevents_loading

Fetch = Callable[[RemoteSource, str], None]
"""Puts a source into a folder. Raises `UnsupportedSource`."""
Tell = Callable[[str], None]


class FileWriter(Protocol):
    """Writes files, making the folders above them."""

    def write(self, path: str, content: bytes) -> None:
        """Replaces the content of a file."""
        ...


def _fetch_nothing(_source: RemoteSource, _folder: str) -> None:
    raise UnsupportedSource("Nothing is fetched here.")


def _ignore(_text: str) -> None:
    return


def install_modules(
    folder: str,
    *,
    files: FileReader,
    writer: FileWriter,
    known: Known = NOTHING_KNOWN,
    data_folder: str = DATA_FOLDER,
    fetch: Fetch = _fetch_nothing,
    tell: Tell = _ignore,
    update: bool = False,
) -> tuple[Module | None, Diagnostics]:
    """Loads a configuration, fetches what it calls, and records it, unless an error prevents that.

    The manifest is written only if the root module calls modules, as Terraform does. With `update` everything
    is fetched again.
    """
    installed: dict[ModulePath, InstalledModule] = {}
    if not update:
        installed.update(read_manifest(files, data_folder)[0])
    elif files.read(manifest_path(data_folder)) is not None:
        writer.write(manifest_path(data_folder), manifest_of(installed))
    fetched: set[ModulePath] = set()
    while True:
        root, diags = load_configuration(folder, files=files, known=known, data_folder=data_folder)
        if root is None or prevents_loading(diag for diag in diags if diag.summary != NOT_INSTALLED):
            return root, diags
        missing = tuple(each for each in _missing(root) if each[0] not in fetched)
        if not missing:
            break
        problems = _fetch_all(missing, installed, data_folder, fetch, tell)
        if problems:
            return root, (*(diag for diag in diags if not diag.is_error), *problems)
        fetched.update(path for path, _ in missing)
        writer.write(manifest_path(data_folder), manifest_of(installed))
    if root.calls and not prevents_loading(diags):
        writer.write(manifest_path(data_folder), manifest_content(root))
    return root, diags


def _missing(root: Module) -> Iterator[tuple[ModulePath, ModuleCall]]:
    """The calls whose modules must be fetched."""
    todo = [root]
    for module in todo:
        for name, call in module.calls.items():
            if name not in module.children and not is_local(call.source):
                yield (*module.path, name), call
        todo.extend(module.children.values())


def _fetch_all(
    missing: tuple[tuple[ModulePath, ModuleCall], ...],
    installed: dict[ModulePath, InstalledModule],
    data_folder: str,
    fetch: Fetch,
    tell: Tell,
) -> list[Diagnostic]:
    """Fetches modules and records them in `installed`; what went wrong."""
    found: list[Diagnostic] = []
    for path, call in sorted(missing, key=lambda each: each[0]):
        try:
            remote = parse_remote(call.source)
            key = ".".join(path)
            target = join(data_folder, f"modules/{key}")
            tell(f"Downloading {remote.url} for {key}...\n")
            fetch(remote, target)
        except UnsupportedSource as problem:
            detail = f'Module "{call.name}" cannot be fetched from "{call.source}". {problem}'
            found.append(error("Failed to download module", detail, call.span))
            continue
        inside = join(target, remote.subfolder) if remote.subfolder else target
        installed[path] = InstalledModule(source=call.source, version=call.version, folder=inside)
    return found
