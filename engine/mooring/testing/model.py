"""What came of tests, and what is told of them while they go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum

from mooring.config.evaluation import Configuration
from mooring.config.test_files.model import Run, TestFile
from mooring.core.addresses import InstanceAddress
from mooring.core.diagnostics import Diagnostics
from mooring.core.records import record
from mooring.planning.model import Plan
from mooring.state.model import State


class Status(Enum):
    """What came of a run, or of a file. `FAIL`: something does not hold; `ERROR`: it could not be tried."""

    PASS = "pass"  # noqa: S105  (not a password)
    SKIP = "skip"
    FAIL = "fail"
    ERROR = "error"


_FROM_BEST: tuple[Status, ...] = (Status.SKIP, Status.PASS, Status.FAIL, Status.ERROR)


def worst(statuses: Iterable[Status]) -> Status:
    """The status of several together; nothing at all passes."""
    return max(statuses, key=_FROM_BEST.index, default=Status.PASS)


@record(kw_only=True, eq=False)
class Seen:
    """What a run has planned, or applied (`state`), with everything that is needed to show it."""

    plan: Plan
    state: State | None
    configuration: Configuration


@record(kw_only=True, eq=False)
class RunResult:
    """What came of a run. `elapsed` is in seconds, None for one that was skipped."""

    run: Run
    status: Status
    diagnostics: Diagnostics = ()
    seen: Seen | None = None
    elapsed: float | None = None


@record(kw_only=True, eq=False)
class FileResult:
    """What came of a file: the worst of its runs, or an error if something could not be cleaned up."""

    file: TestFile
    status: Status
    runs: tuple[RunResult, ...] = ()


@record(kw_only=True)
class Left:
    """An object that could not be removed; `deposed` is its key if it was set aside."""

    address: InstanceAddress
    deposed: str | None = None


# -- what is told --------------------------------------------------------------------------------


@record(eq=False)
class Found:
    """All the files with their runs, before anything runs."""

    files: tuple[TestFile, ...]


@record(eq=False)
class FileStarted:
    """A file begins; `diagnostics` are about the file as a whole."""

    file: TestFile
    diagnostics: Diagnostics = ()


@record(eq=False)
class RunStarted:
    """A run begins."""

    file: TestFile
    run: Run


@record(eq=False)
class RunEnded:
    """A run has ended, or was skipped."""

    file: TestFile
    result: RunResult


@record(eq=False)
class CleaningUp:
    """The runs of a file are over; what they made is removed."""

    file: TestFile


@record(eq=False)
class RunCleaningUp:
    """What a run has made last is removed."""

    file: TestFile
    run: Run


@record(eq=False)
class CleanedUp:
    """What a run has made last has been removed, but for what is `left`."""

    file: TestFile
    run: Run
    left: tuple[Left, ...]
    diagnostics: Diagnostics


@record(eq=False)
class FileEnded:
    """A file is over."""

    result: FileResult


@record(eq=False)
class Abandoned:
    """The tests were ended by force: what exists stays; what `run` was making (`planned`) may exist."""

    file: TestFile
    run: Run | None
    existing: tuple[tuple[Run, tuple[Left, ...]], ...]
    planned: tuple[InstanceAddress, ...] = ()


@record(eq=False)
class SuiteEnded:
    """Everything is over."""

    files: tuple[FileResult, ...]

    @property
    def status(self) -> Status:
        """The worst of all files."""
        return worst(each.status for each in self.files)

    def count(self, status: Status) -> int:
        """How many runs ended like this."""
        return sum(each.status is status for result in self.files for each in result.runs)


TestEvent = (
    Found
    | FileStarted
    | RunStarted
    | RunEnded
    | CleaningUp
    | RunCleaningUp
    | CleanedUp
    | FileEnded
    | Abandoned
    | SuiteEnded
)
TestObserver = Callable[[TestEvent], None]
