"""What the state says of each object before anything is read: recorded, interrupted by a crash, or both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from mooring.core.addresses import InstanceAddress, ProviderConfigAddress
from mooring.core.records import replace
from mooring.state.model import InstanceState, ObjectState, State
from mooring.state.store import OpenIntent


class ObjectKey(NamedTuple):
    """One object: the current one of an instance, or a deposed one. Also the key of its cell."""

    kind: str
    address: InstanceAddress
    deposed: str | None


def object_key(address: InstanceAddress, deposed: str | None = None) -> ObjectKey:
    """The key of an object."""
    return ObjectKey("object", address, deposed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is known of an object beforehand. At least one of `stored` and `intent` is there."""

    provider: ProviderConfigAddress
    stored: ObjectState | None = None
    intent: OpenIntent | None = None


def records(state: State, intents: Iterable[OpenIntent]) -> Mapping[ObjectKey, Record]:
    """Every managed object that is recorded, or that an interrupted operation was about."""
    found = {
        object_key(address, deposed): Record(provider=instance.provider, stored=stored)
        for address, instance in state.instances.items()
        if address.resource.mode == "managed"
        for deposed, stored in objects_of(instance)
    }
    for each in intents:
        key = object_key(each.intent.address, each.intent.deposed)
        known = found.get(key)
        stored = known.stored if known is not None else None
        found[key] = Record(provider=each.intent.provider, stored=stored, intent=each)
    return found


def moved_intents(
    intents: Iterable[OpenIntent], destinations: Mapping[InstanceAddress, InstanceAddress]
) -> list[OpenIntent]:
    """Interrupted operations, each at the address where its object is now."""
    return [
        replace(each, intent=replace(each.intent, address=destinations[each.intent.address]))
        if each.intent.address in destinations
        else each
        for each in intents
    ]


def objects_of(instance: InstanceState) -> Iterator[tuple[str | None, ObjectState]]:
    """The objects of an instance by deposed key, the current one (None) first."""
    if instance.current is not None:
        yield None, instance.current
    yield from instance.deposed.items()
