"""What one planning run works on: shared by the rules of its cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from mooring.config.evaluation import Configuration, Evaluation
from mooring.config.graph import StaticGraph
from mooring.config.model import Import
from mooring.config.targets import Target
from mooring.core.addresses import ConfigAddress, InstanceAddress, ProviderConfigAddress
from mooring.core.records import record
from mooring.core.values import Value
from mooring.planning.ephemerals import Ephemerals
from mooring.planning.model import PlanMode, PlannedChange
from mooring.planning.providers import Providers
from mooring.planning.records import ObjectKey, Record, object_key
from mooring.planning.refresh import Found
from mooring.planning.removed import RemovedBlocks
from mooring.planning.targeting import Extent
from mooring.sdk.protocols import Connection
from mooring.state.model import State


@record(kw_only=True)
class PlanOptions:
    """How to plan. `replace` are instances to replace whatever they look like; `parallelism` bounds calls.

    `targets` and `excludes` limit what the plan is about. `restore` is the state whose objects `undo` plans
    to bring back, in place of what the configuration says.
    """

    mode: PlanMode = PlanMode.NORMAL
    refresh: bool = True
    replace: tuple[InstanceAddress, ...] = ()
    targets: tuple[Target, ...] = ()
    excludes: tuple[Target, ...] = ()
    parallelism: int = 10
    restore: State = State()


@dataclass(slots=True, kw_only=True)
class PlanRun:
    """One run. `changes` and `ephemerals` are filled by the rules; everything else stays as it is.

    `state` and `records` have every object at its present address; `previous` says where it is recorded.
    """

    configuration: Configuration
    state: State
    records: Mapping[ObjectKey, Record]
    providers: Providers
    options: PlanOptions
    graph: StaticGraph
    dependencies: Mapping[ConfigAddress, tuple[ConfigAddress, ...]]
    creates_first: frozenset[ConfigAddress]
    evaluation: Evaluation
    extent: Extent
    previous: Mapping[InstanceAddress, InstanceAddress]
    imports: Mapping[ConfigAddress, tuple[Import, ...]]
    removed: RemovedBlocks
    ephemerals: Ephemerals
    changes: dict[tuple[InstanceAddress, str | None], PlannedChange] = field(default_factory=dict)

    def found(self, address: InstanceAddress, deposed: str | None = None) -> Found | None:
        """What is recorded of an object and what it is now. May raise `NotReady` or `Failed`."""
        key = object_key(address, deposed)
        return cast("Found", self.evaluation.cells.get(key)) if key in self.records else None

    def connection(self, address: ProviderConfigAddress, of: InstanceAddress | None = None) -> Connection:
        """The configured provider, or what stands in for it. May raise `NotReady` or `Failed`."""
        stand_in = self.providers.stand_in(address, of) if of is not None else None
        return stand_in or cast("Connection", self.evaluation.cells.get(("connection", address)))

    def changes_of(self, resource: ConfigAddress) -> list[PlannedChange]:
        """The changes of a resource's instances, in every instance of its module. May raise `NotReady`."""
        instances = self.evaluation.instances_of(resource)
        self.evaluation.cells.all_of(instances)
        return [self.changes[each, None] for each in instances if (each, None) in self.changes]


def stored_inputs(configuration: Configuration) -> tuple[Mapping[str, Value], tuple[str, ...]]:
    """The root inputs that a plan may hold, and the names of those that it may not, the ephemeral ones."""
    declared, inputs = configuration.root.variables, configuration.inputs
    ephemeral = tuple(sorted(name for name in inputs if declared[name].ephemeral))
    return {name: value for name, value in inputs.items() if name not in ephemeral}, ephemeral
