"""Labs: folders to inject faults into, on any site, and what must be true of them afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.faults.folders import copy_folder, write_groups
from tests.faults.sites import Site
from tests.lifecycle.moor import Moor

APPLY = ("apply", "-auto-approve", "-input=false", "-no-color")
_STATE = "whole.tfstate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A folder where nothing was applied yet, and one where everything is; both are initialized."""

    bare: Path
    whole: Path


class Labs:
    """Makes labs, each with a state of its own. Keeps a template for each site and size."""

    def __init__(self, program: str, top: Path) -> None:
        self._program = program
        self._top = top
        self._templates: dict[tuple[str, int], Template] = {}
        self._numbers = count()

    def bare(self, site: Site, size: int, folder: Path, port: int | None = None) -> Moor:
        """A lab where nothing was applied yet; `port` leads to the site."""
        return self._moor(site, copy_folder(self._template(site, size).bare, folder), port)

    def whole(self, site: Site, size: int, folder: Path, port: int | None = None) -> Moor:
        """A lab where everything is applied."""
        name = self._name()
        copy_folder(self._template(site, size).whole, folder)
        if site.type != "local":
            self._moor(site, folder, None, name).run("state", "push", _STATE)
        return self._moor(site, folder, port, name)

    def _template(self, site: Site, size: int) -> Template:
        found = self._templates.get((site.type, size))
        return found if found is not None else self._make(site, size)

    def _make(self, site: Site, size: int) -> Template:
        top = self._top / f"{site.type}-{size}"
        bare = write_groups(top / "bare", size)
        if site.type != "local":
            (bare / "backend.tf").write_text(site.configuration)
            self._moor(site, bare, None).run("init", "-input=false")
        moor = self._moor(site, copy_folder(bare, top / "whole"), None)
        moor.run(*APPLY)
        (top / "whole" / _STATE).write_text(moor.run("state", "pull"))
        made = Template(bare=bare, whole=top / "whole")
        self._templates[site.type, size] = made
        return made

    def _name(self) -> str:
        return f"lab-{next(self._numbers)}"

    def _moor(self, site: Site, folder: Path, port: int | None, name: str | None = None) -> Moor:
        found = site.environment(name or self._name(), site.port if port is None else port)
        return Moor(self._program, folder, **found)
