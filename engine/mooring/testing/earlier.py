"""The runs of a file that are over: their outputs, to which later runs refer."""

from __future__ import annotations

from collections.abc import Mapping

from mooring.core.records import record
from mooring.core.values import Value


@record(kw_only=True)
class Earlier:
    """All run names that are declared, and the outputs of those runs that are over, as objects."""

    declared: frozenset[str]
    outputs: Mapping[str, Value]
