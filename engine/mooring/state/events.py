"""What happens to a state: the lines of the journal, and the fold that turns them into a state.

`Intent` is durable before a request leaves; `Noted` when the service has accepted it; one of `Recorded`,
`Removed` or `Abandoned` ends it. A journal that ends with an intent open tells what a crash interrupted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mooring.core.addresses import InstanceAddress, ProviderConfigAddress
from mooring.core.codec import Json
from mooring.core.records import record, replace
from mooring.state.model import InstanceState, ObjectState, OutputState, State


@record(kw_only=True)
class Intent:
    """An operation is about to be asked of a provider.

    `action` is create, update or delete. `planned` is the typed form of the planned object (None for a
    delete), unknown parts left out as null; `object_id` its deterministic id where it has one.
    """

    address: InstanceAddress
    provider: ProviderConfigAddress
    action: str
    deposed: str | None = None
    object_id: str | None = None
    planned: Json = None


@record(kw_only=True)
class Noted:
    """The provider's crash note of an open intent (`CallContext.checkpoint`)."""

    address: InstanceAddress
    deposed: str | None = None
    note: Mapping[str, str]


@record(kw_only=True)
class Recorded:
    """An object exists as given: the current one of its instance, or a deposed one."""

    address: InstanceAddress
    provider: ProviderConfigAddress
    deposed: str | None = None
    object: ObjectState


@record(kw_only=True)
class Removed:
    """An object exists no more, or is forgotten."""

    address: InstanceAddress
    deposed: str | None = None


@record(kw_only=True)
class Deposed:
    """The current object of an instance steps aside, to be deleted after its successor is made."""

    address: InstanceAddress
    deposed: str


@record(kw_only=True)
class Moved:
    """An instance has a new address."""

    address: InstanceAddress
    previous: InstanceAddress


@record(kw_only=True)
class Abandoned:
    """An open intent ended without any change to what is recorded."""

    address: InstanceAddress
    deposed: str | None = None


@record(kw_only=True)
class OutputsSet:
    """The root outputs are as given, all of them."""

    outputs: Mapping[str, OutputState]


@record(kw_only=True)
class ChecksSet:
    """The results of all conditions are as given, in the form of the snapshot."""

    results: Json


@record(kw_only=True)
class Began:
    """A run begins: who runs which command since when, so that one that never says its end can be named.

    `run` is a random id, `at` an RFC 3339 time in UTC; `command` holds no secrets.
    """

    run: str
    who: str
    at: str
    command: str
    workspace: str
    version: str


Event = Began | Intent | Noted | Recorded | Removed | Deposed | Moved | Abandoned | OutputsSet | ChecksSet


class Draft:
    """A state being changed by one run: the fold's accumulator, private to its owner; O(1) an event."""

    __slots__ = ("_base", "_checks", "_instances", "_outputs")

    def __init__(self, base: State) -> None:
        self._base = base
        self._instances = dict(base.instances)
        self._outputs = base.outputs
        self._checks = base.check_results

    def instance(self, address: InstanceAddress) -> InstanceState | None:
        """What is recorded of an instance now."""
        return self._instances.get(address)

    def state(self) -> State:
        """The state as of now."""
        return replace(
            self._base, instances=dict(self._instances), outputs=self._outputs, check_results=self._checks
        )

    def apply(self, event: Event) -> None:
        """Takes one event in."""
        match event:
            case Recorded():
                self._record(event)
            case Removed(address=address, deposed=deposed):
                self._remove(address, deposed)
            case Deposed(address=address, deposed=key):
                self._depose(address, key)
            case Moved(address=address, previous=previous):
                self._instances[address] = self._instances.pop(previous)
            case OutputsSet(outputs=outputs):
                self._outputs = outputs
            case ChecksSet(results=results):
                self._checks = results
            case Began() | Intent() | Noted() | Abandoned():
                pass

    def _record(self, event: Recorded) -> None:
        before = self._instances.get(event.address) or InstanceState(provider=event.provider)
        if event.deposed is None:
            after = replace(before, provider=event.provider, current=event.object)
        else:
            after = replace(before, deposed={**before.deposed, event.deposed: event.object})
        self._instances[event.address] = after

    def _remove(self, address: InstanceAddress, deposed: str | None) -> None:
        before = self._instances.get(address)
        if before is None:
            return
        if deposed is None:
            after = replace(before, current=None)
        else:
            rest = {key: each for key, each in before.deposed.items() if key != deposed}
            after = replace(before, deposed=rest)
        if after.current is None and not after.deposed:
            del self._instances[address]
        else:
            self._instances[address] = after

    def _depose(self, address: InstanceAddress, key: str) -> None:
        before = self._instances[address]
        if before.current is not None:
            deposed = {**before.deposed, key: before.current}
            self._instances[address] = replace(before, current=None, deposed=deposed)


def fold(state: State, events: Iterable[Event]) -> State:
    """The state after these events; pure."""
    draft = Draft(state)
    for event in events:
        draft.apply(event)
    return draft.state()
