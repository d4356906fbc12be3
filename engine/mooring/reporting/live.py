"""A line at the bottom of the terminal that says what goes on, while longer work runs.

It appears only after a while, so that short runs never pay for `rich`; the lines of the progress scroll above
it. Events come on the engine's thread, the display has threads of its own: `_lock` guards what they share.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock, Timer
from time import monotonic
from typing import TYPE_CHECKING, Final, TextIO

from mooring.applying.events import OpEvent, OpProgress, OpStarted, Provisioning, RunStopping
from mooring.core.addresses import InstanceAddress
from mooring.planning.events import EphemeralEvent, PlanEvent, RefreshStarted
from mooring.reporting.durations import format_duration

if TYPE_CHECKING:
    from rich.live import Live
    from rich.text import Text

PATIENCE: Final = 2.0
"""Seconds before the footer appears."""
_SHOWN: Final = 3
_REFRESHES_PER_SECOND: Final = 4
Write = Callable[[str], None]


class LiveFooter:
    """The footer of one run. Mutable, owned by a view."""

    def __init__(self, stream: TextIO) -> None:
        self._stream: Final = stream
        self._lock: Final = Lock()
        self._running: dict[InstanceAddress, float] = {}
        self._messages: dict[InstanceAddress, str] = {}
        self._done = 0
        self._live: Live | None = None
        self._timer: Timer | None = None

    def printing(self, write: Write) -> Write:
        """A function that writes lines above the footer while it is there, and as `write` does before."""

        def print_above(text: str) -> None:
            live = self._live
            if live is None:
                write(text)
            else:
                from rich.text import Text

                live.console.print(Text.from_ansi(text.rstrip("\n")), soft_wrap=True)

        return print_above

    def plan_event(self, event: PlanEvent) -> None:
        """An object is read, or has been."""
        self._begin()
        with self._lock:
            if isinstance(event, EphemeralEvent):
                pass
            elif isinstance(event, RefreshStarted):
                self._running[event.address] = monotonic()
            else:
                self._end(event.address)

    def operation_event(self, event: OpEvent) -> None:
        """An operation begins, goes on, or has ended."""
        self._begin()
        with self._lock:
            if isinstance(event, EphemeralEvent | RunStopping):
                pass
            elif isinstance(event, OpStarted):
                self._running[event.address] = monotonic()
            elif isinstance(event, Provisioning):
                self._messages[event.address] = event.provisioner
            elif isinstance(event, OpProgress):
                self._messages[event.address] = event.message
            else:
                self._end(event.address)

    def stop(self) -> None:
        """Takes the footer away; a later event brings it back."""
        timer, live = self._timer, self._live
        self._timer = self._live = None
        if timer is not None:
            timer.cancel()
        if live is not None:
            live.stop()

    def _end(self, address: InstanceAddress) -> None:
        self._running.pop(address, None)
        self._messages.pop(address, None)
        self._done += 1

    def _begin(self) -> None:
        if self._timer is None:
            self._timer = Timer(PATIENCE, self._show)
            self._timer.daemon = True
            self._timer.start()

    def _show(self) -> None:
        from rich.console import Console
        from rich.live import Live

        if self._timer is None:
            return
        console = Console(file=self._stream, highlight=False, markup=False)
        live = Live(
            get_renderable=self._render,
            console=console,
            transient=True,
            refresh_per_second=_REFRESHES_PER_SECOND,
        )
        live.start()
        self._live = live

    def _render(self) -> Text:
        from rich.text import Text

        return Text(self.summary(monotonic()), style="dim", overflow="ellipsis", no_wrap=True)

    def summary(self, now: float) -> str:
        """What the footer says: how many are done, how many run, the longest running first."""
        with self._lock:
            running = sorted(self._running.items(), key=lambda item: item[1])
            messages = dict(self._messages)
            done = self._done
        parts = [_describe(address, now - since, messages) for address, since in running[:_SHOWN]]
        more = f" and {len(running) - _SHOWN} more" if len(running) > _SHOWN else ""
        return f"{done} done, {len(running)} running: {', '.join(parts)}{more}"


def _describe(address: InstanceAddress, elapsed: float, messages: dict[InstanceAddress, str]) -> str:
    message = messages.get(address)
    return f"{address} {format_duration(elapsed)}{f' ({message})' if message else ''}"
