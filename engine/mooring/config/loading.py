"""From a folder to a module tree: files read, blocks decoded, overrides applied, called modules loaded.

A called module in a folder of its own (`./x`) is loaded from there, whether or not `moor init` was run; any
other must have been installed. Everything that is wrong with the files themselves is found here; what needs a
provider's schema is found by checks.py.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final

from mooring.config.assembly import FILE_NAMES, Assembly
from mooring.config.declarations.requirements import NOTHING_KNOWN, Known
from mooring.config.files import FileReader, configuration_files, join
from mooring.config.manifest import DATA_FOLDER, Manifest, read_manifest
from mooring.config.model import Module, ModuleCall
from mooring.config.overrides import Overriding
from mooring.config.sources import is_local
from mooring.core.addresses import ModulePath
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, in_order, prevents_loading
from mooring.core.records import record, replace
from mooring.core.spans import Source
from mooring.syntax import parse_file
from mooring.syntax.body import Block

NOT_INSTALLED: Final = "Module not installed"


def load_configuration(
    folder: str,
    *,
    files: FileReader,
    known: Known = NOTHING_KNOWN,
    data_folder: str = DATA_FOLDER,
) -> tuple[Module | None, Diagnostics]:
    """The module tree of a folder, and everything that is wrong with its files.

    `known` says which provider a name means for which no `required_providers` entry gives a source, where
    that is not the one of namespace `hashicorp`. With an error in the root module the modules that it calls
    are not loaded. The `sources` of all modules together load as the same tree again (`MemoryFiles`); the
    manifest of installed modules is among the root's where it was needed. None if there is no such folder.
    """
    return Loader(folder, files=files, known=known, data_folder=data_folder).tree


@record(kw_only=True)
class _Folder:
    """The parsed files of a folder; several calls of one folder share them."""

    primary: tuple[tuple[Block, ...], ...]
    overrides: tuple[tuple[Block, ...], ...]
    sources: tuple[Source, ...]
    diagnostics: Diagnostics

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks that declare something."""
        return tuple(block for blocks in self.primary for block in blocks)


@record(kw_only=True)
class _Alone:
    """A module without those that it calls, and what is wrong with its files.

    `version_problems` is what they ask of the language that this is not.
    """

    module: Module
    diagnostics: Diagnostics
    version_problems: Diagnostics


