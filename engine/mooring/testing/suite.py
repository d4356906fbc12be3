"""All test files, one after another: their runs in order, then the removal of everything they made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event
from typing import Final

from mooring.config.test_files.model import Run, TestFile
from mooring.core.addresses import InstanceAddress
from mooring.core.diagnostics import Diagnostics, has_errors
from mooring.core.records import replace
from mooring.core.values import Value
from mooring.planning.model import Action, Plan, PlanMode
from mooring.planning.planner import make_plan
from mooring.planning.run import PlanOptions
from mooring.state.model import State
from mooring.state.store import Opened
from mooring.testing.bed import Bed
from mooring.testing.earlier import Earlier
from mooring.testing.model import (
    Abandoned,
    CleanedUp,
    CleaningUp,
    FileEnded,
    FileResult,
    FileStarted,
    Found,
    Left,
    RunCleaningUp,
    RunEnded,
    RunResult,
    RunStarted,
    Status,
    SuiteEnded,
    worst,
)
from mooring.testing.runs import Done, Ground, Prepared, apply, carry_out, prepare
from mooring.testing.tested import Modules, check_file_overrides, source_of

_MAKING: Final = frozenset({Action.CREATE, Action.REPLACE})


def run_suite(bed: Bed, files: tuple[TestFile, ...], modules: Modules) -> SuiteEnded:
    """Runs test files whose modules have been loaded; what came of them has been told to the observer."""
    bed.observe(Found(files=files))
    results = [_run_file(bed, file, modules) for file in files]
    ended = SuiteEnded(files=tuple(results))
    bed.observe(ended)
    return ended


def _run_file(bed: Bed, file: TestFile, modules: Modules) -> FileResult:
    bed.observe(FileStarted(file=file, diagnostics=check_file_overrides(file, modules)))
    with bed.scratch() as folder:
        work = _FileRun(bed, file, modules, folder)
        try:
            for run in file.runs:
                work.run(run)
            bed.observe(CleaningUp(file=file))
            result = work.cleaned_up()
        except KeyboardInterrupt:
            bed.observe(work.abandoned())
            raise
    bed.observe(FileEnded(result=result))
    return result


@dataclass(slots=True)
class _Made:
    """What runs with one state have made so far, and the last of them that applied something."""

    state: State = field(default_factory=State)
    last: Prepared | None = None
    at: int = -1


class _FileRun:
    """The runs of one file. Mutable, private to this module."""

    def __init__(self, bed: Bed, file: TestFile, modules: Modules, data_folder: str) -> None:
        self._bed = bed
        self._file = file
        self._modules = modules
        self._data_folder = data_folder
        self._made: dict[str, _Made] = {}
        self._outputs: dict[str, Value] = {}
        self._results: list[RunResult] = []
        self._current: Run | None = None
        self._planned: tuple[InstanceAddress, ...] = ()

    # -- runs ------------------------------------------------------------------------------------

    def run(self, run: Run) -> None:
        """Carries out a run, unless one before it could not be, or the tests are to end."""
        self._current, self._planned = run, ()
        errored = any(result.status is Status.ERROR for result in self._results)
        if errored or self._bed.cancelled.is_set():
            self._end(RunResult(run=run, status=Status.SKIP))
            return
        self._bed.observe(RunStarted(file=self._file, run=run))
        started = self._bed.clock()
        done = self._carry_out(run)
        if done.outputs is not None:
            self._outputs[run.name] = done.outputs
        result = RunResult(
            run=run,
            status=done.status,
            diagnostics=done.diagnostics,
            seen=done.seen,
            elapsed=self._bed.clock() - started,
        )
        self._end(result)

    def _end(self, result: RunResult) -> None:
        self._bed.observe(RunEnded(file=self._file, result=result))
        self._results.append(replace(result, seen=None))

    def _carry_out(self, run: Run) -> Done:
        declared = frozenset(each.name for each in self._file.runs)
        earlier = Earlier(declared=declared, outputs=dict(self._outputs))
        prepared, diags = prepare(self._bed, self._modules, self._file, run, earlier)
        if prepared is None:
            return Done(status=Status.ERROR, diagnostics=diags)
        made = self._made.setdefault(run.state_key or source_of(run), _Made())
        done = carry_out(self._bed, prepared, made.state, self._data_folder, self._applying)
        self._planned = ()
        if done.state is not None:
            made.state, made.last, made.at = done.state, prepared, len(self._results)
        return replace(done, diagnostics=(*diags, *done.diagnostics))

    def _applying(self, plan: Plan) -> None:
        self._planned = tuple(change.address for change in plan.changes if change.action in _MAKING)

    # -- cleaning up -----------------------------------------------------------------------------

    def cleaned_up(self) -> FileResult:
        """Removes what was made, what was made last first; what came of the whole file."""
        last_first = sorted(self._made.values(), key=lambda each: each.at, reverse=True)
        removed = [self._clean_up(made, made.last) for made in last_first if made.last is not None]
        status = worst((*(result.status for result in self._results), *removed))
        return FileResult(file=self._file, status=status, runs=tuple(self._results))

    def _clean_up(self, made: _Made, last: Prepared) -> Status:
        if not any(_left(made.state)):
            return Status.SKIP
        file, run = self._file, last.run
        self._bed.observe(RunCleaningUp(file=file, run=run))
        diags = self._destroy(made, last)
        left = tuple(_left(made.state))
        self._bed.observe(CleanedUp(file=file, run=run, left=left, diagnostics=diags))
        return Status.ERROR if left or has_errors(diags) else Status.SKIP

    def _destroy(self, made: _Made, last: Prepared) -> Diagnostics:
        """Destroys what is left; goes on to its end even if the tests are to end."""
        bed, configuration = self._bed, last.configuration
        options = PlanOptions(mode=PlanMode.DESTROY, parallelism=bed.parallelism)
        providers = bed.open_providers(self._data_folder, last.stand_ins.connection)
        ground = Ground(
            configuration=configuration,
            providers=providers,
            parallelism=bed.parallelism,
            cancelled=Event(),
        )
        try:
            plan, diags = make_plan(configuration, Opened(state=made.state), providers, options)
            if has_errors(diags):
                return diags
            made.state, more = apply(ground, plan, made.state)
            return (*diags, *more)
        finally:
            providers.close()

    def abandoned(self) -> Abandoned:
        """What exists still, as far as it is known, when nobody waits for the removal."""
        made = sorted(self._made.values(), key=lambda each: each.at)
        existing = [(each.last.run, tuple(_left(each.state))) for each in made if each.last is not None]
        return Abandoned(self._file, self._current, tuple(existing), self._planned)


def _left(state: State) -> Iterator[Left]:
    """The managed objects in a state, in the order of their addresses."""
    for address in sorted(state.instances, key=str):
        instance = state.instances[address]
        if address.resource.mode != "managed":
            continue
        if instance.current is not None:
            yield Left(address=address)
        yield from (Left(address=address, deposed=key) for key in sorted(instance.deposed))
