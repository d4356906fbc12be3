"""States, objects and event lists for the tests of the state layer."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from hypothesis import strategies as st

from mooring.core.addresses import (
    BUILTIN_PROVIDER,
    InstanceAddress,
    ModuleStep,
    ProviderAddress,
    ProviderConfigAddress,
    ResourceAddress,
)
from mooring.core.codec import Json
from mooring.core.paths import Attr, Index
from mooring.core.types import DYNAMIC, NUMBER, STRING, ListType, MapType, ObjectType, TupleType
from mooring.state.events import (
    Abandoned,
    Deposed,
    Draft,
    Event,
    Intent,
    Moved,
    Noted,
    OutputsSet,
    Recorded,
    Removed,
)
from mooring.state.host import Host
from mooring.state.model import InstanceState, ObjectState, OutputState, State, Status

RECORDED = Path(__file__).with_name("recorded")
PROVIDER = ProviderConfigAddress((), BUILTIN_PROVIDER)


def address(name: str, key: int | str | None = None) -> InstanceAddress:
    return InstanceAddress(ResourceAddress((), "managed", "terraform_data", name), key)


def made(id_: str) -> ObjectState:
    return ObjectState(attributes={"id": id_, "input": {"value": "v", "type": "string"}})


def recorded(name: str) -> Recorded:
    return Recorded(address=address(name), provider=PROVIDER, object=made(name))


def intent(name: str, action: str = "create") -> Intent:
    return Intent(address=address(name), provider=PROVIDER, action=action, object_id=f"/ids/{name}")


class FakeTime:
    """A clock that only moves when somebody sleeps, and identifiers that count."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self.ids = 0
        self.alive = {100}

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def new_id(self) -> str:
        self.ids += 1
        return f"00000000-0000-0000-0000-{self.ids:012}"

    def host(self, *, name: str = "here", pid: int = 100, boot_id: str = "boot-1") -> Host:
        return Host(
            name=name,
            user="ada",
            pid=pid,
            boot_id=boot_id,
            now=lambda: self.now,
            sleep=self.sleep,
            wait=threading.Event.wait,
            new_id=self.new_id,
            is_alive=lambda each: each in self.alive,
        )


# -- strategies ----------------------------------------------------------------------------------

_NAMES = st.sampled_from(["a", "b", "c-1", "déjà", "x_y"])
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_KEYS = st.none() | st.integers(0, 12) | _TEXTS
_PROVIDERS = st.sampled_from(
    [
        PROVIDER,
        ProviderConfigAddress((), ProviderAddress("registry.terraform.io", "mooring", "azureml"), "west"),
        ProviderConfigAddress(("m", "n"), ProviderAddress("example.com", "a", "b")),
    ]
)
_MODULES = st.lists(st.builds(ModuleStep, _NAMES, _KEYS), max_size=2).map(tuple)
_RESOURCES = st.builds(ResourceAddress, _MODULES, st.just("managed"), st.just("t_x"), _NAMES)
ADDRESSES = st.builds(InstanceAddress, _RESOURCES, _KEYS)
_NUMBERS = st.integers(-(2**70), 2**70)
_NESTED: list[Json] = [[], {}, [None, True, 2**70], {"b": {"ü": ["<&>"]}, "a": []}, ["\u2028", {"x": 0}]]
_JSON: st.SearchStrategy[Json] = st.none() | st.booleans() | _NUMBERS | _TEXTS | st.sampled_from(_NESTED)
_DEPENDENCIES = st.lists(_RESOURCES.map(lambda each: each.in_config._replace(type="dep")), unique=True)
_PATHS = st.lists(st.builds(Attr, _NAMES) | st.builds(Index, st.integers(0, 3) | _TEXTS), max_size=2)
OBJECTS = st.builds(
    ObjectState,
    attributes=st.dictionaries(_TEXTS, _JSON, max_size=3),
    schema_version=st.integers(0, 3),
    sensitive=st.lists(_PATHS.map(lambda rest: (Attr("id"), *rest)), max_size=2).map(tuple),
    private=st.binary(max_size=6),
    dependencies=_DEPENDENCIES.map(lambda each: tuple(each[:2])),
    status=st.sampled_from(Status),
    create_before_destroy=st.booleans(),
    extra=st.dictionaries(st.just("identity"), _JSON, max_size=1),
)
_TYPES = st.sampled_from(
    [
        STRING,
        DYNAMIC,
        ListType(NUMBER),
        MapType(ListType(STRING)),
        ObjectType({"a": STRING, "b": TupleType((STRING, NUMBER))}),
    ]
)
OUTPUTS = st.dictionaries(_NAMES, st.builds(OutputState, value=_JSON, type=_TYPES, sensitive=st.booleans()))
DEPOSED_KEYS = st.from_regex(r"[0-9a-f]{8}", fullmatch=True)
_INSTANCES = st.builds(
    InstanceState,
    provider=_PROVIDERS,
    current=OBJECTS,
    deposed=st.dictionaries(DEPOSED_KEYS, OBJECTS, max_size=2),
)
STATES = st.builds(
    State,
    lineage=_TEXTS.filter(bool),
    serial=st.integers(0, 2**40),
    instances=st.dictionaries(ADDRESSES, _INSTANCES, max_size=4),
    outputs=OUTPUTS,
    check_results=_JSON,
    extra=st.dictionaries(st.just("written_by"), _JSON, max_size=1),
)


@st.composite
def event_lists(draw: st.DrawFn) -> Sequence[Event]:
    """What an engine could do, starting from an empty state."""
    draft, events = Draft(State()), list[Event]()
    for _ in range(draw(st.integers(0, 8))):
        event = draw(_next_event(draft))
        draft.apply(event)
        events.append(event)
    return events


def _next_event(draft: Draft) -> st.SearchStrategy[Event]:
    instances = draft.state().instances
    anywhere: list[st.SearchStrategy[Event]] = [
        st.builds(Recorded, address=ADDRESSES, provider=_PROVIDERS, object=OBJECTS),
        st.builds(
            Intent,
            address=ADDRESSES,
            provider=_PROVIDERS,
            action=st.sampled_from(["create", "update", "delete"]),
            object_id=st.none() | _TEXTS,
            planned=_JSON,
        ),
        st.builds(Noted, address=ADDRESSES, note=st.dictionaries(_TEXTS, _TEXTS, max_size=2)),
        st.builds(Abandoned, address=ADDRESSES),
        st.builds(OutputsSet, outputs=OUTPUTS),
    ]
    if not instances:
        return st.one_of(anywhere)
    known = st.sampled_from(sorted(instances, key=str))
    free = ADDRESSES.filter(lambda each: each not in instances)
    return st.one_of(
        *anywhere,
        st.builds(Removed, address=known),
        st.builds(Deposed, address=known, deposed=DEPOSED_KEYS),
        st.builds(Moved, address=free, previous=known),
        st.builds(Recorded, address=known, provider=_PROVIDERS, deposed=DEPOSED_KEYS, object=OBJECTS),
    )
