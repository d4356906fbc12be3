"""The history of a state: which runs changed it, and the states that they left, as names and bytes.

| document | what |
| --- | --- |
| `history/runs.jsonl` | a line for each run, the oldest first |
| `history/NUMBER-SERIAL-DIGEST.gz` | the state that run NUMBER left (0: before the first), compressed |

Both are kept for the last `KEPT` runs: a state of 1,000 objects takes 40 KB. The name of the newest
state says what the snapshot must be: a snapshot of that serial with other bytes was damaged, or changed by
hand; one with a lower serial is older than what has happened since. Pure; must not know media.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping
from enum import Enum
from fractions import Fraction
from typing import Final

from mooring.core.codec import Json, dumps, loads
from mooring.core.records import field, record
from mooring.state.events import Began, Event, Intent, Recorded, Removed
from mooring.state.fields import (
    Fields,
    StoredError,
    as_fields,
    as_text,
    count_of,
    fields_of,
    list_of,
    text_of,
)
from mooring.state.journal_format import Base
from mooring.state.model import State

KEPT: Final = 50
RUNS: Final = "history/runs.jsonl"
_NAME: Final = r"history/(\d+)-(\d+)-([0-9a-f]{16})\.gz"
_GZIP: Final = 31
"""What zlib calls the format of gzip."""


class Outcome(Enum):
    """How a run ended. One that was killed is found by the next and recorded as interrupted."""

    OK = "ok"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@record(kw_only=True)
class RunChange:
    """What happened to one object: `action` is a verb (create, update, replace, destroy, attach, ...)."""

    address: str
    action: str


@record(kw_only=True)
class Run:
    """A run that changed a state. `number` counts the runs, `seconds` is None where nobody could tell.

    `counts` are those of its plan by name (add, change, remove, attach, detach, imported, forget); a command
    that edits the state has none.
    """

    number: int
    began: Began
    outcome: Outcome
    serial_before: int
    serial_after: int
    seconds: float | None = None
    counts: Mapping[str, int]
    changes: tuple[RunChange, ...]


@record(kw_only=True)
class RunEnd:
    """What a run knows of itself when it ends; `changes` None leaves them to be worked out."""

    outcome: Outcome = Outcome.OK
    seconds: float | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    changes: tuple[RunChange, ...] | None = None


@record(kw_only=True)
class Kept:
    """A state that is kept, by its document's name: the one that run `number` left."""

    number: int
    serial: int
    digest: str

    @property
    def name(self) -> str:
        """The name of its document."""
        return f"history/{self.number:06}-{self.serial}-{self.digest}.gz"

    def is_of(self, base: Base) -> bool:
        """Whether it holds the very bytes of a snapshot."""
        return self.serial == base.serial and base.digest.startswith(self.digest)


def kept_as(number: int, base: Base) -> Kept:
    """How the state that a run left is kept."""
    return Kept(number=number, serial=base.serial, digest=base.digest[:16])


def kept_states(names: Iterable[str]) -> tuple[Kept, ...]:
    """The states among the documents of a medium, the newest last."""
    matches = filter(None, (re.fullmatch(_NAME, name) for name in names))
    found = (Kept(number=int(each[1]), serial=int(each[2]), digest=each[3]) for each in matches)
    return tuple(sorted(found, key=lambda each: each.number))


def compressed(content: bytes) -> bytes:
    """The kept form of a snapshot; fast rather than small."""
    packer = zlib.compressobj(1, wbits=_GZIP)
    return packer.compress(content) + packer.flush()


def decompressed(content: bytes) -> bytes | None:
    """The snapshot of a kept form; None if it is damaged."""
    unpacker = zlib.decompressobj(wbits=_GZIP)
    try:
        found = unpacker.decompress(content)
    except zlib.error:
        return None
    return found if unpacker.eof else None


# -- what runs did -------------------------------------------------------------------------------


def changes_in(events: Iterable[Event]) -> tuple[RunChange, ...]:
    """What operations came to an end in a journal: what an interrupted run did."""
    asked: dict[tuple[object, str | None], str] = {}
    found: list[RunChange] = []
    for event in events:
        if isinstance(event, Intent):
            asked[event.address, event.deposed] = event.action
        elif isinstance(event, Recorded | Removed):
            action = asked.pop((event.address, event.deposed), None)
            if action is not None:
                found.append(RunChange(address=str(event.address), action=action))
    return tuple(found)


def changes_between(before: State, after: State) -> tuple[RunChange, ...]:
    """How two states differ, for a command that edits what is recorded."""
    found = [
        RunChange(address=str(address), action="changed" if address in before.instances else "recorded")
        for address, instance in after.instances.items()
        if before.instances.get(address) != instance
    ]
    gone = (address for address in before.instances if address not in after.instances)
    return (*found, *(RunChange(address=str(address), action="forgotten") for address in gone))


# -- the list of runs ----------------------------------------------------------------------------


def encode_run(run: Run) -> bytes:
    """The line of a run, without its newline."""
    began = run.began
    entry: dict[str, Json] = {
        "number": run.number,
        "id": began.run,
        "who": began.who,
        "began": began.at,
        "command": began.command,
        "workspace": began.workspace,
        "version": began.version,
        "outcome": run.outcome.value,
        "seconds": run.seconds,
        "serial_before": run.serial_before,
        "serial_after": run.serial_after,
        "counts": dict(run.counts),
        "changes": [[each.action, each.address] for each in run.changes],
    }
    return dumps(entry)


def decode_run(line: bytes) -> Run | None:
    """The run of a line; None if it is damaged, or was cut off by a crash."""
    try:
        fields = as_fields(loads(line), "run")
        seconds = fields.get("seconds")
        return Run(
            number=count_of(fields, "number"),
            began=_began(fields),
            outcome=Outcome(text_of(fields, "outcome")),
            serial_before=count_of(fields, "serial_before"),
            serial_after=count_of(fields, "serial_after"),
            seconds=float(seconds) if isinstance(seconds, int | float | Fraction) else None,
            counts={
                name: count_of(fields_of(fields, "counts"), name) for name in fields_of(fields, "counts")
            },
            changes=tuple(map(_change, list_of(fields, "changes"))),
        )
    except (ValueError, StoredError):
        return None


def _began(fields: Fields) -> Began:
    return Began(
        run=text_of(fields, "id"),
        who=text_of(fields, "who"),
        at=text_of(fields, "began"),
        command=text_of(fields, "command"),
        workspace=text_of(fields, "workspace"),
        version=text_of(fields, "version"),
    )


def _change(entry: Json) -> RunChange:
    if not isinstance(entry, list) or len(entry) != 2:
        raise StoredError("a change is not a pair.")
    return RunChange(action=as_text(entry[0], "changes"), address=as_text(entry[1], "changes"))
