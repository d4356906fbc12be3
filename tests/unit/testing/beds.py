"""Test suites that run in memory: files made up, the built-in provider, nothing of this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from threading import Event

from mooring.config.evaluation import Configuration
from mooring.config.files import MemoryFiles
from mooring.config.inputs import VarOption, find_inputs
from mooring.config.loading import load_configuration
from mooring.config.model import Module
from mooring.config.scopes import Surroundings
from mooring.config.test_files.files import read_test_files
from mooring.core.addresses import ProviderAddress
from mooring.core.diagnostics import Diagnostics, has_errors
from mooring.core.values import Value
from mooring.lang.functions import Library, Outside
from mooring.planning.providers import Providers, StandIn
from mooring.sdk.protocols import Provider
from mooring.testing.bed import Bed
from mooring.testing.model import CleanedUp, RunEnded, SuiteEnded, TestEvent
from mooring.testing.suite import run_suite
from mooring.testing.tested import load_tested
from mooring_builtin import provider

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LIBRARY = Library(Outside(now=lambda: NOON, random_bytes=lambda length: bytes(range(length))))


def _builtin(_address: ProviderAddress) -> Provider:
    return provider


def _nothing(_event: TestEvent) -> None:
    return


def _texts() -> Callable[[int], str]:
    numbers: Iterator[int] = count(1)
    return lambda length: f"{next(numbers):0{length}}"


@dataclass(slots=True, kw_only=True)
class Suite:
    """One suite and what was told of it. `during` sees each event when it is told."""

    files: Mapping[str, str]
    options: tuple[VarOption, ...] = ()
    find: Callable[[ProviderAddress], Provider | None] = _builtin
    during: Callable[[TestEvent], None] = _nothing
    cancelled: Event = field(default_factory=Event)
    events: list[TestEvent] = field(default_factory=list)

    def run(self) -> SuiteEnded:
        """Runs everything; the files themselves must be right."""
        read, diags = read_test_files(self._memory)
        bed = self._bed()
        modules, more = load_tested(read, bed.load)
        assert not has_errors((*diags, *more)), (diags, more)
        return run_suite(bed, read, modules)

    @property
    def statuses(self) -> dict[str, str]:
        """The status of every run that ended, by name."""
        return {
            event.result.run.name: event.result.status.value
            for event in self.events
            if isinstance(event, RunEnded)
        }

    @property
    def problems(self) -> list[str]:
        """The summaries of everything that was said about runs."""
        said: list[Diagnostics] = [e.result.diagnostics for e in self.events if isinstance(e, RunEnded)]
        return [diag.summary for diags in said for diag in diags]

    @property
    def cleaned_up(self) -> list[tuple[str, list[str]]]:
        """The runs whose objects were removed, in order, with what was left."""
        return [
            (event.run.name, [str(each.address) for each in event.left])
            for event in self.events
            if isinstance(event, CleanedUp)
        ]

    @property
    def _memory(self) -> MemoryFiles:
        return MemoryFiles(self.files)

    def _bed(self) -> Bed:
        raw, _ = find_inputs((".", "tests"), self._memory, {}, self.options)
        return Bed(
            load=lambda folder: load_configuration(folder, files=self._memory),
            known={},
            configure=_configured,
            open_providers=lambda _folder, stand_in: self._providers(stand_in),
            schemas=self._providers(None),
            raw=raw,
            random_text=_texts(),
            scratch=lambda: nullcontext("nowhere"),
            clock=lambda: 0.0,
            observe=self._observe,
            cancelled=self.cancelled,
        )

    def _observe(self, event: TestEvent) -> None:
        self.events.append(event)
        self.during(event)

    def _providers(self, stand_in: StandIn | None) -> Providers:
        return Providers(self.find, working_folder=".", environment={}, read_only=False, stand_in=stand_in)


def _configured(module: Module, inputs: Mapping[str, Value]) -> Configuration:
    return Configuration(root=module, inputs=inputs, surroundings=Surroundings(functions=LIBRARY))
