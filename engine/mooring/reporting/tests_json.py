"""Tests for programs: the messages of Terraform's machine-readable UI about them, one JSON object a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from mooring.core.addresses import ProviderAddress
from mooring.core.codec import Json
from mooring.core.diagnostics import Diagnostics
from mooring.reporting.diagnostics_json import diagnostic_json
from mooring.reporting.plan_json import plan_json
from mooring.reporting.product import PLAN_FORMAT, STATE_FORMAT
from mooring.reporting.schemas_json import schemas_json
from mooring.reporting.snippets import Snippets
from mooring.reporting.state_json import state_values
from mooring.reporting.state_text import ObjectReader
from mooring.reporting.stream_json import JsonStream
from mooring.reporting.tests_words import conclusion, found, word
from mooring.schema.model import ProviderSchema
from mooring.testing.model import (
    Abandoned,
    CleanedUp,
    CleaningUp,
    FileEnded,
    FileStarted,
    Found,
    Left,
    RunCleaningUp,
    RunEnded,
    RunStarted,
    Seen,
    Status,
    SuiteEnded,
    TestEvent,
)

Form = dict[str, Json]
Document = Callable[[Seen], Form]


class TestsJson:
    """Writes the messages. `document` gives what was planned or made, if that is to be shown."""

    def __init__(self, stream: JsonStream, document: Document | None = None) -> None:
        self._stream: Final = stream
        self._document: Final = document
        self._where: dict[str, Json] = {}

    def observe(self, event: TestEvent) -> None:
        """Takes an event in."""
        match event:
            case Found(files):
                names: dict[str, Json] = {file.path: [run.name for run in file.runs] for file in files}
                self._say("test_abstract", found(files), names)
            case FileStarted(file, diagnostics):
                self._where = {"@testfile": file.path}
                self._file(file.path, "in progress", "starting")
                self.diagnostics(diagnostics)
            case RunStarted(_, run):
                self._run(run.name, "in progress", "starting")
            case RunEnded():
                self._run_ended(event)
            case CleaningUp(file):
                self._where = {"@testfile": file.path}
                self._file(file.path, "tearing down", "teardown")
            case RunCleaningUp(_, run):
                self._run(run.name, "tearing down", "teardown")
            case CleanedUp():
                self._cleaned_up(event)
            case FileEnded(result):
                self._where = {"@testfile": result.file.path}
                self._file(result.file.path, word(result.status), "complete", result.status)
            case Abandoned():
                self._abandoned(event)
            case SuiteEnded():
                self._ended(event)

    def diagnostics(self, diags: Diagnostics) -> None:
        """Problems, of the run or file that is under way if there is one."""
        snippets = Snippets()
        for diag in diags:
            title = f"{'Error' if diag.is_error else 'Warning'}: {diag.summary}"
            fields: dict[str, Json] = {**self._where, "diagnostic": diagnostic_json(diag, snippets)}
            self._stream.message("diagnostic", title, fields, level="error" if diag.is_error else "warn")

    def _say(self, kind: str, text: str, content: Json, *, level: str = "info") -> None:
        self._stream.message(kind, text, {**self._where, kind: content}, level=level)

    def _file(self, path: str, said: str, progress: str, status: Status | None = None) -> None:
        form: dict[str, Json] = {"path": path, "progress": progress}
        if status is not None:
            form["status"] = status.value
        self._say("test_file", f"{path}... {said}", form)

    def _run(self, name: str, said: str, progress: str, status: Status | None = None) -> None:
        self._where = {"@testfile": self._where["@testfile"], "@testrun": name}
        form: dict[str, Json] = {"path": self._where["@testfile"], "run": name, "progress": progress}
        form |= {"elapsed": 0} if status is None else {"status": status.value}
        self._say("test_run", f'  "{name}"... {said}', form)

    def _run_ended(self, event: RunEnded) -> None:
        result = event.result
        self._run(result.run.name, word(result.status), "complete", result.status)
        if self._document is not None and result.seen is not None:
            kind = "test_plan" if result.seen.state is None else "test_state"
            said = f"-verbose flag enabled, printing {kind.removeprefix('test_')}"
            self._say(kind, said, self._document(result.seen))
        self.diagnostics(result.diagnostics)

    def _cleaned_up(self, event: CleanedUp) -> None:
        if event.left:
            where = f"{event.file.path}/{event.run.name}"
            text = f"These resources are left of {where} and must be removed by hand."
            left: list[Json] = [_left(each) for each in event.left]
            self._say("test_cleanup", text, {"failed_resources": left}, level="error")
        self.diagnostics(event.diagnostics)

    def _abandoned(self, event: Abandoned) -> None:
        text = "The tests were interrupted before everything that they have made was removed."
        states: dict[str, Json] = {run.name: [_left(each) for each in left] for run, left in event.existing}
        form: Form = {"states": states} if states else {}
        if event.planned:
            form["planned"] = [str(address) for address in event.planned]
        self._say("test_interrupt", text, form, level="error")

    def _ended(self, event: SuiteEnded) -> None:
        self._where = {}
        form: dict[str, Json] = {
            "status": event.status.value,
            "passed": event.count(Status.PASS),
            "failed": event.count(Status.FAIL),
            "errored": event.count(Status.ERROR),
            "skipped": event.count(Status.SKIP),
        }
        self._say("test_summary", "".join(conclusion(event)), form)


def seen_json(seen: Seen, read: ObjectReader, schemas: Mapping[ProviderAddress, ProviderSchema]) -> Form:
    """What a run has planned, or applied, with the schemas of its providers."""
    offered = schemas_json(schemas)
    assert isinstance(offered, dict)
    own: Form
    if seen.state is None:
        plan = plan_json(seen.plan, read, {}, {})
        shown = ("resource_drift", "output_changes", "resource_changes")
        own = {"plan_format_version": PLAN_FORMAT, **{name: plan[name] for name in shown if name in plan}}
    else:
        own = {"state_format_version": STATE_FORMAT, **state_values(seen.state, read)}
    return {
        **own,
        "provider_format_version": offered["format_version"],
        "provider_schemas": offered["provider_schemas"],
    }


def _left(left: Left) -> Json:
    form: dict[str, Json] = {"instance": str(left.address)}
    return {**form, "deposed_key": left.deposed} if left.deposed is not None else form
