"""All states of a table: one row for each workspace."""

from __future__ import annotations

from typing import Final

from mooring.core.diagnostics import Diagnostics
from mooring.state.backends.model import DEFAULT, Around, BackendError, Settings, States, is_on, text_of
from mooring.state.backends.pg.layout import Layout, prepare
from mooring.state.backends.pg.locking import CREATION, Locking
from mooring.state.backends.pg.medium import RowMedium
from mooring.state.backends.pg.session import Session
from mooring.state.host import Host

_WORKSPACES: Final = "SELECT name FROM {states} WHERE name <> 'default' ORDER BY name"
_MAKE: Final = "INSERT INTO {states} (name, data) VALUES (%s, '') ON CONFLICT (name) DO NOTHING"


class RowStates:
    """The states of a table. Keeps the media it has given out: their locks are taken up again after a cut."""

    has_workspaces: Final = True

    def __init__(self, session: Session, layout: Layout, host: Host) -> None:
        self._session: Final = session
        self._layout: Final = layout
        self._host: Final = host
        self._media: dict[str, RowMedium] = {}
        session.prepare = lambda: prepare(layout, session.rows)
        session.resume = self._resume

    def _resume(self) -> None:
        for medium in self._media.values():
            medium.take_up_again()

    def workspaces(self) -> tuple[str, ...]:
        """The names of the rows."""
        return tuple(str(name) for (name,) in self._session.rows(self._layout.query(_WORKSPACES)))

    def medium(self, workspace: str) -> RowMedium:
        """The rows of a workspace."""
        if workspace not in self._media:
            self._media[workspace] = RowMedium(self._session, self._layout, workspace, self._host)
        return self._media[workspace]

    def create(self, workspace: str) -> None:
        """Makes a row without a state, while nobody else makes one."""
        if workspace == DEFAULT:
            return
        locking = Locking(self._session, self._layout, self._host)
        if not locking.try_number(CREATION):
            raise BackendError("somebody else is making a workspace at this moment")
        try:
            self._session.rows(self._layout.query(_MAKE), (workspace,))
        finally:
            locking.unlock(CREATION)

    def delete(self, workspace: str) -> None:
        """Removes the rows of a workspace."""
        self.medium(workspace).remove_all()

    def close(self) -> None:
        """Ends the session."""
        self._session.close()


def open_states(settings: Settings, around: Around) -> States | Diagnostics:
    """The states that the settings lead to; connecting waits until something is asked."""
    layout = Layout(
        schema=text_of(settings, "schema_name"),
        makes_schema=not is_on(settings, "skip_schema_creation"),
        makes_table=not is_on(settings, "skip_table_creation"),
        makes_index=not is_on(settings, "skip_index_creation"),
    )
    return RowStates(Session(text_of(settings, "conn_str"), around.host), layout, around.host)
