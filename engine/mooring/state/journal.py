"""Writing a journal: appending is O(1), and one flush serves all who wait for one (group commit).

Must not know what events mean, nor snapshots, nor where the bytes go.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Final

from mooring.core.codec import Json
from mooring.state.event_codec import encode_event
from mooring.state.events import Event, Intent, Noted
from mooring.state.intents import IntentLog
from mooring.state.journal_format import Base, Position, seal, sealed_line
from mooring.state.medium import Appending
from mooring.state.sealing import PLAIN, Sealing
from mooring.state.store import OpenIntent


class JournalWriter:
    """An open journal. Owned by one run; any thread may append. See `store.Journal` for the promises.

    `kept` stands at the end of `end` sound bytes that leave `open_intents`; the journal closes it. A line
    that could not be written whole is taken back. If that fails, or a flush does, the content of the journal
    is in doubt and every later call raises `OSError`.
    """

    def __init__(
        self,
        kept: Appending,
        position: Position,
        end: int,
        open_intents: Iterable[OpenIntent] = (),
        *,
        sealing: Sealing = PLAIN,
    ) -> None:
        self._kept: Final = kept
        self._sealing: Final = sealing
        self._intents: Final = IntentLog(open_intents)
        self._position = position
        self._end = end
        self._flushed = end
        self._is_flushing = False
        self._is_broken = False
        self._is_closed = False
        self._changed: Final = threading.Condition()

    @property
    def open_intents(self) -> tuple[OpenIntent, ...]:
        """The intents that nothing has ended yet."""
        return self._intents.open_intents

    def is_durable(self) -> bool:
        """Whether all that was taken in will be there after this process; waits for it."""
        with self._changed:
            try:
                self._flush_to(self._end)
            except OSError:
                return False
            return not self._is_broken

    def append(self, event: Event) -> None:
        """Takes an event in; an `Intent` or `Noted` is durable on return."""
        self.append_all((event,))

    def append_all(self, events: Iterable[Event]) -> None:
        """Takes several events in, with one flush at most."""
        taken = tuple(events)
        with self._changed:
            self._write([encode_event(event) for event in taken])
            for event in taken:
                self._intents.take(event)
            if any(isinstance(event, Intent | Noted) for event in taken):
                self._flush_to(self._end)

    def seal(self, into: Base) -> None:
        """Names the snapshot that is about to take the journal's place."""
        with self._changed:
            self._write((seal(into),))
            self._flush_to(self._end)

    def close(self) -> None:
        """Makes everything durable and closes the file. Doing so twice does nothing."""
        with self._changed:
            if self._is_closed:
                return
            if not self._is_broken:
                self._flush_to(self._end)
            self._is_closed = True
        self._kept.close()

    # -- bytes -----------------------------------------------------------------------------------

    def _write(self, entries: Iterable[Mapping[str, Json]]) -> None:
        self._check()
        position, lines = self._position, list[bytes]()
        for entry in entries:
            line, position = position.line(entry)
            lines.append(sealed_line(line, self._sealing))
        self._append(b"".join(lines))
        self._position = position

    def _check(self) -> None:
        if self._is_broken:
            raise OSError("the state journal could not be written before; its content is in doubt")
        if self._is_closed:
            raise OSError("the state journal is closed")

    def _append(self, content: bytes) -> None:
        try:
            self._kept.append(content)
        except OSError:
            self._take_back()
            raise
        self._end += len(content)

    def _take_back(self) -> None:
        """Cuts off what a failed write has left, so that the next line starts at the end of a line."""
        try:
            self._kept.cut(self._end)
        except OSError:
            self._is_broken = True

    def _flush_to(self, end: int) -> None:
        """Returns once the first `end` bytes are durable. The first who waits flushes for all.

        Called with the lock held; the lock is free meanwhile, so that others can append.
        """
        while self._flushed < end:
            self._check()
            if self._is_flushing:
                self._changed.wait()
                continue
            self._is_flushing = True
            reached = self._end
            self._changed.release()
            try:
                self._kept.flush()
            except OSError:
                self._is_broken = True
                raise
            finally:
                self._changed.acquire()
                self._is_flushing = False
                self._changed.notify_all()
            self._flushed = max(self._flushed, reached)
