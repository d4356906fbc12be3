"""The port through which a provider may read another state: its outputs, nothing else.

The engine hands it in (`Configure.read_outputs`), because where and how states are kept is its own business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mooring.core.diagnostics import Diagnostics
from mooring.core.values import Value

Outputs = Mapping[str, Value]
ReadsOutputs = Callable[[str], tuple[Outputs | None, Diagnostics]]
"""The outputs of the state in the file of this path; None if there is no state, or beside an error."""


def reads_nothing(_path: str) -> tuple[Outputs | None, Diagnostics]:
    """A port that leads nowhere."""
    return None, ()
