"""Modules for commands: installing them, and what is told of that."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from mooring.cli.session import Session
    from mooring.config.model import Module
    from mooring.config.remote_sources import RemoteSource
    from mooring.core.diagnostics import Diagnostics


class _Writer:
    """Writes files of the working folder."""

    def write(self, path: str, content: bytes) -> None:
        """Replaces the content of a file."""
        from mooring.state.files import write_atomically

        Path(path).parent.mkdir(parents=True, exist_ok=True)
        write_atomically(Path(path), content)


def install(
    session: Session, tell: Callable[[str], None], *, update: bool = False
) -> tuple[Module | None, Diagnostics]:
    """The configuration with all that it calls, fetched where it must be; tells where each module is."""
    from mooring.config.installation import install_modules
    from mooring.core.diagnostics import has_errors

    def fetch(source: RemoteSource, folder: str) -> None:
        from mooring.cli.fetching import fetch

        fetch(source, Path(folder), session.environment)

    root, diags = install_modules(
        ".",
        files=session.files,
        writer=_Writer(),
        known=session.registry.bundled(),
        data_folder=session.data_folder,
        fetch=fetch,
        tell=tell,
        update=update,
    )
    if root is not None and not has_errors(diags):
        for module in called_modules(root):
            tell(f"- {'.'.join(module.path)} in {module.folder}\n")
    return root, diags


def called_modules(root: Module) -> list[Module]:
    """Every module below the root, a caller before what it calls."""
    found: list[Module] = []

    def add(module: Module) -> None:
        for name in sorted(module.children):
            found.append(module.children[name])
            add(module.children[name])

    add(root)
    return found
