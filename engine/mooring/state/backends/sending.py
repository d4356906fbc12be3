"""A journal on a server: what is appended goes out at once, in a thread, as much together as has come in.

One request carries all that was appended while the one before was under way, so that the time a server takes
does not add up. Must not know servers.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from mooring.state.backends.model import BackendError


class SendingJournal:
    """A `medium.Appending` over a function that adds bytes at an offset. Has a thread while it is open.

    `send` returns once the bytes are durable and raises `OSError` if that cannot be known; nothing is sent
    any more then.
    """

    def __init__(self, send: Callable[[int, bytes], None], end: int) -> None:
        self._send: Final = send
        self._end = end
        self._waiting = bytearray()
        self._problem: OSError | None = None
        self._is_sending = False
        self._is_closed = False
        self._changed: Final = threading.Condition()
        self._thread: Final = threading.Thread(target=self._run, name="state-journal", daemon=True)
        self._thread.start()

    def append(self, content: bytes) -> None:
        """Takes bytes in, and has them sent."""
        with self._changed:
            self._check()
            self._waiting += content
            self._changed.notify_all()

    def flush(self) -> None:
        """Waits until nothing is left to send."""
        with self._changed:
            while (self._waiting or self._is_sending) and self._problem is None:
                self._changed.wait()
            self._check()

    def cut(self, _end: int) -> None:
        """Nothing can be taken back; that `append` failed means that sending has ended."""
        raise BackendError("the journal cannot be written any more")

    def close(self) -> None:
        """Ends the thread."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self._thread.join()

    def _check(self) -> None:
        if self._problem is not None:
            raise BackendError(str(self._problem)) from self._problem

    def _run(self) -> None:
        problem = OSError("the thread that writes the journal has ended")
        try:
            while (content := self._next()) is not None:
                self._send(self._end, content)
                with self._changed:
                    self._end += len(content)
                    self._is_sending = False
                    self._changed.notify_all()
        except OSError as raised:
            problem = raised
        finally:
            self._give_up(problem)

    def _next(self) -> bytes | None:
        with self._changed:
            while not self._waiting and not self._is_closed:
                self._changed.wait()
            if not self._waiting:
                return None
            content = bytes(self._waiting)
            self._waiting.clear()
            self._is_sending = True
            return content

    def _give_up(self, problem: OSError) -> None:
        with self._changed:
            self._problem = problem
            self._is_sending = False
            self._changed.notify_all()
