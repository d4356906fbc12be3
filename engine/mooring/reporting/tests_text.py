"""Tests for people: a line for each file and run, problems where they come up, a sentence at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from mooring.core.diagnostics import Diagnostic
from mooring.reporting.change_text import SchemaLookup
from mooring.reporting.diagnostics_text import Layout
from mooring.reporting.plan_text import write_plan
from mooring.reporting.product import PRODUCT
from mooring.reporting.report import build_report
from mooring.reporting.state_text import ObjectReader, state_text
from mooring.reporting.tests_words import conclusion, name_of, word
from mooring.testing.model import (
    Abandoned,
    CleanedUp,
    CleaningUp,
    FileEnded,
    FileStarted,
    Found,
    RunCleaningUp,
    RunEnded,
    RunStarted,
    Seen,
    Status,
    SuiteEnded,
    TestEvent,
)

Write = Callable[[str], None]
Tell = Callable[[Iterable[Diagnostic]], None]


class TestsText:
    """Tells what happens. `complain` writes to standard error; `verbose` shows what was planned or made."""

    def __init__(
        self,
        layout: Layout,
        *,
        write: Write,
        complain: Write,
        tell: Tell,
        verbose: tuple[SchemaLookup, ObjectReader] | None = None,
    ) -> None:
        self._layout: Final = layout
        self._write: Final = write
        self._complain: Final = complain
        self._tell: Final = tell
        self._verbose: Final = verbose

    def observe(self, event: TestEvent) -> None:
        """Takes an event in."""
        match event:
            case FileStarted(file, diagnostics):
                self._write(f"{file.path}... {self._layout.style.dim('in progress')}\n")
                self._tell(diagnostics)
            case RunEnded():
                self._run_ended(event)
            case CleaningUp(file):
                self._write(f"{file.path}... {self._layout.style.dim('tearing down')}\n")
            case CleanedUp():
                self._cleaned_up(event)
            case FileEnded(result):
                self._write(f"{result.file.path}... {self._painted(result.status)}\n")
            case Abandoned():
                self._abandoned(event)
            case SuiteEnded():
                self._ended(event)
            case Found() | RunStarted() | RunCleaningUp():
                pass

    def _painted(self, status: Status) -> str:
        style = self._layout.style
        if status is Status.PASS:
            return style.green(word(status))
        return style.dim(word(status)) if status is Status.SKIP else style.red(word(status))

    def _run_ended(self, event: RunEnded) -> None:
        result = event.result
        self._write(f'  run "{result.run.name}"... {self._painted(result.status)}\n')
        if self._verbose is not None and result.seen is not None:
            self._show(result.seen, *self._verbose)
        self._tell(result.diagnostics)

    def _show(self, seen: Seen, schemas: SchemaLookup, read: ObjectReader) -> None:
        if seen.state is None:
            write_plan(build_report(seen.plan), schemas, self._layout, self._write)
        else:
            self._write(f"\n{state_text(seen.state, read, schemas, self._layout.style)}\n")

    def _cleaned_up(self, event: CleanedUp) -> None:
        where = f"{event.file.path}/{event.run.name}"
        if any(diag.is_error for diag in event.diagnostics):
            self._complain(f"{PRODUCT} could not remove everything that {where} has made.\n")
        self._tell(event.diagnostics)
        if event.left:
            lines = "".join(f"  - {name_of(each)}\n" for each in event.left)
            self._complain(f"\nThese are left of {where} and must be removed by hand:\n{lines}")

    def _abandoned(self, event: Abandoned) -> None:
        self._complain(f"\n{PRODUCT} was interrupted in {event.file.path} before everything was removed.\n")
        for run, left in event.existing:
            lines = "".join(f"  - {name_of(each)}\n" for each in left)
            if lines:
                self._complain(f'\nThese were made by run "{run.name}" and exist still:\n{lines}')
        if event.run is not None and event.planned:
            lines = "".join(f"  - {address}\n" for address in event.planned)
            self._complain(f'\nRun "{event.run.name}" was making these, which may exist too:\n{lines}')

    def _ended(self, event: SuiteEnded) -> None:
        title, rest = conclusion(event)
        style = self._layout.style
        paint = style.green if event.status is Status.PASS else style.red
        self._write(f"\n{paint(title) if event.status is not Status.SKIP else title}{rest}\n")
