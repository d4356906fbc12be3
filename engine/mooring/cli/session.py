"""The world of one command, wired once: its working folder, the providers, the place of its states.

Everything that has an effect enters the engine here or in the working folder, as a parameter. What a command
does not use is not imported.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from mooring.cli.command import Stopped
from mooring.cli.working_folder import WorkingFolder
from mooring.core.diagnostics import Diagnostics, has_errors

if TYPE_CHECKING:
    from mooring.cli.backends import Place
    from mooring.cli.encryption import Sealings
    from mooring.config.model import Backend
    from mooring.planning.providers import Providers, StandIn
    from mooring.state.backends.model import States
    from mooring.state.sealing import Sealing


class Session(WorkingFolder):
    """What one command works with. Mutable only in that it keeps what it has made."""

    def providers(
        self, *, read_only: bool, data_folder: str | None = None, stand_in: StandIn | None = None
    ) -> Providers:
        """The providers for one run; the caller closes them.

        What they keep in `.terraform/` is in `data_folder` instead, if one is given.
        """
        from mooring.planning.providers import Providers

        moved = {} if data_folder is None else {"TF_DATA_DIR": data_folder}
        return Providers(
            self.registry.find,
            working_folder=str(Path.cwd()),
            environment={**self.environment, **moved},
            read_only=read_only,
            stand_in=stand_in,
            sealing_for=self._sealing_for,
        )

    # -- state -----------------------------------------------------------------------------------

    @property
    def backend(self) -> Backend | None:
        """The backend block of the root module."""
        module, _ = self.root
        return None if module is None else module.backend

    @cached_property
    def _located(self) -> tuple[Place, Diagnostics]:
        from mooring.cli.backends import Place, current_place, read_record

        _, diags = self.root
        if has_errors(diags):
            return Place(), diags
        return current_place(self.backend, read_record(self.data_folder))

    @cached_property
    def _opened(self) -> tuple[States | None, Diagnostics]:
        from mooring.cli.places import open_place

        place, diags = self._located
        if has_errors(diags):
            return None, diags
        states = open_place(self, place)
        return (None, states) if isinstance(states, tuple) else (states, diags)

    @property
    def backend_problems(self) -> Diagnostics:
        """Why the state cannot be found: the root module cannot be read, or `init` must be run first."""
        return self._opened[1]

    @property
    def place(self) -> Place:
        """Where the states are kept. Raises `Stopped` after telling why that cannot be said."""
        place, diags = self._located
        if has_errors(diags):
            self.terminal.tell(diags)
            raise Stopped
        return place

    @property
    def states(self) -> States:
        """The states of all workspaces. Raises `Stopped` after telling why they cannot be reached."""
        states, diags = self._opened
        if states is None:
            self.terminal.tell(diags)
            raise Stopped
        return states

    @cached_property
    def _sealings(self) -> tuple[Sealings, Diagnostics]:
        from mooring.cli.encryption import open_sealings

        return open_sealings(self)

    @property
    def encryption_problems(self) -> Diagnostics:
        """What is wrong with the encryption of states and plans."""
        return self._sealings[1]

    @property
    def sealings(self) -> Sealings:
        """What states and plans are sealed with. Raises `Stopped` after telling why that cannot be said."""
        sealings, diags = self._sealings
        if has_errors(diags):
            self.terminal.tell(diags)
            raise Stopped
        return sealings

    def _sealing_for(self, name: str) -> Sealing:
        return self.sealings.remote(name)
