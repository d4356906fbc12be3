"""Runs programs through the engine's own API, in this process and in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event as Flag

from tests.properties.busy_provider import BusyProvider, Service, busy_data
from tests.properties.faulty_provider import FaultyData, Weather, faulty_schema
from tests.properties.rendering import Files

from mooring.applying.events import OpEvent
from mooring.applying.executor import ApplyOptions, apply_plan
from mooring.config.evaluation import Configuration
from mooring.config.files import MemoryFiles
from mooring.config.loading import load_configuration
from mooring.config.scopes import Surroundings
from mooring.config.targets import Target
from mooring.core.addresses import BUILTIN_PROVIDER, ProviderAddress
from mooring.core.diagnostics import Diagnostics, has_errors
from mooring.lang.functions import Library, Outside
from mooring.planning.model import Plan, PlanMode
from mooring.planning.planner import make_plan
from mooring.planning.providers import Providers
from mooring.planning.run import PlanOptions
from mooring.sdk.protocols import Provider
from mooring.state.events import Event, fold
from mooring.state.intents import open_intents
from mooring.state.model import State
from mooring.state.store import Opened

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
NOTHING = Opened(state=State(lineage="properties"))


class Killed(Exception):  # noqa: N818 - it is what happens to a run, not a mistake
    """The run ends here."""


@dataclass(slots=True, kw_only=True)
class MemoryJournal:
    """A journal that lasts as long as the test; the run is killed when it has `room` events."""

    room: int
    events: list[Event] = field(default_factory=list)

    def append(self, event: Event) -> None:
        self.append_all((event,))

    def append_all(self, events: Iterable[Event]) -> None:
        for event in events:
            if len(self.events) >= self.room:
                raise Killed
            self.events.append(event)

    def close(self) -> None:
        return


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What an apply left behind: what the state holds, the journal, and what was told to the observer."""

    opened: Opened
    journal: tuple[Event, ...]
    told: tuple[OpEvent, ...]
    was_interrupted: bool
    diagnostics: Diagnostics = ()

    @property
    def state(self) -> State:
        return self.opened.state


class Engine:
    """An engine with one service behind it, for as long as a test.

    In `weather` calls fail; operations then have `patience` seconds, and as many again to come back.
    """

    def __init__(
        self,
        parallelism: int = 10,
        service: Service | None = None,
        weather: Weather | None = None,
        patience: float = 0.02,
    ) -> None:
        self.service = service or Service()
        self.weather = weather
        self._patience = patience
        self._parallelism = parallelism

    def configuration(self, files: str | Files) -> Configuration:
        """The configuration of these files, or of a single one."""
        texts = {"main.tf": files} if isinstance(files, str) else dict(files)
        root, diags = load_configuration(".", files=MemoryFiles(texts))
        assert root is not None
        assert not diags, diags
        library = Library(Outside(now=lambda: NOON, random_bytes=self.service.next_bytes))
        return Configuration(root=root, surroundings=Surroundings(functions=library))

    def try_plan(
        self, files: str | Files, opened: Opened, options: PlanOptions | None = None
    ) -> tuple[Plan, Diagnostics]:
        """The plan from what a state holds to a configuration, and what went wrong."""
        options = options or PlanOptions(parallelism=self._parallelism)
        return make_plan(self.configuration(files), opened, self._providers(), options)

    def plan(
        self,
        files: str | Files,
        opened: Opened,
        mode: PlanMode = PlanMode.NORMAL,
        *,
        targets: tuple[Target, ...] = (),
        excludes: tuple[Target, ...] = (),
    ) -> Plan:
        """The plan from what a state holds to a configuration, or to a part of it. Nothing may go wrong."""
        parallelism = self._parallelism
        options = PlanOptions(mode=mode, parallelism=parallelism, targets=targets, excludes=excludes)
        plan, diags = self.try_plan(files, opened, options)
        self._check(diags)
        return plan

    def try_apply(self, files: str | Files, plan: Plan, opened: Opened, room: int = 1_000_000) -> Applied:
        """Carries out a plan, whatever happens, at most until the journal's room is used up."""
        journal, told = MemoryJournal(room=room), list[OpEvent]()
        was_interrupted, diags = False, ()
        try:
            _, diags = apply_plan(
                plan,
                opened.state,
                configuration=self.configuration(files),
                providers=self._providers(),
                journal=journal,
                options=ApplyOptions(
                    parallelism=self._parallelism,
                    cancelled=Flag(),
                    patience=self._patience,
                    random_bytes=self.service.next_bytes,
                ),
                observe=told.append,
            )
        except Killed:
            was_interrupted = True
        events = tuple(journal.events)
        return Applied(
            opened=Opened(state=fold(opened.state, events), open_intents=open_intents(events)),
            journal=events,
            told=tuple(told),
            was_interrupted=was_interrupted,
            diagnostics=diags,
        )

    def apply(self, files: str | Files, plan: Plan, opened: Opened, room: int = 1_000_000) -> Applied:
        """Carries out a plan, at most until the journal's room is used up. Nothing else may go wrong."""
        applied = self.try_apply(files, plan, opened, room)
        self._check(applied.diagnostics)
        return applied

    def converge(self, files: str | Files, opened: Opened, room: int = 1_000_000) -> Applied:
        """Plans and applies."""
        return self.apply(files, self.plan(files, opened), opened, room)

    def _providers(self) -> Providers:
        return Providers(self._find, working_folder=".", environment={}, read_only=False)

    def _find(self, address: ProviderAddress) -> Provider | None:
        if address != BUILTIN_PROVIDER:
            return None
        busy = busy_data(self.service)
        if self.weather is None:
            return BusyProvider(data=busy)
        patience = self._patience
        faulty = FaultyData(
            busy=busy, weather=self.weather, patience=patience, schema=faulty_schema(patience)
        )
        return BusyProvider(data=faulty)

    @staticmethod
    def _check(diags: Diagnostics) -> None:
        assert not has_errors(diags), diags
