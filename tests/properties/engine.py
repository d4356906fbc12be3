"""Runs programs through the engine's own API, in this process and in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event as Flag

from tests.properties.busy_provider import BusyProvider, Service

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


@dataclass(slots=True, kw_only=True)
class MemoryJournal:
    """A journal that lasts as long as the test, and whose disk is full after `room` events."""

    room: int
    events: list[Event] = field(default_factory=list)

    def append(self, event: Event) -> None:
        self.append_all((event,))

    def append_all(self, events: Iterable[Event]) -> None:
        for event in events:
            if len(self.events) >= self.room:
                raise OSError("the run ends here")
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

    @property
    def state(self) -> State:
        return self.opened.state


class Engine:
    """An engine with one service behind it, for as long as a test."""

    def __init__(self, parallelism: int = 10) -> None:
        self.service = Service()
        self._parallelism = parallelism

    def configuration(self, text: str) -> Configuration:
        """The configuration of a single file."""
        root, diags = load_configuration(".", files=MemoryFiles({"main.tf": text}))
        assert root is not None
        assert not diags, diags
        library = Library(Outside(now=lambda: NOON, random_bytes=self.service.next_bytes))
        return Configuration(root=root, surroundings=Surroundings(functions=library))

    def plan(
        self,
        text: str,
        opened: Opened,
        mode: PlanMode = PlanMode.NORMAL,
        *,
        targets: tuple[Target, ...] = (),
        excludes: tuple[Target, ...] = (),
    ) -> Plan:
        """The plan from what a state holds to a configuration, or to a part of it."""
        parallelism = self._parallelism
        options = PlanOptions(mode=mode, parallelism=parallelism, targets=targets, excludes=excludes)
        plan, diags = make_plan(self.configuration(text), opened, self._providers(), options)
        self._check(diags)
        return plan

    def apply(self, text: str, plan: Plan, opened: Opened, room: int = 1_000_000) -> Applied:
        """Carries out a plan, at most until the journal's room is used up."""
        journal, told = MemoryJournal(room=room), list[OpEvent]()
        was_interrupted = False
        try:
            _, diags = apply_plan(
                plan,
                opened.state,
                configuration=self.configuration(text),
                providers=self._providers(),
                journal=journal,
                options=ApplyOptions(parallelism=self._parallelism, cancelled=Flag()),
                observe=told.append,
            )
            self._check(diags)
        except OSError:
            was_interrupted = True
        events = tuple(journal.events)
        return Applied(
            opened=Opened(state=fold(opened.state, events), open_intents=open_intents(events)),
            journal=events,
            told=tuple(told),
            was_interrupted=was_interrupted,
        )

    def converge(self, text: str, opened: Opened, room: int = 1_000_000) -> Applied:
        """Plans and applies."""
        return self.apply(text, self.plan(text, opened), opened, room)

    def _providers(self) -> Providers:
        return Providers(self._find, working_folder=".", environment={}, read_only=False)

    def _find(self, address: ProviderAddress) -> Provider | None:
        return BusyProvider(service=self.service) if address == BUILTIN_PROVIDER else None

    @staticmethod
    def _check(diags: Diagnostics) -> None:
        assert not has_errors(diags), diags
