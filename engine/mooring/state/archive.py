"""Keeping the history of a state in its medium: the list of runs, and the states that they left.

What is kept serves people and recovery; no run depends on it, so one that cannot be written is a warning.
Must not know what objects mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mooring.core.diagnostics import Diagnostic, Diagnostics, warning
from mooring.core.records import record, replace
from mooring.state.history import (
    KEPT,
    RUNS,
    Kept,
    Run,
    compressed,
    decode_run,
    decompressed,
    encode_run,
    kept_as,
    kept_states,
)
from mooring.state.journal_format import Base
from mooring.state.medium import Medium
from mooring.state.sealing import Sealing

Snapshot = tuple[Base, bytes]


@record(kw_only=True)
class Written:
    """What a run left: each a snapshot with its name, where there is one. `before` is what it replaced."""

    before: Snapshot | None = None
    after: Snapshot | None = None


class Archive:
    """The history in one medium. It keeps nothing in memory: what it says is what the medium holds."""

    def __init__(self, medium: Medium, sealing: Sealing) -> None:
        self._medium: Final = medium
        self._sealing: Final = sealing

    # -- reading ---------------------------------------------------------------------------------

    def runs(self) -> tuple[Run, ...]:
        """The runs that are remembered, the oldest first. Lines that cannot be read are left out."""
        lines = (self._medium.read_document(RUNS) or b"").splitlines()
        return tuple(run for run in map(self._run, lines) if run is not None)

    def sealed_away(self) -> Diagnostics:
        """Why no run can be read though there are some: they are sealed with another key."""
        lines = (self._medium.read_document(RUNS) or b"").splitlines()
        opened = [self._sealing.open_line(line) for line in lines[:1]]
        return next((each for each in opened if isinstance(each, tuple)), ())

    def kept(self) -> tuple[Kept, ...]:
        """The states that are kept, the newest last."""
        return kept_states(self._medium.document_names())

    def content(self, kept: Kept) -> bytes | None:
        """The snapshot that was kept; None if it is gone or damaged."""
        content = self._medium.read_document(kept.name)
        opened = self._sealing.open(content) if content else None
        return decompressed(opened) if isinstance(opened, bytes) else None

    # -- writing ---------------------------------------------------------------------------------

    def keep(self, runs: Iterable[Run], written: Written) -> Diagnostics:
        """Adds runs (at least one), numbered after those that there are, and the state that the last left."""
        try:
            kept = self.kept()
            first = max(self._last_number(), kept[-1].number if kept else 0) + 1
            numbered = [replace(run, number=first + at) for at, run in enumerate(runs)]
            last = numbered[-1].number
            if written.before is not None and not any(each.is_of(written.before[0]) for each in kept):
                self._keep_state(first - 1, *written.before)
            if written.after is not None:
                self._keep_state(last, *written.after)
            self._medium.append_document(RUNS, self._lines(numbered))
            self._forget(kept, last)
        except OSError as problem:
            return (_not_kept(problem),)
        return ()

    def reseal(self) -> None:
        """Seals everything anew that can be opened, in the way in which it is sealed now."""
        self._copy(self)

    def adopt(self, other: Archive) -> Diagnostics:
        """Takes over the history of a state that was copied here, if there is none but part of that one."""
        try:
            if self._medium.read_document(RUNS) is None and set(self.kept()) <= set(other.kept()):
                self._copy(other)
        except OSError as problem:
            return (_not_adopted(problem),)
        return ()

    def _copy(self, other: Archive) -> None:
        """Writes what can be opened; the newest state first, which is what the snapshot must be.

        The list of runs comes last: where there is one, all has been written.
        """
        for each in reversed(other.kept()):
            content = other.content(each)
            if content is not None:
                self._medium.write_document(each.name, self._sealing.seal(compressed(content)))
        runs = other.runs()
        if runs:
            self._medium.write_document(RUNS, self._lines(runs))

    def _last_number(self) -> int:
        """The number of the newest run. Only the end of the list is read: it may be long."""
        lines = (self._medium.read_document(RUNS) or b"").splitlines()
        return next((run.number for run in map(self._run, reversed(lines)) if run is not None), 0)

    def _run(self, line: bytes) -> Run | None:
        opened = self._sealing.open_line(line)
        return decode_run(opened) if isinstance(opened, bytes) else None

    def _keep_state(self, number: int, base: Base, content: bytes) -> None:
        self._medium.write_document(kept_as(number, base).name, self._sealing.seal(compressed(content)))

    def _forget(self, kept: Iterable[Kept], last: int) -> None:
        """Drops what is older than the limit; runs only now and then, since their list is written anew."""
        for each in kept:
            if each.number < last - KEPT:
                self._medium.remove_document(each.name)
        if last % KEPT == 0:
            self._medium.write_document(RUNS, self._lines(self.runs()[-KEPT:]))

    def _lines(self, runs: Iterable[Run]) -> bytes:
        return b"".join(self._sealing.seal_line(encode_run(run)) + b"\n" for run in runs)


def _not_kept(problem: OSError) -> Diagnostic:
    detail = (
        f"The state is saved, but what this run did could not be added to its history: "
        f"{problem.strerror or problem}. It can be neither shown nor undone."
    )
    return warning("History not written", detail)


def _not_adopted(problem: OSError) -> Diagnostic:
    detail = (
        f"The state was copied, but its history could not be: {problem.strerror or problem}. It is still "
        "where the state came from."
    )
    return warning("History not written", detail)
