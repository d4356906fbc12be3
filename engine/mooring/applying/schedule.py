"""Which step may start: the exec graph less the steps that have ended. Knows nothing of what steps do."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from mooring.planning.model import ExecGraph


class Schedule:
    """The steps still to come. Mutable, owned by one executor.

    A step becomes ready when everything it waits for has ended. What waited for a failed step, directly or
    not, becomes ready too, with a cause: it is to be skipped.
    """

    def __init__(self, graph: ExecGraph) -> None:
        self._waits = [len(after) for after in graph.after]
        self._then: list[list[int]] = [[] for _ in graph.ops]
        for step, after in enumerate(graph.after):
            for earlier in after:
                self._then[earlier].append(step)
        self._ready = deque(step for step, waits in enumerate(self._waits) if not waits)
        self._causes: dict[int, int] = {}
        self._ended = [False] * len(graph.ops)

    @property
    def has_ready(self) -> bool:
        """Whether a step may start now."""
        return bool(self._ready)

    def take(self) -> int:
        """The next step that may start."""
        return self._ready.popleft()

    def cause(self, step: int) -> int | None:
        """The failed step because of which this one must be skipped, if any."""
        return self._causes.get(step)

    def end(self, step: int, *, failed: bool = False) -> None:
        """A step has ended, or was skipped: what waits for it comes nearer."""
        self._ended[step] = True
        if failed:
            self._causes[step] = step
        cause = self._causes.get(step)
        for later in self._then[step]:
            if cause is not None:
                self._causes.setdefault(later, cause)
            self._waits[later] -= 1
            if not self._waits[later]:
                self._ready.append(later)

    def left(self) -> Iterator[int]:
        """The steps that have not ended."""
        return (step for step, ended in enumerate(self._ended) if not ended)
