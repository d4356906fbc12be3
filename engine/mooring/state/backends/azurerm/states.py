"""All states of one key: the blob `KEY` for the default workspace, `KEYenv:NAME` for others."""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostics, error
from mooring.state.backends.azurerm.account import open_container
from mooring.state.backends.azurerm.blobs import Blobs
from mooring.state.backends.azurerm.failures import RefusedError
from mooring.state.backends.azurerm.medium import BlobMedium, Place
from mooring.state.backends.model import DEFAULT, Around, Settings, States, is_on, text_of
from mooring.state.host import Host


class BlobStates:
    """The states of a key. Keeps the media it has given out, because a lock belongs to one."""

    has_workspaces: Final = True

    def __init__(self, blobs: Blobs, key: str, host: Host, *, has_snapshots: bool) -> None:
        self._blobs: Final = blobs
        self._key: Final = key
        self._host: Final = host
        self._has_snapshots: Final = has_snapshots
        self._media: dict[str, BlobMedium] = {}

    def workspaces(self) -> tuple[str, ...]:
        """What the names of blobs say."""
        prefix = self._blob("")
        return tuple(each.removeprefix(prefix) for each in self._blobs.names(prefix))

    def _blob(self, workspace: str) -> str:
        return self._key if workspace == DEFAULT else f"{self._key}env:{workspace}"

    def medium(self, workspace: str) -> BlobMedium:
        """The blobs of a workspace."""
        if workspace not in self._media:
            place = Place(
                blob=self._blob(workspace),
                folder=f"{self._key}.moor/{workspace}",
                has_snapshots=self._has_snapshots,
            )
            self._media[workspace] = BlobMedium(self._blobs, place, self._host)
        return self._media[workspace]

    def create(self, workspace: str) -> None:
        """Makes an empty blob, if there is none."""
        try:
            self._blobs.write_if(self._blob(workspace), b"", None, {})
        except RefusedError as problem:
            if problem.status not in (409, 412):
                raise

    def delete(self, workspace: str) -> None:
        """Removes the blobs of a workspace."""
        self.medium(workspace).remove_all()

    def close(self) -> None:
        """Closes the connections."""
        self._blobs.close()


def open_states(settings: Settings, around: Around) -> States | Diagnostics:
    """The states that the settings lead to, or why they lead nowhere."""
    try:
        blobs = Blobs(open_container(settings, around))
    except (OSError, ValueError) as problem:
        reason = str(problem).rstrip(".")
        return (error("Invalid backend configuration", f'The backend "azurerm" cannot be used: {reason}.'),)
    key, has_snapshots = text_of(settings, "key"), is_on(settings, "snapshot")
    return BlobStates(blobs, key, around.host, has_snapshots=has_snapshots)
