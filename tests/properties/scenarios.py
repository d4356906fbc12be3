"""What a property is tried on: a prior state, a world that may differ, a configuration, and faults to come.

A scenario is plain text throughout, so that one that fails can be printed as a script that runs it again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from hypothesis import strategies as st
from tests.properties.busy_provider import Service
from tests.properties.engine import NOTHING, Engine
from tests.properties.faulty_provider import FAULTS, Fault, Weather
from tests.properties.programs import transitions
from tests.properties.rendering import Files, files_of

from mooring.core.codec import decode, dumps, encode
from mooring.core.records import replace
from mooring.core.values import Value, object_value
from mooring.schema.types import object_type
from mooring.state.model import InstanceState, ObjectState, State, Status
from mooring.state.snapshot import read_snapshot, write_snapshot
from mooring.state.store import Opened
from mooring_builtin.terraform_data import SCHEMA

OBJECT = object_type(SCHEMA.block)
STATE_FILE = "terraform.tfstate"
DISTURBANCES = ("taint", "depose", "gone", "drift")
_END = "END_OF_FILE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """`world` has the objects that exist by id, in their stored form; `given` ids were given out before.

    The journal is full after `room` events. Objects of resources named in `forgotten` may stay behind.
    """

    state: str
    files: Files
    world: Mapping[str, str]
    given: int
    faults: tuple[Fault, ...] = ()
    latencies: tuple[int, ...] = (0,)
    room: int = 1_000_000
    forgotten: tuple[str, ...] = ()
    keeps: bool = False

    @property
    def opened(self) -> Opened:
        state, diags = read_snapshot(self.state.encode(), STATE_FILE)
        assert state is not None, diags
        return Opened(state=state)

    def engine(self, parallelism: int = 10) -> Engine:
        """An engine whose service has the world's objects, in the weather to come."""
        objects = {key: decode(json.loads(text), OBJECT) for key, text in self.world.items()}
        weather = Weather(self.faults, self.latencies, keeps=self.keeps)
        return Engine(parallelism, Service(objects, self.given), weather)


@st.composite
def scenarios(draw: st.DrawFn, *, most_faults: int = 3) -> Scenario:
    """A configuration that follows another, whose objects were meddled with meanwhile."""
    first, second = draw(transitions())
    engine = Engine(parallelism=1)
    state = engine.converge(files_of(first), NOTHING).state
    state = draw(_disturbed(state, engine.service.objects))
    names = sorted({*first.names, *second.names})
    numbers = {block.number for block in second.forgotten}
    return Scenario(
        state=write_snapshot(state).decode(),
        files=files_of(second),
        world={key: dumps(encode(value, OBJECT)).decode() for key, value in engine.service.objects.items()},
        given=engine.service.given,
        faults=draw(_faults(names, most_faults)),
        latencies=tuple(draw(st.lists(st.integers(0, 3), min_size=1, max_size=3))),
        room=draw(st.sampled_from([1_000_000, 1_000_000, 3, 7, 12])),
        forgotten=tuple(f"r{number}" for number in sorted(numbers)),
    )


def _faults(names: list[str], most: int) -> st.SearchStrategy[tuple[Fault, ...]]:
    if not names or not most:
        return st.just(())
    kinds = [(call, kind) for call, some in FAULTS.items() for kind in some]
    one = st.builds(
        lambda pair, name: Fault(call=pair[0], name=name, kind=pair[1]),
        st.sampled_from(kinds),
        st.sampled_from(names),
    )
    return st.lists(one, max_size=most, unique_by=lambda fault: (fault.call, fault.name)).map(tuple)


@st.composite
def _disturbed(draw: st.DrawFn, state: State, objects: dict[str, Value]) -> State:
    """The state with some objects tainted or set aside; some are gone from the world, or changed there."""
    addresses = list(state.instances)
    if not addresses:
        return state
    chosen = draw(st.dictionaries(st.sampled_from(addresses), st.sampled_from(DISTURBANCES), max_size=3))
    instances = dict(state.instances)
    for number, (address, kind) in enumerate(chosen.items()):
        instance = instances[address]
        assert instance.current is not None
        identity = str(instance.current.attributes["id"])
        if kind == "taint":
            instances[address] = replace(instance, current=replace(instance.current, status=Status.TAINTED))
        elif kind == "depose":
            instances[address] = _with_deposed(instance, number, objects)
        elif kind == "gone":
            del objects[identity]
        else:
            given = objects[identity].attributes["input"]
            changed = object_value({**given.attributes, "uses": given.attributes["name"]})
            objects[identity] = Value(OBJECT, {**objects[identity].attributes, "input": changed})
    return replace(state, instances=instances)


def _with_deposed(instance: InstanceState, number: int, objects: dict[str, Value]) -> InstanceState:
    """The instance with a second object, a twin of the first, set aside."""
    current = instance.current
    assert isinstance(current, ObjectState)
    identity, twin = str(current.attributes["id"]), f"{number:08x}-twin"
    objects[twin] = Value(
        OBJECT,
        {**objects[identity].attributes, "id": Value(OBJECT.attributes["id"], twin)},
    )
    deposed = replace(current, attributes={**current.attributes, "id": twin})
    return replace(instance, deposed={f"{number:08x}": deposed})


# -- as a folder, and as a script that makes it ---------------------------------------------------


def _texts(scenario: Scenario) -> dict[str, str]:
    rest = asdict(scenario)
    del rest["state"], rest["files"]
    return {**scenario.files, STATE_FILE: scenario.state, "scenario.json": json.dumps(rest, indent=2)}


def read_scenario(folder: Path) -> Scenario:
    """The scenario that a folder holds."""
    rest = json.loads((folder / "scenario.json").read_text())
    files = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*.tf")}
    faults = tuple(Fault(**fault) for fault in rest.pop("faults"))
    tuples = {name: tuple(rest.pop(name)) for name in ("latencies", "forgotten")}
    return Scenario(state=(folder / STATE_FILE).read_text(), files=files, faults=faults, **tuples, **rest)


def reproduction(name: str, scenario: Scenario) -> str:
    """A shell script that runs one property on one scenario; for the root of a checkout."""
    lines = [
        "# To see it again, from the root of a checkout with its environment active:",
        "folder=$(mktemp -d)",
    ]
    for path, text in _texts(scenario).items():
        lines += [
            f'mkdir -p "$(dirname "$folder/{path}")"',
            f"cat > \"$folder/{path}\" <<'{_END}'",
            text,
            _END,
        ]
    return "\n".join([*lines, f'python -m tests.properties.replay {name} "$folder"', ""])
