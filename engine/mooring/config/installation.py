"""Installing modules: what `moor init` does for the modules that a configuration calls.

Modules in folders of their own are where they are, so installing them is recording them in the manifest.
Knows no network: sources that must be fetched are told to the user.
"""

from __future__ import annotations

from typing import Protocol

from mooring.config.declarations.requirements import NOTHING_KNOWN, Known
from mooring.config.files import FileReader
from mooring.config.loading import load_configuration
from mooring.config.manifest import DATA_FOLDER, manifest_content, manifest_path
from mooring.config.model import Module
from mooring.core.diagnostics import Diagnostics, has_errors


class FileWriter(Protocol):
    """Writes files, making the folders above them."""

    def write(self, path: str, content: bytes) -> None:
        """Replaces the content of a file."""
        ...


def install_modules(
    folder: str,
    *,
    files: FileReader,
    writer: FileWriter,
    known: Known = NOTHING_KNOWN,
    data_folder: str = DATA_FOLDER,
) -> tuple[Module | None, Diagnostics]:
    """Loads a configuration and records its modules in the manifest, unless an error prevents that.

    The manifest is written only if the root module calls modules, as Terraform does.
    """
    root, diags = load_configuration(folder, files=files, known=known, data_folder=data_folder)
    if root is not None and root.calls and not has_errors(diags):
        writer.write(manifest_path(data_folder), manifest_content(root))
    return root, diags
