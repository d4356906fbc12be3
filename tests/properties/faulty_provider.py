"""The busy provider with faults: it fails, crashes, hangs and lies where a schedule says so.

A fault strikes the next call of its kind about the object with its name (see rendering.py), once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Event, Lock
from time import monotonic
from zlib import crc32

from tests.properties.busy_provider import BusyData, Service, id_of

from mooring.core.diagnostics import Diagnostics, error
from mooring.core.records import replace
from mooring.core.types import NUMBER, STRING
from mooring.core.values import Value, null, object_value, unknown
from mooring.schema.model import ResourceSchema, Timeouts
from mooring.sdk import (
    ApplyResult,
    CallContext,
    Create,
    Delete,
    PlanRequest,
    PlanResult,
    Read,
    ReadResult,
    Resume,
    Update,
    ValidateResource,
)
from mooring_builtin.terraform_data import SCHEMA

PROBLEM: Diagnostics = (error("The service refused", "It does so now and then."),)
_MAKING = (
    "error",
    "partial",
    "unfinished",
    "crash",
    "crash-done",
    "hang",
    "no-object",
    "lie-value",
    "lie-type",
    "lie-unknown",
    "lie-form",
    "lie-inside",
)
FAULTS: Mapping[str, tuple[str, ...]] = {
    "create": _MAKING,
    "update": _MAKING,
    "delete": ("error", "error-done", "unfinished", "crash", "crash-done", "hang", "partial", "lie-object"),
    "read": ("error", "crash", "lie-unknown", "lie-form"),
}
"""What may happen in a call; `-done`: after it has done its work."""
LIES = {
    "lie-value": ".input",
    "lie-type": ".output",
    "lie-unknown": ".output",
    "lie-form": ".id",
    "lie-inside": ".input",
}
"""The attribute that a lie is about; of a read, all lies are about `output` or `id` too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`kind` strikes the call `call` about the object `name`."""

    call: str
    name: str
    kind: str


class Weather:
    """Which faults are still to strike and which have; and how long calls take. Threads may share it.

    `concealed` are the ids of objects of which the provider has said what is not so. `keeps` plants a bug in
    the provider, for the test of the tests: it deletes nothing and says it did. A call that is `stuck` comes
    back when the weather `clears`, which nobody tells it to do.
    """

    def __init__(
        self, faults: Iterable[Fault] = (), latencies: tuple[int, ...] = (0,), *, keeps: bool = False
    ) -> None:
        self._lock = Lock()
        self._coming = list(faults)
        self._latencies = latencies
        self.struck: list[Fault] = []
        self.concealed: set[str] = set()
        self.keeps = keeps
        self.clears = Event()

    def strikes(self, call: str, name: str) -> str:
        """The kind of the fault that strikes this call now, if any."""
        with self._lock:
            for fault in self._coming:
                if (fault.call, fault.name) == (call, name):
                    self._coming.remove(fault)
                    self.struck.append(fault)
                    return fault.kind
        return ""

    def pause(self, call: str, name: str) -> float:
        """Seconds that this call takes; always the same for the same call about the same object."""
        return self._latencies[crc32(f"{call} {name}".encode()) % len(self._latencies)] / 2000


def name_of(value: Value) -> str:
    """Who the object is, as its configuration says."""
    given = value.attributes["input"]
    return given.attributes["name"].text if isinstance(given.raw, dict) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultyData:
    """The resource type, in some weather. `patience` is how many seconds an operation may take."""

    busy: BusyData
    weather: Weather
    patience: float
    schema: ResourceSchema = field(default=SCHEMA)

    @property
    def service(self) -> Service:
        return self.busy.service

    def validate(self, request: ValidateResource) -> Diagnostics:
        return self.busy.validate(request)

    def plan(self, request: PlanRequest) -> PlanResult:
        return self.busy.plan(request)

    def read(self, ctx: CallContext, request: Read) -> ReadResult:
        assert ctx.read_only
        found = self.busy.read(ctx, request)
        match self.weather.strikes("read", name_of(request.current)):
            case "error":
                return ReadResult(diagnostics=PROBLEM)
            case "crash":
                raise RuntimeError("a bug")
            case "stuck":
                self.weather.clears.wait()
            case lie if lie and found.current is not None:
                return replace(found, current=_told(lie, found.current))
        return found

    def create(self, ctx: CallContext, request: Create) -> ApplyResult:
        return self._make(ctx, "create", name_of(request.planned), lambda: self.busy.create(ctx, request))

    def update(self, ctx: CallContext, request: Update) -> ApplyResult:
        return self._make(ctx, "update", name_of(request.planned), lambda: self.busy.update(ctx, request))

    def delete(self, ctx: CallContext, request: Delete) -> ApplyResult:
        assert not ctx.read_only
        kind = self.weather.strikes("delete", name_of(request.prior))
        match kind:
            case "error":
                return ApplyResult(diagnostics=PROBLEM)
            case "partial":
                return ApplyResult(current=request.prior, diagnostics=PROBLEM)
            case "crash":
                raise RuntimeError("a bug")
            case "hang":
                return self._hang(ctx)
            case "stuck":
                return self._stick()
        if not self.weather.keeps:
            self.busy.delete(ctx, request)
        match kind:
            case "error-done":
                self.weather.concealed.add(id_of(request.prior))
                return ApplyResult(diagnostics=PROBLEM)
            case "unfinished":
                return ApplyResult(diagnostics=PROBLEM, unfinished=True)
            case "crash-done":
                raise RuntimeError("a bug")
            case "lie-object":
                self.weather.concealed.add(id_of(request.prior))
                return ApplyResult(current=request.prior)
        return ApplyResult()

    def resume(self, ctx: CallContext, request: Resume) -> ApplyResult:
        assert ctx.read_only
        return self.busy.resume(ctx, request)

    def _make(self, ctx: CallContext, call: str, name: str, work: Callable[[], ApplyResult]) -> ApplyResult:
        assert not ctx.read_only
        self.service.take(self.weather.pause(call, name))
        kind = self.weather.strikes(call, name)
        match kind:
            case "error":
                return ApplyResult(diagnostics=PROBLEM)
            case "crash":
                raise RuntimeError("a bug")
            case "hang":
                return self._hang(ctx)
            case "stuck":
                return self._stick()
        done = work()
        match kind:
            case "partial":
                return replace(done, diagnostics=PROBLEM)
            case "unfinished":
                return ApplyResult(diagnostics=PROBLEM, unfinished=True)
            case "crash-done":
                raise RuntimeError("a bug")
            case "no-object":
                return ApplyResult()
        if not kind:
            return done
        assert done.current is not None
        told = _told(kind, done.current)
        if kind in ("lie-value", "lie-type"):
            self.service.objects[id_of(done.current)] = told
        elif kind == "lie-unknown":
            self.weather.concealed.add(id_of(done.current))
        return replace(done, current=told)

    def _stick(self) -> ApplyResult:
        """Whatever the deadline says."""
        self.weather.clears.wait()
        return ApplyResult(diagnostics=PROBLEM, unfinished=True)

    def _hang(self, ctx: CallContext) -> ApplyResult:
        """Until it is called back or the time is up."""
        ctx.cancelled.wait(max(0.0, ctx.deadline - monotonic()))
        return ApplyResult(diagnostics=PROBLEM, unfinished=True)


def _told(lie: str, value: Value) -> Value:
    """The object as a lie has it."""
    parts = dict(value.attributes)
    match lie:
        case "lie-value":
            given = parts["input"]
            parts["input"] = object_value({**given.attributes, "value": null(STRING)})
        case "lie-type":
            parts["output"] = Value(STRING, "something else")
        case "lie-inside":
            given = parts["input"]
            parts["input"] = Value(given.type, {**given.attributes, "more": null(STRING)})
        case "lie-unknown":
            parts["output"] = unknown(parts["output"].type)
        case _:
            parts["id"] = Value(NUMBER, 5)
    return Value(value.type, parts)


def faulty_schema(patience: float) -> ResourceSchema:
    """The schema of `terraform_data`, with no more time for an operation than this."""
    times = Timeouts(create=patience, read=patience, update=patience, delete=patience)
    return replace(SCHEMA, timeouts=times)
