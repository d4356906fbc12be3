"""What `moor state recover` shows before it asks: the states there are, what the chosen one would change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mooring.core.addresses import InstanceAddress, instance_order
from mooring.reporting.history_text import short_time
from mooring.state.model import State
from mooring.state.salvage import Candidate

_SOURCES: Final = {
    "journal": "journal    the state before the run that did not end, with all that its journal says",
    "history": "history    what a run left, as the history keeps it",
    "backup": "backup     the state before the last run that changed something",
    "snapshot": "snapshot   the state as it stands",
    "nothing": "nothing    an empty state, to start anew",
}
_SHOWN: Final = 20


def candidates_text(candidates: Sequence[Candidate], chosen: Candidate) -> str:
    """The states that can be brought back; an arrow at the chosen one."""
    lines = [f"  {'->' if each is chosen else '  '} {_line(each)}\n" for each in candidates]
    return "What can be brought back:\n\n" + "".join(lines) + "\n"


def _line(candidate: Candidate) -> str:
    state = candidate.state
    when = "" if candidate.run is None else f", left by run {candidate.run.number} of {_when(candidate)}"
    opened = f", {candidate.open_operations} operations open" if candidate.open_operations else ""
    return (
        f"{_SOURCES[candidate.source]}: serial {state.serial}, {len(state.instances)} objects{when}{opened}"
    )


def _when(candidate: Candidate) -> str:
    assert candidate.run is not None
    return short_time(candidate.run.began.at)


def difference_text(present: State | None, chosen: State) -> str:
    """Which objects come and go, against the file as it is; all of them come if it cannot be read."""
    known = {} if present is None else present.instances
    against = "Nothing can be read now." if present is None else "Against the state as it stands:"
    come = [each for each in chosen.instances if each not in known]
    go = [each for each in known if each not in chosen.instances]
    changed = [each for each in known if each in chosen.instances and known[each] != chosen.instances[each]]
    lines = [*_lines("+", come), *_lines("-", go), *_lines("~", changed)]
    counts = f"{len(come)} objects come back, {len(go)} go, {len(changed)} are recorded otherwise."
    return f"{against} {counts}\n" + "".join(lines)


def _lines(sign: str, addresses: Sequence[InstanceAddress]) -> list[str]:
    lines = [f"  {sign} {each}\n" for each in sorted(addresses, key=instance_order)[:_SHOWN]]
    more = len(addresses) - len(lines)
    return [*lines, f"  {sign} and {more} more\n"] if more else lines
