"""How long a run waits for a server that does not answer, over all that it asks.

One that has not answered yet gets a few seconds: perhaps nothing is there. One that has is waited for as long
as it takes to start anew. One that was silent for all that time is taken for gone: what is asked of it from
then on is tried once, so that the end of a run does not wait for it again and again. Must not know servers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mooring.state.host import Host

_SECONDS_AT_FIRST: Final = 5.0
_SECONDS: Final = 15.0
_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 4.0


class Waiting:
    """What one run knows of one server's absences. Mutable; threads share it."""

    def __init__(self, host: Host) -> None:
        self._host: Final = host
        self._answers = 0
        self.is_over = False
        """Whether the server is taken for gone."""

    def answered(self) -> None:
        """Takes note that the server is there."""
        self._answers, self.is_over = self._answers + 1, False

    def pauses(self) -> Iterator[float]:
        """The seconds to wait after each try of one question that fails; no more when it is to be given up.

        The time counts from the first that is taken. A server that has answered others meanwhile is not gone.
        """
        began, waited, pause = self._host.now(), 0.0, _FIRST_PAUSE
        answers = self._answers
        seconds = _SECONDS if answers else _SECONDS_AT_FIRST
        while not self.is_over and (left := seconds - max(waited, self._host.now() - began)) > 0:
            yield min(pause, left)
            waited, pause = waited + min(pause, left), min(2 * pause, _LONGEST_PAUSE)
        self.is_over = self.is_over or answers == self._answers
