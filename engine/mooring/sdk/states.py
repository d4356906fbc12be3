"""The port through which a provider may read another state: its outputs, nothing else.

The engine hands it in (`ReadData.read_outputs`), because where and how states are kept is its own business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mooring.core.diagnostics import Diagnostics
from mooring.core.records import field, record
from mooring.core.values import Value

Outputs = Mapping[str, Value]


@record(kw_only=True)
class StateSource:
    """Which state is meant: a type of backend, what stands in its block, and the workspace."""

    backend: str
    config: Mapping[str, str | bool | int] = field(default_factory=dict)
    workspace: str = "default"


ReadsOutputs = Callable[[StateSource], tuple[Outputs | None, Diagnostics]]
"""The outputs of a state; None if there is no state, or beside an error."""


def reads_nothing(_source: StateSource) -> tuple[Outputs | None, Diagnostics]:
    """A port that leads nowhere."""
    return None, ()
