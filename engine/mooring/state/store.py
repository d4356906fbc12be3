"""Where a state is kept: the protocol that planning and applying are written against.

A run that only looks calls `read`. A run that changes things goes

    lock = store.lock("apply")                  # a `Lock`, or diagnostics: somebody else has it
    opened, diags = store.read()                # snapshot and journal, replayed; None beside an error
    journal = store.begin()                     # continues a journal that a crash left behind
    journal.append(Intent(...))                 # durable on return: only now may the request leave
    journal.append(Recorded(...))               # durable at the latest with the next intent
    saved, diags = store.commit(draft.state())  # compacts the journal into a new snapshot
    lock.release()

and may end at any point without losing a resource. Must not know how a state is kept; `journalled`
is the one way there is, and `medium` where its bytes are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from mooring.core.diagnostics import Diagnostics
from mooring.core.records import field, record
from mooring.state.events import Began, Event, Intent
from mooring.state.history import RunEnd
from mooring.state.model import State
from mooring.state.sealing import Sealing


@record(kw_only=True)
class OpenIntent:
    """An operation that a crash interrupted, and the last thing its provider noted about it."""

    intent: Intent
    note: Mapping[str, str] = field(default_factory=dict)


@record(kw_only=True)
class Opened:
    """What a store holds: the snapshot with the journal's events folded in.

    A state that does not exist yet is an empty `State` without lineage. `open_intents` must be resolved (by
    the provider's `resume`, or by reading the object) before anything is planned. `unended` are the runs that
    ended without saying so; the next one that writes records them in the history.
    """

    state: State
    open_intents: tuple[OpenIntent, ...] = ()
    unended: tuple[Began, ...] = ()


@record(kw_only=True)
class LockInfo:
    """Who holds a lock, for what, since when: Terraform's record of it.

    `created` is an RFC 3339 time in UTC, `version` the version of the holder, `info` free text.
    """

    id: str
    operation: str
    who: str
    version: str
    created: str
    path: str
    info: str = ""


class Lock(Protocol):
    """The right to change a state, until it is released."""

    @property
    def info(self) -> LockInfo:
        """What others see of it."""
        ...

    @property
    def warnings(self) -> Diagnostics:
        """What was odd about taking it: a dead process had held it."""
        ...

    @property
    def is_lost(self) -> bool:
        """Whether somebody else may hold it by now: it was forced open, or could not be kept up."""
        ...

    def release(self) -> None:
        """Gives it up. Doing so twice does nothing."""
        ...


class Journal(Protocol):
    """The events of a run, made durable one by one. Any thread may append."""

    def append(self, event: Event) -> None:
        """Takes an event in.

        `Intent` and `Noted` are durable on return. Any other event is in the hands of the system on return
        (the process may be killed) and durable with the next intent (the machine may lose power). Raises
        `OSError` when it cannot be written: nothing more may be asked of a provider then.
        """
        ...

    def append_all(self, events: Iterable[Event]) -> None:
        """The same for several events, with one flush for all of them."""
        ...

    def close(self) -> None:
        """Makes everything durable and ends the journal; it stays until `StateStore.commit`."""
        ...


class StateStore(Protocol):
    """One state and its lock."""

    @property
    def is_whole(self) -> bool:
        """Whether what is kept, the journal included, says all that it was told."""
        ...

    @property
    def sealing(self) -> Sealing:
        """What is done to its bytes where they are kept."""
        ...

    def read(self) -> tuple[Opened | None, Diagnostics]:
        """What is stored. None beside an error: the state is there but cannot be trusted."""
        ...

    def lock(self, operation: str, *, timeout: float = 0.0) -> Lock | Diagnostics:
        """The lock, tried for `timeout` seconds; or the error that says who holds it since when.

        `operation` is shown to others, as Terraform words it: `OperationTypePlan`, `OperationTypeApply`.
        """
        ...

    def holder(self) -> LockInfo | None:
        """Who holds the lock, as far as a record tells."""
        ...

    def begin(self, run: Began | None = None) -> Journal | Diagnostics:
        """The journal for this run, on top of what `read` returned last; the lock is held.

        `run` names it in the journal and, at the end, in the history. Diagnostics when the journal cannot be
        written: nothing may be changed then.
        """
        ...

    def commit(self, state: State, end: RunEnd | None = None) -> tuple[State, Diagnostics]:
        """Writes `state` as the new snapshot and drops the journal; the state with its new serial.

        `end` is what the history says of the run. Nothing is written when nothing changed. After an error the
        journal still holds everything.
        """
        ...

    def as_next(self, state: State) -> State:
        """The state with the lineage and the serial that its snapshot would have."""
        ...

    def overwrite(self, state: State, run: Began | None = None) -> Diagnostics:
        """Writes `state` as it is, lineage and serial too, whatever was there: what `state push` does."""
        ...
