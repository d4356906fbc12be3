"""The settings that only Mooring knows: `*.moor.hcl` files beside the configuration.

They stand apart, so that `*.tf` files stay portable, and they hold for the folder as it is now: a saved plan
does not bring its own. A further kind of block is one name in `_NAMES`, one case in `_Reader.take`, and a
field of `Settings`.
"""

from __future__ import annotations

from typing import Final

from mooring.config.declarations.guards import read_guard
from mooring.config.files import FileReader, is_ignored, join
from mooring.config.model import Guard, Settings
from mooring.config.names import duplicate
from mooring.core.diagnostics import Diagnostic, Diagnostics, error, in_order
from mooring.core.spans import Span
from mooring.syntax import parse_file
from mooring.syntax.body import Block, Names

SUFFIX: Final = ".moor.hcl"
_NAMES: Final = Names(blocks={"guard": ("name",)})


def load_settings(folder: str, files: FileReader) -> tuple[Settings, Diagnostics]:
    """What the files of a folder set, and everything that is wrong with them."""
    reader = _Reader()
    for name in files.names(folder) or ():
        if name.endswith(SUFFIX) and not is_ignored(name):
            reader.read(join(folder, name), files)
    return Settings(guards=tuple(reader.guards)), in_order(reader.found)


class _Reader:
    """What has been read. Private to one `load_settings`."""

    def __init__(self) -> None:
        self.guards: Final[list[Guard]] = []
        self._declared: Final[dict[tuple[str, ...], Span]] = {}
        self.found: Final[list[Diagnostic]] = []

    def read(self, path: str, files: FileReader) -> None:
        """Takes in one file."""
        data = files.read(path)
        if data is None:
            self.found.append(error("Failed to read file", f'The file "{path}" cannot be read.'))
            return
        body, problems = parse_file(path, data)
        content, more = body.content(_NAMES)
        self.found.extend((*problems, *more))
        for block in content.blocks:
            self.take(block)

    def take(self, block: Block) -> None:
        """Takes in one block."""
        name = " ".join((block.type, *block.labels))
        first = self._declared.setdefault((block.type, *block.labels), block.header)
        if first is not block.header:
            self.found.append(duplicate(f"Duplicate {block.type}", name, block.header, first))
        match block.type:
            case "guard":
                guard, diags = read_guard(block)
                self.guards.append(guard)
                self.found.extend(diags)
            case _:
                raise AssertionError(block.type)  # `_NAMES` has it, so it has a case
