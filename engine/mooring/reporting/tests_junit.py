"""Tests as a JUnit report: a suite for each file, a case for each run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final
from xml.etree import ElementTree as ET

from mooring.core.diagnostics import Diagnostics
from mooring.reporting.diagnostics_text import Layout, render_diagnostics
from mooring.reporting.style import printable
from mooring.testing.model import FileResult, RunEnded, RunResult, RunStarted, Status, SuiteEnded, TestEvent

_FAILED: Final = "Test assertion failed"


class TestsJunit:
    """Collects what happens; `write` gets the report when everything is over. `clock` gives aware times."""

    def __init__(self, write: Callable[[str], None], clock: Callable[[], datetime]) -> None:
        self._write: Final = write
        self._clock: Final = clock
        self._started: dict[tuple[str, str], str] = {}
        self._results: dict[tuple[str, str], RunResult] = {}

    def observe(self, event: TestEvent) -> None:
        """Takes an event in."""
        match event:
            case RunStarted(file, run):
                self._started[file.path, run.name] = self._clock().strftime("%Y-%m-%dT%H:%M:%SZ")
            case RunEnded(file, result):
                self._results[file.path, result.run.name] = result
            case SuiteEnded(files):
                self._write(self._report(files))
            case _:
                pass

    def _report(self, files: tuple[FileResult, ...]) -> str:
        root = ET.Element("testsuites")
        for file in files:
            root.append(self._suite(file))
        ET.indent(root)
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"

    def _suite(self, file: FileResult) -> ET.Element:
        path = file.file.path
        statuses = [result.status for result in file.runs]
        suite = ET.Element(
            "testsuite",
            name=path,
            tests=str(len(statuses)),
            skipped=str(statuses.count(Status.SKIP)),
            failures=str(statuses.count(Status.FAIL)),
            errors=str(statuses.count(Status.ERROR)),
        )
        errored: str | None = None
        for result in file.runs:
            suite.append(self._case(path, result, errored))
            if result.status is Status.ERROR:
                errored = result.run.name
        return suite

    def _case(self, path: str, result: RunResult, errored: str | None) -> ET.Element:
        name = result.run.name
        case = ET.Element("testcase", name=name, classname=path)
        if result.elapsed is not None:
            case.set("time", f"{result.elapsed:.9f}")
            case.set("timestamp", self._started[path, name])
        for kind, message, text in _outcome(result, errored):
            element = ET.SubElement(case, kind, message=printable(message))
            element.text = text
        return case


def _outcome(result: RunResult, errored: str | None) -> Iterator[tuple[str, str, str]]:
    """What is said of a run that did not pass, or that has warned: element, message and text."""
    match result.status:
        case Status.SKIP:
            yield _skipped(errored)
        case Status.FAIL:
            failures = [diag for diag in result.diagnostics if diag.summary == _FAILED]
            count = f"{len(failures)} of {len(result.run.assertions)} assertions failed"
            first = f": {failures[0].detail}" if failures and failures[0].detail else ""
            yield "failure", count + first, _text(result.diagnostics)
        case Status.ERROR:
            yield "error", "Encountered an error", _text(result.diagnostics)
        case Status.PASS:
            if result.diagnostics:
                yield "system-err", "", _text(result.diagnostics)


def _skipped(errored: str | None) -> tuple[str, str, str]:
    if errored is None:
        return "skipped", "Testcase skipped due to an interrupt", "The tests were interrupted before."
    why = f'Run "{errored}" ended in an error, so the runs after it in this file were not tried.'
    return "skipped", "Testcase skipped due to a previous testcase error", why


def _text(diags: Diagnostics) -> str:
    return render_diagnostics(diags, Layout())
