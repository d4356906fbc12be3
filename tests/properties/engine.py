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
from mooring.core.addresses import BUILTIN_PROVIDER, ProviderAddress
from mooring.core.diagnostics import Diagnostics, has_errors
from mooring.lang.functions import Library, Outside
from mooring.planning.model import Plan, PlanMode
from mooring.planning.planner import make_plan
from mooring.planning.providers import Providers
from mooring.planning.run import PlanOptions
from mooring.sdk.protocols import Provider
from mooring.state.events import Event
from mooring.state.model import State
from mooring.state.store import Opened

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(slots=True)
class MemoryJournal:
    """A journal that is durable as long as the test."""

    events: list[Event] = field(default_factory=list)

    def append(self, event: Event) -> None:
        self.events.append(event)

    def append_all(self, events: Iterable[Event]) -> None:
        self.events.extend(events)

    def close(self) -> None:
        return


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What an apply left behind: the state, the journal's events and what was told to the observer."""

    state: State
    journal: tuple[Event, ...]
    told: tuple[OpEvent, ...]


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

    def plan(self, text: str, state: State, mode: PlanMode = PlanMode.NORMAL) -> Plan:
        """The plan from a state to a configuration."""
        options = PlanOptions(mode=mode, parallelism=self._parallelism)
        plan, diags = make_plan(self.configuration(text), Opened(state=state), self._providers(), options)
        self._check(diags)
        return plan

    def apply(self, text: str, plan: Plan, base: State) -> Applied:
        """Carries out a plan."""
        journal, told = MemoryJournal(), list[OpEvent]()
        state, diags = apply_plan(
            plan,
            base,
            configuration=self.configuration(text),
            providers=self._providers(),
            journal=journal,
            options=ApplyOptions(parallelism=self._parallelism, cancelled=Flag()),
            observe=told.append,
        )
        self._check(diags)
        return Applied(state=state, journal=tuple(journal.events), told=tuple(told))

    def converge(self, text: str, state: State) -> Applied:
        """Plans and applies."""
        return self.apply(text, self.plan(text, state), state)

    def _providers(self) -> Providers:
        return Providers(self._find, working_folder=".", environment={}, read_only=False)

    def _find(self, address: ProviderAddress) -> Provider | None:
        return BusyProvider(service=self.service) if address == BUILTIN_PROVIDER else None

    @staticmethod
    def _check(diags: Diagnostics) -> None:
        assert not has_errors(diags), diags
