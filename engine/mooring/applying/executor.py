"""Applying a plan: runs the steps of the exec graph, as many at a time as allowed, and records each result.

The executor obeys: which steps there are and what waits for what is the plan's business. It evaluates a
step's configuration anew, because values unknown to the plan are known by now, and holds the provider to what
was planned. One thread owns all of this; workers only run provider calls.

Order of writing: the intent is durable before the request leaves, and the result is journalled before
anything that waits for it starts. Intents of steps that start together share one flush.

A call that does not come back soon after its deadline is left behind: its thread may hang, the run goes on.
The operation stays open in the journal, for the next run to find out what became of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from os import urandom
from queue import Empty, SimpleQueue
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Final

from mooring.applying.events import (
    Observer,
    OpCompleted,
    OpEvent,
    OpFailed,
    OpProgress,
    OpSkipped,
    OpStarted,
)
from mooring.applying.provisioners import after_creation
from mooring.applying.requests import Request
from mooring.applying.run import ApplyRun
from mooring.applying.schedule import Schedule
from mooring.applying.steps import ask, begin, finish, unanswered
from mooring.applying.stopping import LOOK_SECONDS, Stopping
from mooring.config.evaluation import Configuration
from mooring.core.diagnostics import Diagnostics, has_errors
from mooring.core.records import record
from mooring.planning.model import OpKind, Plan, PlannedChange
from mooring.planning.objects import object_id
from mooring.planning.providers import Providers
from mooring.sdk.calls import PATIENCE
from mooring.sdk.context import CallContext, Checkpoint
from mooring.sdk.requests import ApplyResult
from mooring.state.events import Noted
from mooring.state.model import State
from mooring.state.store import Journal

if TYPE_CHECKING:
    from mooring.core.workers import Workers

PROGRESS_SECONDS: Final = 10.0
_ABORT_SECONDS: Final = 2.0


def _never() -> bool:
    return False


@record(kw_only=True)
class ApplyOptions:
    """How to apply. `cancelled`, once set, lets running steps end and starts no more.

    So does `is_lock_lost`, which is asked now and then whether somebody else may write the state by now.
    `patience` is how many seconds a call has to come back after its deadline, `random_bytes` what the keys of
    objects that are set aside are made of.
    """

    parallelism: int = 10
    cancelled: Event
    is_lock_lost: Callable[[], bool] = _never
    patience: float = PATIENCE
    random_bytes: Callable[[int], bytes] = urandom


def apply_plan(
    plan: Plan,
    base: State,
    *,
    configuration: Configuration,
    providers: Providers,
    journal: Journal,
    options: ApplyOptions,
    observe: Observer,
) -> tuple[State, Diagnostics]:
    """Carries out a plan; the state afterwards, whatever happened, and what went wrong.

    `base` is the state that the journal continues, `configuration` the one the plan was made from. Everything
    in the state that is returned is in the journal, unless a diagnostic says that it could not be written.
    """
    run = ApplyRun(plan, configuration, providers, journal, base, random_bytes=options.random_bytes)
    executor = _Executor(run, options, observe)
    try:
        executor.execute()
        return run.conclude()
    except BaseException:
        executor.abort()
        raise
    finally:
        executor.close()


_Answer = tuple[int, Request, ApplyResult]


@dataclass(slots=True)
class _Running:
    """A step whose provider call is under way; `told` is when the observer last heard of it."""

    request: Request
    started: float
    told: float
    message: str = ""


class _Executor:
    """The steps of one run. Mutable, private to `apply_plan`."""

    def __init__(self, run: ApplyRun, options: ApplyOptions, observe: Observer) -> None:
        self._run = run
        self._options = options
        self._observe = observe
        self._ops = run.plan.graph.ops
        self._schedule = Schedule(run.plan.graph)
        self._aborted = Event()
        self._running: dict[int, _Running] = {}
        self._asked: dict[int, Request] = {}
        self._done: SimpleQueue[OpEvent | _Answer] = SimpleQueue()
        run.tell = self._done.put
        run.observe = observe
        self._pool: Workers | None = None
        self._stopping = Stopping(
            options.cancelled, options.is_lock_lost, lambda: run.journal.is_lost, observe
        )

    def execute(self) -> None:
        """Runs until every step has ended or been skipped, or the run was stopped and nothing runs."""
        self._run.prepare()
        while True:
            self._start_ready()
            if not self._running:
                break
            self._await_one()
        for step in self._schedule.left():
            self._tell_skipped(step, cause=None)

    def abort(self) -> None:
        """Calls back whoever waits for a service; the journal tells the next run what was under way.

        Calls have a moment to come back, in which they may still note something in the journal.
        """
        self._aborted.set()
        end = monotonic() + min(self._options.patience, _ABORT_SECONDS)
        try:
            while self._asked:
                found = self._done.get(timeout=max(0.0, end - monotonic()))
                if isinstance(found, tuple):
                    self._asked.pop(found[0], None)
        except Empty:
            pass

    def close(self) -> None:
        """Lets go of everything; a call that still hangs is not waited for."""
        if self._pool is not None:
            self._pool.close()
        self._run.ephemerals.close()
        self._run.evaluation.cells.close()

    # -- starting --------------------------------------------------------------------------------

    def _start_ready(self) -> None:
        """Starts what may start, up to the limit; goes on until nothing more can without waiting."""
        while self._schedule.has_ready and self._stopping.look() is None:
            batch = self._prepare_batch()
            if not batch:
                return
            intents = [request.intent for _, request in batch if request.intent is not None]
            if intents and not self._run.journal.append_all(intents):
                self._give_back(batch)
                return
            for step, request in batch:
                self._start(step, request)

    def _give_back(self, batch: list[tuple[int, Request]]) -> None:
        """Leaves out steps that were about to begin."""
        self._stopping.look()
        for step, _ in batch:
            self._tell_skipped(step, cause=None)
            self._schedule.end(step, failed=True)

    def _prepare_batch(self) -> list[tuple[int, Request]]:
        batch: list[tuple[int, Request]] = []
        room = self._options.parallelism - len(self._running)
        while self._schedule.has_ready and len(batch) < room:
            step = self._schedule.take()
            request = self._prepare(step)
            if request is not None:
                batch.append((step, request))
        return batch

    def _prepare(self, step: int) -> Request | None:
        """What to ask for; None when the step has ended already: joins, skipped steps, those that failed."""
        op = self._ops[step]
        cause = self._schedule.cause(step)
        if cause is not None:
            self._tell_skipped(step, cause)
            self._schedule.end(step)
            return None
        if op.kind is OpKind.JOIN:
            self._schedule.end(step)
            return None
        change = self._run.plan.changes[op.change]
        request, diags = begin(self._run, op.kind, change)
        if request is None:
            self._end(step, change, None, diags)
        else:
            self._run.report(diags)
        return request

    def _start(self, step: int, request: Request) -> None:
        change = request.change
        self._observe(
            OpStarted(
                kind=request.kind,
                address=change.address,
                verbs=change.verbs,
                deposed=request.deposed,
                object_id=object_id(change.before),
            )
        )
        now = monotonic()
        self._running[step] = _Running(request, now, now)
        self._ask(step, request)

    def _ask(self, step: int, request: Request) -> None:
        ctx = self._context(step, request)
        if request.is_blocking:
            self._asked[step] = request
            self._workers().submit(lambda: self._done.put((step, request, ask(request, ctx))))
        else:
            self._take(step, ask(request, ctx))

    def _context(self, step: int, request: Request) -> CallContext:
        running = self._running[step]

        def progress(message: str) -> None:
            running.message = message

        def checkpoint(note: Checkpoint) -> None:
            address = request.change.address
            self._run.journal.append_all([Noted(address=address, deposed=request.deposed, note=note)])

        return CallContext(
            deadline=running.started + request.timeout,
            cancelled=self._aborted,
            progress=progress,
            checkpoint=checkpoint,
        )

    def _workers(self) -> Workers:
        if self._pool is None:
            from mooring.core.workers import Workers

            self._pool = Workers(self._options.parallelism)
        return self._pool

    # -- ending ----------------------------------------------------------------------------------

    def _await_one(self) -> None:
        """Waits for a call to end; while none does, tells what still runs and leaves behind what hangs."""
        try:
            found = self._done.get(timeout=LOOK_SECONDS)
        except Empty:
            self._stopping.look()
            self._tell_progress()
            self._leave_overdue()
            return
        if not isinstance(found, tuple):
            self._observe(found)
            return
        step, request, result = found
        if self._asked.get(step) is request:  # else it was left behind
            del self._asked[step]
            self._take(step, result)

    def _leave_overdue(self) -> None:
        latest = monotonic() - self._options.patience
        for step, running in list(self._running.items()):
            request = running.request
            if running.started + request.timeout < latest:
                self._workers().leave_one()
                del self._asked[step]
                self._take(step, unanswered(request))

    def _take(self, step: int, result: ApplyResult) -> None:
        running = self._running[step]
        diags = finish(self._run, running.request, result)
        more = None if has_errors(diags) else after_creation(self._run, running.request)
        if more is not None:
            self._run.report(diags)
            running.request = more
            self._ask(step, more)
            return
        del self._running[step]
        self._end(step, running.request.change, running, diags)

    def _end(self, step: int, change: PlannedChange, running: _Running | None, diags: Diagnostics) -> None:
        self._run.report(diags)
        failed = has_errors(diags)
        if running is not None:
            made = running.request.kind is not OpKind.DELETE and self._run.is_made(change.address)
            self._tell_ended(change, running, diags, failed=failed and not made)
        self._schedule.end(step, failed=failed)

    # -- telling ---------------------------------------------------------------------------------

    def _tell_ended(
        self, change: PlannedChange, running: _Running, diags: Diagnostics, *, failed: bool
    ) -> None:
        request = running.request
        elapsed = monotonic() - running.started
        if failed:
            self._observe(
                OpFailed(
                    kind=request.kind,
                    address=change.address,
                    verbs=change.verbs,
                    elapsed=elapsed,
                    diagnostics=diags,
                    deposed=request.deposed,
                )
            )
            return
        self._observe(
            OpCompleted(
                kind=request.kind,
                address=change.address,
                verbs=change.verbs,
                elapsed=elapsed,
                deposed=request.deposed,
                object_id=self._run.object_id(change.address),
            )
        )

    def _tell_progress(self) -> None:
        now = monotonic()
        for running in self._running.values():
            if now - running.told < PROGRESS_SECONDS:
                continue
            running.told = now
            request = running.request
            self._observe(
                OpProgress(
                    kind=request.kind,
                    address=request.change.address,
                    verbs=request.change.verbs,
                    elapsed=now - running.started,
                    message=running.message,
                    deposed=request.deposed,
                )
            )

    def _tell_skipped(self, step: int, cause: int | None) -> None:
        op = self._ops[step]
        if op.kind is OpKind.JOIN:
            return
        change = self._run.plan.changes[op.change]
        failed = self._run.plan.changes[self._ops[cause].change].address if cause is not None else None
        self._observe(
            OpSkipped(
                kind=op.kind,
                address=change.address,
                verbs=change.verbs,
                cause=failed,
                reason=self._stopping.reason if failed is None else None,
                deposed=change.deposed,
            )
        )
