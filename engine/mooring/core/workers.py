"""Threads for calls that may block, and may never come back.

They are daemons, unlike those of `concurrent.futures`: a call that hangs is left behind, and keeps neither
the run nor the process from ending. Must not know what is called.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Semaphore, Thread

Work = Callable[[], None]


class Workers:
    """Runs work in at most `most` threads at a time. Mutable; one thread, the owner, calls its methods.

    Work must not raise.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._started = 0
        self._idle = Semaphore(0)
        self._todo: SimpleQueue[Work | None] = SimpleQueue()

    def submit(self, work: Work) -> None:
        """Runs the work as soon as a thread is free for it."""
        self._todo.put(work)
        if not self._idle.acquire(blocking=False) and self._started < self._most:
            self._start()

    def leave_one(self) -> None:
        """A thread does not come back: there may be another in its place."""
        self._most += 1
        if not self._todo.empty():
            self._start()

    def close(self) -> None:
        """Lets the threads end, each after the work it is at. Does not wait for them."""
        for _ in range(self._started):
            self._todo.put(None)

    def _start(self) -> None:
        self._started += 1
        Thread(target=self._run, name=f"provider-{self._started}", daemon=True).start()

    def _run(self) -> None:
        while (work := self._next()) is not None:
            work()

    def _next(self) -> Work | None:
        """The next work; while there is none, the thread counts as idle."""
        try:
            return self._todo.get_nowait()
        except Empty:
            self._idle.release()
            return self._todo.get()
