"""What must be true of every state that is written or replayed.

1. What is recorded belongs to a state with a lineage.
2. An instance that is listed has an object, current or deposed.
3. Only resources and data sources are recorded, never ephemeral ones.
4. Data sources are read and not made: none is tainted or deposed.
5. A deposed key has eight hexadecimal digits (Terraform reads no other).
6. A resource does not depend on itself, and names each dependency once.
7. A sensitive path begins with an attribute.

A state that breaks one was made by a bug in Mooring; it is not written. Instances that were there before and
are kept as they are may come from elsewhere and are not judged. Must not know files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from mooring.core.addresses import InstanceAddress
from mooring.core.diagnostics import Diagnostics, error
from mooring.core.paths import Attr
from mooring.state.model import InstanceState, ObjectState, State, Status

DEPOSED_KEY: Final = re.compile(r"[0-9a-f]{8}")


def check_integrity(state: State, before: State | None = None) -> Diagnostics:
    """The invariants that a state breaks, one error for each; `before` is the state that it was made from."""
    found: list[str] = []
    if not state.lineage and not state.is_empty:
        found.append("it has no lineage")
    kept = {} if before is None else before.instances
    for address, instance in state.instances.items():
        if kept.get(address) is not instance:
            found.extend(f"{address} {problem}" for problem in _instance_problems(address, instance))
    return tuple([error("State is inconsistent", _detail(problem)) for problem in found])


def _detail(problem: str) -> str:
    return f"The state breaks an invariant: {problem}. This is a bug in Mooring; the state was not written."


def _instance_problems(address: InstanceAddress, instance: InstanceState) -> Iterator[str]:
    mode, current = address.resource.mode, instance.current
    if current is None and not instance.deposed:
        yield "has no object"
    if mode == "ephemeral":
        yield "is ephemeral"
    if mode == "data" and (instance.deposed or (current is not None and current.status is Status.TAINTED)):
        yield "is a data source with a deposed or tainted object"
    if current is not None and (current.dependencies or current.sensitive):
        yield from _object_problems(address, current)
    for key, deposed in instance.deposed.items():
        if not DEPOSED_KEY.fullmatch(key):
            yield f"has an object with the invalid deposed key {key!r}"
        yield from _object_problems(address, deposed)


def _object_problems(address: InstanceAddress, of: ObjectState) -> Iterator[str]:
    if address.resource.in_config in of.dependencies:
        yield "depends on itself"
    if len(set(of.dependencies)) != len(of.dependencies):
        yield "names a dependency twice"
    if any(not path or not isinstance(path[0], Attr) for path in of.sensitive):
        yield "has a sensitive path that does not begin with an attribute"
