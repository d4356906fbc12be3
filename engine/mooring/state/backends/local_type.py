"""The backend `local`: files of the working folder, one folder for each workspace but the default one."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from mooring.core.records import record
from mooring.state.backends.model import DEFAULT, Argument, Around, BackendType, Settings, text_of
from mooring.state.host import Host
from mooring.state.local import LocalMedium


@record(kw_only=True)
class LocalStates:
    """The states below a folder."""

    path: Path
    folder: Path
    host: Host
    has_workspaces: bool = True

    def workspaces(self) -> tuple[str, ...]:
        """The names of the folders."""
        try:
            found = {each.name for each in self.folder.iterdir() if each.is_dir()}
        except FileNotFoundError:
            return ()
        return tuple(sorted(found - {DEFAULT}))

    def state(self, workspace: str) -> Path:
        """The state file of a workspace."""
        return self.path if workspace == DEFAULT else self.folder / workspace / "terraform.tfstate"

    def medium(self, workspace: str) -> LocalMedium:
        """The state file of a workspace and what is beside it."""
        return LocalMedium(self.state(workspace), self.host)

    def create(self, workspace: str) -> None:
        """Makes the folder."""
        if workspace != DEFAULT:
            (self.folder / workspace).mkdir(parents=True, exist_ok=True)

    def delete(self, workspace: str) -> None:
        """Removes the folder."""
        shutil.rmtree(self.folder / workspace)

    def close(self) -> None:
        """Nothing is open."""


def _open(settings: Settings, around: Around) -> LocalStates:
    return LocalStates(
        path=Path(text_of(settings, "path") or "terraform.tfstate"),
        folder=Path(text_of(settings, "workspace_dir") or "terraform.tfstate.d"),
        host=around.host,
    )


TYPE: Final = BackendType(
    name="local", arguments={"path": Argument(), "workspace_dir": Argument()}, open=_open
)