class Loader:
    """Loads the configuration of a folder: its root alone, or all of it. Keeps the root once it is read."""

    def __init__(
        self,
        folder: str,
        *,
        files: FileReader,
        known: Known = NOTHING_KNOWN,
        data_folder: str = DATA_FOLDER,
    ) -> None:
        self._folder: Final = folder
        self._files: Final = files
        self._known: Final = known
        self._data_folder: Final = data_folder
        self._found: Final[list[Diagnostic]] = []
        self._folders: Final[dict[str, _Folder | None]] = {}
        self._manifest: Manifest | None = None
        self._manifest_sources: tuple[Source, ...] = ()

    @property
    def root(self) -> tuple[Module | None, Diagnostics]:
        """The root module without those that it calls, and why its files cannot be used at all.

        Whether this is the version of the language that they want is not asked.
        """
        if self._root is None:
            return None, (_no_folder(self._folder),)
        return self._root.module, in_order(diag for diag in self._root.diagnostics if not diag.is_late)

    @cached_property
    def tree(self) -> tuple[Module | None, Diagnostics]:
        """The whole tree, as `load_configuration` says."""
        if self._root is None:
            return None, (_no_folder(self._folder),)
        module = self._with_children(self._root, ())
        if self._manifest_sources:
            module = replace(module, sources=module.sources + self._manifest_sources)
        return module, in_order(self._found)

    @cached_property
    def _root(self) -> _Alone | None:
        return self._load_alone((), self._folder)

    def _load_alone(self, path: ModulePath, folder: str) -> _Alone | None:
        read = self._read_folder(folder)
        if read is None:
            return None
        assembly = Assembly(self._known)
        assembly.found.extend(read.diagnostics)
        for blocks in read.primary:
            assembly.add(blocks)
        if read.overrides:
            overriding = Overriding(assembly, read.blocks)
            for blocks in read.overrides:
                overriding.apply(blocks)
        module = assembly.build(path, folder, read.sources)
        return _Alone(
            module=module,
            diagnostics=tuple(assembly.found),
            version_problems=assembly.version_problems(),
        )

    # -- files -------------------------------------------------------------------------------------

    def _read_folder(self, folder: str) -> _Folder | None:
        if folder not in self._folders:
            self._folders[folder] = self._parse_folder(folder)
        return self._folders[folder]

    def _parse_folder(self, folder: str) -> _Folder | None:
        found = configuration_files(folder, self._files)
        if found is None:
            return None
        diags: list[Diagnostic] = []
        sources: list[Source] = []
        primary = tuple(self._parse(path, sources, diags) for path in found.primary)
        overrides = tuple(self._parse(path, sources, diags) for path in found.overrides)
        return _Folder(primary=primary, overrides=overrides, sources=tuple(sources), diagnostics=tuple(diags))

    def _parse(self, path: str, sources: list[Source], diags: list[Diagnostic]) -> tuple[Block, ...]:
        data = self._files.read(path)
        if data is None:
            diags.append(error("Failed to read file", f'The configuration file "{path}" cannot be read.'))
            return ()
        body, problems = parse_file(path, data)
        content, more = body.content(FILE_NAMES)
        diags += (*problems, *more)
        sources.append(body.missing_item.source)
        return content.blocks

    # -- called modules ------------------------------------------------------------------------------

    def _with_children(self, alone: _Alone, above: tuple[str, ...]) -> Module:
        """A module with all that it calls; `above` are the folders of its callers."""
        found = (*alone.diagnostics, *alone.version_problems)
        self._found.extend(found)
        module, children = alone.module, dict[str, Module]()
        if not module.calls or (not module.path and prevents_loading(found)):
            return module
        above = (*above, module.folder)
        for name in sorted(module.calls):
            child = self._load_called(module, module.calls[name], above)
            if child is not None:
                children[name] = child
        return replace(module, children=children)

    def _load_called(self, module: Module, call: ModuleCall, above: tuple[str, ...]) -> Module | None:
        path = (*module.path, call.name)
        folder = join(module.folder, call.source) if is_local(call.source) else self._installed(path, call)
        if folder is None:
            self._found.append(_not_installed(call))
            return None
        if folder in above:
            self._found.append(_calls_itself(call, folder, above))
            return None
        child = self._load_alone(path, folder)
        if child is None:
            detail = f'The folder "{folder}" of module "{call.name}" is not there or cannot be read.'
            self._found.append(error("Unreadable module directory", detail, call.span))
            return None
        return self._with_children(child, above)

    def _installed(self, path: ModulePath, call: ModuleCall) -> str | None:
        """Where the module of a call is installed; None if it is not, or another one is."""
        if self._manifest is None:
            self._manifest, self._manifest_sources = read_manifest(self._files, self._data_folder)
        installed = self._manifest.get(path)
        if installed is None:
            return None
        is_same = call.source in (installed.source, installed.source.removeprefix("registry.terraform.io/"))
        return join(".", installed.folder) if is_same else None


def _no_folder(folder: str) -> Diagnostic:
    return error("Unreadable module directory", f'There is no folder "{folder}", or it cannot be read.')


def _not_installed(call: ModuleCall) -> Diagnostic:
    detail = (
        f'Module "{call.name}" comes from "{call.source}" and is not installed. Run "moor init" to fetch all '
        "modules that this configuration calls."
    )
    return error(NOT_INSTALLED, detail, call.span)


def _calls_itself(call: ModuleCall, folder: str, above: tuple[str, ...]) -> Diagnostic:
    way = " -> ".join([*above[above.index(folder) :], folder])
    detail = f"The modules call each other in a circle, which never ends: {way}."
    return error("Module calls itself", detail, call.span)
