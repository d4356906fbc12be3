"""Somewhere to keep a state, of any type of backend; as text for other processes, too."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from tests.servers.relay import Relay

from mooring.state.backends.model import Around, States, complete
from mooring.state.backends.types import backend_type
from mooring.state.host import Host, this_host
from mooring.state.journalled import JournalledStore

Setting = str | bool | int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Somewhere:
    """A backend with settings. `folder` is where `.terraform` would be; `close` ends what was `opened`."""

    type: str
    settings: Mapping[str, Setting]
    folder: str
    environment: Mapping[str, str] = field(default_factory=dict)
    opened: list[States] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of it, for a command line."""
        return json.dumps({name: value for name, value in asdict(replace(self, opened=[])).items() if value})

    @staticmethod
    def parse(text: str) -> Somewhere:
        """The reverse of `text`."""
        return Somewhere(**json.loads(text))

    def block(self) -> str:
        """The backend's block in HCL."""
        lines = "".join(f"    {name} = {json.dumps(value)}\n" for name, value in self.settings.items())
        return f'terraform {{\n  backend "{self.type}" {{\n{lines}  }}\n}}\n'

    def states(self, host: Host | None = None) -> States:
        """The states, open."""
        of = backend_type(self.type)
        assert of is not None
        settings, diags = complete(of, self.settings, self.environment)
        assert diags == ()
        around = Around(host=host or this_host(), environment=self.environment, data_folder=self.folder)
        states = of.open(settings, around)
        assert not isinstance(states, tuple), states
        self.opened.append(states)
        return states

    def close(self) -> None:
        """Ends all connections."""
        for each in self.opened:
            each.close()

    def store(self, host: Host | None = None, workspace: str = "default") -> JournalledStore:
        """The state of a workspace, through a connection of its own."""
        return JournalledStore(self.states(host).medium(workspace), host or this_host())


Wired = tuple[Somewhere, Relay]
"""A place, and the wire to it."""


def other_machine(now: Callable[[], float] | None = None) -> Host:
    """A process elsewhere."""
    from mooring.core import records

    here = this_host()
    return records.replace(here, name="elsewhere", boot_id="another", user="alice", now=now or here.now)


def folder_of(path: Path) -> str:
    """Where a command in this folder keeps its own files."""
    return str(path / ".terraform")
